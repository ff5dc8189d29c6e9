"""What a check found as an event of OpenLineage: assertions and metrics as facets of the tables that were checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from fullcircle.quality.dqdl.parse import parse
from fullcircle.quality.dqdl.tree import single_rules
from fullcircle.quality.evaluation.outcome import RuleOutcome, RulesetOutcome

PRODUCER = "https://example.org/fullcircle"
SPEC = "https://openlineage.io/spec"
EVENT = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
ASSERTIONS = f"{SPEC}/facets/1-0-1/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet"
NO_FACETS: Mapping[str, Any] = MappingProxyType({})
METRICS = f"{SPEC}/facets/1-0-2/DataQualityMetricsInputDatasetFacet.json#/$defs/DataQualityMetricsInputDatasetFacet"


def event(project: str, outcomes: Sequence[RulesetOutcome], facets: Mapping[str, Any] = NO_FACETS) -> dict[str, Any]:
    """One event for a check: a run of the job `quality check`, with each table as an input. `facets`: table -> more of it."""
    tables = dict.fromkeys(one.table for one in outcomes)
    return {
        "eventType": "COMPLETE", "eventTime": datetime.now(UTC).isoformat(), "producer": PRODUCER, "schemaURL": EVENT,
        "run": {"runId": str(uuid4())}, "job": {"namespace": project, "name": "quality check"},
        "inputs": [
            _dataset(project, name, [one for one in outcomes if one.table == name])
            | ({"facets": facets[name]} if name in facets else {})
            for name in tables
        ],
        "outputs": [],
    }  # fmt: skip


def _dataset(project: str, table: str, outcomes: Sequence[RulesetOutcome]) -> dict[str, Any]:
    assertions = [_assertion(rule) for one in outcomes for rule in one.rules]
    return {
        "namespace": project, "name": table,
        "inputFacets": {
            "dataQualityAssertions": {"_producer": PRODUCER, "_schemaURL": ASSERTIONS, "assertions": assertions},
            "dataQualityMetrics": {
                "_producer": PRODUCER, "_schemaURL": METRICS, "rowCount": outcomes[0].rows, "columnMetrics": {},
            },
        },
    }  # fmt: skip


def _assertion(rule: RuleOutcome) -> dict[str, Any]:
    """What is not known to pass does not succeed."""
    columns = {
        one.values[0] for each in parse(f"Rules = [ {rule.rule} ]").rules or () for one in single_rules(each) if one.values
    }
    column = {"column": next(iter(columns))} if len(columns) == 1 else {}
    return {"assertion": rule.rule, "success": rule.result == "PASS", **column}

"""The lineage of columns for OpenLineage: a facet of a table, and one event of all tables."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fullcircle.config.sections import Config
from fullcircle.publish.lineage import ColumnSource, columns_of, sources_of, tables_known
from fullcircle.quality.lineage import EVENT, PRODUCER, SPEC

FACET = f"{SPEC}/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet"


def column_facets(settings: Config, tables: Collection[str]) -> dict[str, dict[str, Any]]:
    """Table -> its facets: of which columns of the tables before, or of the sources, each of its columns is made."""
    found = {}
    for table in tables:
        fields = {
            column: {"inputFields": [_input(settings.project.name, one) for one in sources]}
            for column in columns_of(table)
            if (sources := sources_of(settings.map, table, column))
        }
        if fields:
            found[table] = {"columnLineage": {"_producer": PRODUCER, "_schemaURL": FACET, "fields": fields}}
    return found


def lineage_event(settings: Config) -> dict[str, Any]:
    """One event: the job that makes all tables and views, with the objects of the sources as its inputs."""
    facets = column_facets(settings, tables_known())
    objects = dict.fromkeys((one.source, one.object) for one in settings.map)
    return {
        "eventType": "COMPLETE", "eventTime": datetime.now(UTC).isoformat(), "producer": PRODUCER, "schemaURL": EVENT,
        "run": {"runId": str(uuid4())}, "job": {"namespace": settings.project.name, "name": "run"},
        "inputs": [{"namespace": source, "name": object} for source, object in objects],
        "outputs": [{"namespace": settings.project.name, "name": name, "facets": one} for name, one in facets.items()],
    }  # fmt: skip


def _input(project: str, one: ColumnSource) -> dict[str, Any]:
    source, _, object = one.table.partition(".")
    place = (source, object) if one.at_source else (project, one.table)
    how = {"description": one.how} if one.how else {}
    return {
        "namespace": place[0], "name": place[1], "field": one.column,
        "transformations": [{"type": "DIRECT", "subtype": "TRANSFORMATION" if one.how else "IDENTITY", **how}],
    }  # fmt: skip

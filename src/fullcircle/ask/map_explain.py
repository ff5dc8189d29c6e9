"""Where a column comes from: which maps fill it, from which field, why, and what shapes its values have."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from fullcircle.ask.suggest import to_suggest
from fullcircle.config.sections import Config, FieldRule, MapSettings
from fullcircle.connectors.pull import open_source
from fullcircle.engine.open import open_engine
from fullcircle.errors import NotFound, did_you_mean
from fullcircle.mapping.fields import names_in
from fullcircle.mapping.propose.plan import Proposed, plan
from fullcircle.mapping.propose.sample import Sample, shapes, take
from fullcircle.model.tables import CONFORMED
from fullcircle.pipeline import all_maps


def explain(settings: Config, column: str) -> list[dict[str, Any]]:
    """One entry for each map that fills a canonical column (`email`, `records.email`) or reads a field of a source.

    Values are sampled to tell their shapes, letters as `a` and digits as `9`; the values themselves are not shown.
    """
    maps = all_maps(settings)
    found = [(one, name, rule) for one in maps for name, rule in one.fields.items() if _is_about(one, name, rule, column)]
    if not found:
        known = sorted({f"{one.to}.{name}" for one in maps for name in one.fields} | {table for table in CONFORMED})
        raise NotFound(f'No map fills or reads "{column}".', did_you_mean(column, known))
    with closing(open_engine(memory="1GB")) as engine:
        samples: list[Sample] = []
        for source in dict.fromkeys(one.source for one, _, _ in found if one.source in settings.sources):
            with closing(open_source(source, settings.sources[source], settings.folder, settings.project.country)) as connector:
                samples += take(engine, source, connector)
        proposed = plan([one for one in samples if one.source in to_suggest(settings)], engine)
        answers = []
        for one, name, rule in found:
            sample = next((each for each in samples if (each.source, each.name) == (one.source, one.object)), None)
            seen = {field: shapes(engine, sample, field) for field in names_in(rule)} if sample else {}
            answers.append(
                {
                    "source": one.source, "object": one.object, "column": f"{one.to}.{name}", "from": _from(rule),
                    "why": _why(one, name, rule, proposed), "shapes": seen,
                }
            )  # fmt: skip
        return answers


def _is_about(one: MapSettings, name: str, rule: FieldRule, column: str) -> bool:
    wanted = column.casefold()
    if wanted in {name.casefold(), f"{one.to}.{name}".casefold()}:
        return True
    return (
        any(wanted in {field.casefold(), f"{one.object}.{field}".casefold()} for field in names_in(rule))
        or f'"{wanted}"' in rule.sql.casefold()
    )


def _from(rule: FieldRule) -> str:
    text = rule.sql or rule.join.join(names_in(rule)) or f"the constant {rule.value}"
    return f"{text}, the {rule.by or 'key'} of a row of {rule.ref}" if rule.ref else text


def _why(one: MapSettings, name: str, rule: FieldRule, proposed: list[Proposed]) -> str:
    ours = next((each for each in proposed if (each.sample.source, each.sample.name) == (one.source, one.object)), None)
    same = [each for each in ours.maps if each.to == one.to and each.key == one.key] if ours else []
    if not ours or not any(FieldRule(**each.fields[name]) == rule for each in same if name in each.fields):
        return "written by hand, or by a connector that brings its maps"
    if rule.ref or name == "key":
        evidence = [said for said in ours.evidence if any(field in said for field in names_in(rule))]
        if evidence:
            return "; ".join(evidence)
    return (
        f"as proposed: {ours.what} ({ours.sure}); {ours.evidence[0]}"
        if ours.evidence
        else f"as proposed: {ours.what} ({ours.sure})"
    )

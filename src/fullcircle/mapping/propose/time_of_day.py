"""A date and its time of day in two columns of an order: `Datum` and `Uhrzeit`. See `with_time_of_day`."""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import CLOCK
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.sample import Sample

TIME_OF_DAY = r"\d{1,2}[:.]\d{2}([:.]\d{2})?( ?[AaPp]\.?[Mm]\.?)?"


def with_time_of_day(engine: Engine | None, sample: Sample, used: set[str], rules: dict[str, Rule]) -> None:
    """Add to the rule of the date the column with the time of day, if there is one."""
    day = rules.get("ordered_at", {}).get("field", "")
    if not day or not engine or not sample.table:
        return
    for each in sample.found.fields:
        if each.name == day or each.name in used or each.name not in sample.facts or not CLOCK.search(plain(each.name)):
            continue
        is_time = f"regexp_full_match({quoted(each.name)}, '{TIME_OF_DAY}')"
        is_day = rf"NOT regexp_matches({quoted(day)}, '\d:\d\d')"
        if engine.value(f"SELECT coalesce(bool_and({is_time} AND {is_day}), false) FROM {sample.table}"):
            rules["ordered_at"] = {"fields": [day, each.name]}
            used.add(each.name)
            return

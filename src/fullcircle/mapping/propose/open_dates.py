"""Notes in a proposal the dates that may be day or month first, and what makes them clear. Start at `note_open_dates`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.words import spoken
from fullcircle.mapping.reading.customs import is_time
from fullcircle.mapping.reading.date_order import Neighbours, counted
from fullcircle.mapping.reading.year_first import year_first
from fullcircle.mapping.validate import LandedObject
from fullcircle.model.tables import CONFORMED

DAY_FIRST = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hr": "Croatian", "is": "Icelandic", "it": "Italian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip


def note_open_dates(engine: Engine, proposed: Sequence[Proposed]) -> None:
    """Add to each proposal what is known of its dates that no sampled value of their column makes clear."""
    samples = [one.sample for one in proposed if one.sample.table]
    neighbours = Neighbours(
        engine,
        [LandedObject(one.source, one.name, one.table, dict.fromkeys(one.facts, "VARCHAR"), lambda: False) for one in samples],
    )
    for one in proposed:
        columns = [name for name in _dates(one) if name in one.sample.facts] if one.sample.table else []
        years = year_first(engine, one.sample.table, columns)
        for name, (_, shaped, day, month) in counted(engine, one.sample.table, columns, by_day=True).items():
            if name in years:
                one.evidence.append(f"{name} begins with the year, in two digits (25/12/31): its values say so together")
                continue
            if not shaped or bool(day) != bool(month):
                continue
            said = neighbours.month_first(one.sample.source, one.sample.name) if not day else None
            if said:
                one.evidence.append(f"{name} is {'month' if said[0] else 'day'} first, as {said[1]} is")
            elif not day and (spoken_here := day_first_by_language(one)):
                one.evidence.append(f"{name} is day first: its headers are {spoken_here}, where the day comes first")
                _write_day_first(one, name)
            else:
                why = "its values contradict one another" if day else "no sampled value of it, nor of other columns, says which"
                one.notes.append(
                    f"{name} may be day or month first (as 03/04/2025 would be): {why}. It "
                    "is read as is usual in [project] country, and the "
                    'run says how many values that are. If you know it, write dates = "day first" or "month first" in the map'
                )


def day_first_by_language(one: Proposed) -> str:
    """The languages of an object's headers, in all of which the day comes first; "" if there are none, or others."""
    here = spoken(one.sample.found.name, tuple(each.name for each in one.sample.found.fields))
    return " and ".join(DAY_FIRST[code] for code in here) if here and {*here} <= DAY_FIRST.keys() else ""


def _write_day_first(one: Proposed, column: str) -> None:
    for each in one.maps:
        if any(column in (rule.get("field"), *rule.get("fields", ())) for rule in each.fields.values()):
            each.dates = "day first"


def _dates(one: Proposed) -> list[str]:
    """The fields that columns of dates and times are filled from."""
    found: dict[str, None] = {}
    for each in one.maps:
        for column, rule in each.fields.items():
            canonical = CONFORMED[each.to].column(column)
            if column == "birth_text" or (canonical and is_time(canonical.sql_type)):
                found |= dict.fromkeys([rule["field"]] if rule.get("field") else list(rule.get("fields", ()))[:1])
    return list(found)

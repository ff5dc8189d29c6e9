"""A date and its time of day in two columns of an order or a visit: `Datum` and `Uhrzeit`. See `with_time_of_day`."""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import CLOCK
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.sample import Sample

MORE = re.compile(  # further names of the time of day, and what the name of another time has
    r"(^|_)(start_?tid|begintijd|aanvangstijd|anfangszeit|klockslag|klokkeslaet|klokkeslett|start_?tijd|startzeit|beginn|cas|saat|kello|kellonaika|время|час|ωρα|時刻|時間)(_|$)"
)
NOT_START = re.compile(
    r"(^|_)(fin|end|ende|slut|koniec|konec|eind|dur|duree|duration|dauer|duracion|durata|wait|talk|окончания|终)(_|$)"
)
DAY_OR_CLOCK = frozenset((
    "date", "day", "time", "datum", "tag", "uhrzeit", "zeit", "heure", "jour", "fecha", "dia", "hora", "data", "giorno", "ora",
    "dag", "tijd", "dato", "tid", "klokken", "dzien", "godzina", "den", "cas", "nap", "ido", "tarih", "saat", "дата", "время",
    "日", "時刻", "at", "on", "of", "de", "du", "del", "le", "am",
))  # fmt: skip
TIME_OF_DAY = r"\d{1,2}[:.]\d{2}([:.]\d{2})?( ?[AaPp]\.?[Mm]\.?)?"


def _stem(name: str) -> str:
    """What a date or a time is of: `scheduled` of `Scheduled date` and of `Scheduled time`."""
    return "_".join(part for part in plain(name).split("_") if part not in DAY_OR_CLOCK)


def with_time_of_day(
    engine: Engine | None, sample: Sample, used: set[str], rules: dict[str, Rule], name: str = "ordered_at"
) -> None:
    """Add to the rule of the date (`name`: of the field) the column with the time of day, if there is one."""
    day = rules.get(name, {}).get("field", "")
    if not day or not engine or not sample.table:
        return
    others = {_stem(one) for one, facts in sample.facts.items() if one != day and facts.date >= 0.9} - {"", _stem(day)}
    for each in sample.found.fields:
        called = plain(each.name)
        if _stem(each.name) in others:
            continue  # `Scheduled time` is of `Scheduled date`, and not of `Created date`
        if each.name in {day, *used} or each.name not in sample.facts or NOT_START.search(called):
            continue
        if not CLOCK.search(called) and not MORE.search(called):
            continue
        is_time = f"regexp_full_match({quoted(each.name)}, '{TIME_OF_DAY}')"
        is_day = rf"NOT regexp_matches({quoted(day)}, '\d:\d\d')"
        if engine.value(f"SELECT coalesce(bool_and({is_time} AND {is_day}), false) FROM {sample.table}"):
            rules[name] = {"fields": [day, each.name]}
            used.add(each.name)
            return

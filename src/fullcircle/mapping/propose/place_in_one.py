"""Postcode and city in one column: `PLZ/Ort`, `City, State, Zip`, `Postcode en plaats`. Start at `with_place_in_one`."""

from __future__ import annotations

from typing import Any

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.gist import AND, OF_WORDS
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import is_receiver

_CODE = r"(?:[A-Z]{1,2}-)?\d{4} ?[A-Z]{2}|(?:[A-Z]{1,2}-)?\d{3,5}(?:[ -]?\d{2,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
SHAPES = {  # what is written, and which part of it is which
    rf"^\s*({_CODE})[\s,]+(\p{{L}}.*?)\s*$": ("postcode", "city"),
    r"^\s*(\p{L}.*?),?\s+([A-Z]{2})\.?,?\s+(\d{5}(?:-\d{4})?)\s*$": ("city", "region", "postcode"),
    rf"^\s*(\p{{L}}.*?)[\s,]+({_CODE})\s*$": ("city", "postcode"),
}
MOSTLY = 0.95  # of the filled values have the shape


def with_place_in_one(engine: Engine | None, sample: Sample, rules: dict[str, Any], used: set[str]) -> list[str]:
    """Add the rules for city and postcode where one column has both; says what was found."""
    if engine is None or not sample.table or {"city", "postcode"} <= rules.keys():
        return []
    for name, facts in sample.facts.items():
        if not facts.filled or not _names_both(name) or is_staff(name) or is_somebody_else(name) or is_receiver(name):
            continue
        for shape, parts in SHAPES.items():
            fits = f"count(*) FILTER (regexp_matches({quoted(name)}, {literal(shape)})) >= {MOSTLY} * count({quoted(name)})"
            if not engine.value(f"SELECT {fits} FROM {sample.table}"):
                continue
            for place, column in enumerate(parts, 1):
                if column not in rules or rules[column].get("field") == name:
                    rules[column] = {"sql": f"nullif(regexp_extract({quoted(name)}, {literal(shape)}, {place}), '')"}
            used.add(name)
            return [f"{name} has {' and '.join(parts)} in one: they are taken apart"]
    return []


def _names_both(column: str) -> bool:
    """True for a header that is nothing but words for a postcode and for a city (and a region)."""
    lists, rest = words()["columns"]["records"], plain(column)
    found = set()
    for kind in ("postcode", "city", "region"):
        for word in sorted(lists[kind], key=len, reverse=True):
            if f"_{word}_" in f"_{rest}_":
                rest = f"_{rest}_".replace(f"_{word}_", "_", 1).strip("_")
                found.add(kind)
                break
    bare, parts = {*words()["beside_a_city"]["words"]}, {*rest.split("_")}
    if found == {"city"} and parts - AND - OF_WORDS <= bare and parts & bare:
        return True  # `Kod i miejscowość`
    return {"postcode", "city"} <= found and {*rest.split("_")} <= {"", "billing", "mailing"} | AND | OF_WORDS

"""What a column with a bare name is, by the columns beside it and its values: the `Kod` next to the `Miasto` is a postcode.

Start at `postcode_beside`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.sample import Sample

SHAPE = (
    r"(?i)([A-Z]{1,2}-)?\d{4} ?[A-Z]{2}|([A-Z]{1,2}-)?\d{2,5}[ -]?\d{2,4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d"
)
MOSTLY = 0.95  # of the filled values have the shape


def postcode_beside(engine: Engine | None, sample: Sample, columns: Mapping[str, str]) -> str:
    """The column of postcodes next to that of the city, whose name alone says no more than `code`; "" if there is none."""
    names = [each.name for each in sample.found.fields]
    city = columns.get("city", "")
    if engine is None or not sample.table or "postcode" in columns or city not in names:
        return ""
    place = names.index(city)
    for name in (*names[max(place - 1, 0) : place], *names[place + 1 : place + 2]):
        facts = sample.facts.get(name)
        if plain(name) not in words()["beside_a_city"]["words"] or not facts or not facts.filled or name in columns.values():
            continue
        fits = f"count(*) FILTER (regexp_full_match({quoted(name)}, {literal(SHAPE)})) >= {MOSTLY} * count({quoted(name)})"
        if engine.value(f"SELECT {fits} FROM {sample.table}"):
            return name
    return ""

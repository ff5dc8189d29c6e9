"""The day of the week beside a date says whether its day or its month comes first: of 01/02/2024, only one was a Thursday."""

from __future__ import annotations

from functools import cache

from fullcircle.mapping.reading.characters import without_accents
from fullcircle.mapping.reading.word_list import meaning
from fullcircle.mapping.shipped import shipped

BEFORE = r"(?:[^\W\d_][^\d]{0,20}[ ,])?"  # a day of the week, or what else stands before a date
_WORD = r"[^\x00-@\[-`{-~\x{A0}-\x{BF}]{2,}"
_PARTS = r"(\d{1,2}) ?[/-] ?(\d{1,2}) ?[/-] ?(\d{4}|\d\d)(?:\D|$)"


@cache
def days() -> dict[str, int]:
    """The words for days of the week, without accents, and their number from Monday, 1; words of two days are not among them."""
    text = shipped("calendar.txt")
    found: dict[str, set[int]] = {}
    for line in text.splitlines():
        means, *names = line.split("|")
        if means.startswith("day") and means[3:].isdigit():
            for name in names:
                found.setdefault(without_accents(name), set()).add(int(means[3:]))
    return {word: min(numbers) for word, numbers in found.items() if len(numbers) == 1}


def month_first_by_day(text: str) -> str:
    """SQL: true or false where the day of the week beside a date fits only one order of day and month; else null."""
    known = {word: str(number) for word, number in days().items()}
    word = f"strip_accents(lower(regexp_extract({text}, '{_WORD}')))"
    number = f"CAST({meaning(word, known)} AS INT)"
    year = "CASE WHEN len(_w.y) = 4 THEN _w.y WHEN TRY_CAST(_w.y AS INT) < 69 THEN '20' || _w.y ELSE '19' || _w.y END"
    as_day, as_month = (
        f"isodow(TRY_CAST({year} || '-' || {rest} AS DATE))" for rest in ("_w.b || '-' || _w.a", "_w.a || '-' || _w.b")
    )
    says = f"""list_transform([{number}], lambda _n: CASE WHEN {as_month} = _n AND {as_day} IS DISTINCT FROM _n THEN true
        WHEN {as_day} = _n AND {as_month} IS DISTINCT FROM _n THEN false END)[1]"""
    parts = f"regexp_extract({text}, '{_PARTS}', ['a', 'b', 'y'])"
    read = f"list_transform([{parts}], lambda _w: CASE WHEN _w.a <> '' THEN {says} END)[1]"
    return f"CASE WHEN regexp_matches({text}, '{_WORD}') THEN {read} END"

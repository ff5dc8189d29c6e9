"""Which columns write the year first in two digits: 25/12/31 is the last day of 2025. Start at `year_first`.

One value does not say it, as 25/12/31 may be a Christmas day too; the other values of its column do: the year is what changes
least, a day may not be 0 or above 31, and a column that would be full of dates of the future is not read so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fullcircle.engine.base import Engine, quoted

SHORT = r"^\s*(\d\d) ?([./-]) ?(\d{1,2}) ?[./-] ?(\d\d)(?:[ ,T].*)?$"
CLEAR = 4  # different days are needed, and half as many years at most, to tell the one from the other
AHEAD = "INTERVAL 400 DAY"  # orders, deals and the like are not dated later than that


def year_first(engine: Engine, table: str, columns: Sequence[str], births: Collection[str] = ()) -> dict[str, bool]:
    """The columns whose dates of two-digit years begin with the year; True: their values could not be anything else.

    `births` are columns in which a year that would be in the future is one of the century before.
    """
    if not columns:
        return {}
    short = ", ".join(f"bool_or(regexp_matches({quoted(name)}, '{SHORT}'))" for name in columns)
    columns = [name for name, any_ in zip(columns, engine.rows(f"SELECT {short} FROM {table}")[0], strict=True) if any_]
    if not columns:
        return {}
    row = engine.rows(f"SELECT {', '.join(_counts(quoted(name)) for name in columns)} FROM {table}")[0]
    found = {}
    for place, name in enumerate(columns):
        short, others, wrong, bad_day, bad_month, firsts, lasts, ahead = row[place * 8 : place * 8 + 8]
        said = _said(bad_day, bad_month, firsts, lasts, 0 if name in births else ahead)
        if short and not others and not wrong and said is not None:
            found[name] = said
    return found


def _said(bad_day: int, bad_month: int, firsts: int, lasts: int, ahead: int) -> bool | None:
    """True if it must be so, False if it seems so, None if it is not so or not known."""
    clear = max(firsts, lasts) >= CLEAR
    if clear and lasts * 2 <= firsts:  # a mistake in one value of many does not turn the others round
        return None
    if bad_day and bad_month:
        return True
    return False if ahead or (clear and firsts * 2 <= lasts) else None


def _counts(column: str) -> str:
    """SQL: the short dates; others; those that do not begin with a year; that do not end with one after day or month; how many
    different first and last parts; and those that, with the year last, would be in the future, but not with the year first."""
    there = f"trim(coalesce({column}, '')) <> ''"
    part = {name: f"regexp_extract({column}, '{SHORT}', {place})" for name, place in (("a", 1), ("b", 3), ("c", 4))}
    year = {name: f"CASE WHEN {part[name]} < '69' THEN '20' ELSE '19' END || {part[name]}" for name in ("a", "c")}
    begins = _day(year["a"], part["b"], part["c"])
    day, month = _day(year["c"], part["b"], part["a"]), _day(year["c"], part["a"], part["b"])
    short = f"regexp_matches({column}, '{SHORT}')"
    limit = f"(now() AT TIME ZONE 'UTC' + {AHEAD})"
    ends = f"CASE WHEN {day} IS NULL THEN {month} WHEN {month} IS NULL THEN {day} ELSE least({day}, {month}) END"
    return (
        f"count(*) FILTER ({there} AND {short}), count(*) FILTER ({there} AND NOT {short}), "
        f"count(*) FILTER ({short} AND {begins} IS NULL), count(*) FILTER ({short} AND {day} IS NULL), "
        f"count(*) FILTER ({short} AND {month} IS NULL), count(DISTINCT {part['a']}) FILTER ({short}), "
        f"count(DISTINCT {part['c']}) FILTER ({short}), "
        f"count(*) FILTER ({short} AND {ends} > {limit} AND {begins} < {limit})"
    )


def _day(year: str, month: str, day: str) -> str:
    return f"TRY_CAST({year} || '-' || {month} || '-' || {day} AS DATE)"

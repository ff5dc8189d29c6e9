"""Does the day or the month come first? Where a column alone does not say it, the other columns of its source are asked.

People export with one setting: `Order date` 03/04/2025 is written as `Ship date` 27/04/2025 beside it. All columns of text are
asked, also those that no map uses: first those of the same object, then those of the other objects of the source. They are only
believed if all that say something say the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.reading.times import NO_MOMENT
from fullcircle.mapping.reading.weekdays import BEFORE, month_first_by_day
from fullcircle.mapping.reading.year_first import year_first
from fullcircle.mapping.validate import LandedObject

DAY, MONTH = r"(1[3-9]|2\d|3[01])", r"(0?[1-9]|1[0-2])"
DAY_FIRST, MONTH_FIRST = rf"^\s*{BEFORE}{DAY}[/-]{MONTH}[/-]\d", rf"^\s*{BEFORE}{MONTH}[/-]{DAY}[/-]\d"
_DATE = rf"^\s*{BEFORE}" r"\d{1,2}[/-]\d{1,2}[/-](\d{4}|\d{2})([^\d].*)?$"
FIRST_ROWS = 2000  # in which a column must look like dates for all its rows to be read
MOSTLY = 0.8  # of the filled values of a column of dates are dates


class Neighbours:
    """What the other columns of an object, and the other objects of its source, say."""

    def __init__(self, engine: Engine, landed: Sequence[LandedObject]) -> None:
        self._engine = engine
        self._landed = {(one.source, one.name): one for one in landed}
        self._said: dict[tuple[str, str], dict[str, bool]] = {}

    def month_first(self, source: str, name: str) -> tuple[bool, str] | None:
        """True or False, and the column that says so (`shop.orders.Ship date`); None if nothing or not the same is said."""
        near = self._votes(source, name)
        if not near:
            near = {column: said for of, other in self._landed if of == source for column, said in self._votes(of, other).items()}
        if len(set(near.values())) != 1:
            return None
        column, said = next(iter(near.items()))
        return said, column

    def _votes(self, source: str, name: str) -> dict[str, bool]:
        which = (source, name)
        if which not in self._said:
            self._said[which] = self._ask(self._landed[which]) if which in self._landed else {}
        return self._said[which]

    def _ask(self, landed: LandedObject) -> dict[str, bool]:
        texts = [name for name, kind in landed.columns.items() if kind == "VARCHAR" and not name.startswith("_")]
        first = counted(self._engine, f"(SELECT * FROM {landed.view} LIMIT {FIRST_ROWS})", texts)
        dates = [name for name, (filled, shaped, _, _) in first.items() if shaped and shaped >= MOSTLY * filled]
        found = {}
        dates = [name for name in dates if name not in year_first(self._engine, landed.view, dates)]
        for name, (_, _, day, month) in counted(self._engine, landed.view, dates, by_day=True).items():
            if bool(day) != bool(month):
                found[f"{landed.source}.{landed.name}.{name}"] = bool(month)
        return found


def counted(engine: Engine, table: str, columns: Sequence[str], by_day: bool = False) -> dict[str, tuple[int, int, int, int]]:
    """For each column: the filled values, those that look like dates, and those that are day first or month first.

    `by_day`: also those of which the day of the week says it; not for thousands of columns.
    """
    if not columns:
        return {}
    counts = []
    for name in map(quoted, columns):
        filled = f"trim({name}) <> '' AND NOT regexp_full_match(trim({name}), '{NO_MOMENT}')"
        counts.append(f"count(*) FILTER ({filled})")
        said = month_first_by_day(name) if by_day else "NULL::BOOLEAN"
        counts += [
            f"count(*) FILTER ({filled} AND (regexp_matches({name}, {literal(one)}) OR {also}))"
            for one, also in ((_DATE, "false"), (DAY_FIRST, f"NOT ({said})"), (MONTH_FIRST, f"({said})"))
        ]
    row = engine.rows(f"SELECT {', '.join(counts)} FROM {table}")[0]
    four = [row[place : place + 4] for place in range(0, len(row), 4)]
    return {name: (a, b, c, d) for name, (a, b, c, d) in zip(columns, four, strict=True)}

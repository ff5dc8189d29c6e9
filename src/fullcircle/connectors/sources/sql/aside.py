"""Finds what a pull had to leave out, so that it can be reported: rows whose key is null, values out of range. See source.py.

The rows are read again after the pull, in a statement of its own, so that a pull that continues after a crash, or that reads
only what changed, still reports all of them, and stops reporting what was corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from fullcircle.connectors.sources.sql.rows import Page, Roles, keys_of, raw_records
from fullcircle.connectors.sources.sql.values import TIMES
from fullcircle.engine.base import Engine

SCHEMA = pa.schema([("key", pa.string()), ("reason", pa.string()), ("raw", pa.string())])
FIRST, LAST = "0001-01-01", "9999-12-31 23:59:59.999999"
NOT_FINITE = ("NaN", "Infinity", "-Infinity")
WHY = {
    "time": "is not a time from the year 1 to the year 9999, such as infinity, a year BC or 0000-00-00",
    "number": "is not a finite number (NaN or infinite)",
    "text": "is not valid text in UTF-8",
}


def suspects(source: sa.FromClause, kinds: dict[str, str], key: Sequence[str]) -> sa.ColumnElement[bool] | None:
    """A condition for the rows that may have to be reported; None: all rows may, and the values decide when they are read."""
    if not all(kinds.values()):
        return None
    wanted: list[sa.ColumnElement[bool]] = [source.c[one].is_(None) for one in key]
    for name, kind in kinds.items():
        one: Any = source.c[name]
        if kind in ("timestamp", "date"):
            wanted += [one > sa.literal(LAST, sa.types.NullType()), one < sa.literal(FIRST, sa.types.NullType())]
        elif kind == "time":
            wanted.append(sa.cast(one, sa.Text).like("24:%"))
        elif kind in ("float", "text") or kind.startswith("decimal"):
            wanted.append(sa.cast(one, sa.Text).in_(NOT_FINITE))
    return sa.or_(sa.false(), *wanted)


def rejects(engine: Engine, page: Page, roles: Roles, kinds: dict[str, str], title: str) -> pa.Table:
    """What is to be reported of a page: a row for each value out of range, and for each row whose key is null."""
    empty = _null_keys(page, roles)
    about = sorted({*empty, *page.odd_rows()})
    if not about:
        return SCHEMA.empty_table()
    part = page.take(about)
    raw, keys = raw_records(engine, part, roles).to_pylist(), keys_of(engine, part, roles)
    reported: list[tuple[str, str, str]] = []
    for place, row in enumerate(about):
        key = keys[place] or "null"
        if row in empty:
            reported.append(("null", f"the key ({', '.join(roles.key)}) of {title} is null", raw[place]))
        for name in part.odd:
            if place in part.odd[name]:
                reported.append((key, _reason(name, key, roles, kinds, title, part), raw[place]))
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, one, strict=True)) for one in reported], SCHEMA)


def repeated(engine: Engine, page: Page, roles: Roles, title: str) -> pa.Table:
    """What is to be reported of keys that occur more than once; the page has the key and the number of `times`."""
    raw, keys = raw_records(engine, page, roles).to_pylist(), keys_of(engine, page, roles)
    times = page.table["times"].to_pylist()
    reported = [
        (key, f"the key ({', '.join(roles.key)}) of {title} occurs {times[row]} times: only one of these rows is used", raw[row])
        for row, key in enumerate(keys)
    ]
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, one, strict=True)) for one in reported], SCHEMA)


def _reason(name: str, key: str, roles: Roles, kinds: dict[str, str], title: str, page: Page) -> str:
    kind = kinds.get(name, "")
    numeric = all(text.lower().lstrip("+-") in {"nan", "inf", "infinity"} for text in page.odd[name].values())
    is_number = kind == "float" or kind.startswith("decimal") or (kind not in TIMES and numeric)
    why = WHY["time" if kind in TIMES else "number" if is_number else "text"]
    if not kind and not numeric:
        why = "is out of range"
    then = "the row cannot be read" if name in roles.key else "the value is left out, the rest of the row is read"
    return f'the value of "{name}" of {title} with the key {key} {why}: {then}'


def _null_keys(page: Page, roles: Roles) -> set[int]:
    rows: set[int] = set()
    for name in roles.key:
        null = pc.indices_nonzero(pc.is_null(page.table[name])).to_pylist()
        rows |= set(null) - set(page.odd.get(name, ()))
    return rows

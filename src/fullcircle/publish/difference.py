"""Compares a table with what a target has: the portable columns of the table, and its new, changed and deleted rows.

The targets compare contents, not dates: a table with the same content is not written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5

from fullcircle.engine.base import Engine, quick_hash, quoted

# DuckDB types that every target supports; all others are cast to the nearest of them.
PLAIN = re.compile(r"(VARCHAR|BOOLEAN|INTEGER|BIGINT|FLOAT|DOUBLE|DATE|TIMESTAMP|BLOB|DECIMAL\(\d+,\d+\))(\[\])?")
NEAREST = {
    "TINYINT": "INTEGER", "SMALLINT": "INTEGER", "UTINYINT": "INTEGER", "USMALLINT": "INTEGER", "UINTEGER": "BIGINT",
    "UBIGINT": "DECIMAL(38,0)", "HUGEINT": "DECIMAL(38,0)", "UHUGEINT": "DECIMAL(38,0)",
    "TIMESTAMP_S": "TIMESTAMP", "TIMESTAMP_MS": "TIMESTAMP", "TIMESTAMP_NS": "TIMESTAMP",
}  # fmt: skip
ZONED = "TIMESTAMP WITH TIME ZONE"
NEW, OLD = "publishing_new", "publishing_old"  # fingerprints of both sides during the comparison


@dataclass(frozen=True, slots=True)
class Field:
    """A column as it is published: its name, its DuckDB type, and the SQL for its value."""

    name: str
    sql_type: str
    sql: str


@dataclass(frozen=True, slots=True)
class TableDifference:
    """The rows of the new state, and how many are new, changed and deleted."""

    rows: int
    inserted: int
    changed: int
    deleted: int
    keyed: bool = True  # False: the keys are not unique

    @property
    def nothing(self) -> bool:
        """True if both sides hold the same rows."""
        return not (self.inserted or self.changed or self.deleted)


def fields_of(engine: Engine, table: str) -> list[Field]:
    """The columns of a table in types that every target understands."""
    found = []
    for name, sql_type in engine.columns(table).items():
        column = quoted(name)
        if PLAIN.fullmatch(sql_type):
            found.append(Field(name, sql_type, column))
        elif sql_type == ZONED:
            found.append(Field(name, "TIMESTAMP", f"({column} AT TIME ZONE 'UTC')"))
        else:
            nearest = NEAREST.get(sql_type, "VARCHAR")
            found.append(Field(name, nearest, f"CAST({column} AS {nearest})"))
    return found


def select(table: str, fields: Sequence[Field]) -> str:
    """A SELECT of these columns of a table, in any order."""
    return f"SELECT {', '.join(f'{field.sql} AS {quoted(field.name)}' for field in fields)} FROM {table}"


def ordered(sql: str, key: Sequence[str]) -> str:
    """The rows in the order of the key, so that files are the same each time."""
    return f"{sql} ORDER BY {', '.join(map(quoted, key)) or 'ALL'}"


@contextmanager
def compared(engine: Engine, new: str, key: Sequence[str], names: Sequence[str]) -> Iterator[None]:
    """Prepare the fingerprints of the new rows for `digest`, `hold_old` and `difference` inside the `with` block.

    `names` are the columns to compare, in order; `new` is a SELECT that has all of them.
    """
    try:
        _hold(engine, NEW, new, key, names)
        yield
    finally:
        for table in (NEW, OLD):
            engine.run(f"DROP TABLE IF EXISTS {table}")


def digest(engine: Engine, fields: Sequence[Field]) -> str:
    """A hash of the new content: columns, types, and rows in any order.

    Another version of the engine may return another hash for the same content; then the contents are compared once more.
    """
    shape = ", ".join(f"{field.name} {field.sql_type}" for field in fields)
    return md5(f"{shape}{content(engine, NEW)}".encode()).hexdigest()


def content(engine: Engine, table: str) -> str:
    """A text that is the same for tables with the same fingerprints."""
    return str(engine.value(f"SELECT concat(count(*), ':', sum(print), ':', bit_xor(print)) FROM {table}"))


def unseen(new: str, names: Sequence[str], wanted: Sequence[str], old: str = OLD) -> str:
    """A SELECT of the `wanted` columns of the rows that the target does not have; `old` are the fingerprints of those it has."""
    return f"SELECT {', '.join(map(quoted, wanted))} FROM ({new}) WHERE {_hash(names)} NOT IN (SELECT print FROM {old})"


def hold_old(engine: Engine, old: str, key: Sequence[str], names: Sequence[str]) -> None:
    """Prepare the fingerprints of the target's rows; `old` is a SELECT with the same columns."""
    _hold(engine, OLD, old, key, names)


def _hash(names: Sequence[str]) -> str:
    """The engine's own hash. Both sides are hashed in one process, so it may differ between versions."""
    return quick_hash(names)


def _hold(engine: Engine, table: str, sql: str, key: Sequence[str], names: Sequence[str]) -> None:
    engine.run(f"CREATE OR REPLACE TABLE {table} AS {prints(sql, key, names)}")


def prints(sql: str, key: Sequence[str], names: Sequence[str], *more: str) -> str:
    """A SELECT of fingerprints, one row per row: `key` (of the key columns, else of all), `print` (of all columns), `more`."""
    row = _hash(names)
    identity = _hash(key) if key else row
    return f"SELECT {', '.join([f'{identity} AS key', f'{row} AS print', *more])} FROM ({sql})"


def difference(engine: Engine, old: str = OLD) -> TableDifference:
    """Compare the prepared fingerprints. If keys are not unique, whole rows are compared, and no row counts as changed.

    `old` are those that the target was left with, if they are known: their keys are unique.
    """
    twice = any(
        engine.value(f"SELECT count(*) > count(DISTINCT key) FROM {table}") for table in (NEW, old) if table in (NEW, OLD)
    )  # a key may not be unique in the data; what is published must be right all the same
    rows = engine.count(NEW)
    if twice:
        counts = "SELECT print, count(*) AS n FROM {} GROUP BY print"
        inserted, deleted = engine.rows(
            f"""SELECT coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0),
                       coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0)
                FROM ({counts.format(NEW)}) a FULL JOIN ({counts.format(old)}) b ON a.print = b.print"""
        )[0]
        return TableDifference(rows, int(inserted), 0, int(deleted), keyed=False)
    inserted, deleted, changed = engine.rows(
        f"""SELECT count(*) FILTER (b.key IS NULL), count(*) FILTER (a.key IS NULL), count(*) FILTER (a.print <> b.print)
            FROM {NEW} a FULL JOIN {old} b ON a.key = b.key"""
    )[0]
    return TableDifference(rows, inserted, changed, deleted)

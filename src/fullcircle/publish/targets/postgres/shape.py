"""The private tables: their columns and types in PostgreSQL, brought to those of what is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from fullcircle.engine.base import quoted
from fullcircle.errors import PublishError
from fullcircle.publish.difference import Field

LONGEST = 63  # bytes of a name; PostgreSQL cuts longer ones off
TYPES = {
    "VARCHAR": "text", "BOOLEAN": "boolean", "INTEGER": "integer", "BIGINT": "bigint", "FLOAT": "real",
    "DOUBLE": "double precision", "DATE": "date", "TIMESTAMP": "timestamp without time zone", "BLOB": "bytea",
}  # fmt: skip
WIDER = {("integer", "bigint"), ("real", "double precision")}  # a change that keeps the values
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class PrivateTable:
    """A table with what is sent, in the private schema, and the view that shows it."""

    schema: str  # of the views
    name: str

    @property
    def private(self) -> str:
        """The schema of the table."""
        return f"{self.schema}_private"

    @property
    def table(self) -> str:
        """Its name in SQL."""
        return f"{self.private}.{quoted(self.name)}"

    @property
    def view(self) -> str:
        """The name of the view in SQL."""
        return f"{self.schema}.{quoted(self.name)}"


def type_of(field: Field) -> str:
    """The type in PostgreSQL, as it writes it itself."""
    base, _, many = field.sql_type.partition("[")
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", base)
    return (f"numeric({decimal[1]},{decimal[2]})" if decimal else TYPES[base]) + ("[]" if many else "")


def bring_into_shape(connection: Connection, what: PrivateTable, fields: Sequence[Field], key: Sequence[str]) -> bool:
    """Make the table, or change it so that it has these columns and this key. True if its view had to be dropped for that."""
    for name in (what.name, *(field.name for field in fields)):
        if len(name.encode()) > LONGEST:
            raise PublishError(
                f'"{name}" of the table {what.name} is a name of more than {LONGEST} bytes, which PostgreSQL cannot keep.',
                "Give it a shorter one, in the query of the join or of the source.",
            )
    wanted = {field.name: type_of(field) for field in fields}
    there = columns_there(connection, what)
    if there and _key_there(connection, what) != list(key):
        connection.execute(f"DROP VIEW IF EXISTS {what.view}; DROP TABLE {what.table}")
        there = {}
    if not there:
        columns = ", ".join(f"{quoted(name)} {sql_type}" for name, sql_type in wanted.items())
        primary = f", PRIMARY KEY ({', '.join(map(quoted, key))})" if key else ""
        connection.execute(f"DROP VIEW IF EXISTS {what.view}; CREATE TABLE {what.table} ({columns}{primary})")
        return True
    other = [name for name, sql_type in there.items() if wanted.get(name) != sql_type]
    if other:
        connection.execute(f"DROP VIEW IF EXISTS {what.view}")
    for name in other:
        change = (there[name], wanted.get(name, ""))
        if change in WIDER or _more_digits(*change):
            connection.execute(f"ALTER TABLE {what.table} ALTER COLUMN {quoted(name)} TYPE {change[1]}")
            there[name] = change[1]
        else:
            connection.execute(f"ALTER TABLE {what.table} DROP COLUMN {quoted(name)}")
            del there[name]
    for name, sql_type in wanted.items():
        if name not in there:
            connection.execute(f"ALTER TABLE {what.table} ADD COLUMN {quoted(name)} {sql_type}")
    return bool(other)


def _more_digits(old: str, new: str) -> bool:
    one, other = (re.fullmatch(r"numeric\((\d+),(\d+)\)", text) for text in (old, new))
    if not one or not other:
        return False
    scale, wider = int(one[2]), int(other[2])
    return wider >= scale and int(other[1]) - wider >= int(one[1]) - scale


def columns_there(connection: Connection, what: PrivateTable) -> dict[str, str]:
    """The columns of the table and their types; none if it does not exist."""
    rows = connection.execute(
        """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
        [what.table],
    ).fetchall()
    return dict(rows)


def _key_there(connection: Connection, what: PrivateTable) -> list[str]:
    rows = connection.execute(
        """SELECT a.attname FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
        WHERE i.indrelid = to_regclass(%s) AND i.indisprimary ORDER BY k.place""",
        [what.table],
    ).fetchall()
    return [name for (name,) in rows]

"""What a table is: its columns with types, its key and its references. The tables themselves are in tables.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MONEY = "DECIMAL(18,4)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `sql_type` is a DuckDB type, used as it is in CREATE TABLE and CAST."""

    name: str
    sql_type: str = "VARCHAR"
    required: bool = False  # a row without a value cannot be used; a required reference must point to an existing row
    ref: str = ""  # the canonical table this column points to


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the engine. Its ids start with `noun`, which is "" if it has no ids of its own."""

    name: str
    noun: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] | None = None  # the columns that identify a row; (): none; None: the first column

    @property
    def key(self) -> str:
        """The name of the first column, which is the primary key of every conformed table."""
        return self.columns[0].name

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns that identify a row; empty if there are none."""
        return (self.key,) if self.keys is None else self.keys

    @property
    def refs(self) -> set[str]:
        """The other tables that its columns point to."""
        return {column.ref for column in self.columns if column.ref} - {self.name}

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def ddl(self, name: str | None = None, temporary: bool = False) -> str:
        """The CREATE OR REPLACE TABLE statement for this table."""
        body = ", ".join(f'"{column.name}" {column.sql_type}' for column in self.columns)
        return f"CREATE OR REPLACE {'TEMP ' if temporary else ''}TABLE {name or self.name} ({body})"


def in_reference_order(tables: Mapping[str, Table]) -> list[str]:
    """The names of the tables, each after those it points to, otherwise in their order."""
    ordered: list[str] = []
    while len(ordered) < len(tables):
        ready = [name for name, table in tables.items() if name not in ordered and table.refs <= {*ordered}]
        if not ready:
            raise ValueError(f"These tables point to one another or to unknown tables: {sorted(tables.keys() - {*ordered})}")
        ordered += ready
    return ordered


def texts(*names: str, required: bool = False) -> tuple[Column, ...]:
    """Text columns with these names."""
    return tuple(Column(name, required=required) for name in names)


# Every conformed table ends with these: where the row comes from, and when it changed there.
ORIGIN = (*texts("source", "object", "key", required=True), Column("updated_at", "TIMESTAMP"))

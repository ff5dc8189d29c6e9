"""What a table is: columns with types, its key, what it points to. The tables themselves are in tables.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MONEY = "DECIMAL(18,4)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `sql_type` is a DuckDB type, used as it is in CREATE TABLE and CAST."""

    name: str
    sql_type: str = "VARCHAR"
    required: bool = False  # a row without it cannot be used; a required reference must lead to a row
    ref: str = ""  # the canonical table this column points to


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the engine. `noun` begins its ids; empty where another table's ids are used, or none."""

    name: str
    noun: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] | None = None  # the columns that tell its rows apart, () where none do; None: the first column

    @property
    def key(self) -> str:
        """The name of the first column, which is the primary key of every conformed table."""
        return self.columns[0].name

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns that tell its rows apart; empty where none do."""
        return (self.key,) if self.keys is None else self.keys

    @property
    def refs(self) -> set[str]:
        """The other tables that its columns point to."""
        return {column.ref for column in self.columns if column.ref} - {self.name}

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def ddl(self, name: str | None = None, temporary: bool = False) -> str:
        """CREATE OR REPLACE TABLE for this table, empty."""
        body = ", ".join(f'"{column.name}" {column.sql_type}' for column in self.columns)
        return f"CREATE OR REPLACE {'TEMP ' if temporary else ''}TABLE {name or self.name} ({body})"


def in_reference_order(tables: Mapping[str, Table]) -> list[str]:
    """The names of the tables, each after those it points to, otherwise as they are."""
    ordered: list[str] = []
    while len(ordered) < len(tables):
        ready = [name for name, table in tables.items() if name not in ordered and table.refs <= {*ordered}]
        if not ready:
            raise ValueError(f"These tables point to one another or to unknown ones: {sorted(tables.keys() - {*ordered})}")
        ordered += ready
    return ordered


def texts(*names: str, required: bool = False) -> tuple[Column, ...]:
    """Columns of text."""
    return tuple(Column(name, required=required) for name in names)


# Every table conformed from a source ends with these: where the row came from, and when it changed there.
ORIGIN = (*texts("source", "object", "key", required=True), Column("updated_at", "TIMESTAMP"))

"""The interface of a table engine. All other rooms write SQL in DuckDB's dialect and never use the library directly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

Params = Mapping[str, object]


class Engine(Protocol):
    """Tables, SQL over them, and Arrow as input and output. Only one process can have it open at a time."""

    dialect: str  # of its SQL, as others call it: "duckdb"

    def run(self, sql: str, params: Params | None = None) -> None:
        """Run statements for their effect. Parameters are named: `$name`."""
        ...

    def rows(self, sql: str, params: Params | None = None) -> list[tuple[Any, ...]]:
        """The result as Python tuples; for small results only."""
        ...

    def value(self, sql: str, params: Params | None = None) -> Any:
        """The single value of a one-row, one-column result."""
        ...

    def arrow(self, sql: str) -> pa.Table:
        """The whole result as an Arrow table."""
        ...

    def batches(self, sql: str, rows: int = 100_000) -> pa.RecordBatchReader:
        """The result as a stream of Arrow batches of at most `rows` rows. Other statements may run meanwhile."""
        ...

    def register(self, name: str, table: pa.Table | pa.RecordBatchReader) -> AbstractContextManager[None]:
        """Make an Arrow table readable in SQL as `name` inside the `with` block."""
        ...

    def offer(self, name: str, rows: pa.dataset.Dataset) -> None:
        """Make rows in files readable in SQL as `name` as long as the engine is open; they are read when they are asked for."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Statements inside the `with` block take effect together or, on an error, not at all."""
        ...

    def has(self, table: str) -> bool:
        """True if the table or view exists (and what the view reads); the name may be `schema.table`."""
        ...

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table: name -> SQL type."""
        ...

    def count(self, table: str) -> int:
        """The number of rows of the table."""
        ...

    def write_parquet(self, sql: str, path: Path) -> int:
        """Write a result to a zstd Parquet file and return the number of rows. Does not fsync: see connectors/landing.py."""
        ...

    def refusal(self, expression: str) -> str:
        """Why an expression that a user wrote may not be part of our SQL; empty if it only computes. See expressions.py."""
        ...

    def query_refusal(self, sql: str, tables: Set[str]) -> str:
        """Why a query that a user wrote may not be part of our SQL; empty if it only computes, from these tables alone."""
        ...

    def is_of_row(self, expression: str) -> bool:
        """True if an expression that `refusal` lets pass depends on its row alone: not on other rows, the clock, or chance."""
        ...

    def native(self) -> Any:
        """The connection of the engine's own library, for libraries that write SQL of their own; see `dialect`."""
        ...

    def close(self) -> None:
        """Close the file, so that other processes can open it."""
        ...


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A string literal in single quotes; None is NULL."""
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def located(path: Path) -> str:
    """A path as SQL for the engine's readers, with the characters escaped that they would take for a pattern."""
    return literal("".join(f"[{char}]" if char in "*?[" else char for char in str(path)))


def fingerprint(*columns: str) -> str:
    """SQL for a 63-bit fingerprint of columns, the same in all versions and on all machines. Null and '' differ."""
    parts = ", chr(31), ".join(f"coalesce(CAST({column} AS VARCHAR), chr(30))" for column in columns)
    return f"CAST(md5_number_lower(concat({parts})) >> 1 AS BIGINT)"


def quick_hash(columns: Iterable[str], lists: Iterable[str] = ()) -> str:
    """SQL for a 64-bit hash of columns that is quick, and the same only for one version of the engine. `lists`: those that are.

    A row of them is hashed: among several values a null that is a list would not keep its place. A list without values hashes as
    null does, so its length is hashed too.
    """
    parts = [*map(quoted, columns), *(f"len({quoted(name)})" for name in lists)]
    return f"hash(struct_pack({', '.join(f'c{place} := {part}' for place, part in enumerate(parts))}))"

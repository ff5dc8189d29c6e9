"""Runs one SQL query of a user in a process of its own; see ../apart.py. SQLite itself says what each statement would do."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from fullcircle.graph.stores.apart import TooMany

# What a statement that only reads may do; a pragma, an attached file or a write is refused while it is prepared.
READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
STEPS = 10_000  # of SQLite's machine, between two looks at the clock


def answer(request: dict[str, Any]) -> pa.Table:
    """The rows of the query `text` over the graph `path`."""
    connection = sqlite3.connect(f"{Path(request['path']).absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only = true")
    connection.execute("PRAGMA trusted_schema = true")
    connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in READS else sqlite3.SQLITE_DENY)
    until = time.monotonic() + request["seconds"]
    connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    try:
        cursor = connection.execute(request["text"])
        found = cursor.fetchmany(request["rows"] + 1)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise RuntimeError(str(error)) from error
    if len(found) > request["rows"]:
        raise TooMany
    if cursor.description is None:
        raise RuntimeError("this statement gives no rows")
    return _table(_apart([name for name, *_ in cursor.description]), found)


def _apart(names: list[str]) -> list[str]:
    """Names that are all different: a second `id` is `id_2`."""
    made: list[str] = []
    for name in names:
        number, other = 2, name
        while other in made:
            number, other = number + 1, f"{name}_{number}"
        made.append(other)
    return made


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in names]
    return pa.Table.from_arrays([_column(list(one)) for one in columns], names=names)


def _column(values: list[Any]) -> pa.Array:
    """A column; where its values have several types, as texts."""
    try:
        return pa.array(values)
    except pa.ArrowException:
        return pa.array([None if value is None else str(value) for value in values], pa.string())

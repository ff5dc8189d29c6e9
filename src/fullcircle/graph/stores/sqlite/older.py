"""Lets a reader see a graph that was written before the model had all that it has now: what is not there yet is null.

A temporary view takes the name of a table that lacks properties, or is not there, for one connection. The next run adds them.
"""

from __future__ import annotations

import sqlite3

from fullcircle.engine.base import quoted
from fullcircle.graph.stores.sqlite import statements as sql
from fullcircle.model.graph import EDGES, VERTICES


def complete(connection: sqlite3.Connection) -> None:
    """Stand in for what the tables of an older graph do not have."""
    made = dict(connection.execute("SELECT name, value FROM meta WHERE name LIKE 'shape:%'"))
    for label in (*VERTICES, *EDGES):
        if made.get(f"shape:{label}") != sql.shape_of(label):
            _stand_in(connection, label)


def _stand_in(connection: sqlite3.Connection, label: str) -> None:
    name = sql.table(label)
    there = {column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})")}
    own = ("n", "id", "hash") if label in VERTICES else ("source", "target", "own", "hash")
    lacking = ", ".join(f"NULL AS {quoted(one)}" for one in (*own, *sql.properties(label)) if one not in there)
    if not there:
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {lacking} WHERE false")
    elif lacking:
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT *, {lacking} FROM main.{name}")

"""Writes vertices and edges inside a transaction: a few by the ids of their ends, many by numbers that are read at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.engine.base import quoted
from fullcircle.errors import StoreError
from fullcircle.graph import shape
from fullcircle.graph.stores.sqlite import statements as sql
from fullcircle.graph.stores.sqlite import values
from fullcircle.graph.stores.sqlite.failures import REBUILD
from fullcircle.model.graph import EDGES, VERTICES

MANY = 20_000  # edges, from which on reading the numbers of all vertices costs less than asking for each end


def prepare(connection: sqlite3.Connection) -> None:
    """Create the labels and properties of the model that do not exist yet. StoreError if a property has another type."""
    run = connection.execute
    made = dict(run("SELECT name, value FROM meta WHERE name LIKE 'shape:%'"))
    new = [label for label in (*VERTICES, *EDGES) if made.get(f"shape:{label}") != sql.shape_of(label)]
    for label in new:
        _complete(connection, label, made.get(f"shape:{label}"))
    for label in new:  # when all tables are there, which views read
        run(f"DROP VIEW IF EXISTS {quoted(label)}")
        run(sql.make_view(label))
        run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"shape:{label}", sql.shape_of(label)))


def _complete(connection: sqlite3.Connection, label: str, made: str | None) -> None:
    for text in sql.declare(label):
        connection.execute(text)
    there = json.loads(made)[0] if made else shape.label_named(label).properties
    for name, type_ in shape.label_named(label).properties.items():
        if name not in there:
            connection.execute(sql.add_property(label, name, type_))
        elif there[name] != type_:
            raise StoreError(f"The type of {label}.{name} in the graph is not that of the model.", REBUILD)


def write_vertices(connection: sqlite3.Connection, label: str, table: pa.Table, replace: bool) -> None:
    """Insert vertices, or replace those that are there; each has a number that no vertex has had before."""
    found = connection.execute("SELECT value FROM meta WHERE name = 'next'").fetchone()
    first = int(found[0]) if found else 1
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('next', ?)", (str(first + table.num_rows),))
    given = values.rows(table, shape.schema(label).names)
    numbered = ((first + place, *row) for place, row in enumerate(given))
    connection.executemany(sql.insert_vertex(label, replace), numbered)


def write_edges(connection: sqlite3.Connection, label: str, table: pa.Table, replace: bool) -> None:
    """Insert edges, or replace those that are there. StoreError if an end does not exist."""
    if replace:
        forget_edges(connection, label, table["id"].to_pylist())
    written = 0
    for source, target, part in shape.by_ends(label, table):
        kept = part.append_column("own", values.own_ids(label, part))
        if part.num_rows >= MANY:
            written += _insert_many(connection, label, source, target, kept)
        else:
            written += _insert(connection, label, source, target, kept)
    if written != table.num_rows:
        raise _without_end(label)


def _without_end(label: str) -> StoreError:
    return StoreError(
        f"Some edges {label} have an end that is not in the graph.",
        "Write the vertices first; if the tables have them, run again with --verify.",
    )


def _insert(connection: sqlite3.Connection, label: str, source: str, target: str, table: pa.Table) -> int:
    names = ["source", "target", "own", "hash", *sql.properties(label)]
    try:
        connection.executemany(sql.insert_edge(label, source, target), values.rows(table, names))
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorname == "SQLITE_CONSTRAINT_NOTNULL":
            raise _without_end(label) from error
        raise
    return int(table.num_rows)


def _insert_many(connection: sqlite3.Connection, label: str, source: str, target: str, table: pa.Table) -> int:
    """Insert in the order in which the table keeps them. The index of targets is made anew where most of it is new."""
    for side, end in (("source", source), ("target", target)):
        table = table.set_column(table.column_names.index(side), side, _numbers(connection, end, table[side]))
        if table[side].null_count:
            raise _without_end(label)
    table = table.sort_by([("source", "ascending"), ("target", "ascending")])
    there = connection.execute(f"SELECT count(*) FROM (SELECT 1 FROM {sql.table(label)} LIMIT {table.num_rows})").fetchone()[0]
    anew = there < table.num_rows
    if anew:
        connection.execute(f'DROP INDEX IF EXISTS "in_{label}"')
    names = ["source", "target", "own", "hash", *sql.properties(label)]
    connection.executemany(sql.insert_numbered_edge(label), values.rows(table, names))
    if anew:
        for text in sql.declare(label):
            connection.execute(text)
    return int(table.num_rows)


def _numbers(connection: sqlite3.Connection, label: str, ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """The numbers of vertices; null for those that do not exist."""
    found = connection.execute(f"SELECT id, n FROM {sql.table(label)}").fetchall()
    known, numbers = zip(*found, strict=True) if found else ((), ())
    places = pc.index_in(ids, value_set=pa.array(known, pa.string()))
    return pc.take(pa.array(numbers, pa.int64()), places)


def forget_vertices(connection: sqlite3.Connection, label: str, ids: Sequence[str]) -> None:
    """Delete vertices and all their edges."""
    run = connection.execute
    run("CREATE TEMP TABLE IF NOT EXISTS gone (n INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.gone")
    given = f"INSERT OR IGNORE INTO temp.gone SELECT n FROM {sql.table(label)} WHERE id = ?"
    connection.executemany(given, ((id,) for id in ids))
    for edge_label in EDGES:
        for text in sql.delete_edges_of_gone(edge_label, label):
            run(text)
    run(f"DELETE FROM {sql.table(label)} WHERE n IN (SELECT n FROM temp.gone)")


def forget_edges(connection: sqlite3.Connection, label: str, ids: Sequence[str]) -> None:
    """Delete edges by their usual ids, which name the ends, and by ids of their own."""
    usual: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for source, target in _usual_ends(label, ids):
        usual.setdefault((shape.label_of(source) or "", shape.label_of(target) or ""), []).append((source, target))
    for pair, some in usual.items():
        if pair in EDGES[label].joins:
            connection.executemany(sql.delete_edge(label, *pair), some)
    if connection.execute(f"SELECT 1 FROM {sql.table(label)} WHERE own <> '' LIMIT 1").fetchone():
        connection.executemany(f"DELETE FROM {sql.table(label)} WHERE own <> '' AND own = ?", ((id,) for id in ids))


def _usual_ends(label: str, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The ends that ids of the usual form may name: more than one pair where an id has several `>`."""
    begin = f"{label.lower()}:"
    for id in ids:
        if id.startswith(begin):
            parts = id[len(begin) :].split(">")
            for place in range(1, len(parts)):
                yield ">".join(parts[:place]), ">".join(parts[place:])

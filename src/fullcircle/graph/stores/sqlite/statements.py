"""The SQL of the SQLite store. Vertices and edges have tables by label, and each vertex a number, which is unique in the graph.

An edge is a row (source, target, own) with the numbers of its ends: in the order of its source, with an index by target. So the
edges of a vertex are beside each other, whatever the size of the graph. Most ids of edges are `<label>:<source>><target>` and are
not kept; an edge with another id has it in `own`, which is '' otherwise.

Times are kept as milliseconds and dates as days since 1970. For users' queries there are views with the names of the labels:
they show ids and readable times.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from fullcircle.engine.base import literal, quoted
from fullcircle.graph import shape
from fullcircle.graph.base import Listing, Way
from fullcircle.graph.stores.sqlite.values import kept
from fullcircle.graph.words import BAR, SEARCH
from fullcircle.model.graph import EDGES, VERTICES

TYPES = {"string": "TEXT", "double": "REAL", "int": "INTEGER", "bool": "INTEGER", "date": "INTEGER", "timestamp": "INTEGER"}
META = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"
READABLE = {
    "timestamp": "strftime('%Y-%m-%d %H:%M:%f', {0} / 1000.0, 'unixepoch')",
    "date": "date({0} * 86400, 'unixepoch')",
}


def table(label: str) -> str:
    """The table of a label."""
    return f'"{"vertex" if label in VERTICES else "edge"}_{label}"'


def properties(label: str) -> list[str]:
    """The names of its properties."""
    return list(shape.label_named(label).properties)


def shape_of(label: str) -> str:
    """A text that changes with the label's properties and joins: what the tables and views were made for."""
    model = shape.label_named(label)
    return json.dumps([model.properties, EDGES[label].joins if label in EDGES else []])


# -- making tables -----------------------------------------------------------------------------------------------------


def declare(label: str) -> Iterator[str]:
    """The statements that create a label's table and indexes where they are missing."""
    own = "".join(f", {quoted(name)} {TYPES[type_]}" for name, type_ in shape.label_named(label).properties.items())
    if label in VERTICES:
        first = "n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hash INTEGER NOT NULL"
        yield f"CREATE TABLE IF NOT EXISTS {table(label)} ({first}{own}) STRICT"
        if SEARCH in properties(label):
            yield from _index_words(label)
        return
    first = "source INTEGER NOT NULL, target INTEGER NOT NULL, own TEXT NOT NULL, hash INTEGER NOT NULL"
    key = "PRIMARY KEY (source, target, own)"
    yield f"CREATE TABLE IF NOT EXISTS {table(label)} ({first}{own}, {key}) STRICT, WITHOUT ROWID"
    yield f'CREATE INDEX IF NOT EXISTS "in_{label}" ON {table(label)} (target)'
    yield f"CREATE UNIQUE INDEX IF NOT EXISTS \"own_{label}\" ON {table(label)} (own) WHERE own <> ''"


def add_property(label: str, name: str, type_: str) -> str:
    """Adds a property to a label's table."""
    return f"ALTER TABLE {table(label)} ADD COLUMN {quoted(name)} {TYPES[type_]}"


def make_view(label: str) -> str:
    """The view with the label's name, for users' queries."""
    types = shape.label_named(label).properties
    shown = [READABLE.get(type_, "{0}").format(f"e.{quoted(name)}") + f" AS {quoted(name)}" for name, type_ in types.items()]
    if label in VERTICES:
        return f"CREATE VIEW {quoted(label)} AS SELECT {', '.join(['e.id', *shown])} FROM {table(label)} e"
    parts = [
        f"SELECT {', '.join([f'{edge_id(label)} AS id', 's.id AS source', 't.id AS target', *shown])} FROM {ends(label, *pair)}"
        for pair in EDGES[label].joins
    ]
    return f"CREATE VIEW {quoted(label)} AS {' UNION ALL '.join(parts)}"


# -- writing -----------------------------------------------------------------------------------------------------------


def insert_vertex(label: str, replace: bool) -> str:
    """Inserts a vertex: its number, id, hash, properties. With `replace`, one of that id keeps its number."""
    names = ["id", "hash", *map(quoted, properties(label))]
    places = ", ".join("?" * (len(names) + 1))
    text = f"INSERT INTO {table(label)} (n, {', '.join(names)}) VALUES ({places})"
    if not replace:
        return text
    return f"{text} ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names[1:])}"


def insert_edge(label: str, source: str, target: str) -> str:
    """Inserts an edge: the ids of its ends, own, hash, properties. A missing end is a null, which the table refuses."""
    names = ["own", "hash", *map(quoted, properties(label))]
    places = ", ".join("?" * len(names))
    return f"""INSERT INTO {table(label)} (source, target, {", ".join(names)})
        VALUES ((SELECT n FROM {table(source)} WHERE id = ?), (SELECT n FROM {table(target)} WHERE id = ?), {places})"""


def insert_numbered_edge(label: str) -> str:
    """Inserts an edge: the numbers of its ends, own, hash, properties."""
    names = ["source", "target", "own", "hash", *map(quoted, properties(label))]
    return f"INSERT INTO {table(label)} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def delete_edge(label: str, source: str, target: str) -> str:
    """Deletes the edge with the usual id between two ids."""
    return f"""DELETE FROM {table(label)} WHERE source = (SELECT n FROM {table(source)} WHERE id = ?)
        AND target = (SELECT n FROM {table(target)} WHERE id = ?) AND own = ''"""


def delete_edges_of_gone(label: str, gone: str) -> Iterator[str]:
    """Deletes the edges of the vertices in `temp.gone`, which are of the label `gone`."""
    for place, side in enumerate(("source", "target")):
        if any(pair[place] == gone for pair in EDGES[label].joins):
            yield f"DELETE FROM {table(label)} WHERE {side} IN (SELECT n FROM temp.gone)"


# -- reading -----------------------------------------------------------------------------------------------------------


def edge_id(label: str) -> str:
    """The id of an edge `e` from `s` to `t`."""
    return f"CASE e.own WHEN '' THEN {literal(label.lower() + ':')} || s.id || '>' || t.id ELSE e.own END"


def ends(label: str, source: str, target: str) -> str:
    """FROM: edges `e` between two vertex labels, with their ends `s` and `t`."""
    return f"{table(label)} e JOIN {table(source)} s ON s.n = e.source JOIN {table(target)} t ON t.n = e.target"


def columns(label: str, names: Sequence[str]) -> str:
    """The columns of a label's `e`, as they are kept."""
    special = {"id": f"{edge_id(label)} AS id", "source": "s.id AS source", "target": "t.id AS target"} if label in EDGES else {}
    return ", ".join(special.get(name, f"e.{quoted(name)}") for name in names)


def scan(label: str, names: Sequence[str]) -> Iterator[str]:
    """The statements that read a whole label."""
    if label in VERTICES:
        yield f"SELECT {columns(label, names)} FROM {table(label)} e"
        return
    for pair in EDGES[label].joins:
        yield f"SELECT {columns(label, names)} FROM {ends(label, *pair)}"


def chosen(label: str) -> str:
    """SELECT of vertices: number, id, properties."""
    return f"SELECT {', '.join(['n', 'id', *map(quoted, properties(label))])} FROM {table(label)}"


def vertex(label: str) -> str:
    """A vertex by its id, as `chosen`."""
    return f"{chosen(label)} WHERE id = ?"


def vertices(label: str) -> str:
    """Vertices by a JSON list of ids, as `chosen`."""
    return f"{chosen(label)} WHERE id IN (SELECT value FROM json_each(?))"


def greatest(label: str, source: str, target: str, way: Way, listing: Listing) -> tuple[str, list[object]]:
    """As `near` without those that are given second, the greatest first; and what is asked for after these two."""
    far, other = ("t", target) if way == "out" else ("s", source)
    known = listing.of_edge or listing.by in properties(other)
    value = f"{'e' if listing.of_edge else far}.{quoted(listing.by)}" if known else "NULL"
    id, after, source_of = edge_id(label), listing.part.after, listing.part.source
    where, given = "", list[object]()
    if after and after.value is None:
        where, given = f" AND {value} IS NULL AND {id} > ?", [after.edge_id]  # none is greater than null
    elif after:
        where = f" AND ({value} < ? OR {value} IS NULL OR ({value} = ? AND {id} > ?))"
        given = [kept(after.value), kept(after.value), after.edge_id]
    if source_of:
        where += f" AND {far}.source = ?" if "source" in properties(other) else " AND false"
        given += [source_of] if "source" in properties(other) else []
    text = near(label, source, target, way, f"{value} DESC NULLS LAST, 1", True, where)
    return text, [*given, listing.limit]


def near(label: str, source: str, target: str, way: Way, order: str = "", unseen: bool = False, where: str = "") -> str:
    """At most ? neighbours of the vertex with number ?: edge id, both ends, its properties, id and properties of the other.

    `unseen`: without those whose ids are in the JSON list ?, which is given second.
    """
    here, far = ("source", "t") if way == "out" else ("target", "s")
    other = target if way == "out" else source
    ids = [edge_id(label), "s.id", "t.id"]
    names = [f"e.{quoted(name)}" for name in properties(label)] + [f"{far}.{quoted(name)}" for name in ("id", *properties(other))]
    text = f"SELECT {', '.join(ids + names)} FROM {ends(label, source, target)} WHERE e.{here} = ?"
    text += f" AND {far}.id NOT IN (SELECT value FROM json_each(?))" if unseen else ""
    text += where
    return f"{text} ORDER BY {order} LIMIT ?" if order else f"{text} LIMIT ?"


def count_near(label: str, way: Way) -> str:
    """How many other vertices' edges a vertex has: its number, twice."""
    here, far = ("source", "target") if way == "out" else ("target", "source")
    return f"SELECT count(*) FROM {table(label)} WHERE {here} = ? AND {far} <> ?"


def step(label: str, way: Way) -> str:
    """The edges from the vertices with the numbers in a JSON list: from, to."""
    here, far = ("source", "target") if way == "out" else ("target", "source")
    return f"SELECT {here}, {far} FROM {table(label)} WHERE {here} IN (SELECT value FROM json_each(?)) ORDER BY 1, 2"


def between(label: str, source: str, target: str) -> str:
    """The edges between two numbers: edge id, both ends, properties."""
    names = [edge_id(label), "s.id", "t.id", *(f"e.{quoted(name)}" for name in properties(label))]
    return f"SELECT {', '.join(names)} FROM {ends(label, source, target)} WHERE e.source = ? AND e.target = ? ORDER BY 1 LIMIT 1"


def find(label: str, names: Sequence[str], pieces: Sequence[str]) -> tuple[str, list[str]]:
    """Vertices whose properties contain all pieces, shortest title first, as `chosen`; and what is asked for.

    Where all pieces are the beginnings of words of `search` (graph/words.py), the index of words finds those that may have them.
    """
    indexed = list(names) == [SEARCH]
    said = " || char(10) || ".join(f"coalesce({quoted(name)}, '')" for name in names)
    where = [f"instr({said if indexed else f'lowered({said})'}, ?) > 0"] * len(pieces)
    given = list(pieces)
    if indexed and pieces and all(piece.startswith(BAR) for piece in pieces):
        where.insert(0, f"n IN (SELECT rowid FROM {words_of(label)} WHERE {words_of(label)} MATCH ?)")
        given.insert(0, " AND ".join(_phrase(piece) for piece in pieces))
    title = f"coalesce({quoted(shape.title(label))}, id)"
    return f"{chosen(label)} WHERE {' AND '.join(where) or 'true'} ORDER BY length({title}), id LIMIT ?", given


def _phrase(piece: str) -> str:
    """Words between bars in the language of the index: the last one only begins so, unless a bar ends it."""
    return f'"{piece.strip(BAR).replace(BAR, " ")}"' + ("" if piece.endswith(BAR) else " *")


HAS_WORDS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


def words_anew(label: str) -> str:
    """Makes the index of the words of a label again, from the rows there are."""
    return f"INSERT INTO {words_of(label)}({words_of(label)}) VALUES ('rebuild')"


def words_of(label: str) -> str:
    """The index of the words of `search`."""
    return f'"words_{label}"'


def _index_words(label: str) -> Iterator[str]:
    """The index, and what keeps it as the label's table is. It keeps no text of its own."""
    words, rows = words_of(label), table(label)
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5({SEARCH}, content={rows}, content_rowid='n', "
        "tokenize='unicode61 remove_diacritics 0', columnsize=0)"
    )
    takes_out = f"INSERT INTO {words} ({words}, rowid, {SEARCH}) VALUES ('delete', old.n, old.{SEARCH});"
    puts_in = f"INSERT INTO {words} (rowid, {SEARCH}) VALUES (new.n, new.{SEARCH});"
    for when, name, does in (
        ("INSERT", "in", puts_in),
        ("DELETE", "out", takes_out),
        (f"UPDATE OF {SEARCH}", "changed", takes_out + puts_in),
    ):
        differs = f" WHEN new.{SEARCH} IS NOT old.{SEARCH}" if name == "changed" else ""
        yield f'CREATE TRIGGER IF NOT EXISTS "words_{name}_{label}" AFTER {when} ON {rows}{differs} BEGIN {does} END'

"""A graph in one SQLite file: what changes costs what changed, and readers in other processes work beside the writer.

One process writes at a time; a log beside the file (WAL) lets readers go on. Every write is one transaction, and on the disk
when it returns. statements.py says how a graph is laid out in tables.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.errors import Busy, QueryError, StoreError
from fullcircle.graph import shape, walk
from fullcircle.graph.around import completed
from fullcircle.graph.base import (
    WHOLE,
    AroundVertex,
    Direction,
    Edge,
    Listing,
    Neighbour,
    Part,
    StoreContext,
    Vertex,
    Wanted,
    Way,
)
from fullcircle.graph.stores.apart import EngineSaid, QueryLimits, bytes_of, run_apart, too_large, too_slow
from fullcircle.graph.stores.sqlite import failures, values, writing
from fullcircle.graph.stores.sqlite import statements as sql
from fullcircle.graph.stores.sqlite.opening import connect
from fullcircle.graph.stores.sqlite.values import Reading
from fullcircle.graph.words import SEARCH, found
from fullcircle.model.graph import EDGES, VERTICES

WAYS: tuple[Way, Way] = ("out", "in")
READING = 16_000_000  # bytes that a reader's connection keeps: a server has one in each thread, and the system keeps the file


class SqliteOptions(QueryLimits):
    """Keys of [graph] for this store."""

    memory: str = "256MB"  # the most of the file that a writer keeps in memory


class Sqlite:
    """See `graph.base.GraphStore`."""

    @staticmethod
    def check_options(options: Mapping[str, Any]) -> None:
        """See `graph.base.ChecksOptions`."""
        parse(SqliteOptions, dict(options), "[graph]")

    @staticmethod
    def is_embedded(options: Mapping[str, Any]) -> bool:  # noqa: ARG004 - the contract
        """Always: the graph is one file, with a log beside it while it is open."""
        return True

    def __init__(self, context: StoreContext) -> None:
        self._path, self._read_only = context.path, context.read_only
        self._options = parse(SqliteOptions, context.options, "[graph]")
        self._mine = threading.local()  # a connection of each thread
        self._opened: list[sqlite3.Connection] = []
        self._read: dict[str, Reading] = {label: Reading(label) for label in (*VERTICES, *EDGES)}
        self._texts: dict[tuple[object, ...], str] = {}  # statements that are run again and again
        if not self._read_only:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        elif not self._path.exists():
            raise StoreError(f"The graph {self._path} does not exist yet.", "Create it with `fullcircle run`.")
        self._own()

    # -- opening ---------------------------------------------------------------------------------------------------
    def _own(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._mine, "connection"):
            with self._translated():
                memory = bytes_of(self._options.memory, "memory")
                memory = min(memory, READING) if self._read_only else memory
                self._mine.connection = connect(self._path, self._read_only, memory)
                self._opened.append(self._mine.connection)
        connection: sqlite3.Connection = self._mine.connection
        return connection

    def prepare(self) -> None:
        """Create the labels and properties of the model that do not exist yet."""
        with self._writing() as connection:
            writing.prepare(connection)

    def without_remains(self) -> None:
        """See `graph.base.LeavesNoRemains`. The index of words keeps those of deleted rows, so it is made again."""
        with self._translated():
            connection = self._own()
            for label in VERTICES:
                if connection.execute(sql.HAS_WORDS, (f"words_{label}",)).fetchone():
                    connection.execute(sql.words_anew(label))
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise Busy(f"Another process is reading the graph {self._path}.", "Wait until it has ended, then try again.")

    # -- writing ---------------------------------------------------------------------------------------------------
    @property
    def bulk_rows(self) -> int:
        """How many new rows to write at a time: a portion is sorted, and its index made, at once."""
        return 1_000_000

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices, all or nothing."""
        table = shape.conformed(label, rows)
        if table.num_rows:
            with self._writing() as connection:
                writing.write_vertices(connection, label, table, replace=not insert_only)

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges, all or nothing; StoreError if an end does not exist."""
        table = shape.conformed(label, rows)
        if table.num_rows:
            with self._writing() as connection:
                writing.write_edges(connection, label, table, replace=not insert_only)

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and all their edges."""
        shape.label_named(label)
        if len(ids):
            with self._writing() as connection:
                writing.forget_vertices(connection, label, ids.to_pylist())

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges."""
        shape.edge_labels([label])
        if len(ids):
            with self._writing() as connection:
                writing.forget_edges(connection, label, ids.to_pylist())

    @contextmanager
    def together(self) -> Iterator[None]:
        """See `graph.base.WritesTogether`."""
        with self._writing():
            self._mine.together = True
            try:
                yield
            finally:
                self._mine.together = False

    def checkpoint(self) -> None:
        """Move the log into the file, as far as readers allow."""
        self._writable()
        with self._translated():
            self._own().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def examine(self) -> None:
        """StoreError if a page of the file is damaged."""
        if self._rows("PRAGMA quick_check(1)") != [("ok",)]:
            raise StoreError(f"The graph in {self._path} is damaged.", failures.REBUILD)

    def stamp(self) -> str:
        """The text that `put_stamp` kept last."""
        found = self._rows("SELECT value FROM meta WHERE name = 'stamp'")
        return str(found[0][0]) if found else ""

    def put_stamp(self, text: str) -> None:
        """Keep a short text beside the graph."""
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('stamp', ?)", (text,))

    # -- reading ---------------------------------------------------------------------------------------------------
    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges with a label in pages, as they are when the first page is read."""
        names = shape.columns_of(label, columns)
        connection = connect(self._path, self._read_only)
        try:
            with self._translated():
                connection.execute("BEGIN")
                for text in sql.scan(label, names):
                    cursor = connection.execute(text)
                    while found := cursor.fetchmany(rows):
                        yield values.page(label, names, found)
        finally:
            connection.close()

    def count(self) -> dict[str, int]:
        """How many vertices or edges each label has."""
        with self._reading():
            return {label: self._rows(f"SELECT count(*) FROM {sql.table(label)}")[0][0] for label in (*VERTICES, *EDGES)}

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        found = self._numbered(id)
        return found[1] if found else None

    def _numbered(self, id: str) -> tuple[int, Vertex] | None:
        """A vertex with its number."""
        label = shape.label_of(id)
        if label is None:
            return None
        rows = self._rows(self._text(("vertex", label), partial(sql.vertex, label)), (id,))
        return (rows[0][0], self._vertex(label, rows[0][1:])) if rows else None

    def vertices(self, ids: Sequence[str]) -> dict[str, Vertex]:
        """Those of these vertices that there are, by id."""
        by_label: dict[str, list[str]] = {}
        for id in ids:
            by_label.setdefault(shape.label_of(id) or "", []).append(id)
        by_label.pop("", None)
        return {
            row[1]: self._vertex(label, row[1:])
            for label, some in by_label.items()
            for row in self._rows(sql.vertices(label), (json.dumps(some),))
        }

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """The neighbours of a vertex, nearest first, then by edge id."""
        wanted = shape.edge_labels(labels)

        def expand(frontier: Sequence[str], seen: set[str], most: int) -> list[Neighbour]:
            found, known = [self._numbered(start) for start in frontier], json.dumps(sorted(seen))
            return [
                each
                for one in found
                for label in wanted
                for way in WAYS
                if one and direction in (way, "both")
                for each in self._near(one, label, way, most, "1", known)
            ]

        with self._reading():
            return walk.outward(expand, id, hops, limit)

    def greatest_neighbours(
        self, id: str, label: str, direction: Way, by: str, limit: int = 100, part: Part = WHOLE
    ) -> list[Neighbour]:
        """The direct neighbours with the greatest values first."""
        of_edge = shape.is_of_edge(label, direction, by)
        with self._reading():
            found = self._numbered(id)
            near = list(self._greatest(found, label, direction, Listing(by, of_edge, limit, part))) if found else []
        by_edge = {one.edge.id: one for one in near}
        values_of = [((one.edge if of_edge else one.vertex).properties.get(by), one.edge) for one in near]
        return [by_edge[edge.id] for edge in walk.greatest(values_of, limit)]

    def count_neighbours(self, id: str, label: str, direction: Way) -> int:
        """How many direct neighbours a vertex has."""
        shape.edge_labels([label])
        found = self._numbered(id)
        return int(self._rows(sql.count_near(label, direction), (found[0], found[0]))[0][0]) if found else 0

    def around(self, id: str, wanted: Sequence[Wanted]) -> AroundVertex | None:
        """A vertex with several lists of direct neighbours: a statement for each, which reads what is beside each other."""
        shape.edge_labels([one.label for one in wanted])
        with self._reading():
            found = self._numbered(id)
            if found is None:
                return None
            read = {one.label: list(self._near(found, one.label, one.way, one.limit + 1)) for one in wanted}
            return completed(self, found[1], wanted, read)

    def _near(
        self, found: tuple[int, Vertex], label: str, way: Way, most: int, order: str = "", seen: str = ""
    ) -> Iterator[Neighbour]:
        """Neighbours of a vertex, in an order or in none, without those `seen` (a JSON list of ids)."""
        for source, target in EDGES[label].joins:
            here, other = (source, target) if way == "out" else (target, source)
            if found[1].label == here:
                key = (label, source, target, way, order, bool(seen))
                text = self._text(key, partial(sql.near, label, source, target, way, order, bool(seen)))
                for row in self._rows(text, (found[0], *([seen] if seen else []), most)):
                    yield self._neighbour(label, other, row)

    def _greatest(self, found: tuple[int, Vertex], label: str, way: Way, listing: Listing) -> Iterator[Neighbour]:
        """The neighbours of a vertex in the order of a property, of each label that the edges lead to."""
        for source, target in EDGES[label].joins:
            here, other = (source, target) if way == "out" else (target, source)
            if found[1].label == here:
                text, given = sql.greatest(label, source, target, way, listing)
                for row in self._rows(text, (found[0], json.dumps([found[1].id]), *given)):
                    yield self._neighbour(label, other, row)

    def _neighbour(self, label: str, other: str, row: Sequence[Any]) -> Neighbour:
        width = 3 + len(shape.label_named(label).properties)
        edge = Edge(row[0], label, row[1], row[2], self._read[label](row[3:width]))
        return Neighbour(edge, self._vertex(other, row[width:]))

    def _vertex(self, label: str, row: Sequence[Any]) -> Vertex:
        return Vertex(row[0], label, self._read[label](row[1:]))

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path."""
        with self._reading():
            start, end = self._numbered(a), self._numbered(b)
            if start is None or end is None:
                return []
            here = start[0]
            way: list[Vertex | Edge] = [start[1]]
            for label, source, target in walk.way_between(self._steps, start[0], end[0], max_hops):
                row = self._edge_between(label, source, target)
                outward = here == source
                here = target if outward else source
                way.append(Edge(row[0], label, row[1], row[2], self._read[label](row[3:])))
                way += [found for found in (self.vertex(row[2] if outward else row[1]),) if found]
            return way if here == end[0] else []

    def _steps(self, ring: Sequence[int]) -> Iterator[tuple[int, int, tuple[str, int, int]]]:
        """The edges from these numbers: from, to, and (label, source, target)."""
        given = json.dumps(ring)
        for label in EDGES:
            for way in WAYS:
                for here, far in self._rows(sql.step(label, way), (given,)):
                    yield here, far, (label, here, far) if way == "out" else (label, far, here)

    def _edge_between(self, label: str, source: int, target: int) -> Sequence[Any]:
        for pair in EDGES[label].joins:
            found = self._rows(sql.between(label, *pair), (source, target))
            if found:
                return found[0]
        raise StoreError(f"The graph in {self._path} changed while it was read.", "Try again.")

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices that have every word."""

        def holding(names: Sequence[str], pieces: Sequence[str]) -> list[Vertex]:
            text, given = sql.find(label, names, pieces)
            return [self._vertex(label, row[1:]) for row in self._rows(text, (*given, limit))]

        has = f"SELECT 1 FROM {sql.table(label)} WHERE {SEARCH} IS NOT NULL LIMIT 1" if label in VERTICES else ""
        shape.label_named(label)
        return found(label, words, holding, lambda: bool(self._rows(has)))

    def query(self, text: str, language: str = "") -> pa.Table:
        """Run a query in SQL over the views of the labels; anything but a single statement that reads is refused."""
        if language not in ("", "sql"):
            raise QueryError(f'This store does not know the query language "{language}".', "It knows: sql.")
        try:
            return run_apart(f"{__package__}.apart", {"path": str(self._path), "text": text}, self._options)
        except EngineSaid as error:
            said = str(error)
            if "interrupted" in said:
                raise too_slow(self._options) from error
            if "out of memory" in said:
                raise too_large(self._options) from error
            raise QueryError(f"The graph refuses the query: {said}", _hint(text)) from error

    def languages(self) -> list[str]:
        """SQL."""
        return ["sql"]

    def close(self) -> None:
        """Release the file. The last writer to close moves the log into it."""
        with self._translated():
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    # -- running ---------------------------------------------------------------------------------------------------
    def _text(self, key: tuple[object, ...], made: Callable[[], str]) -> str:
        if key not in self._texts:
            self._texts[key] = made()
        return self._texts[key]

    def _rows(self, text: str, given: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        with self._translated():
            return self._own().execute(text, tuple(given)).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """All that is read inside is of one moment."""
        connection = self._own()
        with self._translated():
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The connection in one transaction, committed only if all of them succeed; inside `together` it is a part of that."""
        self._writable()
        connection = self._own()
        with self._translated():
            if getattr(self._mine, "together", False):
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError("The graph is open for reading only.", "Open it for writing.")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise failures.ours(error, self._path) from error


def _hint(text: str) -> str:
    if text.lstrip()[:8].upper().startswith(("MATCH", "CALL", "UNWIND", "WITH (")):
        return (
            'This graph is asked in SQL. For Cypher, write [graph.others.cypher] with store = "ladybug" into the config, run '
            "`fullcircle graph copy --to cypher`, then `fullcircle query --store cypher`. See docs/how-to/the-graph.md."
        )
    return f"Views: {', '.join((*VERTICES, *EDGES))}. See docs/how-to/the-graph.md."


PLUGIN = Sqlite

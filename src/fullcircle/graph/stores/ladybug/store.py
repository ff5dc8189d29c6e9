"""The default store: Ladybug, an embedded graph in one file, queried with Cypher. Only this file and apart.py import ladybug.

One process writes; readers opened with `read_only` work beside it and see the graph as it was when they opened it.
Properties of ladybug 0.22 that shape this file: rows are passed as Arrow tables (parameters are a hundred times slower); edges
cannot be merged, so they are deleted and appended; each delete reads all edges of the label; COPY is the fastest way to insert,
but makes a checkpoint each time, so it is for many rows only; a prepared statement keeps its Arrow table in memory as long as
its connection exists, so every write has its own connection.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import ladybug
import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.errors import Busy, DiskFull, QueryError, StoreError, disk_full
from fullcircle.graph import shape, walk
from fullcircle.graph.around import completed
from fullcircle.graph.base import WHOLE, AroundVertex, Direction, Edge, Neighbour, Part, StoreContext, Vertex, Wanted, Way
from fullcircle.graph.stores.apart import EngineSaid, QueryLimits, bytes_of, run_apart, too_large, too_slow
from fullcircle.graph.stores.cypher_guard import why_refused
from fullcircle.graph.stores.ladybug import cypher as _cypher
from fullcircle.graph.stores.ladybug import failures, full, results
from fullcircle.graph.stores.ladybug.older import executed
from fullcircle.graph.stores.ladybug.results import Run
from fullcircle.graph.words import SEARCH, found
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import EdgeLabel

COPY_ROWS = 50_000  # from this number on, COPY with its checkpoint is faster than row by row through the log
BYTES_PER_COPIED_EDGE = 1500  # measured: a COPY of a million edges with ids of usual length fits into 1 GB, two do not
WINDOW_ROWS = 1_000_000  # a scan reads about so many rows at a time: a whole result is kept in memory
LOG_BYTES = 256 << 20  # at this size, the log is merged into the file
WAIT = 20.0  # seconds that a reader waits for the end of a checkpoint of the writer


class LadybugOptions(QueryLimits):
    """Keys of [graph] for this store."""

    memory: str = "2GB"  # the most of the file to keep in memory; more makes a first load faster
    threads: int = 0  # 0: all cores

    @property
    def buffer(self) -> int:
        """`memory` in bytes."""
        return bytes_of(self.memory, "memory")


class Ladybug:
    """See `graph.base.GraphStore`."""

    @staticmethod
    def check_options(options: Mapping[str, Any]) -> None:
        """See `graph.base.ChecksOptions`."""
        parse(LadybugOptions, dict(options), "[graph]")

    def __init__(self, context: StoreContext) -> None:
        self._path, self._read_only = context.path, context.read_only
        self._options = parse(LadybugOptions, context.options, "[graph]")
        self._is_full = False  # the disk was, when something was written
        self._texts: dict[tuple[Wanted, str, str], str] = {}  # of statements that are run again and again
        self._mine = threading.local()  # a connection may serve one thread at a time
        self._database = self._open()

    @staticmethod
    def is_embedded(options: Mapping[str, Any]) -> bool:  # noqa: ARG004 - the contract
        """Always: the graph is one file."""
        return True

    @property
    def bulk_rows(self) -> int:
        """How many new rows to write at a time: as many as a COPY of edges can hold in the page buffer."""
        return max(100_000, self._options.buffer // BYTES_PER_COPIED_EDGE)

    # -- opening ---------------------------------------------------------------------------------------------------
    def _open(self) -> Any:
        if not self._read_only:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        elif not self._path.exists():
            raise StoreError(f"The graph {self._path} does not exist yet.", "Create it with `fullcircle run`.")
        until = time.monotonic() + WAIT
        while True:
            try:
                return self._opened(self._read_only)
            except StoreError:  # during a checkpoint of the writer, a reader may find incomplete files
                if not self._read_only or time.monotonic() > until:
                    raise
                self._recover()
                time.sleep(0.1)

    def _opened(self, read_only: bool) -> Any:
        with self._translated():
            return ladybug.Database(
                str(self._path),
                buffer_pool_size=self._options.buffer,
                max_num_threads=self._options.threads,
                read_only=read_only,
                checkpoint_threshold=LOG_BYTES,
            )

    def _recover(self) -> None:
        """Finish a checkpoint that a killed writer left incomplete; does nothing while a writer is active."""
        if os.access(self._path, os.W_OK):
            with suppress(Busy):
                self._opened(read_only=False).close()

    def prepare(self) -> None:
        """Create the labels and properties of the model that do not exist yet."""
        self._writable()
        with self._writing() as run:
            there = {row["name"] for row in run("CALL show_tables() RETURN name").to_pylist()}
            if _cypher.STAMP not in there:
                run(_cypher.declare_stamp())
            for label in (*VERTICES, *EDGES):
                if label not in there:
                    run(_cypher.declare(label))
                else:
                    self._complete(run, label)

    def _complete(self, run: Run, label: str) -> None:
        model = shape.label_named(label)
        there = {row["name"]: row["type"] for row in run(f"CALL table_info('{label}') RETURN name, type").to_pylist()}
        for name, type_ in model.properties.items():
            if name not in there:
                run(_cypher.add_property(label, name, type_))
            elif there[name] != _cypher.TYPES[type_]:
                raise StoreError(
                    f"The type of {label}.{name} in the graph {self._path} is not that of the model.", failures.REBUILD
                )
        if isinstance(model, EdgeLabel):
            found = run(f"CALL show_connection('{label}') RETURN *").to_pylist()
            joined = {tuple(list(row.values())[:2]) for row in found}
            for source, target in model.joins:
                if (source, target) not in joined:
                    run(_cypher.add_join(label, source, target))

    # -- writing ---------------------------------------------------------------------------------------------------
    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices, all or nothing."""
        table = shape.conformed(label, rows)
        if not table.num_rows:
            return
        with self._writing() as run:
            if not insert_only:
                run(_cypher.merge_vertices(label), rows=table)
            elif table.num_rows < COPY_ROWS:
                run(_cypher.create_vertices(label), rows=table)
            else:
                said = run(_cypher.copy_vertices(label), rows=table)["result"][0].as_py()
                if int(said.split()[0]) != table.num_rows:
                    raise StoreError(
                        f"Some vertices {label} are in the graph already, although they should be new.",
                        "Run again with --verify.",
                    )

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges, all or nothing; StoreError if an end does not exist."""
        table = shape.conformed(label, rows)
        if not table.num_rows:
            return
        with self._writing() as run:
            if not insert_only:
                self._delete_edges(run, label, table["id"])
            written = sum(self._append(run, label, source, target, part) for source, target, part in shape.by_ends(label, table))
            if written != table.num_rows:
                raise StoreError(
                    f"{table.num_rows - written} edges {label} have an end that is not in the graph.",
                    "Write the vertices first; if the tables have them, run again with --verify.",
                )

    def _append(self, run: Run, label: str, source: str, target: str, table: pa.Table) -> int:
        """Append edges between two vertex labels; returns for how many of them both ends exist."""
        if table.num_rows < COPY_ROWS:
            return int(run(_cypher.create_edges(label, source, target), rows=table)[0][0].as_py())
        names = [name for name in table.column_names if name not in ("source", "target")]
        run(_cypher.copy_edges(label, source, target), rows=table.select(["source", "target", *names]))
        return int(table.num_rows)  # it refuses the whole table if an end is missing

    def _delete_edges(self, run: Run, label: str, ids: pa.ChunkedArray | pa.Array) -> None:
        for source, target in EDGES[label].joins:
            run(_cypher.delete_edges(label, source, target), rows=pa.table({"gone": ids}))

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and all their edges."""
        shape.label_named(label)
        if len(ids):
            with self._writing() as run:
                run(_cypher.delete_vertices(label), rows=pa.table({"gone": ids}))

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges."""
        shape.edge_labels([label])
        if len(ids):
            with self._writing() as run:
                self._delete_edges(run, label, ids)

    def checkpoint(self) -> None:
        """Merge the log into the file."""
        self._writable()
        self._run("CHECKPOINT")

    def stamp(self) -> str:
        """The text that `put_stamp` kept last."""
        found = self._run(f"MATCH (m:{_cypher.STAMP} {{id: 'mark'}}) RETURN m.text AS text").to_pylist()
        return found[0]["text"] if found else ""

    def put_stamp(self, text: str) -> None:
        """Keep a short text beside the graph."""
        self._writable()
        self._run(f"MERGE (m:{_cypher.STAMP} {{id: 'mark'}}) SET m.text = $text", text=text)

    # -- reading ---------------------------------------------------------------------------------------------------
    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges with a label in pages."""
        names = shape.columns_of(label, columns)
        wanted = pa.schema([shape.schema(label).field(name) for name in names])
        connection = self._connect()
        try:
            run = self._runner(connection)
            run("BEGIN TRANSACTION READ ONLY")
            for text, low, high in self._windows(run, label, names):
                page = run(text, low=low, high=high).cast(wanted)
                for start in range(0, page.num_rows, rows):
                    yield page.slice(start, rows)
        finally:
            connection.close()

    def _windows(self, run: Run, label: str, names: list[str]) -> Iterator[tuple[str, int, int]]:
        """The statements that read a label, each with ranges of positions that give about WINDOW_ROWS rows."""
        pairs = EDGES[label].joins if label in EDGES else ((label, ""),)
        total = sum(n.as_py() for n in run(_cypher.counts([label]))["n"])
        if not total:
            return
        for source, target in pairs:
            text = _cypher.scan_edges(label, source, target, names) if target else _cypher.scan_vertices(label, names)
            last = run(_cypher.last_place(source))[0][0].as_py()
            if last is None:
                continue
            width = max(1, (last + 1) * WINDOW_ROWS // max(total, WINDOW_ROWS))
            for low in range(0, last + 1, width):
                yield text, low, low + width

    def count(self) -> dict[str, int]:
        """How many vertices or edges each label has."""
        found = {row["label"]: row["n"] for row in self._run(_cypher.counts()).to_pylist()}
        return {label: found.get(label, 0) for label in (*VERTICES, *EDGES)}

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        label = shape.label_of(id)
        found = list(self._rows(_cypher.vertex(label), id=id)) if label else []
        return shape.vertex_of(label, dict(zip(shape.schema(label).names, found[0], strict=True))) if label and found else None

    def vertices(self, ids: Sequence[str]) -> dict[str, Vertex]:
        """Those of these vertices that there are, by id."""
        by_label: dict[str, list[str]] = {}
        for id in ids:
            by_label.setdefault(shape.label_of(id) or "", []).append(id)
        by_label.pop("", None)
        found = [
            shape.vertex_of(label, row)
            for label, some in by_label.items()
            for row in self._run(_cypher.vertices(label), ids=some).to_pylist()
        ]
        return {vertex.id: vertex for vertex in found}

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """The neighbours of a vertex, nearest first, then by edge id."""
        wanted = shape.edge_labels(labels)

        def expand(frontier: Sequence[str], seen: set[str], most: int) -> list[Neighbour]:
            edges = sorted(self._edges_at(frontier, wanted, direction, seen, most), key=lambda edge: edge.id)[:most]
            ends = [edge.source if edge.target in seen else edge.target for edge in edges]
            vertices = self.vertices(sorted(set(ends)))
            return [Neighbour(edge, vertices[end]) for edge, end in zip(edges, ends, strict=True)]

        return walk.outward(expand, id, hops, limit)

    def greatest_neighbours(
        self, id: str, label: str, direction: Way, by: str, limit: int = 100, part: Part = WHOLE
    ) -> list[Neighbour]:
        """The direct neighbours with the greatest values first."""
        of_edge, outward = shape.is_of_edge(label, direction, by), direction == "out"
        found: list[tuple[Any, Edge]] = []
        for source, target in EDGES[label].joins:
            if shape.label_of(id) == (source if outward else target):
                far = target if outward else source
                known = of_edge or by in VERTICES[far].properties
                value = f"{'r' if of_edge else 'b' if outward else 'a'}.{_cypher.quoted(by)}" if known else "NULL"
                text, given = _cypher.greatest_neighbours(label, (source, target), outward, value, part)
                rows = self._run(text, id=id, limit=limit, **given).to_pylist()
                found += [(row["greatest value"], shape.edge_of(label, row)) for row in rows]
        best = walk.greatest(found, limit)
        vertices = self.vertices(sorted({edge.target if outward else edge.source for edge in best}))
        return [Neighbour(edge, vertices[edge.target if outward else edge.source]) for edge in best]

    def count_neighbours(self, id: str, label: str, direction: Way) -> int:
        """How many direct neighbours a vertex has."""
        shape.edge_labels([label])
        outward = direction == "out"
        return sum(
            int(self._run(_cypher.count_neighbours(label, source, target, outward), id=id)[0][0].as_py())
            for source, target in EDGES[label].joins
            if shape.label_of(id) == (source if outward else target)
        )

    def _edges_at(
        self, frontier: Sequence[str], labels: Sequence[str], direction: Direction, seen: set[str], limit: int
    ) -> list[Edge]:
        found: list[Edge] = []
        ways = [
            (label, source, target, outward)
            for label in labels
            for source, target in EDGES[label].joins
            for outward in (True, False)
            if direction in ("out" if outward else "in", "both")
        ]
        for id in frontier:  # never more vertices than the limit asked for
            for label, source, target, outward in ways:
                if shape.label_of(id) == (source if outward else target):
                    text = _cypher.neighbours(label, source, target, outward)
                    rows = self._run(text, id=id, seen=sorted(seen), limit=limit)
                    found += [shape.edge_of(label, row) for row in rows.to_pylist()]
        return found

    def around(self, id: str, wanted: Sequence[Wanted]) -> AroundVertex | None:
        """A vertex with several lists of direct neighbours: a statement for each, which is one walk from the vertex."""
        shape.edge_labels([one.label for one in wanted])
        vertex, here = self.vertex(id), shape.label_of(id)
        if vertex is None:
            return None
        read: dict[str, list[Neighbour]] = {one.label: [] for one in wanted}
        for one in wanted:
            for source, target in EDGES[one.label].joins:
                if here == (source if one.way == "out" else target):
                    read[one.label] += self._near(one, source, target, id)
        return completed(self, vertex, wanted, read)

    def _near(self, one: Wanted, source: str, target: str, id: str) -> Iterator[Neighbour]:
        """Neighbours over edges between two vertex labels, from rows with the columns of the edge, then those of the vertex."""
        outward, far = one.way == "out", target if one.way == "out" else source
        key = (one, source, target)
        if key not in self._texts:
            self._texts[key] = _cypher.with_other_end(one.label, source, target, outward, one.limit + 1)
        edge_names, names = shape.schema(one.label).names, shape.schema(far).names
        for row in self._rows(self._texts[key], id=id):
            edge = dict(zip(edge_names, row, strict=False))
            yield Neighbour(
                shape.edge_of(one.label, edge), shape.vertex_of(far, dict(zip(names, row[len(edge_names) :], strict=True)))
            )

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path."""
        labels = shape.label_of(a), shape.label_of(b)
        if a == b or not labels[0] or not labels[1]:
            alone = self.vertex(a)
            return [alone] if alone and a == b else []
        found = self._run(_cypher.shortest(labels[0], labels[1], max_hops), a=a, b=b).to_pylist()
        if not found:
            return []
        ids, edges, edge_labels = found[0].values()
        vertices = self.vertices(ids)
        way: list[Vertex | Edge] = [vertices[a]]
        for before, after, edge, label in zip(ids, ids[1:], edges, edge_labels, strict=False):
            way += [self._edge(label, edge, before, after), vertices[after]]
        return way

    def _edge(self, label: str, id: str, one: str, other: str) -> Edge:
        """The edge of a path, which may have either direction between its ends."""
        for source, target in ((one, other), (other, one)):
            ends = (shape.label_of(source) or "", shape.label_of(target) or "")
            if ends in EDGES[label].joins:
                found = self._run(_cypher.between(label, *ends), id=id, source=source, target=target).to_pylist()
                if found:
                    return shape.edge_of(label, found[0])
        raise StoreError(f"The graph in {self._path} changed while it was read.", "Try again.")

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices that have every word."""

        def holding(names: Sequence[str], pieces: Sequence[str]) -> list[Vertex]:
            asked = {f"w{place}": piece for place, piece in enumerate(pieces)}
            best = [row[0] for row in self._rows(_cypher.find(label, names, len(asked)), limit=limit, **asked)]
            whole = self.vertices(best)
            return [whole[id] for id in best]

        return found(label, words, holding, lambda: bool(self._run(_cypher.has(label, SEARCH)).num_rows))

    def query(self, text: str, language: str = "") -> pa.Table:
        """Run a Cypher query; anything but a single statement that reads is refused."""
        if language not in ("", "cypher"):
            raise QueryError(f'This store does not know the query language "{language}".', "It knows: cypher.")
        reason = why_refused(text, _cypher.DIALECT)
        if reason:
            raise QueryError(f"This query is refused: {reason}. Only reading is allowed here.", "See docs/how-to/the-graph.md.")
        request = {"path": str(self._path), "threads": self._options.threads, "text": text}
        try:
            return run_apart(f"{__package__}.apart", request, self._options)
        except EngineSaid as error:
            said = str(error)
            if said.startswith(("Interrupted", "Query execution timed out")) or "nterrupted" in said:
                raise too_slow(self._options) from error
            if "buffer pool is full" in said or "Buffer manager exception" in said:
                raise too_large(self._options) from error
            raise QueryError(f"The graph refuses the query: {said}", _cypher.hint_for(text, said)) from error

    def languages(self) -> list[str]:
        """Cypher."""
        return ["cypher"]

    def close(self) -> None:
        """Release the file; on a full disk it stays open until the process ends."""
        if not self._read_only and (self._is_full or full.has_no_room(self._path)):
            full.leave_open(self._database, getattr(self._mine, "connection", None))
            if not self._is_full:
                raise disk_full(self._path)
            return
        with self._translated():
            self._database.close()

    # -- running ---------------------------------------------------------------------------------------------------
    def _writable(self) -> None:
        if self._read_only:
            raise StoreError("The graph is open for reading only.", "Open it for writing.")

    def _connect(self) -> Any:
        with self._translated():
            return ladybug.Connection(self._database)

    def _own(self) -> Any:
        """The connection of this thread."""
        if not hasattr(self._mine, "connection"):
            self._mine.connection = self._connect()
        return self._mine.connection

    def _run(self, text: str, /, **params: object) -> pa.Table:
        return self._runner(self._own())(text, **params)

    def _rows(self, text: str, /, **params: object) -> Iterator[list[Any]]:
        """The values of the rows of a statement that reads a few."""
        with self._translated():
            yield from results.rows(executed(self._own(), text, params))

    def _runner(self, connection: Any) -> Run:
        def run(text: str, /, **params: object) -> pa.Table:
            with self._translated():
                return results.table(executed(connection, text, params))

        return run

    @contextmanager
    def _writing(self) -> Iterator[Run]:
        """A function that runs statements in one transaction, which is committed only if all of them succeed."""
        self._writable()
        connection = self._connect()
        run = self._runner(connection)
        try:
            run("BEGIN TRANSACTION")
            try:
                yield run
                run("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise
        finally:
            connection.close()

    def _roll_back(self, connection: Any) -> None:
        try:
            connection.execute("ROLLBACK")
        except RuntimeError:
            return  # the failed statement has already ended the transaction

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, OSError) as error:
            ours = failures.ours(error, self._path)
            self._is_full = self._is_full or isinstance(ours, DiskFull)
            raise ours from error


PLUGIN = Ladybug

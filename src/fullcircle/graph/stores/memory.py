"""A graph in plain dicts: for tests, for experiments, and as the shortest example of a store. It is lost when it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from fullcircle.errors import QueryError, StoreError
from fullcircle.graph import shape, walk
from fullcircle.graph.around import completed
from fullcircle.graph.base import WHOLE, AroundVertex, Direction, Edge, Neighbour, Part, StoreContext, Vertex, Wanted, Way
from fullcircle.graph.words import SEARCH, found
from fullcircle.model.graph import EDGES, VERTICES

Row = dict[str, Any]


class Memory:
    """See `graph.base.GraphStore`."""

    def __init__(self, context: StoreContext) -> None:
        self._read_only = context.read_only
        self._rows: dict[str, dict[str, Row]] = {label: {} for label in (*VERTICES, *EDGES)}
        self._at: dict[str, dict[str, str]] = {}  # vertex id -> its edges: edge id -> edge label
        self._stamp = ""

    def prepare(self) -> None:
        """Nothing to create."""

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:  # noqa: ARG002 - the contract
        """Insert or replace vertices."""
        self._writable()
        table = shape.conformed(label, rows)
        self._rows[label] |= {row["id"]: row for row in table.to_pylist()}

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges; StoreError, and nothing is written, if an end does not exist."""
        self._writable()
        table = shape.conformed(label, rows)
        new = table.to_pylist()
        for end in {row[side] for row in new for side in ("source", "target")}:
            if self.vertex(end) is None:
                raise StoreError(f"An edge {label} has an end that is not in the graph.", "Write the vertices first.")
        if not insert_only:
            self.forget_edges(label, table["id"].combine_chunks())
        for row in new:
            self._rows[label][row["id"]] = row
            for side in ("source", "target"):
                self._at.setdefault(row[side], {})[row["id"]] = label

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and all their edges."""
        self._writable()
        for id in ids.to_pylist():
            if self._rows[label].pop(id, None) is not None:
                for edge, edge_label in list(self._at.get(id, {}).items()):
                    self._drop_edge(edge_label, edge)

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges."""
        self._writable()
        for id in ids.to_pylist():
            self._drop_edge(label, id)

    def checkpoint(self) -> None:
        """Nothing to do."""

    def stamp(self) -> str:
        """The text that `put_stamp` kept last."""
        return self._stamp

    def put_stamp(self, text: str) -> None:
        """Keep a short text beside the graph."""
        self._stamp = text

    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges with a label in pages."""
        names = shape.columns_of(label, columns)
        every = list(self._rows[label].values())
        for start in range(0, len(every), rows):
            yield pa.Table.from_pylist(every[start : start + rows], shape.schema(label)).select(names)

    def count(self) -> dict[str, int]:
        """How many vertices or edges each label has."""
        return {label: len(rows) for label, rows in self._rows.items()}

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        label = shape.label_of(id)
        row = self._rows[label].get(id) if label else None
        return shape.vertex_of(label, row) if label and row else None

    def vertices(self, ids: Sequence[str]) -> dict[str, Vertex]:
        """Those of these vertices that there are, by id."""
        return {id: vertex for id in ids if (vertex := self.vertex(id))}

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """The neighbours of a vertex, nearest first, then by edge id."""
        wanted = shape.edge_labels(labels)

        def expand(frontier: Sequence[str], seen: set[str], _limit: int) -> list[Neighbour]:
            return [
                Neighbour(edge, self._known(other))
                for edge in self._around(frontier)
                if edge.label in wanted
                for way, start, other in (("out", edge.source, edge.target), ("in", edge.target, edge.source))
                if direction in (way, "both") and start in frontier and other not in seen
            ]

        return walk.outward(expand, id, hops, limit)

    def greatest_neighbours(
        self, id: str, label: str, direction: Way, by: str, limit: int = 100, part: Part = WHOLE
    ) -> list[Neighbour]:
        """The direct neighbours with the greatest values first."""
        of_edge = shape.is_of_edge(label, direction, by)
        near = self.neighbours(id, [label], direction, limit=len(self._rows[label]))
        by_edge = {one.edge.id: one for one in near}
        values = [
            (value, one.edge)
            for one in near
            for value in [(one.edge if of_edge else one.vertex).properties.get(by)]
            if walk.is_after(part.after, value, one.edge.id) and part.source in ("", one.vertex.properties.get("source"))
        ]
        return [by_edge[edge.id] for edge in walk.greatest(values, limit)]

    def count_neighbours(self, id: str, label: str, direction: Way) -> int:
        """How many direct neighbours a vertex has."""
        shape.edge_labels([label])
        return len(self.neighbours(id, [label], direction, limit=len(self._rows[label])))

    def around(self, id: str, wanted: Sequence[Wanted]) -> AroundVertex | None:
        """A vertex with several lists of direct neighbours."""
        shape.edge_labels([one.label for one in wanted])
        vertex = self.vertex(id)
        if vertex is None:
            return None
        read = {one.label: self.neighbours(id, [one.label], one.way, limit=one.limit + 1) for one in wanted}
        return completed(self, vertex, wanted, read)

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path."""
        start = self.vertex(a)
        if start is None or self.vertex(b) is None:
            return []
        way: list[Vertex | Edge] = [start]
        here = a
        for edge in walk.shortest(self._around, a, b, max_hops):
            here = edge.target if edge.source == here else edge.source
            way += [edge, self._known(here)]
        return way if here == b else []

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices that have every word."""

        def holding(names: Sequence[str], pieces: Sequence[str]) -> list[Vertex]:
            rows = [
                row
                for row in self._rows[label].values()
                if all(piece in "\n".join(row[name] or "" for name in names).lower() for piece in pieces)
            ]
            rows.sort(key=lambda row: (len(row[shape.title(label)] or row["id"]), row["id"]))
            return [shape.vertex_of(label, row) for row in rows[:limit]]

        return found(label, words, holding, lambda: any(row[SEARCH] for row in self._rows[label].values()))

    def query(self, text: str, language: str = "") -> pa.Table:  # noqa: ARG002 - the contract
        """This store has no query language."""
        raise QueryError("The memory store has no query language.", 'Set store = "ladybug" in [graph] to query with Cypher.')

    def languages(self) -> list[str]:
        """The empty list: this store has no query language."""
        return []

    def close(self) -> None:
        """Nothing to release."""

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError("The graph is open for reading only.", "Open it for writing.")

    def _drop_edge(self, label: str, id: str) -> None:
        row = self._rows[label].pop(id, None)
        for side in ("source", "target") if row else ():
            self._at[row[side]].pop(id, None)  # type: ignore[index]  # row is not None here

    def _around(self, ids: Sequence[str]) -> list[Edge]:
        at = {edge: label for id in ids for edge, label in self._at.get(id, {}).items()}
        return [shape.edge_of(label, self._rows[label][edge]) for edge, label in at.items()]

    def _known(self, id: str) -> Vertex:
        label = shape.label_of(id) or ""
        return shape.vertex_of(label, self._rows[label][id])


PLUGIN = Memory

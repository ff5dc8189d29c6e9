"""The contract of a graph store: domain words in, Arrow and small dataclasses out, no query text.

A store holds the kinds of model/graph.py. Ids are ours. Writing is idempotent by id: the same rows twice leave one.
`fresh=True` is a promise of the caller that none of the ids is in the store yet, so that a store may append blindly;
sync.py keeps that promise by looking into the store first whenever the last sync did not end well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

from fullcircle.errors import ConfigError
from fullcircle.model.progress import Progress

Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex as readers see it; properties hold only what is not null, dates and times as Python values."""

    id: str
    label: str
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge as readers see it."""

    id: str
    label: str
    source: str
    target: str
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour: the edge that leads to it and the vertex at its other end. `hops` is 1 for a direct neighbour."""

    edge: Edge
    vertex: Vertex
    hops: int = 1


@dataclass(frozen=True, slots=True)
class StoreContext:
    """What a store is opened with: `PLUGIN(setting)`."""

    path: Path  # where an embedded store keeps its files
    options: dict[str, Any] = field(default_factory=dict)  # [graph] keys beside `store`
    read_only: bool = False


@dataclass(frozen=True, slots=True, order=True)
class LogPosition:
    """A place in a store's log: what stands behind it has not been read yet. The default is before the oldest there is."""

    commit: int = 0
    place: int = 0

    def __str__(self) -> str:
        return f"{self.commit}:{self.place}"

    @staticmethod
    def read(text: str) -> LogPosition:
        """A cursor from its text."""
        parts = text.split(":")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
            raise ConfigError(
                "This is no place in a log of changes.", "Write COMMIT:PLACE, two numbers, as it was told last time."
            )
        return LogPosition(int(parts[0]), int(parts[1]))


OLDEST = LogPosition()


class GraphStore(Protocol):
    """An open graph. Errors are StoreError, QueryError, Busy or DiskFull."""

    # -- writing ---------------------------------------------------------------------------------------------------
    def prepare(self) -> None:
        """Create the kinds and properties of model/graph.py that are not there yet."""
        ...

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices: columns id, hash and the kind's properties. Durable when it returns."""
        ...

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges: columns id, source, target, hash, properties. Both ends must exist."""
        ...

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and every edge at them; ids that are not there are no error."""
        ...

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges; ids that are not there are no error."""
        ...

    def checkpoint(self) -> None:
        """All writing is done for now: checkpoint, compact, whatever the store likes to do at the end."""
        ...

    # -- reading ---------------------------------------------------------------------------------------------------
    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges of a kind in pages, any order: the columns asked for, else all, typed as in the model."""
        ...

    def count(self) -> dict[str, int]:
        """How many vertices and edges there are of each kind; kinds with none are 0."""
        ...

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        ...

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """What is joined to a vertex by edges of these kinds (none named: all), nearest first, then by edge id."""
        ...

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path a, edge, vertex, edge, ..., b, edges taken in either direction; empty where there is none."""
        ...

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices whose text properties hold every word, case ignored; best (shortest name) first, then by id."""
        ...

    def query(self, text: str, language: str = "") -> pa.Table:
        """Read with the store's own query language, for power users; writing is refused."""
        ...

    def languages(self) -> list[str]:
        """The query languages `query` understands, the default first."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@runtime_checkable
class KeepsStamp(Protocol):
    """A store that keeps one short text beside the graph: by it a sync knows that nobody else has written meanwhile.

    Without this skill a sync compares counts instead. The mark is in no `scan` and no `count`.
    """

    def stamp(self) -> str:
        """The text kept last; empty in a new graph."""
        ...

    def put_stamp(self, text: str) -> None:
        """Keep a text in place of the one before."""
        ...


@runtime_checkable
class BulkLoads(Protocol):
    """A store that takes fresh edges best in large portions, because each portion has a price of its own."""

    @property
    def bulk_rows(self) -> int:
        """How many fresh rows it likes at a time; they must fit into memory."""
        ...


@runtime_checkable
class LoadsInBulk(Protocol):
    """A store with a way of its own for very many new rows: all kinds of a sync in one go, through files or the like."""

    def takes_in_bulk(self, rows: int, progress: Progress) -> bool:
        """Choose whether so many new rows should go that way, and say the choice aloud."""
        ...

    def bulk_load(self, portions: Iterable[tuple[str, pa.Table]], progress: Progress) -> None:
        """Load rows whose ids are not in the store, portion by portion, vertices before edges: kind and rows as for `write_*`.

        StoreError if not all of them are there afterwards.
        """
        ...

    def finish_bulk(self, progress: Progress) -> None:
        """Bring a bulk load that was broken off to its end, so that no half row is taken for a whole one."""
        ...


@runtime_checkable
class KeepsLog(Protocol):
    """A store that keeps a log of what was changed in it, by whomever; entries are forgotten after some time."""

    def changes(self, since: LogPosition = OLDEST) -> Iterator[pa.RecordBatch]:
        """All changes behind a cursor in their order, none of the batches empty: commit, place, at, op (add, remove), element
        (vertex, edge), id, property ("label" where the element itself came or went), value and its type as text, source and
        target of edges. A changed value is a remove and an add.

        StoreError where the log no longer reaches back that far, or is not switched on.
        """
        ...

    def log_end(self) -> LogPosition:
        """The newest place: from here on, only what happens later is read."""
        ...


@runtime_checkable
class RunsInsights(Protocol):
    """A store that answers the insights for one customer or product by itself, live, with the figures insights/ computes.

    The tables are the way for everybody at once; ids that are not there give no rows. Parameters are the insights' options.
    """

    def related_customers(self, id: str, k: int = 10, max_buyers: int = 1000, damping: float = 2.0) -> pa.Table:
        """Who shares unusual products with a customer, best first: related_id, rank, score, shared."""
        ...

    def bought_together_with(self, id: str, k: int = 10, min_together: int = 3, max_lines: int = 100) -> pa.Table:
        """What goes into the same order as a product, best first: with_product_id, rank, together, support, confidence, lift."""
        ...

    def habits_of(self, id: str, as_of: datetime | None = None, min_orders: int = 3) -> dict[str, Any]:
        """A customer's habits: orders, amount, recency_days, cadence_days, first_order, last_order, next_order, categories,
        channel; empty where nothing was ordered. `as_of` None: when the newest order was placed."""
        ...

    def purchase_counts(self, limit: int = 100) -> pa.Table:
        """The products bought most often: product_id, buyers (customers), times (orders)."""
        ...

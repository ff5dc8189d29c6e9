"""The contract of a graph store: domain words in, Arrow and small dataclasses out, no query text.

A store holds vertices and edges with the labels of model/graph.py, under ids that we choose. Writing is idempotent by id:
writing the same rows twice leaves one of each. `insert_only=True` is a promise of the caller that none of the ids is in the
store yet, so that a store may append without looking; sync.py keeps that promise by reading the store first whenever the last
sync did not end well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

from fullcircle.errors import ConfigError
from fullcircle.model.progress import Progress

Way = Literal["out", "in"]
Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex as readers see it. `properties` has only values that are not null; dates and times are Python values."""

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
    """A neighbour of a vertex: the edge that leads to it, and the vertex itself. `hops` is 1 for a direct neighbour."""

    edge: Edge
    vertex: Vertex
    hops: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list of direct neighbours: over edges with this label, the greatest value of `by` first (see `greatest_neighbours`), or
    by edge id; at most `limit`."""

    label: str
    way: Way
    by: str = ""
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A place in a list of neighbours, the greatest value first: after the edge with this value (None: without one) and id.

    `edge_id` None: after all that have this value.
    """

    value: Any
    edge_id: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list of neighbours: what comes after a place in it, and only neighbours of one source (their property)."""

    after: ListPlace | None = None
    source: str = ""


WHOLE = Part()


@dataclass(frozen=True, slots=True)
class Listing:
    """Neighbours in the order of a property, of the edge or of the neighbour: at most how many, and which part of the list."""

    by: str
    of_edge: bool
    limit: int
    part: Part


@dataclass(frozen=True, slots=True)
class AroundVertex:
    """A vertex and what is around it: by edge label, the neighbours that were wanted, and how many there are in all."""

    vertex: Vertex
    near: dict[str, list[Neighbour]]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class StoreContext:
    """What a store is opened with: `PLUGIN(context)`."""

    path: Path  # where an embedded store keeps its file or folder
    options: dict[str, Any] = field(default_factory=dict)  # the keys of [graph] other than `store`
    read_only: bool = False


@dataclass(frozen=True, slots=True, order=True)
class LogPosition:
    """A position in a store's log. Reading continues after it; the default is before the oldest entry."""

    commit: int = 0
    place: int = 0

    def __str__(self) -> str:
        return f"{self.commit}:{self.place}"

    @staticmethod
    def read(text: str) -> LogPosition:
        """A position from its text, COMMIT:PLACE."""
        parts = text.split(":")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
            raise ConfigError(
                f'"{text}" is not a position in a log of changes.',
                "Write COMMIT:PLACE, two numbers, as the last command printed them.",
            )
        return LogPosition(int(parts[0]), int(parts[1]))


OLDEST = LogPosition()


class GraphStore(Protocol):
    """An open graph. It raises StoreError, QueryError, Busy or DiskFull."""

    # -- writing ---------------------------------------------------------------------------------------------------
    def prepare(self) -> None:
        """Create the labels and properties of model/graph.py that the store does not have yet."""
        ...

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices: columns id, hash and the properties of the label. Durable when it returns."""
        ...

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges: columns id, source, target, hash, properties. Both ends must exist."""
        ...

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and all their edges; ids that are not in the store are ignored."""
        ...

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges; ids that are not in the store are ignored."""
        ...

    def checkpoint(self) -> None:
        """All writing is done for now. The store may checkpoint or compact its files."""
        ...

    # -- reading ---------------------------------------------------------------------------------------------------
    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges with a label in pages, in any order: the columns asked for, else all, typed as in the model."""
        ...

    def count(self) -> dict[str, int]:
        """How many vertices and edges each label has; 0 for a label with none."""
        ...

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        ...

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """The neighbours of a vertex over edges with these labels (none given: all), nearest first, then by edge id."""
        ...

    def greatest_neighbours(
        self, id: str, label: str, direction: Way, by: str, limit: int = 100, part: Part = WHOLE
    ) -> list[Neighbour]:
        """The direct neighbours over edges with one label, the greatest value of `by` first: the newest, the most expensive.

        `by` is a property of the edge or else of the neighbour. Neighbours without it come last; equal ones by edge id. With a
        `part` the list is read page by page: each page goes on after the last neighbour of the one before.
        """
        ...

    def count_neighbours(self, id: str, label: str, direction: Way) -> int:
        """How many direct neighbours a vertex has over edges with one label: all that `neighbours` would list without a limit."""
        ...

    def around(self, id: str, wanted: Sequence[Wanted]) -> AroundVertex | None:
        """A vertex with several lists of direct neighbours, each of another label; None if there is no such vertex.

        It answers in one or two trips to the store; a list that is longer than its limit takes two more. See around.py.
        """
        ...

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path a, edge, vertex, edge, ..., b, over edges in either direction; empty if there is none."""
        ...

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices whose text properties contain every word, ignoring case; shortest name first, then by id.

        Customers are found by the words and numbers of all their records: graph/words.py turns what is typed into pieces of text
        that their property `search` must contain.
        """
        ...

    def query(self, text: str, language: str = "") -> pa.Table:
        """Run a query in the store's own language, for power users. Queries that write are refused."""
        ...

    def languages(self) -> list[str]:
        """The query languages `query` understands, the default first."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


@runtime_checkable
class ReadsSeveral(Protocol):
    """A store that reads several vertices by their ids at once."""

    def vertices(self, ids: Sequence[str]) -> dict[str, Vertex]:
        """Those of these vertices that there are, by id."""
        ...


@runtime_checkable
class MayBeEmbedded(Protocol):
    """A plugin (the class itself, not an open store) that can keep the whole graph in files of the project.

    A plugin without this method is never embedded.
    """

    def is_embedded(self, options: Mapping[str, Any]) -> bool:
        """True if, with these options of [graph], the whole graph is at `StoreContext.path`, and nowhere else.

        Such a graph does not exist before its first sync, and can be deleted and built again from the tables. All its files
        are at that path, or have names that begin with it. The method is called on the class: write it as a static method.
        """
        ...


@runtime_checkable
class ChecksOptions(Protocol):
    """A plugin (the class itself) that can tell wrong options of [graph] before a run begins its work."""

    def check_options(self, options: Mapping[str, Any]) -> None:
        """ConfigError if a store could not be opened with these options; nothing is opened. Write it as a static method."""
        ...


@runtime_checkable
class ExaminesItself(Protocol):
    """A store that can tell more about damage of its file than reading all vertices and edges does (of its indexes, say)."""

    def examine(self) -> None:
        """StoreError if something in the file is not as it should be."""
        ...


@runtime_checkable
class KeepsStamp(Protocol):
    """A store that keeps one short text, the stamp, beside the graph. It shows a sync whether anybody else has written since.

    For a store without a stamp, a sync compares counts instead. The stamp is not part of any `scan` or `count`.
    """

    def stamp(self) -> str:
        """The stamp; empty in a new graph."""
        ...

    def put_stamp(self, text: str) -> None:
        """Replace the stamp."""
        ...


@runtime_checkable
class LeavesNoRemains(Protocol):
    """An embedded store that can write its files again without what is left of deleted rows. Any other one is built anew."""

    def without_remains(self) -> None:
        """Do so. Busy while another process reads the files."""
        ...


@runtime_checkable
class ChecksServer(Protocol):
    """A store at a server that may not be able to keep this graph. `prepare` checks it too, before anything is written."""

    def check_server(self) -> None:
        """StoreError, which says what does not fit. It may write something of its own, and deletes it."""
        ...


@runtime_checkable
class BulkLoads(Protocol):
    """A store that inserts new edges best in large portions, because each portion has a fixed cost."""

    @property
    def bulk_rows(self) -> int:
        """How many new rows to write at a time; they must fit into memory."""
        ...


@runtime_checkable
class WritesTogether(Protocol):
    """A store that can make many writes take effect at once: who reads meanwhile sees the state of before."""

    def together(self) -> AbstractContextManager[None]:
        """All that this thread writes inside takes effect at the end, or not at all. Other writers wait."""
        ...


@runtime_checkable
class LoadsInBulk(Protocol):
    """A store with its own way to load very many new rows: all labels of a sync at once, for example from files."""

    def takes_in_bulk(self, rows: int, progress: Progress) -> bool:
        """Decide whether this number of new rows is loaded that way, and report the decision."""
        ...

    def bulk_load(self, portions: Iterable[tuple[str, pa.Table]], progress: Progress) -> None:
        """Load rows whose ids are not in the store, portion by portion, vertices before edges: label and rows as for `write_*`.

        StoreError if some of them are missing afterwards.
        """
        ...

    def finish_bulk(self, progress: Progress) -> None:
        """Complete a bulk load that was interrupted, so that no incomplete row is taken for a complete one."""
        ...


@runtime_checkable
class KeepsLog(Protocol):
    """A store that keeps a log of all changes to it, whoever made them. Entries are deleted after some time."""

    def changes(self, since: LogPosition = OLDEST) -> Iterator[pa.RecordBatch]:
        """All changes after a position, in order, in batches that are never empty: commit, place, at, op (add, remove), element
        (vertex, edge), id, property ("label" if the element itself was added or removed), value and its type as text, source
        and target of edges. A changed value is a remove and an add.

        StoreError if the log no longer reaches back that far, or is not enabled.
        """
        ...

    def log_end(self) -> LogPosition:
        """The newest position: reading from here gives only later changes."""
        ...


@runtime_checkable
class RunsInsights(Protocol):
    """A store that computes the insights of one customer or product itself, live, with the same figures as insights/.

    For all customers at once, insights/ uses the tables. Unknown ids give no rows. Parameters are the insights' options.
    """

    def related_customers(self, id: str, k: int = 10, max_buyers: int = 1000, damping: float = 2.0) -> pa.Table:
        """Who shares unusual products with a customer, best first: related_id, rank, score, shared, why."""
        ...

    def bought_together_with(self, id: str, k: int = 10, min_together: int = 3) -> pa.Table:
        """What goes into the same order as a product, best first: with_product_id, name, rank, together, support, confidence,
        lift, why."""
        ...

    def habits_of(self, id: str, as_of: datetime | None = None, min_orders: int = 3) -> dict[str, Any]:
        """A customer's habits: orders, amount, recency_days, cadence_days, first_order, last_order, next_order, categories,
        channel; empty if nothing was ordered. `as_of` None: when the newest order was placed."""
        ...

    def purchase_counts(self, limit: int = 100) -> pa.Table:
        """The products bought most often: product_id, buyers (customers), times (orders)."""
        ...

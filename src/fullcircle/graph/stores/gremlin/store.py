"""The graph in a TinkerPop 3.7 server that takes our ids. Neptune's store (../neptune/store.py) extends this class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, web_url
from fullcircle.errors import QueryError, StoreError, StoreRefused, StoreUnreachable
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
from fullcircle.graph.stores.apart import QueryLimits, not_too_many
from fullcircle.graph.stores.gremlin import analysis, guard, reading, values, writing
from fullcircle.graph.stores.gremlin.connection import ConnectionPool, ServerAddress, TooManyRows, UserQuery
from fullcircle.graph.stores.gremlin.probe import probe
from fullcircle.graph.stores.transient import RetryBudget
from fullcircle.graph.words import SEARCH, found
from fullcircle.model.counting import counted
from fullcircle.model.graph import EDGES, VERTICES

STAMP = "fullcircle:mark"  # the id of the vertex with the stamp; its label is not one of the model


class Pace(QueryLimits):
    """The options that every Gremlin server has."""

    workers: int = Field(4, ge=1, le=64)  # connections that write in parallel
    records_per_request: int = Field(200, ge=1)  # a record is one label or one property
    timeout_seconds: float = Field(120.0, gt=0)  # how long the server may work on one request
    patience_seconds: float = Field(180.0, ge=0)  # how long a request is tried again while its error may pass
    search: Literal["regex", "contains"] = "regex"  # contains: for servers without TextP.regex; finds usual spellings only


class GremlinOptions(Pace):
    """[graph] with store = "gremlin"."""

    url: str  # ws://host:port/gremlin or wss://...; env:NAME if it has a password
    traversal_source: str = "g"
    user: str = ""
    password: str = ""  # by reference: env:NAME or file:PATH


class Gremlin:
    """See `graph.base.GraphStore`."""

    # This strategy adds a barrier between two merges that evaluates all steps before it again: the time is quadratic.
    LEFT_OUT: ClassVar[tuple[str, ...]] = (
        "org.apache.tinkerpop.gremlin.process.traversal.strategy.optimization.LazyBarrierStrategy",
    )

    _where_from = ""

    @staticmethod
    def check_options(options: Mapping[str, Any]) -> None:
        """See `graph.base.ChecksOptions`."""
        Gremlin._address(parse(GremlinOptions, dict(options), "[graph]"))

    def __init__(self, context: StoreContext) -> None:
        options = parse(GremlinOptions, context.options, "[graph]")
        address = self._address(options)
        self._where_from = address.url
        self._open(
            options, context.read_only, ConnectionPool(lambda: address, options.workers, RetryBudget(options.patience_seconds))
        )

    def _open(self, options: Pace, read_only: bool, pool: ConnectionPool) -> None:
        self.options, self._read_only, self._pool = options, read_only, pool
        self._manner = writing.Manner(options.records_per_request, self.LEFT_OUT)

    @staticmethod
    def _address(options: GremlinOptions) -> ServerAddress:
        where = web_url(options.url, "The url of [graph]", ("ws", "wss"), "ws://host:8182/gremlin or wss://...")
        password = secret(options.password, "The password of [graph]").reveal() if options.password else ""
        return ServerAddress(where, options.traversal_source, options.user, password, options.timeout_seconds)

    # -- writing -------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make sure that the server answers and keeps what it is given; it needs no declaration of labels."""
        if self._read_only:
            self._pool.ask(reading.stamp(STAMP))
        else:
            self.check_server()

    def check_server(self) -> None:
        """See ChecksServer: probe.py tries it with two vertices and an edge of its own."""
        probe(self._pool.ask, self._where_from, self._manner)

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices; after an error, some of them may have been written."""
        self._write(label, rows, insert_only)

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges; StoreError, and nothing is written, if an end does not exist."""
        self._write(label, rows, insert_only)

    def _write(self, label: str, rows: pa.Table, insert_only: bool) -> None:
        self._writable()
        load = writing.Load(label, shape.conformed(label, rows), insert_only)
        if load.is_edges:
            self._check_ends(load)
        for turn in writing.turns(load, self.options.workers):
            self._pool.each([writing.job(load, share, self._manner) for share in turn if len(share)])

    def _check_ends(self, load: writing.Load) -> None:
        asked = list(writing.counts(load.ends()))
        answers = self._pool.answers(message for message, _ in asked)
        missing = sum(expected - answer[0] for (_, expected), answer in zip(asked, answers, strict=True))
        if missing:
            raise StoreError(
                f"{counted(missing, 'vertex', 'vertices')} at the ends of edges {load.label} are not in the graph.",
                "Write the vertices first.",
            )

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and all their edges."""
        self._drop("V", label, ids)

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges."""
        self._drop("E", label, ids)

    def _drop(self, step: str, label: str, ids: pa.Array) -> None:
        self._writable()
        shape.label_named(label)
        for message in writing.drops(step, label, ids.to_pylist()):  # one after the other: a drop also changes neighbours
            self._pool.ask(message)

    def checkpoint(self) -> None:
        """Nothing to do: the server keeps its own files."""

    def stamp(self) -> str:
        """The text that `put_stamp` kept last."""
        return self._kept(STAMP)

    def put_stamp(self, text: str) -> None:
        """Keep a short text in its own vertex."""
        self._keep(STAMP, text)

    def _kept(self, id: str) -> str:
        found = self._pool.ask(reading.stamp(id))
        return str(found[0]) if found else ""

    def _keep(self, id: str, text: str) -> None:
        self._writable()
        load = writing.Load("FullcircleMark", pa.table({"id": [id], "text": [text]}), insert_only=False)
        for message in writing.merges(load, np.arange(1), self._manner):
            self._pool.ask(message)

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError("The graph is open for reading only.", "Open it for writing.")

    # -- reading -------------------------------------------------------------------------------------------------------

    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges with a label in pages: first all ids, then the elements by id, so that no server has to sort."""
        names = shape.columns_of(label, columns)
        ids = iter(self._pool.ask(reading.ids_of(label)))
        while page := list(islice(ids, rows)):
            if names == ["id"]:
                yield pa.table({"id": pa.array(page, pa.string())})
                continue
            answers = self._pool.answers(reading.elements(label, page, names))
            yield pa.concat_tables([values.table_of(label, answer, names) for answer in answers])

    def count(self) -> dict[str, int]:
        """How many vertices or edges each label has."""
        found: dict[str, int] = {}
        for message in reading.counts():
            for joined, number in self._pool.ask(message)[0].items():
                for label in str(joined).split("::"):
                    found[label] = found.get(label, 0) + number
        return {label: found.get(label, 0) for label in (*VERTICES, *EDGES)}

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        found = self._pool.ask(reading.vertices([id]))
        return values.vertex_of(found[0]) if found else None

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """The neighbours of a vertex, nearest first, then by edge id; one request per hop."""
        wanted = shape.edge_labels(labels)

        def expand(frontier: Sequence[str], seen: set[str], at_most: int) -> list[Neighbour]:
            messages = reading.around(frontier, seen, wanted, direction, at_most)
            return _neighbours(pair for answer in self._pool.answers(messages) for pair in answer)

        return walk.outward(expand, id, hops, limit)

    def greatest_neighbours(
        self, id: str, label: str, direction: Way, by: str, limit: int = 100, part: Part = WHOLE
    ) -> list[Neighbour]:
        """The direct neighbours with the greatest values first; a second request only if there are others without a value."""
        found: list[Neighbour] = []
        listing = Listing(by, shape.is_of_edge(label, direction, by), limit, part)
        for message in reading.greatest(id, label, direction, listing):
            if len(found) < limit:
                found += _neighbours(self._pool.ask(message))
        return found[:limit]

    def count_neighbours(self, id: str, label: str, direction: Way) -> int:
        """How many direct neighbours a vertex has."""
        shape.edge_labels([label])
        return int(self._pool.ask(reading.how_many(id, label, direction))[0])

    def around(self, id: str, wanted: Sequence[Wanted]) -> AroundVertex | None:
        """A vertex with several lists of direct neighbours, in one request."""
        shape.edge_labels([one.label for one in wanted])
        found = self._pool.ask(reading.all_around(id, wanted))
        here = values.vertex_of(found[0]["here"]) if found else None
        if here is None:
            return None
        read: dict[str, list[Neighbour]] = {}
        for near in _neighbours(found[0]["near"]):
            read.setdefault(near.edge.label, []).append(near)
        return completed(self, here, wanted, read)

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path, found by the server in one traversal."""
        if a == b or max_hops < 1:
            here = self.vertex(a) if a == b else None
            return [here] if here else []
        found = self._pool.ask(reading.way(a, b, max_hops))
        steps = found[0] if found else []
        return [thing for thing in map(_vertex_or_edge, steps) if thing is not None]

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices that have every word; the server reads one property of all vertices with the label."""
        title = shape.title(label)  # also refuses an unknown label

        def holding(names: Sequence[str], pieces: Sequence[str]) -> list[Vertex]:
            elements = self._pool.ask(reading.holding(label, pieces, names, title, self.options.search == "regex"))
            ids = [values.id_of(element) for element in elements]
            length = {id: len(str(element.get(title) or id)) for id, element in zip(ids, elements, strict=True)}
            best = sorted(ids, key=lambda id: (length[id], id))[:limit]
            whole = self.vertices(best)
            return [whole[id] for id in best if id in whole]

        return found(label, words, holding, lambda: bool(self._pool.ask(reading.has(label, SEARCH))))

    def vertices(self, ids: Sequence[str]) -> dict[str, Vertex]:
        """Those of these vertices that there are, by id."""
        read = map(values.vertex_of, self._pool.ask(reading.vertices(ids)) if ids else ())
        return {vertex.id: vertex for vertex in read if vertex is not None}

    def query(self, text: str, language: str = "") -> pa.Table:
        """Run a Gremlin query: one traversal from g, without steps that write. Maps become columns."""
        if language not in ("", "gremlin"):
            raise QueryError(f'This store does not know the query language "{language}".', "It knows: gremlin.")
        guard.allow(text)
        limits = self.options
        try:
            found = self._pool.ask(UserQuery(text, limits.query_seconds, limits.query_rows))
        except TooManyRows:
            found = [None] * (limits.query_rows + 1)
        except (StoreRefused, StoreUnreachable):
            raise
        except StoreError as error:
            raise QueryError(f"The server refuses the query: {_first_line(error.__cause__)}", error.hint) from error
        not_too_many(len(found), limits.query_rows)
        return values.result_table(found)

    # -- insights ------------------------------------------------------------------------------------------------------

    def related_customers(self, id: str, k: int = 10, max_buyers: int = 1000, damping: float = 2.0) -> pa.Table:
        """See RunsInsights."""
        return analysis.related(self._pool.ask, id, k, max_buyers, damping)

    def bought_together_with(self, id: str, k: int = 10, min_together: int = 3) -> pa.Table:
        """See RunsInsights."""
        return analysis.bought_together(self._pool.ask, id, k, min_together)

    def habits_of(self, id: str, as_of: datetime | None = None, min_orders: int = 3) -> dict[str, Any]:
        """See RunsInsights."""
        return analysis.habits(self._pool.ask, id, as_of, min_orders)

    def purchase_counts(self, limit: int = 100) -> pa.Table:
        """See RunsInsights."""
        return analysis.purchase_counts(self._pool.ask, limit)

    def languages(self) -> list[str]:
        """Gremlin."""
        return ["gremlin"]

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def _vertex_or_edge(element: dict[Any, Any]) -> Vertex | Edge | None:
    return values.edge_of(element) if values.is_edge(element) else values.vertex_of(element)


def _neighbours(pairs: Iterable[dict[str, Any]]) -> list[Neighbour]:
    near = [(values.edge_of(pair["edge"]), values.vertex_of(pair["vertex"])) for pair in pairs]
    return [Neighbour(edge, vertex) for edge, vertex in near if vertex is not None]


def _first_line(error: BaseException | None) -> str:
    """What the server says about a query: the user who wrote it needs to see that."""
    return str(error).splitlines()[0][:300] if error and str(error) else "no reason given"


PLUGIN = Gremlin

"""The graph in any TinkerPop 3.7 server that speaks Gremlin. Its parts are in tinkerpop/; Neptune builds on this class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, url
from fullcircle.config.sections import Settings
from fullcircle.errors import ConfigError, QueryError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph import shape, walk
from fullcircle.graph.base import Direction, Edge, Neighbour, StoreContext, Vertex
from fullcircle.graph.stores.gremlin import analysis, guard, reading, values, writing
from fullcircle.graph.stores.gremlin.connection import ConnectionPool, ServerAddress
from fullcircle.graph.stores.transient import RetryBudget
from fullcircle.model.graph import EDGES, VERTICES

STAMP = "fullcircle:mark"  # the id of the vertex that holds the mark; its label is no kind of ours


class Pace(Settings):
    """How a server is asked; what every Gremlin server needs."""

    workers: int = Field(4, ge=1, le=64)  # connections that write side by side
    records_per_request: int = Field(200, ge=1)  # a record is one label or one property
    timeout_seconds: float = Field(120.0, gt=0)  # how long the server may work on one request
    patience_seconds: float = Field(180.0, ge=0)  # how long a request that fails in passing is tried again
    search: Literal["regex", "contains"] = "regex"  # contains: for servers without TextP.regex; knows usual spellings only


class GremlinOptions(Pace):
    """[graph] with store = "gremlin"."""

    url: str  # ws://host:port/gremlin or wss://...; env:NAME where it holds a password
    traversal_source: str = "g"
    user: str = ""
    password: str = ""  # by reference: env:NAME or file:PATH


class Gremlin:
    """See `graph.base.GraphStore`."""

    # Between two merges it puts a barrier that asks all steps before it again: time grows with the square of the chain.
    LEFT_OUT: ClassVar[tuple[str, ...]] = (
        "org.apache.tinkerpop.gremlin.process.traversal.strategy.optimization.LazyBarrierStrategy",
    )

    def __init__(self, setting: StoreContext) -> None:
        options = parse(GremlinOptions, setting.options, "[graph]")
        address = self._address(options)
        self._open(
            options, setting.read_only, ConnectionPool(lambda: address, options.workers, RetryBudget(options.patience_seconds))
        )

    def _open(self, options: Pace, read_only: bool, lines: ConnectionPool) -> None:
        self.options, self._read_only, self._lines = options, read_only, lines
        self._manner = writing.Manner(options.records_per_request, self.LEFT_OUT)

    @staticmethod
    def _address(options: GremlinOptions) -> ServerAddress:
        where = url(options.url, "The url of [graph]").reveal()
        if not where.startswith(("ws://", "wss://")):
            raise ConfigError("The url of [graph] is not a WebSocket address.", "Write ws://host:8182/gremlin or wss://...")
        password = secret(options.password, "The password of [graph]").reveal() if options.password else ""
        return ServerAddress(where, options.traversal_source, options.user, password, options.timeout_seconds)

    # -- writing -------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make sure that the server answers; it needs no kinds to be declared."""
        self._lines.ask(reading.stamp(STAMP))

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices; some are written already when an error is raised."""
        self._write(label, rows, insert_only)

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges; StoreError, and nothing written, where an end does not exist."""
        self._write(label, rows, insert_only)

    def _write(self, label: str, rows: pa.Table, insert_only: bool) -> None:
        self._writable()
        load = writing.Load(label, shape.conformed(label, rows), insert_only)
        if load.is_edges:
            self._check_ends(load)
        for turn in writing.turns(load, self.options.workers):
            self._lines.each([writing.job(load, share, self._manner) for share in turn if len(share)])

    def _check_ends(self, load: writing.Load) -> None:
        asked = list(writing.counts(load.ends()))
        answers = self._lines.answers(message for message, _ in asked)
        missing = sum(expected - answer[0] for (_, expected), answer in zip(asked, answers, strict=True))
        if missing:
            raise StoreError(
                f"{missing} vertices at the ends of edges {load.label} are not in the graph.", "Write the vertices first."
            )

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and every edge at them."""
        self._drop("V", label, ids)

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges."""
        self._drop("E", label, ids)

    def _drop(self, step: str, label: str, ids: pa.Array) -> None:
        self._writable()
        shape.label_named(label)
        for message in writing.drops(step, label, ids.to_pylist()):  # one after the other: drops reach into neighbours
            self._lines.ask(message)

    def checkpoint(self) -> None:
        """Nothing to do: the server keeps its own files."""

    def stamp(self) -> str:
        """The text `put_mark` kept last."""
        return self._kept(STAMP)

    def put_stamp(self, text: str) -> None:
        """Keep a short text in a vertex of its own."""
        self._keep(STAMP, text)

    def _kept(self, id: str) -> str:
        found = self._lines.ask(reading.stamp(id))
        return str(found[0]) if found else ""

    def _keep(self, id: str, text: str) -> None:
        self._writable()
        load = writing.Load("FullcircleMark", pa.table({"id": [id], "text": [text]}), insert_only=False)
        for message in writing.merges(load, np.arange(1), self._manner):
            self._lines.ask(message)

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError("The graph is open for reading only.", "Open it for writing.")

    # -- reading -------------------------------------------------------------------------------------------------------

    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All of a kind in pages: first every id, then the elements by id, which no server has to sort for."""
        names = shape.columns_of(label, columns)
        ids = iter(self._lines.ask(reading.ids_of(label)))
        while page := list(islice(ids, rows)):
            if names == ["id"]:
                yield pa.table({"id": pa.array(page, pa.string())})
                continue
            answers = self._lines.answers(reading.elements(label, page, names))
            yield pa.concat_tables([values.table_of(label, answer, names) for answer in answers])

    def count(self) -> dict[str, int]:
        """How many there are of each kind."""
        found: dict[str, int] = {}
        for message in reading.counts():
            for joined, number in self._lines.ask(message)[0].items():
                for label in str(joined).split("::"):
                    found[label] = found.get(label, 0) + number
        return {label: found.get(label, 0) for label in (*VERTICES, *EDGES)}

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        found = self._lines.ask(reading.vertices([id]))
        return values.vertex_of(found[0]) if found else None

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """What is joined to a vertex, nearest first, then by edge id; one request a hop."""
        wanted = shape.edge_labels(labels)

        def expand(frontier: Sequence[str], seen: set[str], at_most: int) -> list[Neighbour]:
            messages = reading.around(frontier, seen, wanted, direction, at_most)
            pairs = [pair for answer in self._lines.answers(messages) for pair in answer]
            near = [(values.edge_of(pair["edge"]), values.vertex_of(pair["vertex"])) for pair in pairs]
            return [Neighbour(edge, vertex) for edge, vertex in near if vertex is not None]

        return walk.outward(expand, id, hops, limit)

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path, found by the server in one traversal."""
        if a == b or max_hops < 1:
            here = self.vertex(a) if a == b else None
            return [here] if here else []
        found = self._lines.ask(reading.way(a, b, max_hops))
        steps = found[0] if found else []
        return [thing for thing in map(_vertex_or_edge, steps) if thing is not None]

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices whose text properties hold every word; the server looks through all of the kind."""
        names, title, asked = shape.searched(label), shape.title(label), words.lower().split()
        found = self._lines.ask(reading.holding(label, asked, names, title, self.options.search == "regex"))
        ids = [values.id_of(element) for element in found]
        length = {id: len(str(element.get(title) or id)) for id, element in zip(ids, found, strict=True)}
        best = sorted(ids, key=lambda id: (length[id], id))[:limit]
        whole = {vertex.id: vertex for vertex in self._vertices(best)}
        return [whole[id] for id in best if id in whole]

    def _vertices(self, ids: Sequence[str]) -> Iterator[Vertex]:
        for element in self._lines.ask(reading.vertices(ids)) if ids else ():
            vertex = values.vertex_of(element)
            if vertex is not None:
                yield vertex

    def query(self, text: str, language: str = "") -> pa.Table:
        """Read with Gremlin: one traversal from g, without steps that write. Maps become columns."""
        if language not in ("", "gremlin"):
            raise QueryError(f'This store does not know the language "{language}".', "It knows: gremlin.")
        guard.allow(text)
        try:
            return values.result_table(self._lines.ask(text))
        except (StoreRefused, StoreUnreachable):
            raise
        except StoreError as error:
            raise QueryError(f"The server refuses the query: {_first_line(error.__cause__)}", error.hint) from error

    # -- insights ------------------------------------------------------------------------------------------------------

    def related_customers(self, id: str, k: int = 10, max_buyers: int = 1000, damping: float = 2.0) -> pa.Table:
        """See RunsInsights; `path` is the fifth of them, the way between two customers."""
        return analysis.related(self._lines.ask, id, k, max_buyers, damping)

    def bought_together_with(self, id: str, k: int = 10, min_together: int = 3, max_lines: int = 100) -> pa.Table:
        """See RunsInsights."""
        return analysis.bought_together(self._lines.ask, id, k, min_together, max_lines)

    def habits_of(self, id: str, as_of: datetime | None = None, min_orders: int = 3) -> dict[str, Any]:
        """See RunsInsights."""
        return analysis.habits(self._lines.ask, id, as_of, min_orders)

    def purchase_counts(self, limit: int = 100) -> pa.Table:
        """See RunsInsights."""
        return analysis.purchase_counts(self._lines.ask, limit)

    def languages(self) -> list[str]:
        """Gremlin."""
        return ["gremlin"]

    def close(self) -> None:
        """Hang up."""
        self._lines.close()


def _vertex_or_edge(element: dict[Any, Any]) -> Vertex | Edge | None:
    return values.edge_of(element) if values.is_edge(element) else values.vertex_of(element)


def _first_line(error: BaseException | None) -> str:
    """What the server said about the text of a query: the person who wrote it needs to see it."""
    return str(error).splitlines()[0][:300] if error and str(error) else "no reason given"


PLUGIN = Gremlin

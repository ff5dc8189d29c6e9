"""The graph as RDF (graph/rdf/vocabulary.py): in embedded Oxigraph, or in any SPARQL 1.1 server.

sparql.py writes the queries, embedded.py or endpoint.py runs them, answers.py reads the results.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.secrets import secret, web_url
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import QueryError, StoreError
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
from fullcircle.graph.rdf import vocabulary
from fullcircle.graph.stores.apart import QueryLimits, not_too_many
from fullcircle.graph.stores.rdf import answers
from fullcircle.graph.stores.rdf import sparql as text
from fullcircle.graph.stores.rdf.channel import SparqlChannel
from fullcircle.graph.stores.rdf.sparql import stay_here
from fullcircle.graph.words import SEARCH, found
from fullcircle.model.graph import EDGES, VERTICES

if TYPE_CHECKING:
    from fullcircle.graph.stores.rdf.endpoint import Sign

BYTES = 1_000_000  # of statements in one request, approximately: servers limit the size
LABEL_OF = {vocabulary.class_of(label): label for label in (*VERTICES, *EDGES)}


class RdfOptions(QueryLimits):
    """[graph] with store = "rdf". Without `endpoint`, the graph is in files of the project."""

    endpoint: str = ""  # where queries go, e.g. http://localhost:7878/query; env:NAME if it has a password
    update_endpoint: str = ""  # where updates go; the same address if not given, as with Neptune
    user: str = ""
    password: str = ""  # by reference: env:NAME or file:PATH
    iam: bool = False  # sign requests with the AWS credentials boto3 finds, for a Neptune cluster with IAM
    region: str = ""  # of that cluster; by default taken from the name of the endpoint
    memory: bool = False  # embedded, but lost when it is closed
    rows_per_request: int = Field(2_000, ge=1)
    timeout_seconds: float = Field(300.0, gt=0)  # how long a server may work on one request
    patience_seconds: float = Field(180.0, ge=0)  # how long a request is tried again while its error may pass


class Rdf:
    """See `graph.base.GraphStore`."""

    @staticmethod
    def check_options(options: Mapping[str, Any]) -> None:
        """See `graph.base.ChecksOptions`."""
        parse(RdfOptions, dict(options), "[graph]")

    def __init__(self, context: StoreContext) -> None:
        self.options = parse(RdfOptions, context.options, "[graph]")
        self._read_only = context.read_only
        self._channel = self._connected(context)
        self._engine: Engine | None = None  # writes statements; created with the first one

    @staticmethod
    def is_embedded(options: Mapping[str, Any]) -> bool:
        """Unless it is at a server, or in memory only."""
        return not options.get("endpoint") and not options.get("memory")

    def _connected(self, context: StoreContext) -> SparqlChannel:
        options = self.options
        if not options.endpoint:
            from fullcircle.graph.stores.rdf.embedded import Embedded

            return Embedded(None if options.memory else context.path, context.read_only and not options.memory, options)
        from fullcircle.graph.stores.rdf.endpoint import Endpoint, EndpointAddress

        web = ("http", "https"), "http://host:port/path or https://..."
        where = web_url(options.endpoint, "The endpoint of [graph]", *web)
        update = web_url(options.update_endpoint, "The update_endpoint of [graph]", *web) if options.update_endpoint else where
        password = secret(options.password, "The password of [graph]").reveal() if options.password else ""
        seconds = options.timeout_seconds, options.query_seconds, options.patience_seconds
        address = EndpointAddress(where, update, options.user, password, *seconds)
        return Endpoint(address, self._signing(where) if options.iam else None)

    def _signing(self, where: str) -> Sign:
        from fullcircle.graph.stores.aws_access import Access, Cluster, region_of

        host = urlsplit(where).hostname or ""
        return Access(Cluster(host, region=region_of(host, self.options.region))).headers

    # -- writing -------------------------------------------------------------------------------------------------------
    def prepare(self) -> None:
        """Make sure that the store answers; RDF needs no declaration of labels."""
        self._ask(text.stamp(), "g")

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace vertices; after an error, some of them may have been written."""
        self._write(label, rows, "" if insert_only else "vertices")

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        """Insert or replace edges; StoreError, and nothing is written, if an end does not exist."""
        self._write(label, rows, "" if insert_only else "edges")

    def _write(self, label: str, rows: pa.Table, replace: str) -> None:
        self._writable()
        table = shape.conformed(label, rows)
        of_edges = label in EDGES
        if of_edges:
            self._check_ends(label, table)
        for start in range(0, table.num_rows, self.options.rows_per_request):
            for share in self._shares(label, table.slice(start, self.options.rows_per_request)):
                message = text.insert(of_edges, ((graph, triples) for _, graph, triples in share))
                if replace:
                    delete = text.delete_edges if of_edges else text.delete_vertices
                    message = f"{delete([own for own, _, _ in share])} ; {message}"
                self._channel.update(message)

    def _shares(self, label: str, rows: pa.Table) -> Iterator[list[tuple[str, str, str]]]:
        """The statements of rows (IRI in brackets, graph, triples), as many as fit into one request."""
        self._engine = self._engine or open_engine(memory="256MB", threads=1)
        with self._engine.register("page", rows):
            written = self._engine.arrow(vocabulary.statements_sql(label, "page", graphs=False))
        share: list[tuple[str, str, str]] = []
        size = 0
        columns = (written[name].to_pylist() for name in ("own", "graph", "text"))
        for row in zip(*columns, strict=True):
            if share and size + len(row[2]) > BYTES:
                yield share
                share, size = [], 0
            share.append(row)
            size += len(row[2])
        if share:
            yield share

    def _check_ends(self, label: str, edges: pa.Table) -> None:
        ends = sorted({text.node(id) for side in ("source", "target") for id in pc.unique(edges[side]).to_pylist()})
        there = sum(self._ask(text.present(some), "g").num_rows for some in self._some(ends))
        if there < len(ends):
            raise StoreError(
                f"{len(ends) - there} vertices at the ends of edges {label} are not in the graph.", "Write the vertices first."
            )

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        """Delete vertices and all their edges."""
        self._writable()
        shape.label_named(label)
        ours = [text.node(id) for id in ids.to_pylist() if shape.label_of(id) == label]
        for some in self._some(ours):
            at = sorted({f"<{edge}>" for edge in self._ask(text.around(some, list(EDGES), "both"), "gspt")["g"].to_pylist()})
            for edges in self._some(at):
                self._channel.update(text.delete_edges(edges))
            self._channel.update(text.delete_vertices(some))

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        """Delete edges."""
        self._writable()
        shape.edge_labels([label])
        for some in self._some([text.node(id) for id in ids.to_pylist()]):
            self._channel.update(text.delete_edges(some, label))

    def checkpoint(self) -> None:
        """Write everything to the disk."""
        self._channel.checkpoint()

    def stamp(self) -> str:
        """The text that `put_stamp` kept last."""
        found = self._ask(text.stamp(), "g")["g"].to_pylist()
        return str(found[0]) if found else ""

    def put_stamp(self, value: str) -> None:
        """Keep a short text in its own named graph."""
        self._writable()
        self._channel.update(text.put_stamp(value))

    # -- reading -------------------------------------------------------------------------------------------------------
    def scan(self, label: str, columns: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[pa.Table]:
        """All vertices or edges with a label in pages. Their ids are read once, at the beginning."""
        names = shape.columns_of(label, columns)
        narrow = set(names) <= {"id", "source", "target", "hash"}
        listed = self._listed(label, with_hash=narrow and "hash" in names)
        for start in range(0, listed.num_rows, rows):
            page = listed.slice(start, rows)
            if not narrow:
                some = self._some(page["g"].to_pylist())
                page = pa.concat_tables([self._rows(label, iris) for iris in some])
            else:
                page = self._narrow(page)
            if page.num_rows:
                yield page.select(names)

    def _listed(self, label: str, with_hash: bool) -> pa.Table:
        columns = ("g", "s", "t") if label in EDGES else ("g",)
        return self._ask(text.all_of(label, with_hash), (*columns, "hash") if with_hash else columns)

    @staticmethod
    def _narrow(page: pa.Table) -> pa.Table:
        named = {"g": "id", "s": "source", "t": "target"}
        found = {named[name]: vocabulary.ids_of(page[name]) for name in page.column_names if name in named}
        if "hash" in page.column_names:  # a vertex that another program wrote may have none
            hashes = page["hash"]
            found["hash"] = answers.fitting(pc.if_else(pc.equal(hashes, ""), pa.scalar(None, pa.string()), hashes), "int")[0]
        return pa.table(found)

    def _rows(self, label: str, iris: Sequence[str]) -> pa.Table:
        return answers.rows(label, iris, self._statements(iris, label in EDGES))

    def _statements(self, iris: Sequence[str], of_edges: bool) -> pa.Table:
        return self._ask(text.statements([f"<{iri}>" for iri in iris], of_edges), "gspo" if of_edges else "gpo")

    def count(self) -> dict[str, int]:
        """How many vertices or edges each label has."""
        found = dict.fromkeys((*VERTICES, *EDGES), 0)
        for query in text.counts():
            for row in self._ask(query, "kn").to_pylist():
                if row["k"] in LABEL_OF:
                    found[LABEL_OF[row["k"]]] = int(row["n"])
        return found

    def vertex(self, id: str) -> Vertex | None:
        """One vertex by its id."""
        return self._vertices([id]).get(id)

    def _vertices(self, ids: Iterable[str]) -> dict[str, Vertex]:
        by_label: dict[str, list[str]] = defaultdict(list)
        for id in sorted(set(ids)):
            if label := shape.label_of(id):
                by_label[label].append(vocabulary.iri(id))
        return {
            row["id"]: shape.vertex_of(label, row)
            for label, iris in by_label.items()
            for some in self._some(iris)
            for row in self._rows(label, some).to_pylist()
        }

    def _whole(self, edges: Iterable[Edge]) -> dict[str, Edge]:
        """Edges with their properties, by id."""
        by_label: dict[str, list[str]] = defaultdict(list)
        for edge in edges:
            by_label[edge.label].append(vocabulary.iri(edge.id))
        return {
            row["id"]: shape.edge_of(label, row)
            for label, iris in by_label.items()
            for some in self._some(iris)
            for row in self._rows(label, some).to_pylist()
        }

    def _at(self, ids: Sequence[str], labels: Sequence[str], direction: Direction) -> dict[str, Edge]:
        """The edges of vertices, without their properties, by id."""
        found: dict[str, Edge] = {}
        for some in self._some([text.node(id) for id in ids]):
            found |= _edges(self._ask(text.around(some, labels, direction), "gspt"))
        return found

    def neighbours(
        self, id: str, labels: Sequence[str] = (), direction: Direction = "both", hops: int = 1, limit: int = 100
    ) -> list[Neighbour]:
        """The neighbours of a vertex, nearest first, then by edge id."""
        wanted = shape.edge_labels(labels)

        def expand(frontier: Sequence[str], seen: set[str], most: int) -> list[Neighbour]:
            ends = {}
            for edge in self._at(frontier, wanted, direction).values():
                for way, start, other in (("out", edge.source, edge.target), ("in", edge.target, edge.source)):
                    if direction in (way, "both") and start in frontier and other not in seen:
                        ends[edge.id] = (edge, other)
            nearest = [ends[id] for id in sorted(ends)[:most]]
            whole, vertices = self._whole(edge for edge, _ in nearest), self._vertices(other for _, other in nearest)
            there = [(edge, other) for edge, other in nearest if edge.id in whole and other in vertices]
            return [Neighbour(whole[edge.id], vertices[other]) for edge, other in there]

        return walk.outward(expand, id, hops, limit)

    def greatest_neighbours(
        self, id: str, label: str, direction: Way, by: str, limit: int = 100, part: Part = WHOLE
    ) -> list[Neighbour]:
        """The direct neighbours with the greatest values first."""
        of_edge = shape.is_of_edge(label, direction, by)
        answer = self._ask(text.greatest(text.node(id), label, direction, Listing(by, of_edge, limit, part)), "gst")
        columns = (vocabulary.ids_of(answer[name]).to_pylist() for name in "gst")
        edges = list({edge: Edge(edge, label, start, end) for edge, start, end in zip(*columns, strict=True)}.values())
        far = {edge.id: edge.target if direction == "out" else edge.source for edge in edges}
        whole, vertices = self._whole(edges), self._vertices(far.values())
        there = [edge.id for edge in edges if edge.id in whole and far[edge.id] in vertices]
        return [Neighbour(whole[edge], vertices[far[edge]]) for edge in there]

    def count_neighbours(self, id: str, label: str, direction: Way) -> int:
        """How many direct neighbours a vertex has."""
        shape.edge_labels([label])
        return int(self._ask(text.how_many(text.node(id), label, direction), "n")["n"][0].as_py())

    def around(self, id: str, wanted: Sequence[Wanted]) -> AroundVertex | None:
        """A vertex with several lists of direct neighbours: one query for the edges, one for all that is known of both ends."""
        shape.edge_labels([one.label for one in wanted])
        edges = self._first_edges(id, wanted) if wanted else ()
        far = {edge.id: edge.target if edge.source == id else edge.source for edge in edges}
        vertices, whole = self._together({id, *far.values()}, edges)
        if id not in vertices:
            return None
        read: dict[str, list[Neighbour]] = defaultdict(list)
        for edge in whole.values():
            if far[edge.id] in vertices:
                read[edge.label].append(Neighbour(edge, vertices[far[edge.id]]))
        return completed(self, vertices[id], wanted, read)

    def _first_edges(self, id: str, wanted: Sequence[Wanted]) -> Collection[Edge]:
        """The edges of a vertex without their properties, one more of each label than is wanted."""
        found = answers.few(self._channel.select(text.first_edges(text.node(id), wanted)), "gspt")
        of = vocabulary.id_of
        return {g: Edge(of(g), LABEL_OF[label], of(start), of(end)) for g, start, label, end in found}.values()

    def _together(self, ids: Collection[str], edges: Collection[Edge]) -> tuple[dict[str, Vertex], dict[str, Edge]]:
        """`_vertices` and `_whole`, in one query if it is not too large."""
        if len(ids) + len(edges) > self.options.rows_per_request:
            return self._vertices(ids), self._whole(edges)
        near = {id: label for id in sorted(ids) if (label := shape.label_of(id))}
        bare = [edge for edge in edges if EDGES[edge.label].properties]  # of the others, all is known already
        if not near and not bare:
            return {}, {edge.id: edge for edge in edges}
        asked = text.whole([text.node(id) for id in near], [text.node(edge.id) for edge in bare])
        found = answers.few(self._channel.select(asked), "npo")
        rows = answers.few_rows([*near.values(), *(edge.label for edge in bare)], found)
        vertices = {
            id: shape.vertex_of(label, {"id": id, **row})
            for (id, label), row in zip(near.items(), rows, strict=False)
            if row is not None
        }
        whole = {edge.id: edge for edge in edges}
        for edge, row in zip(bare, rows[len(near) :], strict=True):
            ends = {"id": edge.id, "source": edge.source, "target": edge.target}
            whole[edge.id] = shape.edge_of(edge.label, {**ends, **(row or {})})
        return vertices, whole

    def path(self, a: str, b: str, max_hops: int = 6) -> list[Vertex | Edge]:
        """A shortest path."""
        ends = self._vertices([a, b])
        if a not in ends or b not in ends:
            return []
        edges = walk.shortest(lambda ids: self._at(ids, list(EDGES), "both").values(), a, b, max_hops)
        stops = [a]
        for edge in edges:
            stops.append(edge.target if edge.source == stops[-1] else edge.source)
        whole, vertices = self._whole(edges), self._vertices(stops)
        if stops[-1] != b:
            return []
        steps: list[Vertex | Edge] = [vertices[a]]
        for edge, stop in zip(edges, stops[1:], strict=True):
            steps += [whole[edge.id], vertices[stop]]
        return steps

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """Vertices that have every word."""

        def holding(names: Sequence[str], pieces: Sequence[str]) -> list[Vertex]:
            by_id = list(names) == ["id"]
            answer = self._ask(text.found(label, names, [] if by_id else pieces), "gn")
            ids = vocabulary.ids_of(answer["g"]).to_pylist()
            fits = [(int(length or 0) or len(id), id) for length, id in zip(answer["n"].to_pylist(), ids, strict=True)]
            if by_id:
                fits = [(length, id) for length, id in fits if all(piece in id.lower() for piece in pieces)]
            best = [id for _, id in sorted(fits)[:limit]]
            read = self._vertices(best)
            return [read[id] for id in best if id in read]

        return found(label, words, holding, lambda: bool(self._ask(text.has(label, SEARCH), "g").num_rows))

    def vertices(self, ids: Sequence[str]) -> dict[str, Vertex]:
        """Those of these vertices that there are, by id."""
        return self._vertices(ids)

    # -- queries -------------------------------------------------------------------------------------------------------
    def query(self, text: str, language: str = "") -> pa.Table:
        """Run a SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE, without SERVICE."""
        if language not in ("", "sparql"):
            raise QueryError(f'This store does not know the query language "{language}".', "It knows: sparql.")
        stay_here(text)
        found = answers.answer_table(self._channel.ask(text))
        not_too_many(found.num_rows, self.options.query_rows)
        return found

    def languages(self) -> list[str]:
        """SPARQL."""
        return ["sparql"]

    def close(self) -> None:
        """Release files and connections."""
        self._channel.close()
        if self._engine is not None:
            self._engine.close()

    def _ask(self, query: str, columns: Sequence[str]) -> pa.Table:
        return answers.table(self._channel.select(query), list(columns))

    def _some(self, nodes: Sequence[str]) -> Iterator[Sequence[str]]:
        for start in range(0, len(nodes), self.options.rows_per_request):
            yield nodes[start : start + self.options.rows_per_request]

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError("The graph is open for reading only.", "Open it for writing.")


def _edges(answer: pa.Table) -> dict[str, Edge]:
    """Edges without their properties, by id, from their g, s, p, t."""
    columns = (vocabulary.ids_of(answer[name]).to_pylist() for name in "gst")
    rows = zip(answer["p"].to_pylist(), *columns, strict=True)
    return {id: Edge(id, LABEL_OF[label], source, target) for label, id, source, target in rows}


PLUGIN = Rdf

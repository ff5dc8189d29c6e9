"""The SPARQL of the store. Every pattern names its graph, so it does not matter which graphs a server has in its default graph.

Ids are given as IRIs in brackets. Answers are CSV: `g` is the vertex or edge; each query documents its other columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from fullcircle.errors import QueryError
from fullcircle.graph.base import Listing, ListPlace, Wanted
from fullcircle.graph.rdf import vocabulary
from fullcircle.graph.rdf.vocabulary import FC, STAMP_GRAPH, VERTEX_GRAPH, class_of, predicate
from fullcircle.graph.shape import title
from fullcircle.graph.words import SEARCH
from fullcircle.model.graph import EDGES, VERTICES

HASH = f"<{predicate('hash')}>"
STAMP = f"<{STAMP_GRAPH}> <{FC}mark>"


def node(id: str) -> str:
    """An id as it is written in a query."""
    return f"<{vocabulary.iri(id)}>"


# -- reading -----------------------------------------------------------------------------------------------------------
def all_of(label: str, with_hash: bool) -> str:
    """Every vertex (g, hash) or edge (g, s, t, hash) with a label."""
    wanted = f"OPTIONAL {{ ?g {HASH} ?hash }}" if with_hash else ""
    names = "?hash" if with_hash else ""
    if label in VERTICES:
        return f"SELECT ?g {names} WHERE {{ GRAPH <{VERTEX_GRAPH}> {{ ?g a <{class_of(label)}> {wanted} }} }}"
    return f"SELECT ?g ?s ?t {names} WHERE {{ GRAPH ?g {{ ?s <{class_of(label)}> ?t {wanted} }} }}"


def statements(nodes: Sequence[str], of_edges: bool) -> str:
    """All statements about these vertices (g, p, o), or in the graphs of these edges (g, s, p, o)."""
    given = f"VALUES ?g {{ {' '.join(nodes)} }}"
    if of_edges:
        return f"SELECT ?g ?s ?p ?o WHERE {{ {given} GRAPH ?g {{ ?s ?p ?o }} }}"
    return f"SELECT ?g ?p ?o WHERE {{ {given} GRAPH <{VERTEX_GRAPH}> {{ ?g ?p ?o }} }}"


def counts() -> tuple[str, str]:
    """How many vertices each class has, and how many edges each predicate (k, n)."""
    terms = " ".join(f"<{class_of(label)}>" for label in EDGES)
    return (
        f"SELECT ?k (COUNT(?g) AS ?n) WHERE {{ GRAPH <{VERTEX_GRAPH}> {{ ?g a ?k }} }} GROUP BY ?k",
        f"SELECT ?k (COUNT(?g) AS ?n) WHERE {{ VALUES ?k {{ {terms} }} GRAPH ?g {{ ?s ?k ?t }} }} GROUP BY ?k",
    )


def around(nodes: Iterable[str], labels: Sequence[str], direction: str) -> str:
    """The edges of these vertices with these labels (g, s, p, t); an edge between two of them may be given twice."""
    terms = ", ".join(f"<{class_of(label)}>" for label in labels)
    given = " ".join(nodes)
    sides = [side for way, side in (("out", "s"), ("in", "t")) if direction in (way, "both")]
    found = [f"{{ VALUES ?{side} {{ {given} }} GRAPH ?g {{ ?s ?p ?t }} FILTER (?p IN ({terms})) }}" for side in sides]
    return f"SELECT ?g ?s ?p ?t WHERE {{ {' UNION '.join(found)} }}"


def first_edges(node: str, wanted: Sequence[Wanted]) -> str:
    """The first edges of a vertex (g, s, p, t) of several labels, one more of each than is wanted, in any order."""
    lists = []
    for one in wanted:
        near, term = "?s" if one.way == "out" else "?t", f"<{class_of(one.label)}>"
        edges = f"VALUES {near} {{ {node} }} GRAPH ?g {{ ?s {term} ?t }}"
        lists.append(f"{{ SELECT ?g ?s ({term} AS ?p) ?t WHERE {{ {edges} }} LIMIT {one.limit + 1} }}")
    return f"SELECT ?g ?s ?p ?t WHERE {{ {' UNION '.join(lists)} }}"


def whole(vertices: Sequence[str], edges: Sequence[str]) -> str:
    """What is said of these vertices, then of these edges themselves (n, p, o): n is the place in both lists, from 0.

    A number in place of the IRI, and nothing that is known of an edge already: the answer is half as long.
    """
    parts = []
    for first, nodes, graph in ((0, vertices, f"<{VERTEX_GRAPH}>"), (len(vertices), edges, "?g")):
        if nodes:
            given = " ".join(f"({place} {node})" for place, node in enumerate(nodes, first))
            parts.append(f"{{ VALUES (?n ?g) {{ {given} }} GRAPH {graph} {{ ?g ?p ?o }} }}")
    return f"SELECT ?n ?p ?o WHERE {{ {' UNION '.join(parts)} }}"


def greatest(node: str, label: str, way: str, listing: Listing) -> str:
    """The edges of a vertex to others (g, s, t), those with the greatest value of the property first."""
    near, far = ("?s", "?t") if way == "out" else ("?t", "?s")
    term, source = predicate(listing.by), listing.part.source
    value = f"GRAPH ?g {{ ?g <{term}> ?v }}" if listing.of_edge else f"GRAPH <{VERTEX_GRAPH}> {{ {far} <{term}> ?v }}"
    edges = f"VALUES {near} {{ {node} }} GRAPH ?g {{ ?s <{class_of(label)}> ?t }} FILTER (?s != ?t)"
    edges += f" GRAPH <{VERTEX_GRAPH}> {{ {far} <{predicate('source')}> {text(source)} }}" if source else ""
    where = f"{edges} OPTIONAL {{ {value} }} {_after(listing.part.after)}"
    return f"SELECT ?g ?s ?t WHERE {{ {where} }} ORDER BY DESC(?v) ?g LIMIT {listing.limit}"


def _after(place: ListPlace | None) -> str:
    """What comes after a place in the order: a lower value, the same and a greater id, or no value."""
    if place is None:
        return ""
    later = f"STR(?g) > {text(vocabulary.iri(place.edge_id))}" if place.edge_id is not None else "false"
    if place.value is None:
        return f"FILTER (!BOUND(?v) && {later})"
    given = value_of(place.value)
    return f"FILTER (!BOUND(?v) || ?v < {given} || (?v = {given} && {later}))"


def how_many(node: str, label: str, way: str) -> str:
    """How many edges a vertex has to others (n)."""
    near = "?s" if way == "out" else "?t"
    return (
        f"SELECT (COUNT(?g) AS ?n) WHERE {{ VALUES {near} {{ {node} }} "
        f"GRAPH ?g {{ ?s <{class_of(label)}> ?t }} FILTER (?s != ?t) }}"
    )


def present(nodes: Sequence[str]) -> str:
    """Which of these are vertices of the graph (g)."""
    return f"SELECT ?g WHERE {{ VALUES ?g {{ {' '.join(nodes)} }} GRAPH <{VERTEX_GRAPH}> {{ ?g a ?label }} }}"


def found(label: str, names: Sequence[str], pieces: Sequence[str]) -> str:
    """Vertices with a label whose properties `names` contain every piece of text, and the length of their title (g, n)."""
    if list(names) == [SEARCH]:
        held = [f"?g <{predicate(SEARCH)}> ?said", *(f"FILTER CONTAINS(?said, {text(piece)})" for piece in pieces)]
    else:
        terms = ", ".join(f"<{predicate(name)}>" for name in names if name != "id")
        held = [
            f"FILTER EXISTS {{ ?g ?p{place} ?o{place} FILTER (?p{place} IN ({terms}) && "
            f"CONTAINS(LCASE(?o{place}), {text(piece)})) }}"
            for place, piece in enumerate(pieces)
        ]
    name = f"OPTIONAL {{ ?g <{predicate(title(label))}> ?title }}" if title(label) != "id" else ""
    where = f"?g a <{class_of(label)}> . {' '.join(held)} {name}"
    return f"SELECT ?g (STRLEN(?title) AS ?n) WHERE {{ GRAPH <{VERTEX_GRAPH}> {{ {where} }} }}"


def has(label: str, name: str) -> str:
    """A vertex with a label that has a property (g), if there is any."""
    where = f"?g a <{class_of(label)}> ; <{predicate(name)}> ?o"
    return f"SELECT ?g WHERE {{ GRAPH <{VERTEX_GRAPH}> {{ {where} }} }} LIMIT 1"


def stamp() -> str:
    """The stamp (g)."""
    return f"SELECT ?g WHERE {{ GRAPH <{STAMP_GRAPH}> {{ {STAMP} ?g }} }}"


def text(value: str) -> str:
    """A text as a literal."""
    for raw, safe in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        value = value.replace(raw, safe)
    return f'"{value}"'


def value_of(value: object) -> str:
    """A value of a property as a literal."""
    for kind, type_ in ((bool, "bool"), (datetime, "timestamp"), (date, "date"), (int, "int"), (float, "double")):
        if isinstance(value, kind):
            lexical = str(value).lower() if kind is bool else value.isoformat() if isinstance(value, date) else repr(value)
            zone = "Z" if kind is datetime else ""
            return f'"{lexical}{zone}"^^<{vocabulary.XSD}{vocabulary.DATATYPES[type_]}>'
    return text(str(value))


# -- writing -----------------------------------------------------------------------------------------------------------
def insert(of_edges: bool, statements: Iterable[tuple[str, str]]) -> str:
    """Insert rows: (graph in brackets, the triples of the row)."""
    if of_edges:
        return f"INSERT DATA {{ {' '.join(f'GRAPH {graph} {{ {triples} }}' for graph, triples in statements)} }}"
    return f"INSERT DATA {{ GRAPH <{VERTEX_GRAPH}> {{ {''.join(triples for _, triples in statements)} }} }}"


def delete_vertices(nodes: Sequence[str]) -> str:
    """Delete all statements about these vertices themselves."""
    pattern = f"GRAPH <{VERTEX_GRAPH}> {{ ?g ?p ?o }}"
    return f"DELETE {{ {pattern} }} WHERE {{ VALUES ?g {{ {' '.join(nodes)} }} {pattern} }}"


def delete_edges(nodes: Sequence[str], label: str = "") -> str:
    """Delete these edges with all their properties; if a label is given, only those that have it."""
    of_label = f"GRAPH ?g {{ ?a <{class_of(label)}> ?b }}" if label else ""
    pattern = "GRAPH ?g { ?s ?p ?o }"
    return f"DELETE {{ {pattern} }} WHERE {{ VALUES ?g {{ {' '.join(nodes)} }} {of_label} {pattern} }}"


def put_stamp(value: str) -> str:
    """Replace the stamp."""
    pattern = f"GRAPH <{STAMP_GRAPH}> {{ {STAMP} "
    return f"DELETE WHERE {{ {pattern} ?old }} }} ; INSERT DATA {{ {pattern} {text(value)} }} }}"


# -- what users write --------------------------------------------------------------------------------------------------
# OPAQUE: strings, IRIs and comments, which may contain any word. SERVICE: the word, wherever it can begin. Parsers need no space
# around it, so too much is refused (`?c.SERVICE`, `1SERVICE`, `trueSERVICE`, a prefix `services:`) rather than too little.
OPAQUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|' + r"'''(?:[^\\]|\\.)*?'''|"
    + r'"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'|" + r'<[^<>"{}|^`\\\s]*>|#[^\n]*', re.DOTALL,
)  # fmt: skip
SERVICE = re.compile(r"(?:(?<![a-z_:?$\u0080-\uffff])|true|false)service", re.IGNORECASE)
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


def asks_elsewhere(query: str) -> bool:
    """Whether a user's query sends a part of itself, perhaps with results, to another server (SERVICE)."""
    plain = ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), query)
    return any(SERVICE.search(OPAQUE.sub(" ", one)) for one in (query, plain))


HEAD = re.compile(r"\s*(?:(?:base|prefix\s+[^\s:]*:)\s*)*(\w*)", re.IGNORECASE)
READS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
LONGEST, DEEPEST = 100_000, 100  # characters; brackets in brackets: parsers recurse


def stay_here(query: str) -> None:
    """Raise QueryError for a user's query that does not only read, that would ask another server, or that no parser can bear."""
    if len(query) > LONGEST:
        raise QueryError(f"The query is longer than {LONGEST:,} characters.", "Ask in parts.")
    bare = OPAQUE.sub(" ", query)
    head = HEAD.match(bare)
    if head is None or head[1].upper() not in READS:
        raise QueryError("The query does not begin with SELECT, ASK, CONSTRUCT or DESCRIBE.", "Only reading is allowed here.")
    deep = 0
    for bracket in re.findall(r"[(){}\[\]]", bare):
        deep += 1 if bracket in "({[" else -1
        if deep > DEEPEST:
            raise QueryError(f"The query has more than {DEEPEST} brackets in each other.", "Write it in a simpler way.")
    if asks_elsewhere(query):
        raise QueryError(
            "A query may not send data to another server (SERVICE).", "Remove SERVICE, and ask each server separately."
        )

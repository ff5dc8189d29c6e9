"""Traversals that read, as bytecode. They give element maps, because the elements that Neptune returns have no properties."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from gremlin_python.process.graph_traversal import GraphTraversal, GraphTraversalSource, __
from gremlin_python.process.traversal import Bytecode, Column, Order, P, T, TextP, TraversalStrategies
from gremlin_python.structure.graph import Graph

from fullcircle.graph.base import Direction, Listing, Wanted, Way
from fullcircle.graph.stores.gremlin.values import structure
from fullcircle.graph.words import SEARCH
from fullcircle.model.graph import EDGES

g = GraphTraversalSource(Graph(), TraversalStrategies())
IDS_PER_REQUEST = 500


def bytecode(traversal: GraphTraversal) -> Bytecode:
    """The bytecode of a traversal, which is what is sent."""
    code: Bytecode = traversal.bytecode
    return code


def ids_of(label: str) -> Bytecode:
    """The id of every vertex or edge with a label."""
    start = g.E() if label in EDGES else g.V()
    return bytecode(start.has_label(label).id_())


def elements(label: str, ids: Sequence[str], columns: Sequence[str]) -> Iterator[Bytecode]:
    """Element maps with these properties, by id, some hundred per request."""
    # Without any key, all properties are read; the hash is the smallest property that every element has.
    keys = [name for name in columns if name not in structure(label)] or ["hash"]
    for start in range(0, len(ids), IDS_PER_REQUEST):
        some = ids[start : start + IDS_PER_REQUEST]
        yield bytecode((g.E(*some) if label in EDGES else g.V(*some)).element_map(*keys))


def holders(label: str, ids: Sequence[str], names: Sequence[str]) -> Bytecode:
    """Element maps with these properties, for the elements that have at least one of them."""
    start = g.E(*ids) if label in EDGES else g.V(*ids)
    return bytecode(start.or_(*(__.has(name) for name in names)).element_map(*names))


def ends(ids: Sequence[str]) -> Bytecode:
    """The id, source id and target id of each edge; as lists, which are much faster to read than element maps."""
    edge = g.E(*ids).project("id", "source", "target").by(T.id).by(__.out_v().id_()).by(__.in_v().id_())
    return bytecode(edge.select(Column.values))


def counts() -> tuple[Bytecode, Bytecode]:
    """How many vertices, and how many edges, each label has."""
    return bytecode(g.V().group_count().by(T.label)), bytecode(g.E().group_count().by(T.label))


def vertices(ids: Iterable[str]) -> Bytecode:
    """Whole vertices by id."""
    return bytecode(g.V(*ids).element_map())


def around(
    frontier: Sequence[str], seen: Collection[str], labels: Sequence[str], direction: Direction, limit: int
) -> Iterator[Bytecode]:
    """The edges from these vertices to vertices not seen yet, by edge id, each with the vertex at its other end."""
    for start in range(0, len(frontier), IDS_PER_REQUEST):
        here = g.V(*frontier[start : start + IDS_PER_REQUEST])
        edges = {"out": here.out_e, "in": here.in_e, "both": here.both_e}[direction](*labels)
        unseen = edges.where(__.other_v().has(T.id, P.without(sorted(seen))))
        ordered = unseen.order().by(T.id).limit(limit)
        yield bytecode(ordered.project("edge", "vertex").by(__.element_map()).by(__.other_v().element_map()))


def all_around(id: str, wanted: Sequence[Wanted]) -> Bytecode:
    """A vertex, and the first edges of several labels in any order, each with the vertex at its other end: one request."""
    lists = [
        (__.out_e(one.label).limit(one.limit + 1).project("edge", "vertex").by(__.element_map()).by(__.in_v().element_map()))
        if one.way == "out"
        else (__.in_e(one.label).limit(one.limit + 1).project("edge", "vertex").by(__.element_map()).by(__.out_v().element_map()))
        for one in wanted
    ]
    return bytecode(g.V(id).project("here", "near").by(__.element_map()).by(__.union(*lists).fold()))


def greatest(id: str, label: str, way: Way, listing: Listing) -> Iterator[Bytecode]:
    """The edges of a vertex with the property, the greatest first, then those without it by id; as `around` gives them."""
    value = __.values(listing.by) if listing.of_edge else __.other_v().values(listing.by)
    after = listing.part.after
    known, unknown = (_others(id, label, way) for _ in range(2))
    if listing.part.source:
        known, unknown = (one.where(__.other_v().has("source", listing.part.source)) for one in (known, unknown))
    known, unknown = known.where(value), unknown.not_(value)
    if after and after.value is not None:
        less, equal = (value.clone().is_(test(after.value)) for test in (P.lt, P.eq))
        known = (
            known.or_(less, __.and_(equal, __.id_().is_(P.gt(after.edge_id)))) if after.edge_id is not None else known.where(less)
        )
    if not after or after.value is not None:
        yield _listed(known.order().by(value, Order.desc).by(T.id), listing.limit)
    if after and after.value is None:
        if after.edge_id is None:
            return
        unknown = unknown.where(__.id_().is_(P.gt(after.edge_id)))
    yield _listed(unknown.order().by(T.id), listing.limit)


def _listed(ordered: GraphTraversal, limit: int) -> Bytecode:
    return bytecode(ordered.limit(limit).project("edge", "vertex").by(__.element_map()).by(__.other_v().element_map()))


def how_many(id: str, label: str, way: Way) -> Bytecode:
    """The number of edges of a vertex to others."""
    return bytecode(_others(id, label, way).count())


def _others(id: str, label: str, way: Way) -> GraphTraversal:
    """The edges of a vertex, without loops."""
    here = g.V(id)
    edges = here.out_e(label) if way == "out" else here.in_e(label)
    return edges.where(__.other_v().has(T.id, P.neq(id)))


def way(a: str, b: str, max_hops: int) -> Bytecode:
    """A shortest path between two vertices, over edges in either direction.

    repeat() searches breadth first, on TinkerPop and on Neptune; dedup() inside it visits every vertex only once. So b is
    first reached over a shortest path, and hubs are not visited again and again.
    """
    there = __.or_(__.has_id(b), __.loops().is_(max_hops))
    walk = g.V(a).repeat(__.both_e(*EDGES).other_v().dedup()).until(there).has_id(b).limit(1)
    return bytecode(walk.path().by(__.element_map()))


def holding(label: str, words: Sequence[str], names: Sequence[str], title: str, regex: bool) -> Bytecode:
    """Id and title of the vertices whose properties `names` contain every word, ignoring case."""
    found = g.V().has_label(label)
    for word in words:
        if word.lower() == word.upper() or names == [SEARCH]:  # no regular expression, which Neptune runs outside its engine
            tests = [TextP.containing(word)]
        else:
            tests = _any_case(word) if not regex else [TextP.regex(f"(?iu){re.escape(word)}")]
        # Servers fail when they search in what is no text, which another program may have written; every text is at least "".
        found = found.where(
            __.or_(
                *(
                    __.has(T.id, test) if name == "id" else __.has(name, P.gte("")).has(name, test)
                    for name in names
                    for test in tests
                )
            )
        )
    return bytecode(found.element_map(*([title] if title != "id" else ["hash"])))


def has(label: str, name: str) -> Bytecode:
    """The id of a vertex that has a property, if there is any."""
    return bytecode(g.V().has_label(label).has(name).limit(1).id_())


def _any_case(word: str) -> list[TextP]:
    """The usual spellings of a word, for servers without regular expressions."""
    return [TextP.containing(way) for way in sorted({word, word.lower(), word.upper(), word.capitalize(), word.title()})]


def stamp(id: str) -> Bytecode:
    """The text kept beside the graph."""
    return bytecode(g.V(id).values("text"))

"""How two customers are connected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fullcircle.ask.named import MappedObject, by_id, find_customer
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import NotFound
from fullcircle.graph.base import Edge, GraphStore


@dataclass(frozen=True, slots=True)
class PathStep(ReaderAnswer):
    """A vertex or an edge on the way."""

    id: str
    kind: str  # of the vertex (Customer, Household ...) or of the edge (MEMBER_OF ...)
    edge: bool  # True: an edge
    name: str | None


def path(
    store: GraphStore, book: Book, a: str, b: str, max_hops: int = 6, objects: Sequence[MappedObject] = ()
) -> Answers[PathStep]:
    """A shortest way from a to b, customers or anything else in the graph: vertices and edges in turn."""
    steps = store.path(_end(store, book, a, objects), _end(store, book, b, objects), max_hops)
    if not steps:
        hops = "1 hop" if max_hops == 1 else f"{max_hops} hops"
        raise NotFound(f"No path within {hops}.", "Allow more hops, or choose two others.")
    found = [PathStep(one.id, one.label, isinstance(one, Edge), one.properties.get("name")) for one in steps]
    return Answers(PathStep, tuple(found))


def _end(store: GraphStore, book: Book, which: str, objects: Sequence[MappedObject]) -> str:
    """The id of an end: of a product, a household ... itself; else of the customer that is meant."""
    named = by_id(store, which.strip())
    if len(named) == 1 and named[0].id == which.strip() and named[0].label not in ("Customer", "Record"):
        return named[0].id
    return find_customer(store, book, which, objects).id

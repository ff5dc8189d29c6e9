"""How two customers are connected."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.ask.customer import find_customer
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


def path(store: GraphStore, book: Book, a: str, b: str, max_hops: int = 6) -> Answers[PathStep]:
    """A shortest way from a to b: vertices and edges in turn."""
    steps = store.path(find_customer(store, book, a).id, find_customer(store, book, b).id, max_hops)
    if not steps:
        hops = "1 hop" if max_hops == 1 else f"{max_hops} hops"
        raise NotFound(f"No path within {hops}.", "Allow more hops, or choose two other customers.")
    found = [PathStep(one.id, one.label, isinstance(one, Edge), one.properties.get("name")) for one in steps]
    return Answers(PathStep, tuple(found))

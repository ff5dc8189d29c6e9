"""How two customers (or any two vertices) hang together."""

from __future__ import annotations

from typing import Any

from fullcircle.ask.customer import customer
from fullcircle.book.book import Book
from fullcircle.errors import NotFound
from fullcircle.graph.base import Edge, GraphStore


def path(store: GraphStore, book: Book, a: str, b: str, max_hops: int = 6) -> list[dict[str, Any]]:
    """A shortest way from a to b: vertices and edges in turn, each with id, kind, and a name where it has one."""
    steps = store.path(customer(store, book, a).id, customer(store, book, b).id, max_hops)
    if not steps:
        raise NotFound(f"Nothing joins the two within {max_hops} steps.", "Allow more with --max-hops.")
    return [{"id": one.id, "kind": one.label, "edge": isinstance(one, Edge), "name": one.properties.get("name")} for one in steps]

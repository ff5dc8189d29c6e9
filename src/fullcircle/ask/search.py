"""Who could that be: customers by words of their name, e-mail, phone or city."""

from __future__ import annotations

from typing import Any

from fullcircle.graph.base import GraphStore

SHOWN = ("name", "email", "phone", "city", "country", "records", "sources")


def search(store: GraphStore, words: str, limit: int = 20) -> list[dict[str, Any]]:
    """Customers that have every word somewhere, best first: id and a few properties each."""
    found = store.find("Customer", words, limit)
    return [{"id": one.id, **{name: one.properties.get(name) for name in SHOWN}} for one in found]

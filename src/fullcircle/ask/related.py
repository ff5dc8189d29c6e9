"""Who is like this customer, and why."""

from __future__ import annotations

from typing import Any

from fullcircle.ask.customer import customer, flat
from fullcircle.book.book import Book
from fullcircle.graph.base import GraphStore


def related(store: GraphStore, book: Book, which: str, limit: int = 10) -> list[dict[str, Any]]:
    """The most related customers, best first: id, name, score, shared products, why."""
    start = customer(store, book, which)
    rows = [flat(one) for one in store.neighbours(start.id, ["RELATED_TO"], "out", limit=1000)]
    rows.sort(key=lambda row: (-(row.get("score") or 0), row["id"]))
    return [{name: row.get(name) for name in ("id", "name", "score", "shared", "why")} for row in rows[:limit]]

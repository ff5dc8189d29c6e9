"""Who is like this customer, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fullcircle.ask.customer import flat
from fullcircle.ask.named import MappedObject, find_customer, read
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.graph.base import GraphStore, RunsInsights


@dataclass(frozen=True, slots=True)
class RelatedCustomer(ReaderAnswer):
    """A customer who bought similar things."""

    id: str
    name: str | None
    score: float | None  # higher is more alike
    shared: int | None  # how many products both bought
    why: str | None  # one sentence


def related(
    store: GraphStore, book: Book, which: str, limit: int = 10, objects: Sequence[MappedObject] = ()
) -> Answers[RelatedCustomer]:
    """The most related customers, best first, as the last run found them."""
    start = find_customer(store, book, which, objects)
    rows = [flat(one) for one in store.greatest_neighbours(start.id, "RELATED_TO", "out", "score", limit)]
    rows.sort(key=lambda row: (-(row.get("score") or 0), row["id"]))
    found = [
        RelatedCustomer(row["id"], row.get("name"), row.get("score"), row.get("shared"), row.get("why")) for row in rows[:limit]
    ]
    return Answers(RelatedCustomer, tuple(found))


def related_live(
    store: GraphStore, server: RunsInsights, book: Book, which: str, limit: int, objects: Sequence[MappedObject],
    options: Mapping[str, Any],
) -> Answers[RelatedCustomer]:  # fmt: skip
    """The most related customers, best first, as the graph server computes them now."""
    start = find_customer(store, book, which, objects)
    rows = server.related_customers(start.id, limit, **options).to_pylist()
    names = {one.id: one.properties.get("name") for one in read(store, [row["related_id"] for row in rows])}
    pairs = [(row["related_id"], row) for row in rows]
    found = [RelatedCustomer(id, names.get(id), row["score"], row["shared"], row["why"]) for id, row in pairs]
    return Answers(RelatedCustomer, tuple(found))

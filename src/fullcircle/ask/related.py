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

PRODUCTS = "products"
MOST = 1000  # connections that are read
CLOSENESS = ("household", "interaction", PRODUCTS, "account")


@dataclass(frozen=True, slots=True)
class RelatedCustomer(ReaderAnswer):
    """A customer who bought similar things, or is connected otherwise."""

    id: str
    name: str | None
    score: float | None  # higher is more alike, by what both bought
    shared: int | None  # how many products both bought
    why: str | None  # one sentence, or one for each kind
    kinds: tuple[str, ...] = (PRODUCTS,)  # household, interaction, account, products


def related(
    store: GraphStore, book: Book, which: str, limit: int = 10, objects: Sequence[MappedObject] = ()
) -> Answers[RelatedCustomer]:
    """The most related customers, as the last run found them, best first: households, then whoever is related in several ways."""
    start = find_customer(store, book, which, objects)
    found: dict[str, RelatedCustomer] = {}
    for row in map(flat, store.neighbours(start.id, ["CONNECTED_TO"], "out", limit=MOST)):
        kinds = tuple(one for one in str(row.get("kinds") or "").split(", ") if one in CLOSENESS)
        found[row["id"]] = RelatedCustomer(row["id"], row.get("name"), None, None, row.get("why"), kinds)
    for row in map(flat, store.greatest_neighbours(start.id, "RELATED_TO", "out", "score", limit)):
        known = found.get(row["id"])
        kinds = (*(known.kinds if known else ()), PRODUCTS)
        why = " ".join(one for one in (known.why if known else None, row.get("why")) if one)
        found[row["id"]] = RelatedCustomer(row["id"], row.get("name"), row.get("score"), row.get("shared"), why or None, kinds)
    return Answers(RelatedCustomer, tuple(sorted(found.values(), key=_place)[:limit]))


def _place(one: RelatedCustomer) -> tuple[int, int, float, str]:
    return min(CLOSENESS.index(kind) for kind in one.kinds or CLOSENESS[-1:]), -len(one.kinds), -(one.score or 0), one.id


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

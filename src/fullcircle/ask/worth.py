"""What is expected of a customer: orders and value in the next days, and the chance that no order comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from fullcircle.ask.customer import flat
from fullcircle.ask.named import MappedObject, find_customer
from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore


@dataclass(frozen=True, slots=True)
class WorthAnswer(ReaderAnswer):
    """What the last run expects of a customer. `expected_value` is None for who paid in several currencies."""

    customer_id: str
    name: str | None
    days: int | None = None  # so many days ahead
    expected_orders: float | None = None
    expected_value: float | None = None  # in `currency`
    currency: str | None = None
    lost: float | None = None  # the chance that no order comes in these days
    method: str | None = None
    why: str | None = None


def worth(store: GraphStore, book: Book, which: str, objects: Sequence[MappedObject] = ()) -> WorthAnswer:
    """What is expected of a customer; NotFound if nothing is foreseen of them."""
    customer = find_customer(store, book, which, objects)
    found = [flat(one) for one in store.neighbours(customer.id, ["HAS_WORTH"], "out", limit=1)]
    if not found:
        raise NotFound(
            f"Nothing is foreseen of {customer.id}: no order counts, or too few customers came back to learn from.",
            "See `fullcircle show`; `fullcircle run` says what it learned from.",
        )
    kept = {one.name: found[0][one.name] for one in fields(WorthAnswer) if one.name in found[0] and one.name != "name"}
    return WorthAnswer(customer_id=customer.id, name=customer.properties.get("name"), **kept)

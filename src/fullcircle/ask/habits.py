"""How a customer buys: how often, how much, where, and when next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from fullcircle.ask.customer import flat
from fullcircle.ask.named import MappedObject, find_customer
from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore, RunsInsights


@dataclass(frozen=True, slots=True)
class HabitsAnswer(ReaderAnswer):
    """How a customer buys. What compares all customers (rfm, segment, due) only a run knows: it is None in a live answer."""

    customer_id: str
    name: str | None
    orders: int | None = None
    amount: float | None = None  # spent, in `currency`; None if there are several: then `amounts` has each
    currency: str | None = None
    amounts: str | None = None  # JSON
    unpaid: float | None = None
    cadence_days: float | None = None  # the usual pause between two orders
    first_order: datetime | None = None
    last_order: datetime | None = None
    next_order: date | None = None
    categories: tuple[str, ...] = ()  # the favourite ones first
    channel: str | None = None
    rfm: str | None = None
    segment: str | None = None
    due: bool | None = None
    why: str | None = None


def habits(store: GraphStore, book: Book, which: str, objects: Sequence[MappedObject] = ()) -> HabitsAnswer:
    """The habits of a customer as the last run found them; NotFound if nothing was ordered."""
    customer = find_customer(store, book, which, objects)
    found = [flat(one) for one in store.neighbours(customer.id, ["HAS_HABITS"], "out", limit=1)]
    return _answer(customer.id, customer.properties.get("name"), found[0] if found else {})


def habits_live(
    store: GraphStore, server: RunsInsights, book: Book, which: str, objects: Sequence[MappedObject], options: Mapping[str, Any]
) -> HabitsAnswer:
    """The habits of a customer as the graph server computes them now; NotFound if nothing was ordered."""
    customer = find_customer(store, book, which, objects)
    return _answer(customer.id, customer.properties.get("name"), server.habits_of(customer.id, **options))


def _answer(customer: str, name: str | None, found: Mapping[str, Any]) -> HabitsAnswer:
    if not found:
        raise NotFound(f"{customer} has no buying habits: no order of this customer counts.", "See `fullcircle show`.")
    listed = found.get("categories") or ()
    kept = {
        one.name: found[one.name] for one in fields(HabitsAnswer) if one.name in found and one.name not in ("categories", "name")
    }
    return HabitsAnswer(
        customer_id=customer, name=name, categories=tuple(json.loads(listed) if isinstance(listed, str) else listed), **kept
    )

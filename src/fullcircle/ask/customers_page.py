"""All customers, page by page in the order of their ids, as an export sends them. Whose data may not be used is left out.

The ids come from the ledger in the book, so a page is found at once however many there are; the values come from the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fullcircle.ask.customer import shown_customer
from fullcircle.ask.named import read
from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import ConfigError
from fullcircle.govern.restricted import Restricted
from fullcircle.graph.base import GraphStore
from fullcircle.identity.ledger import Ledger

MOST = 1000


@dataclass(frozen=True, slots=True)
class CustomersPage(ReaderAnswer):
    """A page of customers with their golden values."""

    customers: list[dict[str, Any]] = field(default_factory=list)
    next: str = ""  # the last id that was looked at (`after`); empty on the last page


def customers_page(store: GraphStore, book: Book, after: str = "", limit: int = 500) -> CustomersPage:
    """The customers whose ids come after this one, `limit` of them at most; there may be fewer on any page but the last."""
    limit = max(1, min(limit, MOST))
    restricted = {Ledger(book).customer_of(record) for record in Restricted(book).records()}
    if after and not _is_one(store, book, after):
        raise ConfigError("No export of this project has given this place.", "Give the id of the last customer that arrived.")
    ids = _ids(store, book, after, limit)
    there = read(store, [id for id in ids if id not in restricted])
    return CustomersPage([shown_customer(one) for one in there], ids[-1] if len(ids) == limit else "")


def _is_one(store: GraphStore, book: Book, id: str) -> bool:
    """True for an id that there was once: whose customer is gone by now is a place to go on from, too."""
    ledger = Ledger(book)
    return ledger.resolve(id) is not None if ledger.has_any() else read(store, [id]) != []


def _ids(store: GraphStore, book: Book, after: str, limit: int) -> list[str]:
    """The next ids. A graph that was imported has no ledger: then they are those of the graph."""
    ledger = Ledger(book)
    if ledger.has_any():
        return ledger.live(after, limit)
    return sorted(id for id in _of_graph(store) if id > after)[:limit]


def _of_graph(store: GraphStore) -> Iterator[str]:
    for page in store.scan("Customer", ["id"]):
        yield from page.column("id").to_pylist()

"""Who could that be: customers by words of their name, e-mail, phone or city."""

from __future__ import annotations

from dataclasses import dataclass, fields

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.graph.base import GraphStore


@dataclass(frozen=True, slots=True)
class SearchHit(ReaderAnswer):
    """A customer that has all the words; None where a value is not known."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    city: str | None
    country: str | None
    records: int | None  # how many records of sources the customer has
    sources: str | None  # their sources, by name


def search(store: GraphStore, words: str, limit: int = 20) -> Answers[SearchHit]:
    """Customers that have every word somewhere, best first."""
    shown = [one.name for one in fields(SearchHit) if one.name != "id"]
    found = store.find("Customer", words, limit)
    return Answers(SearchHit, tuple(SearchHit(one.id, *(one.properties.get(name) for name in shown)) for one in found))

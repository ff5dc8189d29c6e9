"""Who could that be: customers by what people type, over all their records, and by the numbers of what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from fullcircle.ask.named import Lead, MappedObject, by_id, by_number, by_words, leads_of
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.graph.base import GraphStore

OWN = ("id", "found_by")  # what is not a property of the customer


@dataclass(frozen=True, slots=True)
class SearchHit(ReaderAnswer):
    """A customer that has all the words, or a number; None where a value is not known."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    city: str | None
    country: str | None
    records: int | None  # how many records of sources the customer has
    sources: str | None  # their sources, by name
    found_by: str | None = None  # the id of the order, ticket, record ... with the number that was searched; None: by words


def search(store: GraphStore, words: str, limit: int = 20, objects: Sequence[MappedObject] = ()) -> Answers[SearchHit]:
    """Customers by an id or a number, then those that have every word in any of their records, best first."""
    leads = [*leads_of(store, by_id(store, words.strip())), *by_number(store, words, objects)]
    leads += [Lead(one, "") for one in by_words(store, words, limit, objects)]
    first: dict[str, Lead] = {}
    for lead in leads:
        first.setdefault(lead.customer.id, lead)
    return Answers(SearchHit, tuple(hit(lead) for lead in list(first.values())[:limit]))


def hit(lead: Lead) -> SearchHit:
    """A customer as it is found."""
    customer = lead.customer
    by = lead.by if lead.by != customer.id else ""
    shown = {one.name: customer.properties.get(one.name) for one in fields(SearchHit) if one.name not in OWN}
    return SearchHit(id=customer.id, **shown, found_by=by or None)

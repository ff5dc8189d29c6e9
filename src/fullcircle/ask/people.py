"""Whom a customer lives or works with: the households and accounts they belong to, each with its people, page by page.

A page goes on after the last of the people of the one before; those with most records come first, then by edge id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fullcircle.ask.named import MappedObject, find_customer
from fullcircle.ask.page_cursor import PageCursor
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.graph.base import WHOLE, GraphStore, ListPlace, Part, Vertex

MEMBER_OF, BY = "MEMBER_OF", "records"
GROUPS = 20  # households and accounts of one customer that are listed
MOST = 500  # people of a page
KEPT = ("kind", "name", "email", "phone", "city", "country", "records")


@dataclass(frozen=True, slots=True)
class GroupOfPeople(ReaderAnswer):
    """A household or an account, and a page of the customers who belong to it."""

    kind: str  # Household or Account
    group: dict[str, Any]  # id and properties
    total: int  # how many belong to it
    people: list[dict[str, Any]]  # id and properties of customers
    next: str  # where the next page begins (`after`); empty on the last page


@dataclass(frozen=True, slots=True)
class CustomersGroups(ReaderAnswer):
    """The households and accounts of a customer."""

    customer_id: str
    name: str | None
    groups: Answers[GroupOfPeople]

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"customer_id": self.customer_id, "name": self.name, "groups": self.groups.to_pylist()}


def people(
    store: GraphStore, book: Book, which: str, after: str = "", limit: int = 50, objects: Sequence[MappedObject] = ()
) -> CustomersGroups:
    """All groups of a customer, or, with `after`, the next page of the one that it is of."""
    customer = find_customer(store, book, which, objects)
    limit = max(1, min(limit, MOST))
    groups = [one.vertex for one in store.neighbours(customer.id, [MEMBER_OF], "out", limit=GROUPS)]
    cursors = PageCursor(book, "a group of this customer", customer.id)
    if after:
        id, records, edge = cursors.place(after)
        part = Part(after=ListPlace(records, edge))
        found = [_group(store, one, limit, part, cursors) for one in groups if one.id == id]
        if not found:  # they have left it since
            raise cursors.refused()
    else:
        found = [_group(store, one, limit, WHOLE, cursors) for one in groups]
    return CustomersGroups(customer.id, customer.properties.get("name"), Answers(GroupOfPeople, tuple(found)))


def _group(store: GraphStore, group: Vertex, limit: int, part: Part, cursors: PageCursor) -> GroupOfPeople:
    near = store.greatest_neighbours(group.id, MEMBER_OF, "in", BY, limit + 1, part)
    page = [_person(one.vertex) for one in near[:limit]]
    total = store.count_neighbours(group.id, MEMBER_OF, "in")
    last = near[limit - 1] if len(near) > limit else None
    following = cursors.at(group.id, last.vertex.properties.get(BY), last.edge.id) if last else ""
    return GroupOfPeople(group.label, {"id": group.id, **group.properties}, total, page, following)


def _person(vertex: Vertex) -> dict[str, Any]:
    return {"id": vertex.id, **{name: vertex.properties[name] for name in KEPT if name in vertex.properties}}

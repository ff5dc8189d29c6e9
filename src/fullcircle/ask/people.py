"""Whom a customer lives or works with: the households and accounts they belong to, each with its people, page by page.

A page goes on after the last of the people of the one before; those with most records come first, then by edge id.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fullcircle.ask.named import MappedObject, find_customer
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import ConfigError
from fullcircle.graph.base import WHOLE, GraphStore, ListPlace, Neighbour, Part, Vertex

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
    if after:
        id, place = _read_cursor(after)
        found = [_group(store, one, limit, Part(after=place)) for one in groups if one.id == id]
        if not found:
            raise _foreign()
    else:
        found = [_group(store, one, limit, WHOLE) for one in groups]
    return CustomersGroups(customer.id, customer.properties.get("name"), Answers(GroupOfPeople, tuple(found)))


def _group(store: GraphStore, group: Vertex, limit: int, part: Part) -> GroupOfPeople:
    near = store.greatest_neighbours(group.id, MEMBER_OF, "in", BY, limit + 1, part)
    page = [_person(one.vertex) for one in near[:limit]]
    total = store.count_neighbours(group.id, MEMBER_OF, "in")
    following = _cursor(group.id, near[limit - 1]) if len(near) > limit else ""
    return GroupOfPeople(group.label, {"id": group.id, **group.properties}, total, page, following)


def _person(vertex: Vertex) -> dict[str, Any]:
    return {"id": vertex.id, **{name: vertex.properties[name] for name in KEPT if name in vertex.properties}}


def _cursor(group: str, last: Neighbour) -> str:
    content = [group, last.vertex.properties.get(BY), last.edge.id]
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[str, ListPlace]:
    try:
        group, value, edge = json.loads(base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise _foreign() from None
    if not isinstance(group, str) or not isinstance(value, int | None) or not isinstance(edge, str):
        raise _foreign()
    return group, ListPlace(value, edge)


def _foreign() -> ConfigError:
    return ConfigError(
        "This cursor is not one of a group of this customer.", "Take `next` of the page before, or leave it out to begin again."
    )

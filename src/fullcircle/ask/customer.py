"""The 360 view: everything the graph knows of one customer, in one answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from fullcircle.ask.consents import agreed, consents_of
from fullcircle.ask.named import SEARCH, MappedObject, customer_id
from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.govern.restricted import Restricted
from fullcircle.graph.base import GraphStore, Neighbour, Vertex, Wanted, Way
from fullcircle.graph.words import SEARCH as FOUND_BY
from fullcircle.model.entities import ADDED, BUILT_IN, INTERACTION, ORDER
from fullcircle.model.statuses import DEAL_KINDS, DEAL_STATUSES, VISIT_KINDS

MANY = 1000  # neighbours listed of one kind; a view is for a person, not an export


@dataclass(frozen=True, slots=True)
class CustomerView(ReaderAnswer):
    """One customer, whole. Lists hold plain dicts (id, then properties), ready for JSON or a table."""

    customer: dict[str, Any]
    asked_id: str  # the id that was asked for, where it is an older one
    records: list[dict[str, Any]] = field(default_factory=list)
    identifiers: list[dict[str, Any]] = field(default_factory=list)
    member_of: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    interactions: list[dict[str, Any]] = field(default_factory=list)
    habits: dict[str, Any] = field(default_factory=dict)
    worth: dict[str, Any] = field(default_factory=dict)  # what is expected in the next days
    segments: list[dict[str, Any]] = field(default_factory=list)
    related: list[dict[str, Any]] = field(default_factory=list)
    may_like: list[dict[str, Any]] = field(default_factory=list)  # something new
    may_buy: list[dict[str, Any]] = field(default_factory=list)  # the next basket, what is bought again included
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # entities of other packages: title -> their list
    deals: list[dict[str, Any]] = field(default_factory=list)  # of the interactions listed: see `deals_of`
    consents: list[dict[str, Any]] = field(default_factory=list)  # what was agreed to or refused, newest first: see consents.py
    agreed: dict[str, bool | None] = field(
        default_factory=dict
    )  # what counts of it: channel, or purpose without one -> yes or no
    restricted: str = ""  # since when the data are kept, but not used
    totals: dict[str, int] = field(default_factory=dict)  # of each list that is not complete: how many there are in the graph
    parts: tuple[str, ...] = ()  # the parts that were asked for; empty: all of them

    def total(self, name: str, rows: Sequence[Any]) -> int:
        """How many rows a list would have without the limit."""
        return self.totals.get(name, len(rows))

    def to_dict(self) -> dict[str, Any]:
        """All lists; `others`, `deals`, `restricted` and `totals` (of lists that are not complete) only where there are any.

        Of a view with certain `parts`, only these.
        """
        wanted = ("customer", *ALWAYS, *self.parts) if self.parts else tuple(one.name for one in fields(self))
        found = {name: getattr(self, name) for name in wanted if name != "parts"}
        return {name: value for name, value in found.items() if name not in RARE or value}  # copied where hidden is taken out


def check_parts(parts: Sequence[str]) -> None:
    """ConfigError for a part that a view does not have."""
    for one in parts:
        if one not in PARTS:
            raise ConfigError(f'The view of a customer has no part "{one}".', did_you_mean(one, PARTS))


def view(
    store: GraphStore, book: Book, which: str, objects: Sequence[MappedObject] = (), parts: Sequence[str] = ()
) -> CustomerView:
    """The view of a customer named by any id (old ids too), a number, or words that fit only one customer: see named.py.

    `parts`: only these are read, and the id of the customer. ConfigError for one that there is not.
    """
    check_parts(parts)
    id = customer_id(store, book, which, objects)
    lists = {label: by for label, (_, by) in LISTS.items() if _is_read(label, parts)}
    found = store.around(id, [Wanted(label, _way(label), by, MANY) for label, by in lists.items()])
    if found is None:
        raise NotFound(f"The graph has no customer {which}.", SEARCH)
    read = {label: [flat(one) for one in found.near[label]] if label in lists else [] for label in LISTS}
    near = {label: rows if not parts or PART_OF[label] in parts else [] for label, rows in read.items()}  # what is shown of it
    consents = consents_of(read["HAS_CONSENT"])
    near[ORDER.edge] = future_last(near[ORDER.edge])
    return CustomerView(
        customer=shown_customer(found.vertex) if not parts or "customer" in parts else {"id": id},
        asked_id=which if which != id else "",
        records=near["RESOLVES_TO"],
        identifiers=near["HAS_IDENTIFIER"],
        member_of=near["MEMBER_OF"],
        **{entity.table_name: near[entity.edge] for entity in BUILT_IN},
        products=sorted(near["PURCHASED"], key=lambda row: (-(row.get("amount") or 0), row["id"])),
        habits=near["HAS_HABITS"][0] if near["HAS_HABITS"] else {},
        worth=near["HAS_WORTH"][0] if near["HAS_WORTH"] else {},
        segments=sorted(near["IN_SEGMENT"], key=lambda row: str(row["id"])),
        related=sorted(near["RELATED_TO"], key=lambda row: (-(row.get("score") or 0), row["id"])),
        may_like=sorted(near["MAY_LIKE"], key=lambda row: (row.get("rank") or 0, row["id"])),
        may_buy=sorted(near["MAY_BUY"], key=lambda row: (row.get("rank") or 0, row["id"])),
        deals=deals_of(read[INTERACTION.edge]) if not parts or "deals" in parts else [],
        consents=consents if near["HAS_CONSENT"] else [],
        agreed=agreed(consents) if not parts or "agreed" in parts else {},
        others={entity.title: near[entity.edge] for entity in ADDED},
        restricted=Restricted(book).since([row["id"] for row in read["RESOLVES_TO"]]),
        totals={LISTS[label][0]: total for label, total in found.totals.items() if near[label] and total > len(near[label])},
        parts=tuple(parts),
    )


# Labels of a customer's edges: the list they fill, and the property by which the greatest come first; without one, by edge id.
LISTS = {
    "RESOLVES_TO": ("records", ""), "HAS_IDENTIFIER": ("identifiers", ""), "MEMBER_OF": ("member_of", ""),
    "HAS_CONSENT": ("consents", "at"),
    "PURCHASED": ("products", "amount"), "HAS_HABITS": ("habits", ""), "HAS_WORTH": ("worth", ""), "IN_SEGMENT": ("segments", ""),
    "RELATED_TO": ("related", "score"), "MAY_LIKE": ("may_like", "score"), "MAY_BUY": ("may_buy", "score"),
    **{entity.edge: (entity.table_name, entity.when) for entity in BUILT_IN},
    **{entity.edge: (entity.title, entity.when) for entity in ADDED},
}  # fmt: skip
ALWAYS = ("asked_id", "restricted", "totals")  # in a view of whatever parts
RARE = ("others", "deals", "restricted", "totals")  # in a view only where there are any
PARTS = tuple(one.name for one in fields(CustomerView) if one.name not in (*ALWAYS, "parts"))
PART_OF = {label: name for label, (name, _) in LISTS.items()} | {entity.edge: "others" for entity in ADDED}
READ_FOR = {INTERACTION.edge: "deals", "HAS_CONSENT": "agreed"}  # what a part is made of, besides its own list


def _is_read(label: str, parts: Sequence[str]) -> bool:
    """True for a list that one of the parts is made of. Who is restricted is known by the records, and always said."""
    return not parts or label == "RESOLVES_TO" or PART_OF[label] in parts or READ_FOR.get(label) in parts


def future_last(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders of a date that is still to come, mostly mistakes, after the others: the newest order is the first."""
    tomorrow = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)  # it is tomorrow already in the east
    return sorted(orders, key=lambda one: isinstance(at := one.get(ORDER.when), datetime) and at.replace(tzinfo=None) > tomorrow)


def deals_of(interactions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The deals among them by outcome: how many, and what they are worth in each currency ("?": without one).

    Only what was won is money. Deals whose outcome is not known are "unknown", and never added to others.
    """
    found: dict[str, dict[str, Any]] = {name: {"status": name, "deals": 0, "amounts": {}} for name in (*DEAL_STATUSES, "unknown")}
    for one in interactions:
        status = one.get("status")
        kind = str(one.get("kind", "")).lower()
        if kind == "payment" or kind in VISIT_KINDS or (status not in DEAL_STATUSES and kind not in DEAL_KINDS):
            continue
        ours = found[status if status in DEAL_STATUSES else "unknown"]
        ours["deals"] += 1
        if one.get("amount") is not None:
            currency = one.get("currency") or "?"
            ours["amounts"][currency] = round(ours["amounts"].get(currency, 0.0) + one["amount"], 4)
    return [one for one in found.values() if one["deals"]]


def _way(label: str) -> Way:
    return "in" if label == "RESOLVES_TO" else "out"


def flat(near: Neighbour) -> dict[str, Any]:
    """A neighbour as one dict: the vertex's id and kind, its properties, then the edge's."""
    return {"id": near.vertex.id, "kind": near.vertex.label, **_shown(near.vertex), **near.edge.properties}


def shown_customer(vertex: Vertex) -> dict[str, Any]:
    """The golden values of a customer, and where they come from."""
    properties = _shown(vertex)
    provenance = properties.pop("provenance", None)
    return {"id": vertex.id, **properties, "provenance": json.loads(provenance) if provenance else {}}


def _shown(vertex: Vertex) -> dict[str, Any]:
    """The properties of a vertex that are answers; what a customer is found by repeats those of its records."""
    return {name: value for name, value in vertex.properties.items() if name != FOUND_BY}

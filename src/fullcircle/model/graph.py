"""The graph model: the labels of vertices and edges, with their properties. Stores create what is listed here.

Every vertex has `id`, every edge `id`, `source`, `target`; both have `hash`, a 63-bit fingerprint of all the rest, which
shows a sync what changed and lets a store be verified. Ids are our own, stable across runs and stores, and start with the
label in lower case: `customer:...`, `record:crm:contacts:17`. An edge id is `<label>:<source>><target>` or, if two
vertices may have several such edges, `<label>:<its own key>`.

Orders, tickets and interactions are entities (entities.py). Another package adds an entity, or the labels of an insight of
its own: a tuple of labels, each with its `insight`, as an entry point in the group `fullcircle.labels`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from fullcircle.errors import ConfigError
from fullcircle.model.additions import additions
from fullcircle.model.entities import ADDED, INTERACTION, ORDER, TICKET
from fullcircle.model.golden import GOLDEN
from fullcircle.model.label import EdgeLabel, VertexLabel


def _strings(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "string")


def _added() -> list[VertexLabel | EdgeLabel]:
    """The labels that insights of other packages declare."""
    found: list[VertexLabel | EdgeLabel] = [label for labels in additions("fullcircle.labels", tuple) for label in labels]
    for label in found:
        if not label.insight:
            raise ConfigError(
                f'The label "{label.name}" in fullcircle.labels names no insight.', "Set `insight` where it is declared."
            )
    return found


Label = TypeVar("Label", VertexLabel, EdgeLabel)


def _by_name(labels: Iterable[Label]) -> dict[str, Label]:
    found: dict[str, Label] = {}
    for label in labels:
        if found.setdefault(label.name, label) is not label:
            raise ConfigError(f'Two labels have the name "{label.name}".', "Rename it in the package that adds one of them.")
    return found


_ADDED = _added()
PERSON = {field.name: field.type for field in GOLDEN}

VERTICES: dict[str, VertexLabel] = _by_name(
    (
        VertexLabel(
            "Customer",
            {
                **_strings("kind", "name"), **PERSON, "records": "int", "sources": "string",
                "first_seen": "timestamp", "last_seen": "timestamp", "provenance": "string",
                "search": "string",  # the words and numbers of all records: see graph/words.py
                "taste": "double",  # about the squared length of the vector of purchases: see graph/tables/live.py
            },
            meaning="A person or organisation, combined from all records about it.",
        ),
        VertexLabel(
            "Record",  # identifiers and addresses: those beyond its own columns, as JSON lists
            {
                **_strings("source", "object", "key", "kind", "full_name_raw"), **PERSON,
                **_strings("identifiers", "addresses"), "updated_at": "timestamp",
            },
            meaning="The data of one source about a person or organisation.",
        ),
        VertexLabel(
            "Identifier",
            {**_strings("kind", "value"), "customers": "int"},
            meaning="An e-mail address, phone number, handle or number by which customers are known.",
        ),
        VertexLabel(
            "Household",
            {**_strings("name", "street", "city", "postcode"), "customers": "int"},
            meaning="Customers who live together.",
        ),
        VertexLabel(
            "Account",
            _strings("name", "industry", "country", "website", "source"),
            meaning="A company that is a business customer.",
            schema_org="schema:Organization",
        ),
        VertexLabel(
            "Product",
            {
                **_strings("name", "sku", "category", "brand", "source"), "price": "double", "price_currency": "string",
                "buyers": "int", "sales": "int",  # customers who bought it; orders that hold it
                "baskets": "double",  # these orders, all of one customer weighing two at most
            },
            meaning="Something that is sold.",
            schema_org="schema:Product",
        ),
        VertexLabel("Category", _strings("name"), meaning="A group of products."),
        VertexLabel(
            "Totals",  # one vertex
            {
                "customers": "int", "sales": "int", "baskets": "double", "rarity2": "double", "newest": "timestamp",
                "taste_low": "double", "taste_high": "double",  # the least and the most of a length that a taste stands for
            },
            meaning="What all purchases add up to, for what is asked of the graph live.",
        ),
        VertexLabel(
            "Consent",
            {**_strings("purpose", "channel"), "granted": "bool", "at": "timestamp", **_strings("source", "record")},
            meaning="What a customer agreed to or refused, as a source says it.",
        ),
        ORDER.vertex,
        TICKET.vertex,
        INTERACTION.vertex,
        VertexLabel(
            "Habits",
            {
                "orders": "int", "amount": "double", "cadence_days": "double",
                "first_order": "timestamp", "last_order": "timestamp", "next_order": "date", "due": "bool",
                "rfm": "string", "segment": "string", "categories": "string", "channel": "string", "why": "string",
                **_strings("currency", "amounts"), "unpaid": "double",
            },
            "habits",
            "How a customer buys.",
        ),
        VertexLabel(
            "Worth",
            {
                "days": "int", "expected_orders": "double", "expected_value": "double", "currency": "string", "lost": "double",
                **_strings("method", "why"),
            },
            "worth",
            "What is expected of a customer in the next days.",
        ),
        VertexLabel(
            "Segment",
            {**_strings("name", "rules"), "audience": "bool", "size": "int", "note": "string"},
            "segments",
            "Customers who fulfil the rules of the config.",
        ),
        VertexLabel(
            "Group",
            {
                **_strings("name", "description"), "size": "int", "share": "double", "orders": "double", "basket": "double",
                "spend": "double", "currency": "string", "ago": "double",
            },
            "groups",
            "Customers who buy alike, as the data have it.",
        ),
        *(entity.vertex for entity in ADDED),
        *(label for label in _ADDED if isinstance(label, VertexLabel)),
    )
)  # fmt: skip

EDGES: dict[str, EdgeLabel] = _by_name(
    (
        EdgeLabel("RESOLVES_TO", (("Record", "Customer"),), {"weight": "double", "rule": "string"}),
        EdgeLabel("HAS_IDENTIFIER", (("Customer", "Identifier"),), {"records": "int"}),
        EdgeLabel("HAS_CONSENT", (("Customer", "Consent"),)),
        EdgeLabel("MEMBER_OF", (("Customer", "Household"), ("Customer", "Account"))),
        ORDER.edge_label,
        EdgeLabel("CONTAINS", (("Order", "Product"),), {"quantity": "double", "amount": "double"}),
        EdgeLabel(
            "PURCHASED",
            (("Customer", "Product"),),
            {
                "times": "int",
                "quantity": "double",
                "amount": "double",
                "first": "timestamp",
                "last": "timestamp",
                **_strings("currency", "amounts"),
            },
        ),
        TICKET.edge_label,
        INTERACTION.edge_label,
        EdgeLabel("IN_CATEGORY", (("Product", "Category"),)),
        EdgeLabel("RELATED_TO", (("Customer", "Customer"),), {"score": "double", "shared": "int", "why": "string"}, "related"),
        EdgeLabel(
            "CONNECTED_TO",
            (("Customer", "Customer"),),
            {"rank": "int", "kinds": "string", "shared": "int", "through": "string", "why": "string"},
            "connected",
        ),
        EdgeLabel(
            "BOUGHT_WITH",
            (("Product", "Product"),),
            {
                "together": "int",
                "support": "double",
                "confidence": "double",
                "lift": "double",
                "lift_low": "double",
                "why": "string",
            },
            "bought_together",
        ),
        EdgeLabel("MAY_BUY", (("Customer", "Product"),), {"score": "double", "rank": "int", "why": "string"}, "next_basket"),
        EdgeLabel("MAY_LIKE", (("Customer", "Product"),), {"score": "double", "rank": "int", "why": "string"}, "next_product"),
        EdgeLabel("HAS_HABITS", (("Customer", "Habits"),), {}, "habits"),
        EdgeLabel("HAS_WORTH", (("Customer", "Worth"),), {}, "worth"),
        EdgeLabel("IN_GROUP", (("Customer", "Group"),), {"why": "string"}, "groups"),
        EdgeLabel("IN_SEGMENT", (("Customer", "Segment"),), {"since": "date"}, "segments"),
        *(entity.edge_label for entity in ADDED),
        *(label for label in _ADDED if isinstance(label, EdgeLabel)),
    )
)
FROM_SOURCES = [name for labels in (VERTICES, EDGES) for name, label in labels.items() if not label.insight]
FROM_INSIGHTS = [name for labels in (VERTICES, EDGES) for name, label in labels.items() if label.insight]

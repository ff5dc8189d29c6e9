"""The graph model: the kinds of vertices and edges, with their properties. Stores create what stands here.

Every vertex has `id`, every edge `id`, `source`, `target`; both have `hash`, a 63-bit fingerprint of all the rest, by which
a sync sees what changed and a store can be checked. Ids are ours, stable across runs and stores, and start with the
kind in lower case: `customer:...`, `record:crm:contacts:17`. An edge id is `<kind>:<source>><target>` or, where two
vertices may have several such edges, `<kind>:<its own key>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# property types -> DuckDB types. Money is a double here (graph stores have no decimals) and a timestamp has milliseconds
# (Neptune keeps no finer ones); the tables keep the exact value.
PROPERTY_TYPES = {
    "string": "VARCHAR",
    "int": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
VERTEX_COLUMNS = ("id", "hash")
EDGE_COLUMNS = ("id", "source", "target", "hash")


@dataclass(frozen=True, slots=True)
class VertexLabel:
    """A kind (label) of vertex and its properties, name -> type."""

    name: str
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The engine's table with what should be in the graph: id, hash, properties."""
        return f"vertices_{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """A kind (label) of edge, the vertex kinds it may join, and its properties."""

    name: str
    joins: tuple[tuple[str, str], ...]
    properties: dict[str, str] = field(default_factory=dict)
    insight: str = ""  # the insight that computes it; empty for what the sources say

    @property
    def table(self) -> str:
        """The engine's table with what should be in the graph: id, source, target, hash, properties."""
        return f"edges_{self.name.lower()}"


def _strings(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "string")


PERSON = {
    **_strings("given_name", "middle_name", "family_name", "full_name", "organisation", "email", "phone"),
    "birth_date": "date",
    **_strings("gender", "street", "city", "postcode", "region", "country"),
}

VERTICES: dict[str, VertexLabel] = {
    label.name: label
    for label in (
        VertexLabel(
            "Customer",
            {
                **_strings("kind", "name"), **PERSON, "records": "int", "sources": "string",
                "first_seen": "timestamp", "last_seen": "timestamp", "provenance": "string",
            },
        ),
        VertexLabel(
            "Record",  # identifiers and addresses: what the record has beside its own columns, JSON lists
            {
                **_strings("source", "object", "key", "kind", "full_name_raw"), **PERSON,
                **_strings("identifiers", "addresses"), "updated_at": "timestamp",
            },
        ),
        VertexLabel("Identifier", {**_strings("kind", "value"), "customers": "int"}),
        VertexLabel("Household", {**_strings("name", "street", "city", "postcode"), "customers": "int"}),
        VertexLabel("Account", _strings("name", "industry", "country", "website", "source")),
        VertexLabel("Product", {**_strings("name", "sku", "category", "brand", "source"), "price": "double"}),
        VertexLabel("Category", _strings("name")),
        VertexLabel(
            "Order", {"ordered_at": "timestamp", **_strings("status", "channel", "currency", "source"), "amount": "double"}
        ),
        VertexLabel(
            "Ticket",
            {"opened_at": "timestamp", "closed_at": "timestamp",
             **_strings("status", "subject", "channel", "priority", "source")},
        ),
        VertexLabel(
            "Interaction", {"at": "timestamp", **_strings("kind", "channel", "text", "sentiment", "source"), "amount": "double"}
        ),
        VertexLabel(
            "Habits",
            {
                "orders": "int", "amount": "double", "cadence_days": "double",
                "first_order": "timestamp", "last_order": "timestamp", "next_order": "date", "due": "bool",
                "rfm": "string", "segment": "string", "categories": "string", "channel": "string", "why": "string",
            },
        ),
    )
}  # fmt: skip

EDGES: dict[str, EdgeLabel] = {
    label.name: label
    for label in (
        EdgeLabel("RESOLVES_TO", (("Record", "Customer"),), {"weight": "double", "rule": "string"}),
        EdgeLabel("HAS_IDENTIFIER", (("Customer", "Identifier"),), {"records": "int"}),
        EdgeLabel("MEMBER_OF", (("Customer", "Household"), ("Customer", "Account"))),
        EdgeLabel("PLACED", (("Customer", "Order"),)),
        EdgeLabel("CONTAINS", (("Order", "Product"),), {"quantity": "double", "amount": "double"}),
        EdgeLabel(
            "PURCHASED",
            (("Customer", "Product"),),
            {"times": "int", "quantity": "double", "amount": "double", "first": "timestamp", "last": "timestamp"},
        ),
        EdgeLabel("RAISED", (("Customer", "Ticket"),)),
        EdgeLabel("INTERACTED", (("Customer", "Interaction"),)),
        EdgeLabel("IN_CATEGORY", (("Product", "Category"),)),
        EdgeLabel("RELATED_TO", (("Customer", "Customer"),), {"score": "double", "shared": "int", "why": "string"}, "related"),
        EdgeLabel(
            "BOUGHT_WITH",
            (("Product", "Product"),),
            {"together": "int", "support": "double", "confidence": "double", "lift": "double", "why": "string"},
            "bought_together",
        ),
        EdgeLabel("MAY_LIKE", (("Customer", "Product"),), {"score": "double", "rank": "int", "why": "string"}, "next_product"),
        EdgeLabel("HAS_HABITS", (("Customer", "Habits"),), {}, "habits"),
    )
}
VERTEX_INSIGHT = {"Habits": "habits"}  # vertex kinds that an insight computes

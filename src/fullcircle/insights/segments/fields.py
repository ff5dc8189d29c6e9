"""The fields that a segment may be about: what each is, where it is, and the class that says who may ask for it.

Who does not see a field in full may not count by it: how many there are, asked often enough, says what the values are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from fullcircle.engine.base import literal
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.model.entities import ENTITIES, ORDER
from fullcircle.model.field_classes import PLAIN, class_of
from fullcircle.model.golden import GOLDEN

Kind = Literal["text", "number", "money", "date", "yes or no", "list"]
CONSENT = "consent."  # consent.<channel or purpose>
NEEDS_HABITS, NEEDS_WORTH, NEEDS_GROUPS = "insight_habits", "insight_worth", "insight_groups"
BESIDE = {
    NEEDS_HABITS: "h",
    NEEDS_WORTH: "w",
    NEEDS_GROUPS: "n",
}  # tables of one row for a customer, and their names in a segment


@dataclass(frozen=True, slots=True)
class SegmentField:
    """One field. `sql` is of a row of `customers c`, with the tables of BESIDE beside it, as `table` says.

    A sum of money is a column of these tables, in the currency of the column `currency` there.
    """

    name: str
    kind: Kind
    sql: str
    field_class: str
    meaning: str
    table: str = ""  # the table that must be there for it, besides customers


def segment_field(name: str) -> SegmentField:
    """The field of a name. ConfigError if there is none."""
    if name.startswith(CONSENT) and (purpose := name.removeprefix(CONSENT).strip()):
        return _consent(purpose.lower())
    known = segment_fields()
    if name not in known:
        shown = [one for one in known if one != "name"]
        raise ConfigError(f'A segment has no field "{name}".', did_you_mean(name, [*shown, f"{CONSENT}email"]))
    return known[name]


@cache
def segment_fields() -> Mapping[str, SegmentField]:
    """Name -> field, without those of consent, which a project names itself."""
    listed = [*_of_customers(), *_of_habits(), *_of_worth(), *_counts(), _bought(), _group()]
    return {one.name: one for one in listed}


def _of_customers() -> list[SegmentField]:
    own: list[tuple[str, Kind, str]] = [
        ("name", "text", "the name for display"), ("kind", "text", "person or organisation"),
        ("records", "number", "how many records it is made of"), ("first_seen", "date", "when a source first had it"),
        ("last_seen", "date", "when a source last changed it"),
    ]  # fmt: skip
    golden: list[tuple[str, Kind, str]] = [
        (one.name, "date" if one.type == "date" else "text", f"the golden value: {one.name.replace('_', ' ')}") for one in GOLDEN
    ]
    found = [SegmentField(name, kind, f"c.{name}", class_of("customers", name), about) for name, kind, about in own + golden]
    source = SegmentField("source", "list", "c.sources", class_of("customers", "sources"), "a source that knows the customer")
    return [*found, source]


def _of_habits() -> list[SegmentField]:
    listed: list[tuple[str, Kind, str, str]] = [
        ("orders", "number", "coalesce(h.orders, 0)", "how many orders count as sales"),
        ("spent", "money", "h.amount", "what was spent in all"),
        ("unpaid", "money", "h.unpaid", "what is owed"),
        ("currency", "text", "h.currency", "the currency of what was spent"),
        ("cadence_days", "number", "h.cadence_days", "the usual days between two orders"),
        ("first_order", "date", "h.first_order", "the day of the first order"),
        ("last_order", "date", "h.last_order", "the day of the last order"),
        ("next_order", "date", "h.next_order", "when the next order is expected"),
        ("due", "yes or no", "coalesce(h.due, false)", "whether the next order is due"),
        ("rfm", "text", "h.rfm", "recency, frequency, money: 1 to 5 each"),
        ("segment", "text", "h.segment", "champions, loyal, promising, regular, new, at risk, lapsed, deceased"),
        ("channel", "text", "h.channel", "the usual channel of orders"),
        ("category", "list", "CAST(CAST(h.categories AS JSON) AS VARCHAR[])", "one of the favourite categories"),
    ]
    column = {"spent": "amount", "category": "categories"}
    return [
        SegmentField(name, kind, sql, class_of(NEEDS_HABITS, column.get(name, name)), about, NEEDS_HABITS)
        for name, kind, sql, about in listed
    ]


def _of_worth() -> list[SegmentField]:
    listed: list[tuple[str, Kind, str]] = [
        ("expected_orders", "number", "how many orders are expected in the next year"),
        ("expected_value", "money", "what they will bring"),
        ("lost", "number", "the chance that no order comes, from 0 to 1"),
    ]
    return [
        SegmentField(name, kind, f"w.{name}", class_of(NEEDS_WORTH, name), about, NEEDS_WORTH) for name, kind, about in listed
    ]


def _counts() -> list[SegmentField]:
    """How many of each thing that a customer has or does; for orders, `orders` counts those that are sales."""
    counted = [(one.table_name, f"edges_{one.edge.lower()}", one.title) for one in ENTITIES.values() if one is not ORDER]
    counted.append(("products", "edges_purchased", "Products"))
    return [
        SegmentField(
            name, "number", f"(SELECT count(*) FROM {table} e WHERE e.source = c.customer_id)", PLAIN,
            f"how many {title.lower()}", table,
        )
        for name, table, title in counted
    ]  # fmt: skip


def _bought() -> SegmentField:
    products = (
        "(SELECT list(x) FROM purchases b JOIN products p USING (product_id), unnest([p.name, p.sku, p.product_id]) u(x) "
        "WHERE b.customer_id = c.customer_id)"
    )
    return SegmentField("bought", "list", products, class_of("products", "name"), "a product's name, sku or id", "purchases")


def _group() -> SegmentField:
    return SegmentField("group", "text", 'n."group"', class_of(NEEDS_GROUPS, "group"), "the natural group: group 1", NEEDS_GROUPS)


def _consent(purpose: str) -> SegmentField:
    agreed = (
        f"(SELECT any_value(a.agreed) FROM customer_consents a "
        f"WHERE a.customer_id = c.customer_id AND a.purpose = {literal(purpose)})"
    )
    agreed_class = class_of("customer_consents", "agreed")
    return SegmentField(f"{CONSENT}{purpose}", "yes or no", agreed, agreed_class, "whether they agreed", "customer_consents")

"""The flat views: what a BI tool reads. One list of them, with every column's type, meaning and class.

publish/flat.py makes them of the tables. Amounts have their currency beside them, and amounts of several currencies are never
added. A view is shown to a role that may do its `action`; a column, as the role sees its class.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.model.golden import GOLDEN
from fullcircle.model.label import PROPERTY_TYPES
from fullcircle.model.table import MONEY

SCHEMA = "flat"  # of the engine: a table with the name of a view may be another one outside of it


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """One column: its DuckDB type, what it means, and its class in field_classes.py (or one of READ_APART)."""

    name: str
    sql_type: str
    meaning: str
    field_class: str = "plain"


@dataclass(frozen=True, slots=True)
class FlatView:
    """One view. `key` are the columns that identify a row; `action` is what a role must be allowed to do to read it."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[FlatColumn, ...]
    action: str = "show"

    @property
    def table(self) -> str:
        """Its table in the engine."""
        return f"{SCHEMA}.{self.name}"


_TEXT, _COUNT, _TIME, _DATE = "VARCHAR", "BIGINT", "TIMESTAMP", "DATE"
_CUSTOMER = FlatColumn("customer_id", _TEXT, "The customer, as in all other views.", "id")
_CURRENCY = FlatColumn("currency", _TEXT, "The currency of the amounts of this row; never add rows of different ones.")
_BY_CURRENCY = FlatColumn(
    "spent_by_currency",
    _TEXT,
    "JSON, currency -> amount, where there are several: then spent and currency are empty.",
    "financial",
)
_SOURCE = FlatColumn("source", _TEXT, "The system that it is from.")
_CHANNEL = FlatColumn("channel", _TEXT, "The channel, as the source calls it.")

CUSTOMERS_360 = FlatView(
    "customers_360",
    "One row per customer: the golden values, what was bought and spent, and what the customer agreed to.",
    ("customer_id",),
    (
        _CUSTOMER,
        FlatColumn("kind", _TEXT, "person or organisation."),
        FlatColumn("name", _TEXT, "The name for display: full name, else organisation, else e-mail.", "contact"),
        *(
            FlatColumn(one.name, PROPERTY_TYPES[one.type], f"The golden value: {one.rule.value}.", one.field_class)
            for one in GOLDEN
        ),
        FlatColumn("household_id", _TEXT, "The household, as in the view households.", "id"),
        FlatColumn("records", _COUNT, "Source records that are this customer."),
        FlatColumn("sources", _TEXT, "The systems that know the customer, separated by commas."),
        FlatColumn("first_seen", _TIME, "When a source first knew the customer, in UTC."),
        FlatColumn("last_seen", _TIME, "When a source last changed something about the customer, in UTC."),
        FlatColumn("orders", _COUNT, "Sales: orders that were neither cancelled nor given back."),
        FlatColumn("first_order", _TIME, "When the first sale was, in UTC."),
        FlatColumn("last_order", _TIME, "When the last sale was, in UTC."),
        FlatColumn(
            "spent", MONEY, "What was paid, less what was given back; empty where it is in several currencies.", "financial"
        ),
        FlatColumn("unpaid", MONEY, "What is owed, in the same currency; empty where nothing is, or in several.", "financial"),
        _CURRENCY,
        _BY_CURRENCY,
        FlatColumn("tickets", _COUNT, "Requests to support."),
        FlatColumn("interactions", _COUNT, "Calls, visits, mentions and deals."),
        FlatColumn("segment", _TEXT, "The segment by habits of buying, as in the view segments."),
        FlatColumn("agreed_to", _TEXT, "Channels and purposes that the customer agreed to, separated by commas."),
        FlatColumn("refused", _TEXT, "Channels and purposes that the customer refused, separated by commas."),
    ),
)
CUSTOMER_ORDERS = FlatView(
    "customer_orders",
    "One row per order of a known customer, whatever became of it; the sum of spent is what was paid less what was given back.",
    ("order_id",),
    (
        FlatColumn("order_id", _TEXT, "The order.", "id"),
        _CUSTOMER,
        FlatColumn("number", _TEXT, "The number by which people know the order, where its key is another."),
        FlatColumn("ordered_at", _TIME, "When it was ordered, in UTC."),
        FlatColumn("counts_as", _TEXT, "sale, return, or nothing: cancelled, given back, pending or only offered."),
        FlatColumn("status", _TEXT, "What became of it."),
        _CHANNEL,
        _SOURCE,
        FlatColumn("amount", MONEY, "The amount of the order; the sum of its lines where the source has none.", "financial"),
        FlatColumn("unpaid", MONEY, "What of it is owed.", "financial"),
        FlatColumn("spent", MONEY, "What counts: the amount less what is owed; a return counts negative; else 0.", "financial"),
        _CURRENCY,
        FlatColumn("lines", _COUNT, "Items of the order."),
    ),
)
CUSTOMER_PRODUCTS = FlatView(
    "customer_products",
    "One row per customer and product that was bought and not given back.",
    ("customer_id", "product_id"),
    (
        _CUSTOMER,
        FlatColumn("product_id", _TEXT, "The product.", "id"),
        FlatColumn("product", _TEXT, "Its name."),
        FlatColumn("sku", _TEXT, "Its number in the shop."),
        FlatColumn("category", _TEXT, "Its category."),
        FlatColumn("brand", _TEXT, "Its brand."),
        FlatColumn("times", _COUNT, "Orders that it was bought in."),
        FlatColumn("quantity", "DOUBLE", "Pieces, less those that were given back."),
        FlatColumn("first_bought", _TIME, "When it was first bought, in UTC."),
        FlatColumn("last_bought", _TIME, "When it was last bought, in UTC."),
        FlatColumn("spent", MONEY, "The amount of these items; empty where it is in several currencies.", "financial"),
        _CURRENCY,
        _BY_CURRENCY,
    ),
)
CUSTOMER_TIMELINE = FlatView(
    "customer_timeline",
    "One row per customer and event: orders, tickets, interactions, consents, and what other packages add.",
    ("customer_id", "event_id"),
    (
        _CUSTOMER,
        FlatColumn("event_id", _TEXT, "The order, ticket ...", "id"),
        FlatColumn("at", _TIME, "When it was, in UTC; empty where no source says so."),
        FlatColumn("kind", _TEXT, "order, ticket, interaction, consent ..."),
        _SOURCE,
        _CHANNEL,
        FlatColumn("status", _TEXT, "What became of it; of a consent: agreed or refused."),
        FlatColumn("subject", _TEXT, "The subject or text.", "text"),
        FlatColumn("amount", MONEY, "Of an order or deal: its amount as the source has it.", "financial"),
        FlatColumn("currency", _TEXT, "The currency of the amount."),
    ),
    "timeline",
)
HOUSEHOLDS = FlatView(
    "households",
    "One row per household: customers of one family name at one address.",
    ("household_id",),
    (
        FlatColumn("household_id", _TEXT, "The household, as in customers_360.", "id"),
        FlatColumn("name", _TEXT, "The family name.", "contact"),
        FlatColumn("street", _TEXT, "The street of the address.", "contact"),
        FlatColumn("city", _TEXT, "The city of the address.", "contact"),
        FlatColumn("postcode", _TEXT, "The postcode of the address.", "contact"),
        FlatColumn("customers", _COUNT, "Customers in it."),
    ),
)
SEGMENTS = FlatView(
    "segments",
    "One row per customer who has bought something: the segment, and the habits that it follows from.",
    ("customer_id",),
    (
        _CUSTOMER,
        FlatColumn("segment", _TEXT, "champions, loyal, promising, regular, new, at risk, lapsed or deceased."),
        FlatColumn("rfm", _TEXT, "Fifths for how lately, how often and how much, 5 the best; - where there is no amount."),
        FlatColumn("orders", _COUNT, "Orders up to the day that insights are computed for."),
        FlatColumn("cadence_days", "DOUBLE", "The usual pause between days with an order."),
        FlatColumn("first_order", _TIME, "When the first order was, in UTC."),
        FlatColumn("last_order", _TIME, "When the last order was, in UTC."),
        FlatColumn("next_order", _DATE, "When the next one is expected."),
        FlatColumn("due", "BOOLEAN", "True if the next order is expected within days, or is late."),
        FlatColumn("categories", _TEXT, "JSON: the categories that are bought most."),
        FlatColumn("channel", _TEXT, "The channel that is used most."),
        FlatColumn("why", _TEXT, "Why this segment, in words.", "financial"),
    ),
    "habits",
)
QUALITY = FlatView(
    "quality",
    "One row per quality rule and column: how many rows were checked, and how many broke the rule.",
    ("rule_id", "table_name", "column_name"),
    (
        FlatColumn("rule_id", _TEXT, "The rule."),
        FlatColumn("table_name", _TEXT, "The table that was checked."),
        FlatColumn("column_name", _TEXT, "The column that was checked; empty where the rule is about rows."),
        FlatColumn("rule", _TEXT, "complete, unique, matches, in_set, range or references."),
        FlatColumn("action", _TEXT, "quarantine or warn."),
        FlatColumn("checked", _COUNT, "Rows that were checked."),
        FlatColumn("failed", _COUNT, "Rows that broke the rule."),
    ),
    "quality",
)
FLAT_VIEWS: dict[str, FlatView] = {
    view.name: view
    for view in (CUSTOMERS_360, CUSTOMER_ORDERS, CUSTOMER_PRODUCTS, CUSTOMER_TIMELINE, HOUSEHOLDS, SEGMENTS, QUALITY)
}
BY_TABLE: dict[str, FlatView] = {view.table: view for view in FLAT_VIEWS.values()}

"""The tables: what every source is conformed to, and what the later rooms make of it. Columns, keys and references.

A row's id is `<noun>:<source>:<object>:<key>` and never changes. Columns ending in `_raw` keep the value as the source had
it, beside the clean one. Orders, tickets and interactions are entities and declared in entities.py; which fields a
customer has is in golden.py.
"""

from __future__ import annotations

from fullcircle.model.entities import ENTITIES, INTERACTION, ORDER, TICKET
from fullcircle.model.golden import GOLDEN
from fullcircle.model.label import PROPERTY_TYPES
from fullcircle.model.table import MONEY, ORIGIN, Column, Table, texts

# -- conformed from the sources ------------------------------------------------------------------------------------------

RECORDS = Table(
    "records",
    "record",
    (
        Column("record_id", required=True),
        Column("kind"),  # person | organisation
        *texts("given_name", "middle_name", "family_name", "full_name", "organisation"),
        *texts("email", "phone", "birth_text"),
        Column("birth_date", "DATE"),
        *texts("gender", "street", "city", "postcode", "region", "country"),
        *texts("full_name_raw", "email_raw", "phone_raw", "street_raw", "country_raw"),
        Column("account_id", ref="accounts"),
        Column("merged_into", ref="records"),  # the source itself says: this record was merged into that one
        *ORIGIN,
    ),
)
# E-mails, phones, handles, loyalty numbers, tax ids ...: as many as a record has.
IDENTIFIERS = Table(
    "identifiers",
    "identifier",
    (
        Column("identifier_row", required=True),
        Column("record_id", required=True, ref="records"),
        Column("kind", required=True),  # one of identifiers.py, or the source's own word
        Column("value", required=True),
        Column("value_raw"),
        *ORIGIN,
    ),
)
ADDRESSES = Table(
    "addresses",
    "address",
    (
        Column("address_id", required=True),
        Column("record_id", required=True, ref="records"),
        *texts("use", "street", "city", "postcode", "region", "country", "street_raw"),
        *ORIGIN,
    ),
)
ACCOUNTS = Table(
    "accounts",
    "account",
    (Column("account_id", required=True), *texts("name", "industry", "country", "website"), *ORIGIN),
)
PRODUCTS = Table(
    "products",
    "product",
    (Column("product_id", required=True), *texts("name", "sku", "category", "brand"), Column("price", MONEY), *ORIGIN),
)
ORDERS, TICKETS, INTERACTIONS = ORDER.table, TICKET.table, INTERACTION.table
ORDER_LINES = Table(
    "order_lines",
    "line",
    (
        Column("line_id", required=True),
        Column("order_id", required=True, ref="orders"),
        Column("product_id", required=True, ref="products"),
        Column("quantity", MONEY),
        Column("unit_price", MONEY),
        Column("discount", MONEY),  # share of the price, 0..1
        Column("amount", MONEY),  # what the line cost after the discount; filled from the three before where the source has none
        *ORIGIN,
    ),
)
CONSENTS = Table(
    "consents",
    "consent",
    (
        Column("consent_id", required=True),
        Column("record_id", required=True, ref="records"),
        Column("purpose", required=True),
        Column("granted", "BOOLEAN"),
        Column("at", "TIMESTAMP"),
        *ORIGIN,
    ),
)

CONFORMED: dict[str, Table] = {
    table.name: table
    for table in (
        RECORDS, IDENTIFIERS, ADDRESSES, ACCOUNTS, PRODUCTS, ORDERS, ORDER_LINES, TICKETS, INTERACTIONS, CONSENTS,
        *(entity.table for entity in ENTITIES.values() if entity not in (ORDER, TICKET, INTERACTION)),
    )
}  # fmt: skip


# -- what could not be used, and what the quality rules found --------------------------------------------------------------
# The customer's own data that could not be used, with the reason: they can correct it at the source.
QUARANTINE = Table("quarantine", "", texts("source", "object", "key", "stage", "rule", "reason", "raw"), ())
QUALITY_RESULTS = Table(
    "quality_results",
    "",
    (
        *texts("rule_id", "table_name", "column_name", "rule", "action"),
        Column("checked", "BIGINT"),
        Column("failed", "BIGINT"),
    ),
    ("rule_id", "table_name", "column_name"),
)

# -- what identity makes ---------------------------------------------------------------------------------------------------
MEMBERS = Table(
    "members",
    "",
    (
        Column("record_id", required=True),
        Column("customer_id", required=True),
        Column("weight", "DOUBLE"),  # log2 match weight of the strongest link that holds the record, null when it stands alone
        Column("rule"),  # which rule made that link: alone | identifier:<kind> | score | merge | judgement
    ),
)
# The golden values of a customer: one row each; same names as in records.
CUSTOMERS = Table(
    "customers",
    "customer",
    (
        Column("customer_id", required=True),
        Column("kind"),
        Column("name"),  # what to call them: full name, else organisation, else e-mail
        *(Column(field.name, PROPERTY_TYPES[field.type]) for field in GOLDEN),
        Column("records", "INTEGER"),
        Column("sources", "VARCHAR[]"),
        Column("account_id", ref="accounts"),
        Column("household_id"),
        Column("first_seen", "TIMESTAMP"),
        Column("last_seen", "TIMESTAMP"),
    ),
)
PROVENANCE = Table(
    "provenance",
    "",
    (
        Column("customer_id", required=True),
        Column("field", required=True),
        Column("value"),
        Column("record_id", required=True),
        Column("won", "BOOLEAN"),  # one winning row a field; the others lost to it
        Column("rule"),  # why the winner won, said once a field
    ),
    ("customer_id", "field", "record_id"),
)
# The pairs that were scored above the floor, kept so that `why` and a steward can look at them.
PAIRS = Table(
    "pairs",
    "",
    (
        Column("record_a", required=True),
        Column("record_b", required=True),
        Column("weight", "DOUBLE"),
        Column("rule"),
        Column("linked", "BOOLEAN"),
        Column("veto"),  # why a pair above the threshold was not linked
    ),
    ("record_a", "record_b"),
)
# Customers of one family name at one address.
HOUSEHOLDS = Table("households", "household", texts("household_id", "name", "street", "city", "postcode"))
HOUSEHOLD_MEMBERS = Table("household_members", "", texts("customer_id", "household_id"), ("customer_id", "household_id"))

# -- what the graph's tables are made from, and insights read --------------------------------------------------------------
# The orders that became a sale, each with its customer; `amount` from its lines where the source does not say it.
CUSTOMER_ORDERS = Table(
    "customer_orders",
    "",
    (
        *texts("customer_id", "order_id"),
        Column("ordered_at", "TIMESTAMP"),
        Column("amount", "DOUBLE"),
        Column("channel"),
    ),
    ("order_id",),
)
# Who bought what, over all of a customer's orders.
PURCHASES = Table(
    "purchases",
    "",
    (
        *texts("customer_id", "product_id"),
        Column("times", "BIGINT"),
        Column("quantity", "DOUBLE"),
        Column("amount", "DOUBLE"),
        Column("first", "TIMESTAMP"),
        Column("last", "TIMESTAMP"),
    ),
    ("customer_id", "product_id"),
)

# -- lists of tables ---------------------------------------------------------------------------------------------------------
TABLES: dict[str, Table] = {
    **CONFORMED,
    **{
        table.name: table
        for table in (
            QUARANTINE, QUALITY_RESULTS, MEMBERS, CUSTOMERS, PROVENANCE, PAIRS, HOUSEHOLDS, HOUSEHOLD_MEMBERS,
            CUSTOMER_ORDERS, PURCHASES,
        )
    },
}  # fmt: skip
# What is published where a target names no tables, beside the tables of insights.
PUBLISHED = (CUSTOMERS, MEMBERS, PROVENANCE, HOUSEHOLDS, HOUSEHOLD_MEMBERS, QUALITY_RESULTS, QUARANTINE)

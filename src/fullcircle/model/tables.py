"""The tables: those that every source is conformed to, and those that later stages make. Columns, keys and references.

A row's id is `<noun>:<source>:<object>:<key>` and never changes. Columns ending in `_raw` keep the original value beside the
cleaned one. Orders, tickets and interactions are entities, declared in entities.py; the fields of a customer are listed in
golden.py.
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
        *texts("gender", "deceased", "undeliverable", "street", "city", "postcode", "region", "country"),
        *texts("full_name_raw", "email_raw", "phone_raw", "street_raw", "country_raw"),
        Column("account_id", ref="accounts"),
        Column("merged_into", ref="records"),  # if the source itself merged this record into another
        Column("retired"),  # `yes` if archived, closed or no longer active at its source: its values come last
        *ORIGIN,
    ),
)
# E-mails, phones, handles, loyalty numbers, tax ids ...: any number for each record.
IDENTIFIERS = Table(
    "identifiers",
    "identifier",
    (
        Column("identifier_row", required=True),
        Column("record_id", required=True, ref="records"),
        Column("kind", required=True),  # one of identifiers.py, or the source's own name for it
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
    (
        Column("product_id", required=True),
        *texts("name", "sku", "category", "brand"),
        Column("price", MONEY),
        Column("price_currency"),
        *ORIGIN,
    ),
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
        Column("discount", MONEY),  # share of the price, 0..1, however the source writes it
        Column("amount", MONEY),  # after the discount; computed from the three columns before it if missing
        Column("discount_kind"),  # what the source's discount is: one of discount.py's READINGS, `unknown`, or null without one
        Column("status"),  # where items have one each: as that of orders; what was cancelled or given back was not bought
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

# The people of an interaction, where there are several: the contacts of a deal, the guests of a meeting.
PARTICIPANTS = Table(
    "participants",
    "participant",
    (
        Column("participant_id", required=True),
        Column("interaction_id", required=True, ref="interactions"),
        Column("record_id", required=True, ref="records"),
        *ORIGIN,
    ),
)

CONFORMED: dict[str, Table] = {
    table.name: table
    for table in (
        RECORDS, IDENTIFIERS, ADDRESSES, ACCOUNTS, PRODUCTS, ORDERS, ORDER_LINES, TICKETS, INTERACTIONS, CONSENTS,
        PARTICIPANTS, *(entity.table for entity in ENTITIES.values() if entity not in (ORDER, TICKET, INTERACTION)),
    )
}  # fmt: skip


# -- rows that cannot be used, and the results of the quality rules --------------------------------------------------------------
# Rows of the sources that cannot be used, with the reason, so that they can be corrected at the source.
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

# What became of the rules of the rulesets in DQDL in the last check; only where the config has some.
QUALITY_CHECKS = Table(
    "quality_checks",
    "",
    (
        *texts("ruleset", "table_name", "rule_id", "rule", "result", "message", "action"),
        *(Column(name, "BIGINT") for name in ("checked", "failed")),
        Column("score", "DOUBLE"),  # the share of the ruleset's rules that pass
    ),
    ("ruleset", "table_name", "rule_id"),
)

# -- what identity makes ---------------------------------------------------------------------------------------------------
MEMBERS = Table(
    "members",
    "",
    (
        Column("record_id", required=True),
        Column("customer_id", required=True),
        Column("weight", "DOUBLE"),  # log2 match weight of the record's strongest link; null if it has none
        Column("rule"),  # the rule that made that link: alone | identifier:<kind> | score | merge | judgement
    ),
)
# The golden values of each customer, one row each; the columns have the names of those in records.
CUSTOMERS = Table(
    "customers",
    "customer",
    (
        Column("customer_id", required=True),
        Column("kind"),
        Column("name"),  # for display: full name, else organisation, else e-mail
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
        Column("won", "BOOLEAN"),  # true for one row of each field, false for the others
        Column("rule"),  # why the winning value was chosen; only on that row
    ),
    ("customer_id", "field", "record_id"),
)
# The pairs that scored above the floor, kept for `why` and for review by a steward.
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
# Customers with the same family name at the same address.
HOUSEHOLDS = Table("households", "household", texts("household_id", "name", "street", "city", "postcode"))
HOUSEHOLD_MEMBERS = Table("household_members", "", texts("customer_id", "household_id"), ("customer_id", "household_id"))

# -- what the graph's tables are made from, and insights read --------------------------------------------------------------
# The orders that became a sale, with their customers; `amount` is the sum of the lines if the source has none. Where [money]
# has a rate, `amount` and `currency` are those of its base.
CUSTOMER_ORDERS = Table(
    "customer_orders",
    "",
    (
        *texts("customer_id", "order_id"),
        Column("ordered_at", "TIMESTAMP"),
        Column("amount", "DOUBLE"),
        Column("channel"),
        Column("currency"),
        Column("unpaid", "DOUBLE"),  # what of the amount is owed; null where nothing is, or nobody says
    ),
    ("order_id",),
)
# Returned goods and credit notes that sources have as orders of a negative amount: they lessen what a customer spent.
CUSTOMER_RETURNS = Table(
    "customer_returns",
    "",
    (*texts("customer_id", "order_id"), Column("ordered_at", "TIMESTAMP"), Column("amount", "DOUBLE"), Column("currency")),
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
        Column("currency"),
        Column("amounts"),  # JSON: currency -> amount, only where there are several; `amount` and `currency` are then null
    ),
    ("customer_id", "product_id"),
)
# What the amounts of each object count as: the entries that count (`what` is `counts`), and those that do not, by why.
MONEY_CHECK = Table(
    "money_check",
    "",
    (
        *texts("source", "object", "currency", "what"),
        Column("entries", "BIGINT"),
        Column("without_amount", "BIGINT"),
        *(Column(name, "DECIMAL(38,4)") for name in ("amount", "spent", "owed", "given_back", "not_counted")),
    ),
    ("source", "object", "currency", "what"),
)

# What counts of all that a customer's records agreed to or refused, as `agreed` of the 360 view has it.
CUSTOMER_CONSENTS = Table(
    "customer_consents",
    "",
    (
        *texts("customer_id", "purpose"),  # purpose: the channel (email, sms, call, post), or the purpose that names none
        Column("agreed", "BOOLEAN"),  # null: nobody says so
        Column("at", "TIMESTAMP"),  # since when, if that is known
        Column("source"),  # whose record says so
    ),
    ("customer_id", "purpose"),
)

# -- lists of tables ---------------------------------------------------------------------------------------------------------
TABLES: dict[str, Table] = {
    **CONFORMED,
    **{
        table.name: table
        for table in (
            QUARANTINE, QUALITY_RESULTS, QUALITY_CHECKS, MEMBERS, CUSTOMERS, PROVENANCE, PAIRS, HOUSEHOLDS, HOUSEHOLD_MEMBERS,
            CUSTOMER_ORDERS, CUSTOMER_RETURNS, PURCHASES, MONEY_CHECK, CUSTOMER_CONSENTS,
        )
    },
}  # fmt: skip
# Published by default, in addition to the tables of insights, if a target names no tables.
PUBLISHED = (
    CUSTOMERS, MEMBERS, PROVENANCE, CONSENTS, CUSTOMER_CONSENTS, HOUSEHOLDS, HOUSEHOLD_MEMBERS, QUALITY_RESULTS, QUARANTINE,
    QUALITY_CHECKS,
)  # fmt: skip

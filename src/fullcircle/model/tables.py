"""The canonical tables: what every source is conformed to, and what the later rooms make of it.

A row's id is `<noun>:<source>:<object>:<key>` and never changes. Columns ending in `_raw` keep the value as the source
had it, beside the clean one. All types are DuckDB SQL types; `sql_type` text is used as it is in CREATE TABLE and CAST.
"""

from __future__ import annotations

from dataclasses import dataclass

MONEY = "DECIMAL(18,4)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table."""

    name: str
    sql_type: str = "VARCHAR"
    required: bool = False
    ref: str = ""  # the canonical table this column points to


@dataclass(frozen=True, slots=True)
class Table:
    """A canonical table: its first column is its primary key."""

    name: str
    noun: str  # prefix of the ids
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """The name of the primary key column."""
        return self.columns[0].name

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def ddl(self, name: str | None = None) -> str:
        """CREATE OR REPLACE TABLE for this table, empty."""
        body = ", ".join(f'"{column.name}" {column.sql_type}' for column in self.columns)
        return f"CREATE OR REPLACE TABLE {name or self.name} ({body})"


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


# Every table conformed from a source starts with its id and ends with these: where the row came from, and when it changed there.
ORIGIN = (
    Column("source", required=True),
    Column("object", required=True),
    Column("key", required=True),
    Column("updated_at", "TIMESTAMP"),
)

RECORDS = Table(
    "records",
    "record",
    (
        Column("record_id", required=True),
        Column("kind"),  # person | organisation
        *_text("given_name", "middle_name", "family_name", "full_name", "organisation"),
        *_text("email", "phone", "birth_text"),
        Column("birth_date", "DATE"),
        *_text("gender", "street", "city", "postcode", "region", "country"),
        *_text("full_name_raw", "email_raw", "phone_raw", "street_raw", "country_raw"),
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
        Column(
            "kind", required=True
        ),  # email | phone | handle | device | loyalty | tax | passport | licence | national | external
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
        *_text("use", "street", "city", "postcode", "region", "country", "street_raw"),
        *ORIGIN,
    ),
)
ACCOUNTS = Table(
    "accounts",
    "account",
    (Column("account_id", required=True), *_text("name", "industry", "country", "website"), *ORIGIN),
)
PRODUCTS = Table(
    "products",
    "product",
    (Column("product_id", required=True), *_text("name", "sku", "category", "brand"), Column("price", MONEY), *ORIGIN),
)
ORDERS = Table(
    "orders",
    "order",
    (
        Column("order_id", required=True),
        Column("record_id", ref="records"),
        Column("ordered_at", "TIMESTAMP"),
        *_text("status", "channel", "currency"),
        Column("amount", MONEY),
        *ORIGIN,
    ),
)
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
TICKETS = Table(
    "tickets",
    "ticket",
    (
        Column("ticket_id", required=True),
        Column("record_id", ref="records"),
        Column("opened_at", "TIMESTAMP"),
        Column("closed_at", "TIMESTAMP"),
        *_text("status", "subject", "channel", "priority"),
        *ORIGIN,
    ),
)
INTERACTIONS = Table(
    "interactions",
    "interaction",
    (
        Column("interaction_id", required=True),
        Column("record_id", ref="records"),
        Column("at", "TIMESTAMP"),
        *_text("kind", "channel", "text", "sentiment"),
        Column("amount", MONEY),  # for opportunities: what is at stake
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
        RECORDS, IDENTIFIERS, ADDRESSES, ACCOUNTS, PRODUCTS,
        ORDERS, ORDER_LINES, TICKETS, INTERACTIONS, CONSENTS,
    )
}  # fmt: skip

# What identity makes.
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
GOLDEN_FIELDS = (
    "given_name", "middle_name", "family_name", "full_name", "organisation", "email", "phone",
    "birth_date", "gender", "street", "city", "postcode", "region", "country",
)  # fmt: skip
CUSTOMERS = Table(
    "customers",
    "customer",
    (
        Column("customer_id", required=True),
        Column("kind"),
        Column("name"),  # what to call them: full name, else organisation, else e-mail
        *(Column(name, "DATE" if name == "birth_date" else "VARCHAR") for name in GOLDEN_FIELDS),
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
)

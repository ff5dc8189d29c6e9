"""What columns are made of: from the map to the canonical tables, from these to the customers, and on to the flat views.

One step at a time: `sources_of` has the columns that a column is made of, in the table before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.model.flat_views import FLAT_VIEWS, SCHEMA, SEGMENTS
from fullcircle.model.golden import GOLDEN
from fullcircle.model.table import ORIGIN
from fullcircle.model.tables import CONFORMED, TABLES

FLAT = Path(__file__).with_name("data") / "flat_lineage.toml"
SQL_NAME = re.compile(r"\"((?:[^\"]|\"\")+)\"|\b([A-Za-z_]\w*)\b(?!\s*\()|'(?:[^']|'')*'")
WORD_OF_SQL = re.compile(
    "(?i:and|or|not|null|case|when|then|else|end|is|in|i?like|between|true|false|as|date|timestamp|interval|varchar|integer|bigint"
    "|double|decimal|boolean|distinct|from|filter|where|over|partition|by|order|asc|desc|day|month|year|hour|minute|second)"
)
WHO_IS_WHO = "decided by who is who"
COUNTED = "orders, as they count"  # what is a sale, a return, or nothing
_OF_RECORDS = ["records.record_id"]
_AMOUNT = ["orders.amount", "order_lines.amount", "order_lines.discount_kind", "orders.currency"]
_COUNTS = ["orders.status", "orders.amount", "orders.corrects", "order_lines.quantity"]
_PAID = ["order_lines.amount", "placed_orders.back", "placed_orders.currency"]
_LINES = ["order_lines.quantity", "placed_orders.back"]
# Tables that stages make in Python and SQL: column -> what it is made of. Of customers and insights see below.
MADE: dict[str, dict[str, list[str]]] = {
    "placed_orders": {
        "customer_id": ["members.customer_id"], "order_id": ["orders.order_id"], "ordered_at": ["orders.ordered_at"],
        "channel": ["orders.channel"], "status": ["orders.status"], "amount": _AMOUNT, "currency": ["orders.currency"],
        "unpaid": ["orders.unpaid", "orders.currency"], "sale": _COUNTS, "back": _COUNTS,
    },
    "purchases": {
        "customer_id": ["placed_orders.customer_id"], "product_id": ["order_lines.product_id"],
        "times": ["placed_orders.order_id", "placed_orders.sale"], "quantity": _LINES,
        "first": ["placed_orders.ordered_at"], "last": ["placed_orders.ordered_at"],
        "amount": _PAID, "amounts": _PAID,
        "currency": ["placed_orders.currency"],
    },
    "members": {"record_id": _OF_RECORDS, "customer_id": [*_OF_RECORDS, "identifiers.value"]},
    "households": {
        "household_id": ["customers.customer_id"], "name": ["customers.family_name"], "street": ["customers.street"],
        "city": ["customers.city"], "postcode": ["customers.postcode"],
    },
    "household_members": {"customer_id": ["customers.customer_id"], "household_id": ["households.household_id"]},
    "customer_consents": {
        "customer_id": ["members.customer_id"], "purpose": ["consents.purpose"], "agreed": ["consents.granted", "consents.at"],
        "at": ["consents.at"], "source": ["consents.source"],
    },
}  # fmt: skip
HABITS = "insight_habits"
_ORDERS = ["placed_orders.ordered_at", "placed_orders.amount", "placed_orders.sale"]
MADE[HABITS] = {
    **{one.name: _ORDERS for one in SEGMENTS.columns}, "customer_id": ["placed_orders.customer_id"],
    "categories": ["purchases.product_id", "products.category"], "channel": ["placed_orders.channel"],
}  # fmt: skip
_CUSTOMERS = {
    "customer_id": ["members.customer_id"], "kind": ["records.kind"],
    "name": ["customers.full_name", "customers.organisation", "customers.email"], "records": ["members.record_id"],
    "sources": ["records.source"], "account_id": ["records.account_id"], "household_id": ["households.household_id"],
    "first_seen": ["records.updated_at"], "last_seen": ["records.updated_at"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """A column that another one is made of: `table` is a table, or a source's object; `how` says what is done, if much is."""

    table: str
    column: str
    how: str = ""
    at_source: bool = False  # of an object of a source, as it was pulled


def tables_known() -> list[str]:
    """The tables and views whose columns have a lineage."""
    return list(dict.fromkeys([*(f"{SCHEMA}.{name}" for name in FLAT_VIEWS), *TABLES, *MADE]))


def table_of(name: str) -> str:
    """The table that a person means: with the name of a flat view that view, even if a table has it, too."""
    return f"{SCHEMA}.{name}" if name in FLAT_VIEWS else name


def columns_of(table: str) -> list[str]:
    """The columns of one of them."""
    if table.startswith(f"{SCHEMA}."):
        return [one.name for one in FLAT_VIEWS[table.removeprefix(f"{SCHEMA}.")].columns]
    return [column.name for column in TABLES[table].columns] if table in TABLES else list(MADE.get(table, ()))


def sources_of(maps: Sequence[MapSettings], table: str, column: str) -> list[ColumnSource]:
    """What a column is made of, one step back; nothing for what has no source, such as a count of rows or a constant."""
    if table.startswith(f"{SCHEMA}."):
        return [_named(text) for text in _flat()[table.removeprefix(f"{SCHEMA}.")].get(column, ())]
    if table in CONFORMED:
        return _of_map(maps, table, column)
    if table == "customers":
        chosen = next((one for one in GOLDEN if one.name == column), None)
        if chosen:
            return [ColumnSource("records", column, f"the golden value: {chosen.rule.value}")]
        return [_named(text) for text in _CUSTOMERS.get(column, ())]
    how = COUNTED if column in ("sale", "back") else ""
    if (table, column) == ("members", "customer_id"):
        how = WHO_IS_WHO
    elif table == HABITS and column != "customer_id":
        how = "computed by the insight habits"
    return [_named(text, how) for text in MADE.get(table, {}).get(column, ())]


@cache
def _flat() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(FLAT.read_text(encoding="utf-8"))


def _named(text: str, how: str = "") -> ColumnSource:
    table, _, column = text.rpartition(".")
    return ColumnSource(table, column, how)


def _of_map(maps: Sequence[MapSettings], table: str, column: str) -> list[ColumnSource]:
    """The fields of the sources that a canonical column is filled from, by the map."""
    found = []
    for one in maps:
        if one.to != table:
            continue
        place = f"{one.source}.{one.object}"
        if column in one.fields:
            found += [ColumnSource(place, name, how, at_source=True) for name, how in _fields(one.fields[column])]
        elif column in (CONFORMED[table].key, "key"):
            found.append(ColumnSource(place, "(key)", "the id of the row", at_source=True))
        elif column in {each.name for each in ORIGIN}:
            found.append(ColumnSource(place, f"({column})", "where the row is from", at_source=True))
    raw = column.removesuffix("_raw")
    return found if found or raw == column else _of_map(maps, table, raw)


def _fields(rule: FieldRule) -> list[tuple[str, str]]:
    """Field -> how it is read."""
    how = f"refers to {rule.ref}" if rule.ref else "values are mapped" if rule.map else ""
    named = [rule.field, *rule.fields] if rule.field else list(rule.fields)
    if named:
        return [(name, how or (f'joined by "{rule.join}"' if len(named) > 1 else "")) for name in named]
    if rule.sql:
        names = dict.fromkeys(quoted.replace('""', '"') or bare for quoted, bare in SQL_NAME.findall(rule.sql))
        return [(name, f"in {rule.sql}") for name in names if name and not WORD_OF_SQL.fullmatch(name)]
    return [("(constant)", "the same in every row")] if rule.value is not None else []

"""Makes the 360 views in Athena, in a database of their own beside that of the lake: some have the name of a table there.

A view reads each table of the lake by the columns that it needs. A column that is not there (a lake for one role) is empty in
it; a table that is not there is an error, unless it is that of an insight, which a config may leave out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fullcircle.engine.base import literal, quoted
from fullcircle.errors import ConfigError
from fullcircle.model.entities import ENTITIES, INTERACTION, ORDER
from fullcircle.model.flat_views import FLAT_VIEWS, SEGMENTS, FlatView
from fullcircle.model.golden import GOLDEN_FIELDS
from fullcircle.model.table import MONEY
from fullcircle.model.tables import TABLES
from fullcircle.publish.athena import bodies
from fullcircle.publish.athena.ask import Athena

HABITS = "insight_habits"
OPTIONAL = {HABITS}
ENDING = "_360"  # of the database of the views
TYPES = {"BIGINT": "BIGINT", "DOUBLE": "DOUBLE", "DATE": "DATE", "BOOLEAN": "BOOLEAN", "INTEGER": "INTEGER"}
PLACED = {
    "amount": MONEY, "unpaid": MONEY, "ordered_at": "TIMESTAMP", "back": "BOOLEAN", "sale": "BOOLEAN",
}  # fmt: skip
Columns = Mapping[str, Sequence[str]]  # table -> its columns


@dataclass(frozen=True, slots=True)
class AthenaView:
    """One view: what it reads, and its SELECT over that."""

    view: FlatView
    body: str
    tables: Mapping[str, Sequence[str]]  # table of the lake -> the columns that it needs
    views: tuple[str, ...] = ()

    def sql(self, lake: str, there: Columns) -> str:
        """The statement that makes it. `there`: the tables of the lake."""
        given = [f"{quoted(table)} AS ({_rows(lake, table, columns, there)})" for table, columns in self.tables.items()]
        given += [f"{quoted(name)} AS (SELECT * FROM {quoted(lake + ENDING)}.{quoted(name)})" for name in self.views]
        columns = ", ".join(
            f"CAST({quoted(one.name)} AS {athena_type(one.sql_type)}) AS {quoted(one.name)}" for one in self.view.columns
        )
        name = f"{quoted(lake + ENDING)}.{quoted(self.view.name)}"
        return f"CREATE OR REPLACE VIEW {name} AS\nWITH {', '.join(given)}\nSELECT {columns} FROM ({self.body})"


def athena_type(sql_type: str) -> str:
    """A type of ours in Athena. Views there have times of three digits: tables of Iceberg have six."""
    if sql_type == "TIMESTAMP":
        return "TIMESTAMP(3)"
    if sql_type.endswith("[]"):
        return f"ARRAY({athena_type(sql_type[:-2])})"
    return sql_type if re.fullmatch(r"DECIMAL\(\d+,\d+\)", sql_type) else TYPES.get(sql_type, "VARCHAR")


def views() -> list[AthenaView]:
    """All views, each after those that it reads."""
    customers = {"customers": ["customer_id"]}
    entities = {
        one.table_name: [f"{one.noun}_id", "record_id", one.when, *dict.fromkeys(bodies.event_columns(one).values())]
        for one in ENTITIES.values()
        if one is not ORDER
    }
    events = {
        **entities, "members": ["record_id", "customer_id"],
        "consents": ["consent_id", "record_id", "at", "source", "purpose", "granted"],
        **({"participants": ["interaction_id", "record_id"]} if INTERACTION.table_name in entities else {}),
    }  # fmt: skip
    found = {
        "customer_orders": (bodies.ORDERS, {
            "placed_orders": ["order_id", "customer_id", "ordered_at", "channel", "currency", "sale", "back", "amount", "unpaid"],
            "orders": ["order_id", "number", "status", "source"], "order_lines": ["order_id"], **customers,
        }, ()),
        "customer_products": (bodies.PRODUCTS, {
            "purchases": [column.name for column in TABLES["purchases"].columns],
            "products": ["product_id", "name", "sku", "category", "brand"], **customers,
        }, ()),
        "customer_timeline": (bodies.timeline(), {**events, **customers}, ("customer_orders",)),
        "segments": (bodies.segments(), {HABITS: [one.name for one in SEGMENTS.columns], **customers}, ()),
        "households": (bodies.HOUSEHOLDS, {
            "households": ["household_id", "name", "street", "city", "postcode"],
            "household_members": ["household_id", "customer_id"], **customers,
        }, ()),
        "quality": (bodies.QUALITY, {"quality_results": [column.name for column in TABLES["quality_results"].columns]}, ()),
        "customers_360": (bodies.CUSTOMERS, {
            "customers": ["customer_id", "kind", "name", *GOLDEN_FIELDS, "household_id", "records", "sources", "first_seen",
                          "last_seen"],
            "customer_consents": ["customer_id", "purpose", "agreed"],
        }, ("customer_orders", "customer_timeline", "segments")),
    }  # fmt: skip
    return [AthenaView(FLAT_VIEWS[name], body, tables, others) for name, (body, tables, others) in found.items()]


def tables_needed() -> list[str]:
    """The tables of the lake that the views read."""
    return list(dict.fromkeys(table for one in views() for table in one.tables))


def everything_there() -> Columns:
    """A lake that has all of it, to print the statements without one."""
    found: dict[str, list[str]] = {}
    for one in views():
        for table, columns in one.tables.items():
            found.setdefault(table, []).extend(columns)
    return found


def statements(lake: str, there: Columns) -> list[str]:
    """All statements, in order. ConfigError if the lake lacks a table."""
    missing = [name for name in tables_needed() if name not in there and name not in OPTIONAL]
    if missing:
        raise ConfigError(
            f"The lake {lake} has no table {', '.join(missing)}: the views read them.",
            f"In the lake's target: tables = {_listed(list(dict.fromkeys([*tables_needed(), *there])))}; then publish.",
        )
    return [f"CREATE DATABASE IF NOT EXISTS `{lake}{ENDING}`", *(one.sql(lake, there) for one in views())]


def make_views(athena: Athena) -> list[str]:
    """Make the views, or make them anew; returns their names. ConfigError if the lake lacks a table that they read."""
    lake = athena.database
    found = athena.run(
        f"SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = {literal(lake)}"
    )  # of those that the user may see
    there: dict[str, list[str]] = {}
    for table, column in found.rows:
        there.setdefault(str(table), []).append(str(column))
    if not there:
        raise ConfigError(
            f'Athena finds no table in the database "{lake}".', "Publish first; the user must be allowed to see its tables."
        )
    for statement in statements(lake, there):
        athena.run(statement)
    return [one.view.name for one in views()]


def _rows(lake: str, table: str, columns: Sequence[str], there: Columns) -> str:
    """A SELECT of these columns of a table of the lake; of those that are not there empty ones."""
    own = {column.lower() for column in there.get(table, ())}
    shown = [
        quoted(name) if name in own else f"CAST(NULL AS {athena_type(_type(table, name))}) AS {quoted(name)}" for name in columns
    ]
    if not own:
        return f"SELECT {', '.join(shown)} WHERE false"
    return f"SELECT {', '.join(shown)} FROM {quoted(lake)}.{quoted(table)}"


def _type(table: str, column: str) -> str:
    """The type of a column, for one that is not there."""
    if table == HABITS:
        return next(one.sql_type for one in SEGMENTS.columns if one.name == column)
    if table == "placed_orders":
        return PLACED.get(column, "VARCHAR")
    known = TABLES[table].column(column)
    return known.sql_type if known else "VARCHAR"


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"

"""What of the graph's tables is made again: the records, orders and customers of which something changed since they were made.

What they are made from is compared by a print (the sum of the hashes of the rows) of each record, order and customer, kept in
the schema `graph_made`. The ids to make again are in the schema `graph_scope`, widened until no other row can differ: a changed
record brings the customers it belonged and belongs to, a changed order its customers, and so on. Then the same SELECTs run over
them alone (`narrowed`). Without a state, with one of another version or settings, or if much changed, everything is made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine, literal, quick_hash
from fullcircle.graph.shape import label_named
from fullcircle.graph.tables.people import IDENTIFIER_ID
from fullcircle.model.entities import ENTITIES, ORDER

MADE, SCOPE = "graph_made", "graph_scope"
MOST = 0.2  # of the customers; with more of them in the scope, to make everything again is as quick
RECORDS, ORDERS, CUSTOMERS = f"{SCOPE}.records", f"{SCOPE}.orders", f"{SCOPE}.customers"
IDENTIFIERS = f"{SCOPE}.identifiers"
# What has a print of its own: the tables that say something of it, and their column with its id.
_PRINTED = {
    "records": {"records": "record_id", "identifiers": "record_id", "addresses": "record_id", "members": "record_id"},
    "orders": {"orders": "order_id", "order_lines": "order_id", "order_currencies": "order_id"},
    "customers": {"customers": "customer_id", "provenance": "customer_id"},
}


@dataclass(frozen=True, slots=True)
class Owned:
    """A table of which rows are made again: `owner` is its column with an id of the scope, `reads` are the tables of its SELECT
    that are narrowed to it, with their column."""

    owner: str
    ids: str
    reads: Mapping[str, str]


OWNED = {
    "Customer": Owned("id", CUSTOMERS, {"customers": "customer_id", "provenance": "customer_id", "members": "customer_id"}),
    "Record": Owned("id", RECORDS, {"records": "record_id"}),
    "RESOLVES_TO": Owned("source", RECORDS, {"members": "record_id"}),
    "Identifier": Owned("id", IDENTIFIERS, {"identifiers": IDENTIFIER_ID}),
    "HAS_IDENTIFIER": Owned("source", CUSTOMERS, {"members": "customer_id"}),
    ORDER.label: Owned("id", ORDERS, {"orders": "order_id"}),
    ORDER.edge: Owned("target", ORDERS, {"orders": "order_id"}),
    "CONTAINS": Owned("source", ORDERS, {"orders": "order_id"}),
    "PURCHASED": Owned("source", CUSTOMERS, {"purchases": "customer_id"}),
}


def narrowed(reads: Mapping[str, str], ids: str) -> str:
    """SQL: a WITH in which these tables have only the rows of the ids, for a SELECT that reads them by their names."""
    tables = (
        f"{name} AS (SELECT * FROM main.{name} i WHERE {column} IN (SELECT id FROM {ids}))" for name, column in reads.items()
    )
    return f"WITH {', '.join(tables)}"


def version_of(engine: Engine, texts: Iterable[str]) -> str:
    """What a state is only good for: the SQL of the tables, their settings, and the engine, whose hashes may change."""
    return hashlib.sha256("\n".join([engine.value("SELECT version()"), *texts]).encode()).hexdigest()


def forget(engine: Engine) -> None:
    """The tables are made without looking at what changed: what was kept is not of them."""
    engine.run(f"DROP SCHEMA IF EXISTS {MADE} CASCADE; DROP SCHEMA IF EXISTS {SCOPE} CASCADE")


def begin(engine: Engine, version: str, kept: Sequence[str]) -> bool:
    """Print what the tables are made from, and find the scope. False: everything is to be made again.

    `kept`: the tables that were made, all of which must be there. Until `end`, the state counts as broken.
    """
    engine.run(f"CREATE SCHEMA IF NOT EXISTS {MADE}; DROP SCHEMA IF EXISTS {SCOPE} CASCADE; CREATE SCHEMA {SCOPE}")
    was = engine.rows(f"SELECT version, began FROM {MADE}.state") if engine.has(f"{MADE}.state") else []
    good = was and was[0][0] == version and all(engine.has(f"{MADE}.{what}") for what in _PRINTED)
    good = good and all(map(engine.has, kept))
    engine.run(f"DROP TABLE IF EXISTS {MADE}.state")
    engine.run(f"CREATE TABLE {SCOPE}.began AS SELECT now() AT TIME ZONE 'UTC' AS began")
    for what, tables in _PRINTED.items():
        _print(engine, what, tables)
    return bool(good) and _find(engine, str(was[0][1]))


def end(engine: Engine, version: str) -> None:
    """The tables are made: keep the prints that they were made from."""
    for what in _PRINTED:
        engine.run(f"CREATE OR REPLACE TABLE {MADE}.{what} AS FROM {SCOPE}.{what}_now")
    engine.run(f"CREATE TABLE {MADE}.state AS SELECT {literal(version)} AS version, began FROM {SCOPE}.began")
    engine.run(f"DROP SCHEMA {SCOPE} CASCADE")


def make_again(engine: Engine, table: str, owned: Owned, select: str) -> None:
    """Make the rows of the scope in a table again, by the SELECT that makes them all."""
    engine.run(f"DELETE FROM {table} WHERE {owned.owner} IN (SELECT id FROM {owned.ids})")
    engine.run(f"INSERT INTO {table} {narrowed(owned.reads, owned.ids)} {select}")


def add(engine: Engine, ids: str, select: str) -> None:
    """Widen a table of ids by those of a SELECT."""
    engine.run(f"INSERT INTO {ids} SELECT DISTINCT id FROM ({select}) t(id) WHERE id IS NOT NULL AND id NOT IN (FROM {ids})")


def add_customers_of_orders(engine: Engine) -> None:
    """Widen the customers by those who had the orders of the scope when they were last made, and those who have them now."""
    mine = f"WHERE order_id IN (SELECT id FROM {ORDERS})"
    add(engine, CUSTOMERS, f"SELECT customer_id FROM placed_orders {mine}")
    add(engine, CUSTOMERS, f"SELECT customer_id FROM members WHERE record_id IN (SELECT record_id FROM orders {mine})")


def find_identifiers(engine: Engine) -> None:
    """Make the scope of identifiers: those that its customers had when they were last made, and those they have now."""
    edges, mine = label_named("HAS_IDENTIFIER").table, f"(SELECT id FROM {CUSTOMERS})"
    engine.run(f"""CREATE TABLE {IDENTIFIERS} AS
        SELECT target AS id FROM {edges} WHERE source IN {mine} UNION
        SELECT {IDENTIFIER_ID} FROM identifiers i JOIN members USING (record_id) WHERE customer_id IN {mine}""")


def _print(engine: Engine, what: str, tables: Mapping[str, str]) -> None:
    parts = [f"SELECT {column} AS id, {_hash(engine, table)} >> 8 AS print FROM {table}" for table, column in tables.items()]
    if what == "records":  # customers are found by the numbers of what they did; those of orders come with the orders
        parts += [f"SELECT record_id, {_hash(engine, one)} >> 8 FROM {one}" for one in _numbered(engine)]
    both = " UNION ALL ".join(parts)
    engine.run(
        f"CREATE TABLE {SCOPE}.{what}_now AS SELECT id, sum(print) AS print FROM ({both}) WHERE id IS NOT NULL GROUP BY id"
    )


def _numbered(engine: Engine) -> list[str]:
    names = [one.table_name for one in ENTITIES.values() if one is not ORDER and engine.has(one.table_name)]
    return [name for name in names if {"number", "record_id"} <= engine.columns(name).keys()]


def _hash(engine: Engine, table: str) -> str:
    columns = engine.columns(table)
    return quick_hash(columns, [name for name, type_ in columns.items() if type_.endswith("[]")])


def _find(engine: Engine, at: str) -> bool:
    """Fill the tables of ids. False if they are so many that it is better to make everything again."""
    for what in _PRINTED:
        now, was = f"{SCOPE}.{what}_now", f"{MADE}.{what}"
        engine.run(f"""CREATE TABLE {SCOPE}.{what} AS SELECT coalesce(now.id, was.id) AS id
            FROM {now} AS now FULL JOIN {was} AS was ON now.id = was.id WHERE now.print IS DISTINCT FROM was.print""")
    mine, resolves = f"(SELECT id FROM {RECORDS})", label_named("RESOLVES_TO").table
    both = f"{SCOPE}.customers_now AS now FULL JOIN {MADE}.customers AS was USING (id)"
    come_or_gone = f"SELECT id FROM {both} WHERE now.print IS NULL OR was.print IS NULL"
    add(engine, RECORDS, f"SELECT record_id FROM members WHERE customer_id IN ({come_or_gone})")
    add(engine, CUSTOMERS, f"SELECT customer_id FROM members WHERE record_id IN {mine}")
    add(engine, CUSTOMERS, f"SELECT target FROM {resolves} WHERE source IN {mine}")
    add(engine, ORDERS, f"SELECT order_id FROM orders WHERE record_id IN {mine}")
    add(engine, ORDERS, f"SELECT order_id FROM orders WHERE ordered_at > TIMESTAMP {literal(at)}")  # was in the future then
    products = f"FROM products p FULL JOIN {label_named('Product').table} v ON v.id = p.product_id"
    changed = f"SELECT coalesce(v.id, p.product_id) {products} WHERE v.id IS NULL OR p.product_id IS NULL"
    add(engine, ORDERS, f"SELECT order_id FROM order_lines WHERE product_id IN ({changed})")
    return engine.count(CUSTOMERS) <= MOST * engine.count("customers") and engine.count(ORDERS) <= MOST * engine.count("orders")

"""Makes the flat views (model/flat_views.py) of the engine's tables: one SELECT for each. They are dropped after the publish.

People who are restricted are in none of them, not even in a count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.graph.tables.money import sums
from fullcircle.model.entities import ENTITIES, INTERACTION, ORDER
from fullcircle.model.entity import Entity
from fullcircle.model.field_classes import class_of
from fullcircle.model.flat_views import CUSTOMER_TIMELINE, FLAT_VIEWS, SCHEMA, SEGMENTS, FlatView
from fullcircle.model.golden import GOLDEN_FIELDS
from fullcircle.model.tables import CUSTOMER_CONSENTS
from fullcircle.publish.base import Outgoing

HABITS = "insight_habits"

ORDERS = """
    SELECT o.order_id, p.customer_id, o.number, p.ordered_at, o.status, p.channel, o.source, p.currency, l.lines,
        CASE WHEN p.sale THEN 'sale' WHEN p.back THEN 'return' ELSE 'nothing' END AS counts_as,
        CASE WHEN p.back THEN -abs(p.amount) ELSE p.amount END AS amount,
        CASE WHEN p.sale THEN nullif(p.unpaid, 0) END AS unpaid,
        CASE WHEN p.sale THEN p.amount - coalesce(p.unpaid, 0) WHEN p.back THEN -abs(p.amount) ELSE 0 END AS spent
    FROM placed_orders p JOIN orders o USING (order_id) SEMI JOIN flat.people k ON k.customer_id = p.customer_id
    LEFT JOIN (SELECT order_id, count(*) AS lines FROM order_lines GROUP BY 1) l USING (order_id)"""
PRODUCTS = """
    SELECT customer_id, product_id, p.name AS product, p.sku, p.category, p.brand, times, quantity, first AS first_bought,
        last AS last_bought, amount AS spent, currency, amounts AS spent_by_currency
    FROM purchases SEMI JOIN flat.people USING (customer_id) LEFT JOIN products p USING (product_id)"""
COUNTING = "(SELECT customer_id, spent AS amount, currency FROM flat.customer_orders WHERE counts_as <> 'nothing')"
OWED = """
    SELECT customer_id, CASE WHEN count(*) = 1 THEN any_value(owed) END AS owed, any_value(currency) AS owed_in
    FROM (SELECT customer_id, currency, sum(unpaid) AS owed FROM flat.customer_orders GROUP BY ALL) WHERE owed > 0 GROUP BY 1"""
SALES = """
    SELECT customer_id, count(*) AS orders, min(ordered_at) AS first_order, max(ordered_at) AS last_order
    FROM flat.customer_orders WHERE counts_as = 'sale' GROUP BY 1"""
CONTACTS = """
    SELECT customer_id, count(*) FILTER (kind = 'ticket') AS tickets, count(*) FILTER (kind = 'interaction') AS interactions
    FROM flat.customer_timeline GROUP BY 1"""
CONSENTS = """
    SELECT customer_id, string_agg(purpose, ', ' ORDER BY purpose) FILTER (agreed) AS agreed_to,
        string_agg(purpose, ', ' ORDER BY purpose) FILTER (NOT agreed) AS refused
    FROM customer_consents GROUP BY 1"""
CUSTOMERS = f"""
    WITH spent AS ({sums("customer_id", COUNTING)}), owing AS ({OWED}), sales AS ({SALES}), contacts AS ({CONTACTS}),
    consents AS ({CONSENTS})
    SELECT c.customer_id, c.kind, c.name, {", ".join(f"c.{quoted(name)}" for name in GOLDEN_FIELDS)}, c.household_id, c.records,
        array_to_string(list_sort(c.sources), ', ') AS sources, c.first_seen, c.last_seen, coalesce(sales.orders, 0) AS orders,
        sales.first_order, sales.last_order, spent.amount AS spent, spent.currency, spent.amounts AS spent_by_currency,
        CASE WHEN owed_in IS NOT DISTINCT FROM spent.currency AND spent.amounts IS NULL THEN owed END AS unpaid,
        coalesce(contacts.tickets, 0) AS tickets, coalesce(contacts.interactions, 0) AS interactions, h.segment,
        consents.agreed_to, consents.refused
    FROM customers c SEMI JOIN flat.people USING (customer_id) LEFT JOIN spent USING (customer_id)
    LEFT JOIN owing USING (customer_id) LEFT JOIN sales USING (customer_id) LEFT JOIN contacts USING (customer_id)
    LEFT JOIN consents USING (customer_id) LEFT JOIN flat.segments h USING (customer_id)"""
HOUSEHOLDS = """
    SELECT h.*, m.customers FROM households h JOIN (
        SELECT household_id, count(*) AS customers FROM household_members SEMI JOIN flat.people USING (customer_id) GROUP BY 1) m
    USING (household_id)"""
QUALITY = "SELECT * REPLACE (coalesce(column_name, '') AS column_name) FROM quality_results"


@contextmanager
def flat_views(engine: Engine, restricted: Sequence[str] = ()) -> Iterator[dict[str, Outgoing]]:
    """Inside the `with` block the engine has the views as tables; their names -> what to send. `restricted` are records."""
    _drop(engine)
    try:
        engine.run(f"CREATE SCHEMA {SCHEMA}")
        _know_people(engine, restricted)
        for name, select in _selects(engine).items():  # in the order in which they read one another
            view = FLAT_VIEWS[name]
            columns = ", ".join(f"CAST({quoted(one.name)} AS {one.sql_type}) AS {quoted(one.name)}" for one in view.columns)
            engine.run(f"CREATE TABLE {view.table} AS SELECT {columns} FROM ({select})")
        yield {view.name: Outgoing(view.table, view.name, view.key) for view in FLAT_VIEWS.values()}
    finally:
        _drop(engine)


def _drop(engine: Engine) -> None:
    """A killed publish leaves them; nobody may find there later who has been erased since."""
    engine.run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _know_people(engine: Engine, restricted: Sequence[str]) -> None:
    """Make flat.people: the customers of whom no record is restricted."""
    with engine.register("flat_withheld", pa.table({"record_id": pa.array(list(restricted), pa.string())})):
        engine.run(
            f"""CREATE TABLE {SCHEMA}.people AS SELECT customer_id FROM customers
            ANTI JOIN (SELECT customer_id FROM members SEMI JOIN flat_withheld USING (record_id)) w USING (customer_id)"""
        )


def _selects(engine: Engine) -> dict[str, str]:
    if not engine.has(CUSTOMER_CONSENTS.name):  # of a home that an older version made, until its next run
        engine.run(CUSTOMER_CONSENTS.ddl())
    return {
        "customer_orders": ORDERS,
        "customer_products": PRODUCTS,
        "customer_timeline": _timeline(engine),
        "segments": _segments(engine),
        "households": HOUSEHOLDS,
        "quality": QUALITY,
        "customers_360": CUSTOMERS,
    }


def _segments(engine: Engine) -> str:
    if engine.has(HABITS):
        return f"SELECT * FROM {HABITS} SEMI JOIN {SCHEMA}.people USING (customer_id)"
    return _empty(SEGMENTS)  # [insights] names leaves them out


def _empty(view: FlatView) -> str:
    return f"SELECT {', '.join(f'NULL AS {quoted(one.name)}' for one in view.columns)} WHERE false"


def _timeline(engine: Engine) -> str:
    events = [_events(engine, entity) for entity in ENTITIES.values() if engine.has(entity.table_name)]
    consents = f"""
        SELECT m.customer_id, c.consent_id AS event_id, c.at, 'consent' AS kind, c.source, c.purpose AS channel,
            CASE WHEN c.granted THEN 'agreed' WHEN NOT c.granted THEN 'refused' END AS status, NULL AS subject, NULL AS amount,
            NULL AS currency
        FROM consents c JOIN members m USING (record_id) SEMI JOIN {SCHEMA}.people k ON k.customer_id = m.customer_id"""
    return " UNION ALL ".join([*events, consents])


def _events(engine: Engine, entity: Entity) -> str:
    """The events of one entity: of its fields those that the view has, if they are of the same class."""
    if entity is ORDER:
        return f"""SELECT customer_id, order_id AS event_id, ordered_at AS at, 'order' AS kind, source, channel, status,
            NULL AS subject, amount, currency FROM {SCHEMA}.customer_orders"""
    own = engine.columns(entity.table_name)
    people = f"SELECT {entity.noun}_id AS event_id, record_id FROM {entity.table_name}"
    if entity is INTERACTION:
        people += " UNION SELECT interaction_id, record_id FROM participants"
    columns = []
    for column in CUSTOMER_TIMELINE.columns[4:]:
        names = ("subject", "text") if column.name == "subject" else (column.name,)
        fits = [name for name in names if name in own and class_of(entity.table_name, name) == column.field_class]
        columns.append(f"{f'e.{quoted(fits[0])}' if fits else 'NULL'} AS {quoted(column.name)}")
    return f"""SELECT DISTINCT m.customer_id, e.{entity.noun}_id AS event_id, e.{quoted(entity.when)} AS at,
        {literal(entity.noun)} AS kind, {", ".join(columns)}
        FROM {entity.table_name} e JOIN ({people}) w ON w.event_id = e.{entity.noun}_id
        JOIN members m ON m.record_id = w.record_id
        SEMI JOIN {SCHEMA}.people k ON k.customer_id = m.customer_id"""

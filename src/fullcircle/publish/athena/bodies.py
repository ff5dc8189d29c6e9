"""The 360 views in Athena's SQL: the same as publish/flat.py makes, of the tables of the lake. A test compares the two.

Each body reads tables and other views by their names alone: views.py says which those are.
"""

from __future__ import annotations

from fullcircle.engine.base import literal, quoted
from fullcircle.model.entities import ENTITIES, INTERACTION, ORDER
from fullcircle.model.entity import Entity
from fullcircle.model.field_classes import class_of
from fullcircle.model.flat_views import CUSTOMER_TIMELINE, SEGMENTS
from fullcircle.model.golden import GOLDEN_FIELDS

ORDERS = """
    SELECT o.order_id, p.customer_id, o.number, p.ordered_at, o.status, p.channel, o.source, p.currency, l.lines,
        CASE WHEN p.sale THEN 'sale' WHEN p.back THEN 'return' ELSE 'nothing' END AS counts_as,
        CASE WHEN p.back THEN -abs(p.amount) ELSE p.amount END AS amount,
        CASE WHEN p.sale THEN nullif(p.unpaid, 0) END AS unpaid,
        CASE WHEN p.sale THEN p.amount - coalesce(p.unpaid, 0) WHEN p.back THEN -abs(p.amount) ELSE 0 END AS spent
    FROM placed_orders p JOIN orders o ON o.order_id = p.order_id JOIN customers k ON k.customer_id = p.customer_id
    LEFT JOIN (SELECT order_id, count(*) AS lines FROM order_lines GROUP BY order_id) l ON l.order_id = o.order_id"""
PRODUCTS = """
    SELECT u.customer_id, u.product_id, p.name AS product, p.sku, p.category, p.brand, u.times, u.quantity,
        u."first" AS first_bought, u."last" AS last_bought, u.amount AS spent, u.currency, u.amounts AS spent_by_currency
    FROM purchases u JOIN customers k ON k.customer_id = u.customer_id LEFT JOIN products p ON p.product_id = u.product_id"""
HOUSEHOLDS = """
    SELECT h.household_id, h.name, h.street, h.city, h.postcode, m.customers
    FROM households h JOIN (
        SELECT w.household_id, count(*) AS customers FROM household_members w JOIN customers k ON k.customer_id = w.customer_id
        GROUP BY w.household_id) m ON m.household_id = h.household_id"""
QUALITY = """
    SELECT rule_id, table_name, coalesce(column_name, '') AS column_name, rule, action, checked, failed FROM quality_results"""
# What was spent: in one currency, or as JSON of each; amounts of different currencies are never added.
SPENT = """
    SELECT customer_id, CASE WHEN many = 1 THEN total END AS amount, CASE WHEN many = 1 THEN currency END AS currency,
        CASE WHEN many > 1 THEN listed END AS amounts
    FROM (
        SELECT customer_id, count(*) AS many, arbitrary(total) AS total, arbitrary(currency) AS currency,
            json_format(CAST(map_agg(coalesce(currency, '?'), CAST(total AS double)) AS JSON)) AS listed
        FROM (SELECT customer_id, currency, sum(spent) AS total FROM customer_orders WHERE counts_as <> 'nothing'
            GROUP BY customer_id, currency)
        WHERE total IS NOT NULL
        GROUP BY customer_id)"""
OWED = """
    SELECT customer_id, CASE WHEN count(*) = 1 THEN arbitrary(owed) END AS owed, arbitrary(currency) AS owed_in
    FROM (SELECT customer_id, currency, sum(unpaid) AS owed FROM customer_orders GROUP BY customer_id, currency)
    WHERE owed > 0 GROUP BY customer_id"""
SALES = """
    SELECT customer_id, count(*) AS orders, min(ordered_at) AS first_order, max(ordered_at) AS last_order
    FROM customer_orders WHERE counts_as = 'sale' GROUP BY customer_id"""
CONTACTS = """
    SELECT customer_id, count(*) FILTER (WHERE kind = 'ticket') AS tickets,
        count(*) FILTER (WHERE kind = 'interaction') AS interactions
    FROM customer_timeline GROUP BY customer_id"""
CONSENTS = """
    SELECT customer_id, array_join(array_agg(purpose ORDER BY purpose) FILTER (WHERE agreed), ', ') AS agreed_to,
        array_join(array_agg(purpose ORDER BY purpose) FILTER (WHERE NOT agreed), ', ') AS refused
    FROM customer_consents GROUP BY customer_id"""
CUSTOMERS = f"""
    WITH spent AS ({SPENT}), owing AS ({OWED}), sales AS ({SALES}), contacts AS ({CONTACTS}), agreed AS ({CONSENTS})
    SELECT c.customer_id, c.kind, c.name, {", ".join(f"c.{quoted(name)}" for name in GOLDEN_FIELDS)}, c.household_id, c.records,
        array_join(array_sort(c.sources), ', ') AS sources, c.first_seen, c.last_seen, coalesce(a.orders, 0) AS orders,
        a.first_order, a.last_order, s.amount AS spent, s.currency, s.amounts AS spent_by_currency,
        CASE WHEN w.owed_in IS NOT DISTINCT FROM s.currency AND s.amounts IS NULL THEN w.owed END AS unpaid,
        coalesce(t.tickets, 0) AS tickets, coalesce(t.interactions, 0) AS interactions, h.segment, g.agreed_to, g.refused
    FROM customers c LEFT JOIN spent s ON s.customer_id = c.customer_id LEFT JOIN owing w ON w.customer_id = c.customer_id
    LEFT JOIN sales a ON a.customer_id = c.customer_id LEFT JOIN contacts t ON t.customer_id = c.customer_id
    LEFT JOIN agreed g ON g.customer_id = c.customer_id LEFT JOIN segments h ON h.customer_id = c.customer_id"""


def segments() -> str:
    """The columns of the view, of the table of the insight."""
    columns = ", ".join(f"i.{quoted(one.name)}" for one in SEGMENTS.columns)
    return f"SELECT {columns} FROM insight_habits i JOIN customers k ON k.customer_id = i.customer_id"


def timeline() -> str:
    """The events of all entities, and the consents."""
    consents = """
        SELECT m.customer_id, c.consent_id AS event_id, c."at", 'consent' AS kind, c.source, c.purpose AS channel,
            CASE WHEN c.granted THEN 'agreed' WHEN NOT c.granted THEN 'refused' END AS status, NULL AS subject, NULL AS amount,
            NULL AS currency
        FROM consents c JOIN members m ON m.record_id = c.record_id JOIN customers k ON k.customer_id = m.customer_id"""
    return " UNION ALL ".join([*(_events(entity) for entity in ENTITIES.values()), consents])


def event_columns(entity: Entity) -> dict[str, str]:
    """Column of the timeline -> that of the entity's table; only those of the same class."""
    own = {column.name for column in entity.table.columns}
    found = {}
    for column in CUSTOMER_TIMELINE.columns[4:]:
        names = ("subject", "text") if column.name == "subject" else (column.name,)
        fits = [name for name in names if name in own and class_of(entity.table_name, name) == column.field_class]
        if fits:
            found[column.name] = fits[0]
    return found


def _events(entity: Entity) -> str:
    if entity is ORDER:
        return """SELECT customer_id, order_id AS event_id, ordered_at AS "at", 'order' AS kind, source, channel, status,
            NULL AS subject, amount, currency FROM customer_orders"""
    people = f"SELECT {entity.noun}_id AS event_id, record_id FROM {entity.table_name}"
    if entity is INTERACTION:
        people += " UNION SELECT interaction_id, record_id FROM participants"
    own = event_columns(entity)
    columns = [
        f"{f'e.{quoted(own[column.name])}' if column.name in own else 'NULL'} AS {quoted(column.name)}"
        for column in CUSTOMER_TIMELINE.columns[4:]
    ]
    return f"""
        SELECT DISTINCT m.customer_id, e.{entity.noun}_id AS event_id, e.{quoted(entity.when)} AS "at",
            {literal(entity.noun)} AS kind, {", ".join(columns)}
        FROM {entity.table_name} e JOIN ({people}) w ON w.event_id = e.{entity.noun}_id
        JOIN members m ON m.record_id = w.record_id JOIN customers k ON k.customer_id = m.customer_id"""

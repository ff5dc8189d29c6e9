"""Products, entities (orders, tickets, interactions ...) and who bought what: one SELECT for each label.

An order that never became a sale, or was given back (see NO_SALE), is in the graph, but it is not counted as a purchase or in any
insight. A return that is an order of its own, with a negative amount or negative quantities, lessens what was bought and spent.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.graph.tables import live, money, money_check, scope
from fullcircle.mapping.line_status import was_kept
from fullcircle.model import statuses
from fullcircle.model.entities import ENTITIES, INTERACTION, ORDER
from fullcircle.model.entity import Entity
from fullcircle.model.progress import Progress

# The statuses that are no sale, and words for them in graphs and tables that did not come through the mapping.
NO_SALE = tuple(
    sorted(
        {
            *statuses.NO_SALE,
            "abandoned",
            "cancel",
            "canceled",
            "declined",
            "failed",
            "quotation",
            "quote",
            "rejected",
            "void",
            "voided",
        }
    )
)
CATEGORY_ID = r"'category:' || trim(regexp_replace(lower({category}), '[^\p{{L}}\p{{N}}]+', '-', 'g'), '-')"

LOST = ", ".join(map(literal, NO_SALE))
KEPT = was_kept(LOST, "lower(trim(status))")  # the items of an order that were kept
KEPT_LINES = f"(SELECT * FROM order_lines WHERE {KEPT})"

# If a source has no amount for an order, it is the sum of the lines; none if the amount of a line could not be found out.
# `gives_back`: nothing but returned goods.
AMOUNTS = f"""
    SELECT order_id,
        CASE WHEN NOT bool_or(coalesce(l.discount_kind, '') = 'unknown' AND l.amount IS NULL) THEN sum(l.amount) END AS amount,
        max(l.quantity) <= 0 AND min(l.quantity) < 0 AS gives_back
    FROM {KEPT_LINES} l SEMI JOIN orders o USING (order_id) GROUP BY order_id"""
# What credit notes take off of each order that they name; of one that is no sale, or is not there, nothing is taken off, and
# nothing more of one that the credit notes before took back whole.
CORRECTED = f"""
    SELECT order_id, corrects, counts AND coalesce(before < whole - 0.005, true) AS counts, amount FROM (
        SELECT *, sum(amount) OVER (PARTITION BY corrects, counts ORDER BY ordered_at NULLS LAST, order_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (
            SELECT r.order_id, r.corrects, r.ordered_at, coalesce(o.amount, w.amount) AS whole,
                coalesce(coalesce(lower(trim(o.status)), '') NOT IN ({LOST})
                    AND o.order_id IS NOT NULL, false) AS counts, abs(coalesce(r.amount, a.amount)) AS amount
            FROM orders r LEFT JOIN orders o ON o.order_id = r.corrects LEFT JOIN order_amounts a ON a.order_id = r.order_id
            LEFT JOIN order_amounts w ON w.order_id = r.corrects
            WHERE r.corrects IS NOT NULL AND (coalesce(r.amount, a.amount, 0) < 0 OR a.gives_back)))"""
CREDITED = "LEFT JOIN (SELECT corrects, sum(amount) AS amount FROM corrected_orders GROUP BY 1) n ON n.corrects = o.order_id"
# Each order of a customer: whether it is a sale, or gives something back; its amount, and what of it is owed, in the currency of
# the totals. A credit note of an order that was not paid lessens what is owed.
PLACED = f"""
    SELECT * EXCLUDE (counts),
        (coalesce(amount, 0) < 0 OR gives_back) AND counts
            AND status IN ({", ".join(map(literal, ("", *statuses.GIVEN_BACK)))}) AS back,
        status NOT IN ({LOST}) AND coalesce(amount, 0) >= 0 AND NOT gives_back AS sale
    FROM (
        SELECT m.customer_id, o.order_id, o.ordered_at, o.channel, coalesce(lower(trim(o.status)), '') AS status,
            TRY_CAST(coalesce(o.amount, a.amount) * c.rate AS DECIMAL(18,4)) AS amount, c.currency, c.rate,
            TRY_CAST(greatest(o.unpaid - coalesce(n.amount, 0), 0) * c.rate AS DECIMAL(18,4)) AS unpaid,
            coalesce(a.gives_back, false) AS gives_back, coalesce(t.counts, true) AS counts
        FROM orders o JOIN members m USING (record_id) LEFT JOIN order_amounts a USING (order_id)
        LEFT JOIN order_currencies c USING (order_id) SEMI JOIN customers k ON k.customer_id = m.customer_id
        LEFT JOIN corrected_orders t ON t.order_id = o.order_id
        {CREDITED})"""
CUSTOMER_ORDERS = """CREATE OR REPLACE TABLE customer_orders AS
    SELECT customer_id, order_id, ordered_at, CAST(amount AS DOUBLE) AS amount, channel, currency,
        CAST(nullif(unpaid, 0) AS DOUBLE) AS unpaid FROM placed_orders WHERE sale"""
CUSTOMER_RETURNS = """CREATE OR REPLACE TABLE customer_returns AS
    SELECT customer_id, order_id, ordered_at, -abs(CAST(amount AS DOUBLE)) AS amount, currency FROM placed_orders WHERE back"""
# Quantities and amounts are summed as decimals, so that the result does not depend on the order of the rows. What was given back
# lessens them, and is no purchase; what was given back wholly was not bought. A date in the future is not the last purchase.
PURCHASES = f"""
    WITH held AS (
        SELECT o.customer_id, l.product_id, o.order_id, o.ordered_at, o.currency,
            CASE WHEN o.back THEN -abs(l.quantity) ELSE l.quantity END AS quantity,
            TRY_CAST(CASE WHEN o.back THEN -abs(l.amount) ELSE l.amount END * o.rate AS DECIMAL(18,4)) AS amount,
            l.amount IS NULL AND l.discount_kind = 'unknown' AS no_amount,
            o.sale AND coalesce(l.quantity, 1) > 0 AS bought
        FROM {KEPT_LINES} l JOIN placed_orders o USING (order_id) SEMI JOIN products p ON p.product_id = l.product_id
        WHERE o.sale OR o.back),
    sums AS ({money.sums("customer_id, product_id", "held", "bool_or(no_amount) AS no_amount")})
    SELECT customer_id, product_id, times, quantity, CAST(amount AS DOUBLE) AS amount, first, last, currency, amounts FROM (
        SELECT customer_id, product_id, count(DISTINCT order_id) FILTER (bought) AS times,
            CAST(sum(quantity) AS DOUBLE) AS quantity, min(ordered_at) FILTER (bought) AS first,
            coalesce(max(ordered_at) FILTER (bought AND ordered_at <= now() AT TIME ZONE 'UTC'), max(ordered_at) FILTER (bought))
                AS last,
            bool_or(quantity < 0 OR NOT bought) AS lessened
        FROM held GROUP BY customer_id, product_id)
    JOIN sums USING (customer_id, product_id)
    WHERE times > 0 AND (NOT coalesce(lessened, false) OR coalesce(quantity, 1) > 0)"""

MADE_OF_ORDERS = {
    "order_amounts": AMOUNTS, "corrected_orders": CORRECTED, "placed_orders": PLACED, "purchases": PURCHASES,
}  # fmt: skip


def prepare(engine: Engine, progress: Progress) -> None:
    """Make `customer_orders`, `customer_returns`, `purchases` and `money_check`; report what has no customer. The currencies of
    the orders must be found (money.py)."""
    for table, select in MADE_OF_ORDERS.items():
        engine.run(f"CREATE OR REPLACE TABLE {table} AS {select}")
    _finish(engine, progress)


def prepare_again(engine: Engine, progress: Progress) -> None:
    """The same again, of the rows of the scope alone; widens the scope by what follows from them."""
    of_orders = scope.Owned("order_id", scope.ORDERS, {"orders": "order_id"})
    scope.make_again(engine, "order_amounts", of_orders, AMOUNTS)
    engine.run("ALTER TABLE corrected_orders RENAME TO corrected_before")
    engine.run(f"CREATE TABLE corrected_orders AS {CORRECTED}")
    for one, other in (("corrected_orders", "corrected_before"), ("corrected_before", "corrected_orders")):
        scope.add(engine, scope.ORDERS, f"SELECT unnest([order_id, corrects]) FROM (FROM {one} EXCEPT FROM {other})")
    engine.run("DROP TABLE corrected_before")
    scope.add_customers_of_orders(engine)
    scope.make_again(engine, "placed_orders", of_orders, PLACED)
    of_customers = scope.Owned("customer_id", scope.CUSTOMERS, {"placed_orders": "customer_id"})
    scope.make_again(engine, "purchases", of_customers, f"SELECT * FROM ({PURCHASES})")
    _finish(engine, progress)


def _finish(engine: Engine, progress: Progress) -> None:
    for sql in (CUSTOMER_ORDERS, CUSTOMER_RETURNS, money_check.select(LOST, CREDITED, KEPT)):
        engine.run(sql)
    live.prepare(engine, KEPT_LINES)
    money.report(engine, progress)


def drop_temporary(engine: Engine) -> None:
    """Drop the tables that only the build needed; those of which a later build makes only what changed stay."""
    engine.run("DROP TABLE order_currencies")
    live.drop_temporary(engine)


def selects() -> dict[str, str | list[str]]:
    """Label -> the SELECT that gives its rows."""
    return {
        "Product": live.PRODUCT,
        "Totals": live.TOTAL,
        "Category": f"SELECT id, min(category) AS name FROM ({_categories('category')}) GROUP BY id",
        **{entity.label: _entity(entity) for entity in ENTITIES.values()},
        ORDER.label: ORDERS,
        **{entity.edge: _of_customer(entity) for entity in ENTITIES.values()},
        INTERACTION.edge: _of_customer(INTERACTION, ALL_PEOPLE),
        "CONTAINS": CONTAINS,
        "PURCHASED": PURCHASED,
        "IN_CATEGORY": f"""
            SELECT 'in_category:' || product_id || '>' || id AS id, product_id AS source, id AS target
            FROM ({_categories("product_id, category")})""",
    }


# Of a credit note that takes nothing off, nothing was paid back: so what was paid is the amount without `unpaid`, for each order.
ORDERS = f"""
    SELECT order_id AS id, ordered_at, status, channel, currency, source, coalesce(o.amount, a.amount) AS amount, status_raw,
        CASE WHEN NOT t.counts THEN coalesce(o.amount, a.amount)
            WHEN o.unpaid IS NOT NULL THEN greatest(o.unpaid - coalesce(n.amount, 0), 0) END AS unpaid, o.number
    FROM orders o LEFT JOIN order_amounts a USING (order_id) LEFT JOIN corrected_orders t USING (order_id)
    {CREDITED}"""
# A deal of several people is one vertex, to which each of them has an edge: its amount is there once.
ALL_PEOPLE = """(SELECT interaction_id, record_id FROM interactions
    UNION SELECT interaction_id, record_id FROM participants SEMI JOIN interactions USING (interaction_id))"""
# Of items that were cancelled or given back an order contains none: their edge stays, with a quantity of 0.
CONTAINS = f"""
    SELECT 'contains:' || order_id || '>' || product_id AS id, order_id AS source, product_id AS target,
        CASE WHEN bool_or({KEPT}) THEN sum(quantity) FILTER ({KEPT}) ELSE 0 END AS quantity,
        CASE WHEN bool_or({KEPT}) THEN sum(amount) FILTER ({KEPT}) ELSE 0 END AS amount
    FROM order_lines SEMI JOIN orders USING (order_id) SEMI JOIN products USING (product_id) GROUP BY order_id, product_id"""
PURCHASED = """
    SELECT 'purchased:' || customer_id || '>' || product_id AS id, customer_id AS source, product_id AS target,
        times, quantity, amount, first, last, currency, amounts
    FROM purchases"""


def _categories(columns: str) -> str:
    """The SELECT of products whose category has a letter or digit, with the category's id."""
    id = CATEGORY_ID.format(category="category")
    return f"SELECT {columns}, {id} AS id FROM products WHERE {id} <> 'category:'"


def _entity(entity: Entity) -> str:
    """The SELECT of an entity's vertices: its rows, unchanged."""
    properties = ", ".join(map(quoted, entity.vertex.properties))
    return f"SELECT {entity.table.key} AS id, {properties} FROM {entity.table_name}"


def _of_customer(entity: Entity, people: str = "") -> str:
    """The SELECT of the edges from customers to an entity. Rows without a known record have no edge.

    `people`: a table with its key and the records of each row, where a row can be of several.
    """
    key = entity.table.key
    return f"""
        SELECT {"DISTINCT " if people else ""}'{entity.edge.lower()}:' || customer_id || '>' || {key} AS id,
            customer_id AS source, {key} AS target
        FROM {people or entity.table_name} JOIN members USING (record_id) SEMI JOIN customers USING (customer_id)"""

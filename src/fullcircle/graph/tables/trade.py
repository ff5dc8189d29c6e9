"""Products, entities (orders, tickets, interactions ...) and who bought what: one SELECT for each label.

An order that never became a sale (see NO_SALE) is in the graph, but it is not counted as a purchase or in any insight.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.model.entities import ENTITIES, ORDER
from fullcircle.model.entity import Entity

NO_SALE = (
    "abandoned",
    "cancel",
    "canceled",
    "cancelled",
    "declined",
    "draft",
    "failed",
    "quotation",
    "quote",
    "rejected",
    "void",
    "voided",
)
CATEGORY_ID = r"'category:' || trim(regexp_replace(lower({category}), '[^\p{{L}}\p{{N}}]+', '-', 'g'), '-')"

# If a source has no amount for an order, it is the sum of the lines.
AMOUNTS = """CREATE OR REPLACE TABLE order_amounts AS
    SELECT order_id, sum(l.amount) AS amount FROM order_lines l JOIN orders o USING (order_id)
    WHERE o.amount IS NULL GROUP BY order_id"""
CUSTOMER_ORDERS = f"""CREATE OR REPLACE TABLE customer_orders AS
    SELECT m.customer_id, o.order_id, o.ordered_at, CAST(coalesce(o.amount, a.amount) AS DOUBLE) AS amount, o.channel
    FROM orders o JOIN members m USING (record_id) LEFT JOIN order_amounts a USING (order_id)
    SEMI JOIN customers c ON c.customer_id = m.customer_id
    WHERE coalesce(lower(trim(o.status)), '') NOT IN ({", ".join(literal(word) for word in NO_SALE)})"""
# Quantities and amounts are summed as decimals, so that the result does not depend on the order of the rows.
PURCHASES = """CREATE OR REPLACE TABLE purchases AS
    SELECT c.customer_id, l.product_id, count(DISTINCT l.order_id) AS times,
        CAST(sum(l.quantity) AS DOUBLE) AS quantity, CAST(sum(l.amount) AS DOUBLE) AS amount,
        min(c.ordered_at) AS first, max(c.ordered_at) AS last
    FROM order_lines l JOIN customer_orders c USING (order_id) SEMI JOIN products p ON p.product_id = l.product_id
    GROUP BY c.customer_id, l.product_id"""


def prepare(engine: Engine) -> None:
    """Make `customer_orders` and `purchases`."""
    for sql in (AMOUNTS, CUSTOMER_ORDERS, PURCHASES):
        engine.run(sql)


def drop_temporary(engine: Engine) -> None:
    """Drop the tables that only the build needed."""
    engine.run("DROP TABLE order_amounts")


def selects() -> dict[str, str | list[str]]:
    """Label -> the SELECT that gives its rows."""
    return {
        "Product": "SELECT product_id AS id, name, sku, category, brand, source, price FROM products",
        "Category": f"SELECT id, min(category) AS name FROM ({_categories('category')}) GROUP BY id",
        **{entity.label: _entity(entity) for entity in ENTITIES.values()},
        ORDER.label: ORDERS,
        **{entity.edge: _of_customer(entity) for entity in ENTITIES.values()},
        "CONTAINS": CONTAINS,
        "PURCHASED": PURCHASED,
        "IN_CATEGORY": f"""
            SELECT 'in_category:' || product_id || '>' || id AS id, product_id AS source, id AS target
            FROM ({_categories("product_id, category")})""",
    }


ORDERS = """
    SELECT order_id AS id, ordered_at, status, channel, currency, source, coalesce(o.amount, a.amount) AS amount
    FROM orders o LEFT JOIN order_amounts a USING (order_id)"""
CONTAINS = """
    SELECT 'contains:' || order_id || '>' || product_id AS id, order_id AS source, product_id AS target,
        sum(quantity) AS quantity, sum(amount) AS amount
    FROM order_lines SEMI JOIN orders USING (order_id) SEMI JOIN products USING (product_id) GROUP BY order_id, product_id"""
PURCHASED = """
    SELECT 'purchased:' || customer_id || '>' || product_id AS id, customer_id AS source, product_id AS target,
        times, quantity, amount, first, last
    FROM purchases"""


def _categories(columns: str) -> str:
    """The SELECT of products whose category has a letter or digit, with the category's id."""
    id = CATEGORY_ID.format(category="category")
    return f"SELECT {columns}, {id} AS id FROM products WHERE {id} <> 'category:'"


def _entity(entity: Entity) -> str:
    """The SELECT of an entity's vertices: its rows, unchanged."""
    properties = ", ".join(map(quoted, entity.vertex.properties))
    return f"SELECT {entity.table.key} AS id, {properties} FROM {entity.table_name}"


def _of_customer(entity: Entity) -> str:
    """The SELECT of the edges from customers to an entity. Rows without a known record have no edge."""
    key = entity.table.key
    return f"""
        SELECT '{entity.edge.lower()}:' || customer_id || '>' || {key} AS id, customer_id AS source, {key} AS target
        FROM {entity.table_name} JOIN members USING (record_id) SEMI JOIN customers USING (customer_id)"""

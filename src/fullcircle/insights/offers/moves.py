"""Everything that was bought or given back until now, as numbers: one row for each customer, product and order.

Customers and products are numbered by id, orders by their time. `until` gives what was known at an earlier moment: nothing of
what came later is in it, not even a number.
"""

from __future__ import annotations

from datetime import datetime

from fullcircle.engine.base import Engine
from fullcircle.graph.tables.trade import KEPT_LINES

MOVES, BUYERS, GOODS, HELD = "offer_moves", "offer_customers", "offer_products", "offer_held"
DECAY = 0.9  # the weight of a basket, for each later one of the same customer

# What was given back lessens what was bought, by the rules of graph/tables/trade.py.
PLACED = f"""
    WITH placed AS (
        SELECT customer_id, order_id, ordered_at, false AS back FROM customer_orders
        UNION ALL SELECT customer_id, order_id, ordered_at, true FROM customer_returns)
    SELECT customer_id, product_id, order_id, ordered_at,
        CAST(sum(CASE WHEN back THEN -abs(quantity) ELSE quantity END) AS DOUBLE) AS quantity,
        bool_or(NOT back AND coalesce(quantity, 1) > 0) AS bought,
        bool_or(back OR quantity <= 0) AS lessened
    FROM {KEPT_LINES} JOIN placed USING (order_id) SEMI JOIN products p USING (product_id)
    WHERE customer_id IS NOT NULL AND product_id IS NOT NULL AND coalesce(ordered_at <= $as_of, true)
    GROUP BY customer_id, product_id, order_id, ordered_at"""
NUMBERED = f"""
    CREATE OR REPLACE TEMP TABLE {MOVES} AS
    WITH numbers AS (
        SELECT order_id, CAST(row_number() OVER (ORDER BY ordered_at NULLS FIRST, order_id) - 1 AS INTEGER) AS number
        FROM (SELECT DISTINCT order_id, ordered_at FROM offer_placed))
    SELECT customer, product, number, ordered_at AS "at", quantity, bought, lessened
    FROM offer_placed JOIN numbers USING (order_id) JOIN {BUYERS} USING (customer_id) JOIN {GOODS} USING (product_id)"""


def gather(engine: Engine, as_of: datetime) -> None:
    """Make the temporary tables MOVES, BUYERS (customer, customer_id) and GOODS (product, product_id, name, category, kind)."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE offer_placed AS {PLACED}", {"as_of": as_of})
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE {BUYERS} AS
        SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer, customer_id
        FROM (SELECT DISTINCT customer_id FROM offer_placed WHERE bought)""")
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE {GOODS} AS
        SELECT CAST(row_number() OVER (ORDER BY product_id) - 1 AS INTEGER) AS product, product_id,
            coalesce(name, sku, product_id) AS name, nullif(trim(category), '') AS category,
            CAST(CASE WHEN nullif(trim(category), '') IS NULL THEN -1
                ELSE dense_rank() OVER (ORDER BY nullif(trim(category), '') NULLS LAST) - 1 END AS INTEGER) AS kind
        FROM (SELECT DISTINCT product_id FROM offer_placed WHERE bought) LEFT JOIN products USING (product_id)""")
    engine.run(NUMBERED)
    engine.run("DROP TABLE offer_placed")


def leave(engine: Engine) -> None:
    """Drop the temporary tables."""
    for name in (MOVES, BUYERS, GOODS, HELD):
        engine.run(f"DROP TABLE IF EXISTS {name}")


def until(moment: datetime | None, step: int = 1) -> str:
    """SQL: the moves known before a moment (None: all), of every `step`-th customer."""
    before = f"\"at\" < TIMESTAMP '{moment.isoformat(sep=' ')}'" if moment else "true"
    return f"(SELECT * FROM {MOVES} WHERE {before}{f' AND customer % {step} = 0' if step > 1 else ''})"


def held(moves: str) -> str:
    """SQL: who has bought what, and not given it back: customer, product, times, own, first, last, newest (order number).

    `own` is the number of baskets with the product, each weighted by DECAY for each later basket of the customer.
    """
    return f"""
        WITH known AS {moves},
        baskets AS (
            SELECT customer, number, row_number() OVER (PARTITION BY customer ORDER BY number DESC) - 1 AS later
            FROM (SELECT DISTINCT customer, number FROM known WHERE bought))
        SELECT customer, product, CAST(count(*) FILTER (bought) AS INTEGER) AS times,
            round(coalesce(sum(pow({DECAY}, later)) FILTER (bought), 0), 9) AS own,
            min("at") FILTER (bought) AS first, max("at") FILTER (bought) AS last,
            CAST(max(number) FILTER (bought) AS INTEGER) AS newest
        FROM known LEFT JOIN baskets USING (customer, number)
        GROUP BY customer, product
        HAVING count(*) FILTER (bought) > 0 AND (NOT coalesce(bool_or(lessened), false) OR coalesce(sum(quantity), 1) > 0)"""

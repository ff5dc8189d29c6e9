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
RECENT = 0.2  # the newest share of the orders: what sells now

# Numbers come first: to group and join millions of lines by text would cost several times as much.
PLACED = """
    SELECT CAST(row_number() OVER (ORDER BY ordered_at NULLS FIRST, order_id) - 1 AS INTEGER) AS number,
        customer_id, order_id, ordered_at, back
    FROM (
        SELECT customer_id, order_id, ordered_at, false AS back FROM customer_orders
        UNION ALL SELECT customer_id, order_id, ordered_at, true FROM customer_returns)
    WHERE customer_id IS NOT NULL AND coalesce(ordered_at <= $as_of, true)"""
ALL_GOODS = """
    SELECT CAST(row_number() OVER (ORDER BY product_id) - 1 AS INTEGER) AS any_product, product_id
    FROM (SELECT DISTINCT product_id FROM products WHERE product_id IS NOT NULL)"""
# What was given back lessens what was bought, by the rules of graph/tables/trade.py.
LINES = f"""
    SELECT number, any_product, CAST(sum(CASE WHEN back THEN -abs(quantity) ELSE quantity END) AS DOUBLE) AS quantity,
        bool_or(NOT back AND coalesce(quantity, 1) > 0) AS bought, bool_or(back OR quantity <= 0) AS lessened
    FROM {KEPT_LINES} JOIN offer_placed USING (order_id) JOIN offer_any USING (product_id)
    GROUP BY number, any_product"""
BOUGHT = "(SELECT * FROM offer_lines WHERE bought)"
NUMBERED = {
    BUYERS: f"""
        SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer, customer_id
        FROM (SELECT DISTINCT customer_id FROM offer_placed SEMI JOIN {BOUGHT} USING (number))""",
    GOODS: f"""
        SELECT CAST(row_number() OVER (ORDER BY any_product) - 1 AS INTEGER) AS product, any_product, product_id,
            coalesce(name, sku, product_id) AS name, nullif(trim(category), '') AS category,
            CAST(CASE WHEN nullif(trim(category), '') IS NULL THEN -1
                ELSE dense_rank() OVER (ORDER BY nullif(trim(category), '') NULLS LAST) - 1 END AS INTEGER) AS kind
        FROM (SELECT DISTINCT any_product FROM {BOUGHT}) JOIN offer_any USING (any_product) JOIN products USING (product_id)""",
    MOVES: f"""
        SELECT customer, product, place AS number, ordered_at AS "at", quantity, bought, lessened
        FROM offer_lines JOIN (
            SELECT number, CAST(row_number() OVER (ORDER BY number) - 1 AS INTEGER) AS place, ordered_at, customer
            FROM offer_placed SEMI JOIN offer_lines USING (number) JOIN {BUYERS} USING (customer_id)) USING (number)
        JOIN (SELECT any_product, product FROM {GOODS}) USING (any_product)""",
}


def gather(engine: Engine, as_of: datetime) -> None:
    """Make the temporary tables MOVES, BUYERS (customer, customer_id) and GOODS (product, product_id, name, category, kind)."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE offer_placed AS {PLACED}", {"as_of": as_of})
    for table, select in {"offer_any": ALL_GOODS, "offer_lines": LINES, **NUMBERED}.items():
        engine.run(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")
    for table in ("offer_placed", "offer_any", "offer_lines"):
        engine.run(f"DROP TABLE {table}")


def leave(engine: Engine) -> None:
    """Drop the temporary tables."""
    for name in (MOVES, BUYERS, GOODS, HELD):
        engine.run(f"DROP TABLE IF EXISTS {name}")


def split_at(engine: Engine) -> datetime | None:
    """The day that divides the past from what came after, by the newest fifth of the orders; None if there are not two days."""
    days = f'(SELECT number, min("at")::DATE AS day FROM {MOVES} WHERE bought AND "at" IS NOT NULL GROUP BY number)'
    found = engine.rows(f"SELECT min(day), max(day), quantile_disc(day, {1 - RECENT}) FROM {days}")[0]
    if found[0] is None or found[0] == found[1]:
        return None
    day = found[2] if found[2] > found[0] else engine.value(f"SELECT min(day) FROM {days} WHERE day > DATE '{found[0]}'")
    return datetime(day.year, day.month, day.day)


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
            SELECT number, row_number() OVER (PARTITION BY customer ORDER BY number DESC) - 1 AS later
            FROM (SELECT number, any_value(customer) AS customer FROM known WHERE bought GROUP BY number))
        SELECT customer, product, CAST(count(*) FILTER (bought) AS INTEGER) AS times,
            round(coalesce(sum(pow({DECAY}, later)) FILTER (bought), 0), 9) AS own,
            min("at") FILTER (bought) AS first, max("at") FILTER (bought) AS last,
            CAST(max(number) FILTER (bought) AS INTEGER) AS newest
        FROM known LEFT JOIN baskets USING (number)
        GROUP BY customer, product
        HAVING count(*) FILTER (bought) > 0 AND (NOT coalesce(bool_or(lessened), false) OR coalesce(sum(quantity), 1) > 0)"""

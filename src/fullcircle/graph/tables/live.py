"""What the graph keeps of all purchases, so that a live question about one customer or product needs no scan of the others.

`Product.buyers` and `Product.sales` (customers who bought it, orders that hold it), `Product.baskets` (these orders, all of one
customer weighing two at most, so that no wholesaler decides what goes with what), the one vertex `Totals`, and `Customer.taste`:
about the sum of the squared rarities of what a customer bought (the formula: insights/answers/related.py).
A product's rarity depends on the number of all customers, so it would change with each new one, in every product: it is not
kept, but computed from `buyers` where it is asked for. `taste` only chooses candidates, which are then scored exactly. It is
computed from counts that move in steps of 5 %, and has three digits, so a day's orders change few of them. How far from the
whole sum it may be is in `Totals`: no customer's is less than `taste_low` or more than `taste_high` times the taste, so that a
live question can tell who may be a candidate (graph/stores/gremlin/related.py). See docs/decisions/0017-live-insights.md.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine

TOTALS = "totals:purchases"  # the id of the one vertex
MOST_LINES = 100  # orders of more products (stock lists, wholesale) connect everything, and are no basket
STEP = 1.05
EACH = 2  # all baskets of one customer weigh so many at most
WHOLE = 1_000_000  # weights are whole numbers of such parts, so that their sum does not depend on the order of the rows

# The weight of a product that n of N customers bought is the BM25 idf ln(1 + (N - n + 0.5) / (n + 0.5)); see insights/matrix.py.
RARITY2 = "pow(ln(1 + ({customers} - {buyers} + 0.5) / ({buyers} + 0.5)), 2)"
STEPPED = f"greatest(round(pow({STEP}, round(ln({{}}) / ln({STEP})))), 1)"

BUYERS = """CREATE OR REPLACE TABLE product_buyers AS
    SELECT product_id, count(*) AS buyers FROM purchases GROUP BY product_id"""
# What was in the baskets of customers; a condition on the order is to be filled in.
HELD = """SELECT order_id, product_id FROM {lines} JOIN customer_orders USING (order_id)
    WHERE {when} AND product_id IS NOT NULL GROUP BY order_id, product_id HAVING coalesce(sum(quantity), 1) > 0"""
# The weight of a basket: `{{}}` is how many its customer has. And a sum of weights as baskets, in hundredths.
WEIGHT = f"CASE WHEN {{}} <= {EACH} THEN {WHOLE} ELSE {EACH * WHOLE} // {{}} END"
WEIGHED = f"greatest(round(sum({{}}) / {WHOLE}, 2), 0.01)"
BASKETS = f"""CREATE OR REPLACE TABLE product_sales AS
    WITH held AS ({{held}}),
    counted AS (
        SELECT order_id, count(*) OVER (PARTITION BY customer_id) AS many
        FROM (SELECT order_id FROM held GROUP BY order_id HAVING count(*) <= {{most_lines}})
        JOIN customer_orders USING (order_id)),
    baskets AS (SELECT order_id, {WEIGHT.format("many", "many")} AS weight FROM counted)
    SELECT product_id, count(*) AS sales, {WEIGHED.format("weight")} AS baskets, (SELECT count(*) FROM baskets) AS all_sales,
        (SELECT {WEIGHED.format("weight")} FROM baskets) AS all_baskets
    FROM held JOIN baskets USING (order_id) GROUP BY product_id"""
# Beside each taste its whole, exact `length`, with which the graph is told how far from the truth a taste may be.
TASTES = f"""CREATE OR REPLACE TABLE customer_tastes AS
    SELECT customer_id, round(taste, 2 - CAST(floor(log10(greatest(taste, 1e-9))) AS INTEGER)) AS taste, length FROM (
        SELECT customer_id, CAST(sum(CAST(rarity2 AS DECIMAL(18,9))) AS DOUBLE) AS taste,
            CAST(sum(CAST(whole AS DECIMAL(18,9))) AS DOUBLE) AS length
        FROM purchases JOIN (
            SELECT product_id, {RARITY2.format(customers="greatest(n, all_n)", buyers="n")} AS rarity2,
                {RARITY2.format(customers="customers", buyers="buyers")} AS whole
            FROM (
                SELECT product_id, buyers, customers, {STEPPED.format("buyers")} AS n,
                    {STEPPED.format("greatest(customers, 1)")} AS all_n
                FROM product_buyers CROSS JOIN (SELECT count(DISTINCT customer_id) AS customers FROM purchases)
            )) USING (product_id)
        GROUP BY customer_id)"""
# Sums are of decimals: they do not depend on the order of the rows. A date in the future is a mistake, and not the newest.
TOTAL = f"""
    SELECT '{TOTALS}' AS id, customers, coalesce((SELECT any_value(all_sales) FROM product_sales), 0) AS sales,
        coalesce((SELECT any_value(all_baskets) FROM product_sales), 0) AS baskets,
        (SELECT coalesce(CAST(sum(buyers * CAST({RARITY2.format(customers="customers", buyers="buyers")} AS DECIMAL(18,9)))
            AS DOUBLE) / nullif(sum(buyers), 0), 0) FROM product_buyers) AS rarity2,
        (SELECT min(length / taste) FROM customer_tastes WHERE taste > 0) AS taste_low,
        (SELECT max(length / taste) FROM customer_tastes WHERE taste > 0) AS taste_high,
        (SELECT max(ordered_at) FROM (SELECT ordered_at FROM customer_orders UNION ALL SELECT ordered_at FROM customer_returns)
            WHERE ordered_at <= now() AT TIME ZONE 'UTC') AS newest
    FROM (SELECT count(DISTINCT customer_id) AS customers FROM purchases) WHERE customers > 0"""
PRODUCT = """
    SELECT product_id AS id, name, sku, category, brand, source, price, price_currency, buyers, sales, baskets
    FROM products LEFT JOIN product_buyers USING (product_id) LEFT JOIN product_sales USING (product_id)"""


def prepare(engine: Engine, kept_lines: str) -> None:
    """Make the tables that the SELECTs here and that of customers read; `kept_lines` are the lines that were not given back."""
    engine.run(BUYERS)
    held = HELD.format(lines=kept_lines, when="ordered_at IS NOT NULL")
    engine.run(BASKETS.format(held=held, most_lines=MOST_LINES))
    engine.run(TASTES)


def drop_temporary(engine: Engine) -> None:
    """Drop them."""
    engine.run("DROP TABLE product_buyers; DROP TABLE product_sales; DROP TABLE customer_tastes")

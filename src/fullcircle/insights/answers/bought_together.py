"""Products that are bought in the same order more often than by chance.

With N orders, of which n(A) contain A and n(A,B) contain both:
  support = n(A,B) / N        confidence = n(A,B) / n(A)        lift = n(A,B) * N / (n(A) * n(B))
(Agrawal, Imielinski, Swami, "Mining association rules between sets of items in large databases", SIGMOD 1993; lift: Brin
et al., SIGMOD 1997.)
Lift alone favours pairs seen once or twice. So pairs are ranked by *shrunk lift* = (n(A,B) + c) / (n(A) * n(B) / N + c), c = 5:
the mean of a Gamma-Poisson model that expects lift 1 until there are enough data (DuMouchel, "Bayesian data mining in large
frequency tables", The American Statistician 1999). The published `lift` is not shrunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.changes import bring_once
from fullcircle.graph.tables.live import HELD, MOST_LINES
from fullcircle.graph.tables.trade import KEPT_LINES
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.tables import fill_edges

SHRINKAGE = 5

BASKETS = f"""
    CREATE OR REPLACE TEMP TABLE baskets AS
    WITH held AS ({HELD.format(lines=KEPT_LINES, when="ordered_at <= $as_of")}),
    orders_in AS (SELECT order_id, row_number() OVER () AS basket, count(*) AS lines FROM held GROUP BY order_id),
    products_in AS (SELECT product_id, row_number() OVER () AS product FROM held GROUP BY product_id)
    SELECT basket, lines, product, product_id FROM held JOIN orders_in USING (order_id) JOIN products_in USING (product_id)"""

PAIRS = f"""
    WITH used AS (SELECT basket, product, product_id FROM baskets WHERE lines <= $max_lines),
    singles AS (
        SELECT product, any_value(product_id) AS product_id, count(*) AS n, any_value(coalesce(name, sku, product_id)) AS name
        FROM used LEFT JOIN products USING (product_id) GROUP BY product),
    total AS (SELECT count(DISTINCT basket) AS n FROM used),
    counted AS (
        SELECT a.product AS a, b.product AS b, count(*) AS together
        FROM used a JOIN used b ON a.basket = b.basket AND a.product < b.product
        GROUP BY a.product, b.product HAVING count(*) >= $min_together),
    directed AS (SELECT a, b, together FROM counted UNION ALL SELECT b, a, together FROM counted),
    measured AS (
        SELECT a.product_id AS product_id, b.product_id AS with_product_id, together, a.n AS n, a.name AS name,
            b.name AS with_name, together / total.n AS support, together / a.n AS confidence,
            CAST(together AS DOUBLE) * total.n / (CAST(a.n AS DOUBLE) * b.n) AS lift,
            round((together + {SHRINKAGE}) / (CAST(a.n AS DOUBLE) * b.n / total.n + {SHRINKAGE}), 9) AS shrunk
        FROM directed JOIN singles a ON directed.a = a.product JOIN singles b ON directed.b = b.product CROSS JOIN total)
    SELECT product_id, with_product_id,
        row_number() OVER (PARTITION BY product_id ORDER BY shrunk DESC, together DESC, with_product_id) AS rank,
        together, round(support, 9) AS support, round(confidence, 6) AS confidence, round(lift, 6) AS lift,
        concat(together, ' of the ', n, CASE WHEN n = 1 THEN ' order' ELSE ' orders' END, ' with ', name, ' also held ',
            with_name, ': ', CASE WHEN lift < 10 THEN printf('%.1f', lift) ELSE printf('%.0f', lift) END,
            ' times as often as by chance.') AS why
    FROM measured WHERE lift > 1
    QUALIFY rank <= $k ORDER BY product_id, rank"""

EDGES = """SELECT product_id AS source, with_product_id AS target, together, support, confidence, lift, why
    FROM insight_bought_together"""


class BoughtTogetherOptions(Settings):
    """[insights.bought_together]."""

    k: int = Field(10, ge=1)  # partners per product
    min_together: int = Field(3, ge=1)  # orders that must contain both
    max_lines: int = Field(MOST_LINES, ge=2)  # larger orders (stock lists, wholesale) are left out: they connect everything


class BoughtTogether:
    """See the top of the file."""

    name = "bought_together"
    meaning = "Which products go into the same order more often than by chance."
    after = ()

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(BoughtTogetherOptions, dict(options), "[insights.bought_together]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_bought_together and edges_bought_with: at most `k` partners per product, best first."""
        options = parse(BoughtTogetherOptions, context.options, "[insights.bought_together]")
        engine = context.engine
        engine.run(BASKETS, {"as_of": context.as_of})
        left_out, used = engine.rows(
            "SELECT count(DISTINCT basket) FILTER (lines > $most), count(DISTINCT basket) FILTER (lines <= $most) FROM baskets",
            {"most": options.max_lines},
        )[0]
        with engine.transaction():
            bring_once(engine, "insight_bought_together", PAIRS, options.model_dump())
            tables = {
                "insight_bought_together": engine.count("insight_bought_together"),
                "edges_bought_with": fill_edges(engine, "BOUGHT_WITH", EDGES),
            }
        engine.run("DROP TABLE baskets")
        return Finding(self.name, tables, {"orders_used": used, "orders_too_large": left_out})


PLUGIN = BoughtTogether()

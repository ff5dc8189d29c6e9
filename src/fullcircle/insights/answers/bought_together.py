"""Products that are bought in the same order more often than by chance.

With N orders, of which n(A) contain A and n(A,B) contain both:
  support = n(A,B) / N        confidence = n(A,B) / n(A)        lift = n(A,B) * N / (n(A) * n(B))
(Agrawal, Imielinski, Swami, "Mining association rules between sets of items in large databases", SIGMOD 1993; lift: Brin
et al., SIGMOD 1997.)

In the lift all orders of one customer weigh two at most: a wholesaler with hundreds of orders of the same goods is one opinion.
Lift alone favours pairs seen once or twice, and of very many pairs some come often by chance. So pairs are ranked, and shown at
all, by the lower bound of the lift: that of the number of orders with both, as of a Poisson count, over what chance gives:
  low(n) = n * (1 - 1 / (9 n) - z / (3 sqrt(n)))^3,  z = 3.09        lift_low = lift * low(n(A,B)) / n(A,B)
(Byar's approximation of the exact limit: Breslow and Day, "Statistical methods in cancer research", vol. II, 1987, p. 69.) Of a
thousand pairs that go together by chance alone one is shown. Why so: docs/decisions/0035-natural-groups.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.graph.tables.live import EACH, MOST_LINES, WEIGHED, WEIGHT, WHOLE
from fullcircle.graph.tables.trade import KEPT_LINES
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.tables import fill_edges
from fullcircle.model.counting import counted

Z = 3.09
THIN = 0.5  # where a smaller share of the products has a partner, categories are looked at too


@dataclass(frozen=True, slots=True)
class Things:
    """What may go together: the table of the answers, its column, what baskets hold, and how things are called."""

    table: str
    id: str
    used: str
    named: str


# Numbers come first: to group and join millions of lines by text would cost several times as much.
NUMBERED = {
    "placed_baskets": """
        SELECT CAST(row_number() OVER () AS INTEGER) AS basket, order_id, customer_id FROM customer_orders
        WHERE ordered_at <= $as_of""",
    "basket_goods": """
        SELECT CAST(row_number() OVER () AS INTEGER) AS product, product_id, coalesce(name, sku, product_id) AS name,
            nullif(trim(category), '') AS category
        FROM products WHERE product_id IS NOT NULL""",
}
HELD = f"""
    CREATE OR REPLACE TEMP TABLE baskets AS
    WITH held AS (
        SELECT basket, product FROM {KEPT_LINES} JOIN placed_baskets USING (order_id) JOIN basket_goods USING (product_id)
        GROUP BY basket, product HAVING coalesce(sum(quantity), 1) > 0),
    sizes AS (SELECT basket, count(*) AS lines FROM held GROUP BY basket),
    counted AS (
        SELECT basket, lines, count(*) FILTER (lines <= $most) OVER (PARTITION BY customer_id) AS many
        FROM sizes JOIN placed_baskets USING (basket))
    SELECT basket, lines, CAST({WEIGHT.format("many", "many")} AS INTEGER) AS weight, product
    FROM held JOIN counted USING (basket)"""
# What goes together: the name of a table, and each basket's (basket, weight, thing), with what a thing is called.
PRODUCTS = Things(
    "insight_bought_together",
    "product_id",
    "SELECT basket, weight, product AS thing FROM baskets WHERE lines <= $max_lines",
    "SELECT product AS thing, product_id AS id, name FROM basket_goods",
)
CATEGORIES = Things(
    "insight_categories_together",
    "category",
    """SELECT basket, any_value(weight) AS weight, hash(category) AS thing FROM baskets JOIN basket_goods USING (product)
        WHERE lines <= $max_lines AND category IS NOT NULL GROUP BY basket, category""",
    """SELECT hash(category) AS thing, any_value(category) AS id, any_value(category) AS name
        FROM basket_goods WHERE category IS NOT NULL GROUP BY category""",
)

# `weight` is that of the orders with both. One customer alone is no evidence, unless the config is content with less.
PAIRS = f"""
    WITH used AS ({{used}}), named AS ({{named}}),
    singles AS (
        SELECT thing, any_value(id) AS id, any_value(name) AS name, count(*) AS n, {WEIGHED.format("weight")} AS w
        FROM used JOIN named USING (thing) GROUP BY thing),
    total AS (
        SELECT count(*) AS n, {WEIGHED.format("weight")} AS w FROM (
            SELECT any_value(weight) AS weight FROM baskets WHERE lines <= $max_lines GROUP BY basket)),
    counted AS (
        SELECT a.thing AS a, b.thing AS b, count(*) AS together, sum(a.weight) AS weight
        FROM used a JOIN used b ON a.basket = b.basket AND a.thing < b.thing
        GROUP BY a.thing, b.thing
        HAVING count(*) >= $min_together AND sum(a.weight) > (least($min_together, {EACH + 1}) - 1) * {WHOLE}),
    directed AS (SELECT a, b, together, weight FROM counted UNION ALL SELECT b, a, together, weight FROM counted),
    measured AS (
        SELECT a.id AS {{id}}, b.id AS with_{{id}}, together, a.n AS n, a.name AS name,
            b.name AS with_name, together / total.n AS support, together / a.n AS confidence, a.w * b.w / total.w AS chance,
            weight / {WHOLE} AS weight, sqrt(weight / {WHOLE}) AS root
        FROM directed JOIN singles a ON directed.a = a.thing JOIN singles b ON directed.b = b.thing CROSS JOIN total),
    bounded AS (
        SELECT *, weight / chance AS lift, greatest(1 - 1 / (9 * weight) - {Z} / (3 * root), 0) AS part FROM measured)
    SELECT {{id}}, with_{{id}},
        row_number() OVER (PARTITION BY {{id}} ORDER BY lift_low DESC, together DESC, with_{{id}}) AS rank,
        together, round(support, 9) AS support, round(confidence, 6) AS confidence, round(lift, 6) AS lift, lift_low,
        concat(together, ' of the ', n, CASE WHEN n = 1 THEN ' order' ELSE ' orders' END, ' with ', name, ' also held ',
            with_name, ': ', CASE WHEN lift < 10 THEN printf('%.1f', lift) ELSE printf('%.0f', lift) END,
            ' times as often as by chance (the lift; ', printf('%.2f', lift_low), ' at least).') AS why
    FROM (SELECT *, round(lift * part * part * part, 2) AS lift_low FROM bounded) WHERE lift_low > 1
    QUALIFY rank <= $k ORDER BY {{id}}, rank"""

EDGES = """SELECT product_id AS source, with_product_id AS target, together, support, confidence, lift, lift_low, why
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
        lay_baskets(engine, context.as_of, options.max_lines)
        counts = "count(DISTINCT basket) FILTER (lines > $most), count(DISTINCT basket) FILTER (lines <= $most)"
        left_out, used = engine.rows(f"SELECT {counts} FROM baskets", {"most": options.max_lines})[0]
        with engine.transaction():
            found = _find(engine, PRODUCTS, options)
            sold, paired = engine.rows(
                f"SELECT (SELECT count(DISTINCT product) FROM baskets), (SELECT count(DISTINCT product_id) FROM {PRODUCTS.table})"
            )[0]
            tables = {PRODUCTS.table: found, "edges_bought_with": fill_edges(engine, "BOUGHT_WITH", EDGES)}
            if paired < THIN * sold:
                tables[CATEGORIES.table] = _find(engine, CATEGORIES, options)
            else:
                engine.run(f"DROP TABLE IF EXISTS {CATEGORIES.table}")
        for table in ("baskets", *NUMBERED):
            engine.run(f"DROP TABLE {table}")
        context.progress.say(_outcome(used, sold, paired, tables.get(CATEGORIES.table)))
        return Finding(self.name, tables, {"orders_used": used, "orders_too_large": left_out})


def lay_baskets(engine: Engine, as_of: datetime, most: int) -> None:
    """Make the temporary table baskets (basket, lines, weight, product) and those of NUMBERED; `most`: see max_lines."""
    for table, select in NUMBERED.items():
        engine.run(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}", {"as_of": as_of} if "$" in select else None)
    engine.run(HELD, {"most": most})


def _find(engine: Engine, things: Things, options: BoughtTogetherOptions) -> int:
    pairs = PAIRS.format(used=things.used, named=things.named, id=things.id)
    bring_once(engine, things.table, pairs, options.model_dump())
    return engine.count(things.table)


def _outcome(orders: int, sold: int, paired: int, categories: int | None) -> str:
    if not orders:
        return "bought_together: no order of a known customer has a product that was kept."
    of = f"{counted(paired, 'product')} of {sold:,} go" if paired else f"no product of {sold:,} goes"
    found = f"bought_together: {of} with others by more than chance, in {counted(orders, 'order')}"
    if categories is None:
        return f"{found}."
    pairs = categories // 2
    return f"{found}; {counted(pairs, 'pair of categories does', 'pairs of categories do') if pairs else 'nor do categories'}."


PLUGIN = BoughtTogether()

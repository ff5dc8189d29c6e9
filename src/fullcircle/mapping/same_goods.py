"""One product in two objects of a source: in the list of products, and on the lines of orders. See `same_goods`.

They are one if they have the same code (SKU), where most codes of the lines are in the list, and most names are alike there: the
lines point to the product of the list then, which knows category and price.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine

MOSTLY = 0.5
CODE = "lower(trim({0}.sku))"
ALIKE = "(starts_with(lower(p.name), lower(c.name)) OR starts_with(lower(c.name), lower(p.name)))"


def same_goods(engine: Engine) -> None:
    """Let staged order lines point to the list of products, where it has the products of the lines."""
    sold = "(SELECT DISTINCT source, object FROM staged_order_lines)"
    if engine.value("SELECT count(DISTINCT (source, object)) FROM staged_products WHERE sku IS NOT NULL") < 2:
        return
    engine.run(f"""CREATE OR REPLACE TEMP TABLE goods_twice AS
        WITH listed AS (
            SELECT * FROM staged_products c WHERE sku IS NOT NULL AND (source, object) NOT IN {sold}
            QUALIFY count(*) OVER (PARTITION BY source, object, {CODE.format("c")}) = 1),
        of_lines AS (SELECT * FROM staged_products WHERE sku IS NOT NULL AND (source, object) IN {sold}),
        pairs AS (
            SELECT p.product_id AS gone, c.product_id AS kept, p.source, p.object, c.object AS list,
                coalesce({ALIKE}, false) AS alike
            FROM of_lines p JOIN listed c ON c.source = p.source AND {CODE.format("c")} = {CODE.format("p")}),
        counted AS (SELECT source, object, count(*) AS goods FROM of_lines GROUP BY ALL),
        good AS (
            SELECT source, object, list FROM pairs JOIN counted USING (source, object) GROUP BY source, object, list, goods
            HAVING count(*) >= {MOSTLY} * goods AND count(*) FILTER (alike) >= {MOSTLY} * count(*))
        SELECT gone, min(kept) AS kept FROM pairs JOIN good USING (source, object, list) GROUP BY gone HAVING count(*) = 1""")
    engine.run(
        "UPDATE staged_order_lines SET product_id = g.kept FROM goods_twice g WHERE g.gone = staged_order_lines.product_id; "
        "DELETE FROM staged_products WHERE product_id IN (SELECT gone FROM goods_twice); DROP TABLE goods_twice"
    )

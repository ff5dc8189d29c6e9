"""Evaluates recommendations: are the products customers newly bought in their last order among those recommended without it?

The split is leave-last-out: a seeded sample of the customers with at least two orders whose last order contains a product they
never bought before. Their last orders are removed from the history; the orders of all other customers stay. The products that
were new in the last order are held out and have to be found. Later purchases of other customers stay known, which they would not
be in practice: the figures compare methods on the same split and do not predict sales.
    recall@k = |recommended in the first k  and  held out| / |held out|
    DCG@k = sum over hits of 1 / log2(1 + rank);   NDCG@k = DCG@k / (the DCG of all held out first, at most k of them)
(Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002.) Both are means over the customers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fullcircle.engine.base import Engine
from fullcircle.graph.tables.trade import KEPT_LINES
from fullcircle.insights.base import InsightContext
from fullcircle.insights.history import CUSTOMERS, PRODUCTS, Floats, History, Ints, column, forget, read

# (history, numbers of the requested customers, k) -> one row per customer: k products, best first, then -1
Recommend = Callable[[History, Ints, int], Ints]

SAMPLE = 20_000
BLOCK = 2_000

LINES = f"""
    CREATE OR REPLACE TEMP TABLE evaluated_lines AS
    SELECT DISTINCT customer_id, product_id, order_id, ordered_at,
        dense_rank() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC, order_id DESC) = 1 AS last
    FROM {KEPT_LINES} JOIN customer_orders USING (order_id)
    WHERE ordered_at <= $as_of AND customer_id IS NOT NULL AND product_id IS NOT NULL AND coalesce(quantity, 1) > 0"""

HELD = """
    CREATE OR REPLACE TEMP TABLE held_out AS
    WITH new AS (
        SELECT customer_id, product_id FROM evaluated_lines GROUP BY customer_id, product_id HAVING bool_and(last)),
    sampled AS (
        SELECT DISTINCT customer_id FROM new SEMI JOIN (FROM evaluated_lines WHERE NOT last) USING (customer_id)
        ORDER BY md5(concat(customer_id, $seed)), customer_id LIMIT $sample)
    SELECT customer_id, product_id FROM new JOIN sampled USING (customer_id)"""

KNOWN = """
    SELECT customer_id, product_id, count(*) AS times, max(ordered_at) AS last FROM evaluated_lines
    WHERE NOT last OR customer_id NOT IN (SELECT customer_id FROM held_out) GROUP BY customer_id, product_id"""


def evaluate(
    context: InsightContext, methods: dict[str, Recommend], k: int = 10, sample: int = SAMPLE, seed: int = 7
) -> dict[str, float]:
    """The figures `<prefix>recall_at_<k>` and `<prefix>ndcg_at_<k>` of each method (prefix -> method), and `judged_customers`.

    `{"": recommend, "popularity_": popular}` gives recall_at_10, ndcg_at_10, popularity_recall_at_10, popularity_ndcg_at_10.
    """
    engine = context.engine
    engine.run(LINES, {"as_of": context.as_of})
    engine.run(HELD, {"sample": sample, "seed": seed})
    history = read(engine, KNOWN, context.as_of)
    held = engine.arrow(f"""
        SELECT customer, coalesce(product, -1) AS product FROM held_out JOIN {CUSTOMERS} USING (customer_id)
        LEFT JOIN {PRODUCTS} USING (product_id) ORDER BY customer, product""")
    customer, product = column(held, "customer"), column(held, "product")
    _clear(engine)
    asked = np.unique(customer)
    figures: dict[str, float] = {"judged_customers": float(len(asked))}
    for prefix, recommend in methods.items() if len(asked) else ():
        recall, ndcg = measure(recommend(history, asked, k), asked, customer, product)
        figures |= {f"{prefix}recall_at_{k}": round(recall, 4), f"{prefix}ndcg_at_{k}": round(ndcg, 4)}
    return figures


def _clear(engine: Engine) -> None:
    forget(engine)
    engine.run("DROP TABLE evaluated_lines; DROP TABLE held_out")


def measure(recommended: Ints, asked: Ints, customer: Ints, product: Ints) -> tuple[float, float]:
    """Mean recall and NDCG of recommendations (one row for each of `asked`) against the held-out (customer, product) pairs."""
    k = recommended.shape[1]
    step = np.int64(max(int(recommended.max(initial=0)), int(product.max(initial=0))) + 1)
    wanted = customer[product >= 0].astype(np.int64) * step + product[product >= 0]
    hits = np.isin(asked.astype(np.int64)[:, None] * step + recommended, wanted) & (recommended >= 0)
    held = np.unique(customer, return_counts=True)[1]
    gains: Floats = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(gains)[np.minimum(held, k) - 1]
    return float((hits.sum(axis=1) / held).mean()), float(((hits * gains).sum(axis=1) / ideal).mean())


def popular(history: History, asked: Ints, k: int) -> Ints:
    """The baseline: the products with the most buyers (ties by number) that the customer does not own yet."""
    blocks = [_popular(history, asked[start : start + BLOCK], k) for start in range(0, len(asked), BLOCK)]
    return np.concatenate(blocks) if blocks else np.empty((0, k), dtype=np.int32)


def _popular(history: History, asked: Ints, k: int) -> Ints:
    starts, ends = np.searchsorted(history.customer, asked), np.searchsorted(history.customer, asked, side="right")
    products = len(history.buyers)
    # The best-selling products have the highest numbers. A customer who owns m products finds k others among the last k + m.
    bestsellers = np.arange(products - 1, max(products - k - int((ends - starts).max(initial=0)), 0) - 1, -1, dtype=np.int32)
    owns = np.zeros((len(asked), products), dtype=bool)
    mine = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)] or [np.empty(0, dtype=int)])
    owns[np.repeat(np.arange(len(asked)), ends - starts), history.product[mine]] = True
    free = ~owns[:, bestsellers]
    place = np.cumsum(free, axis=1) - 1
    found = np.full((len(asked), k), -1, dtype=np.int32)
    row, col = np.nonzero(free & (place < k))
    found[row, place[row, col]] = bestsellers[col]
    return found

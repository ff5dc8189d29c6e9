"""What a customer may like next: learned from what customers own together (recommender.py) and evaluated first (evaluate.py).

With `method = "auto"` the methods of recommender.py that suit the size of the catalogue are evaluated on held-out last orders and
the better one is used. The simpler one (items) stays unless the other is better by more than 2 %, so that the choice is the same
from run to run. The figures give the quality of the method used, of each method, and of recommending bestsellers to the same
customers (`popularity_`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import ConfigDict, Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.errors import ConfigError
from fullcircle.insights import recommender
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.evaluate import evaluate, popular
from fullcircle.insights.history import CUSTOMERS, PRODUCTS, History, Ints, column, forget, purchases_until, read
from fullcircle.insights.recommender import Advice
from fullcircle.insights.tables import THE_DEAD, fill_edges, know_the_dead

ENOUGH = 100  # evaluated customers needed before the figures decide the method
BETTER = 1.02

# Rounded to a tenth, small ones to one digit, as every score moves a little with every order: the graph and the targets are
# written only where an offer really changed. The rank is that of the whole score.
ROUNDED = """CASE WHEN abs(score) >= 0.1 THEN round(score, 1) WHEN abs(score) >= 0.01 THEN round(score, 2)
        ELSE round(score, 4) END"""
TABLE = f"""
    SELECT customer_id, p.product_id AS product_id, rank, {ROUNDED} AS score,
        CASE WHEN a.name IS NULL THEN 'Popular with other customers; nothing closer is known.'
            ELSE concat('Because they bought ', a.name, CASE WHEN b.name IS NULL THEN '' ELSE ' and ' END, b.name, '.') END AS why
    FROM advice JOIN {CUSTOMERS} USING (customer) ANTI JOIN {THE_DEAD} USING (customer_id) JOIN {PRODUCTS} p USING (product)
    LEFT JOIN {PRODUCTS} a ON because = a.product LEFT JOIN {PRODUCTS} b ON besides = b.product
    ORDER BY customer, rank"""

EDGES = "SELECT customer_id AS source, product_id AS target, score, rank, why FROM insight_next_product"


class NextProductOptions(Settings):
    """[insights.next_product]."""

    model_config = ConfigDict(populate_by_name=False)  # the key of the config is `judge`

    k: int = Field(5, ge=1)  # products recommended per customer
    method: Literal["auto", "items", "ridge"] = "auto"
    half_life_days: float = Field(365.0, gt=0)  # a purchase this many days ago counts half
    buy_again: tuple[str, ...] = ()  # categories whose products are recommended even if the customer owns them
    fill_popular: bool = False  # fill short lists with bestsellers; their `why` says so
    evaluate: bool = Field(True, alias="judge")  # measure the quality on held-out last orders
    threads: int = Field(0, ge=0)  # 0: all cores


@dataclass(frozen=True, slots=True)
class Method:
    """A method of recommender.py with its options; called as evaluate.py does it."""

    name: str
    half_life: float
    threads: int

    def __call__(self, history: History, asked: Ints, k: int) -> Ints:
        """One row per requested customer: k products, best first, then -1."""
        found = np.full((len(asked), k), -1, dtype=np.int32)
        for advice in self.advise(history, np.zeros(len(history.buyers), dtype=np.int32), asked, k):
            found[np.searchsorted(asked, advice.customer), advice.rank - 1] = advice.product
        return found

    def advise(self, history: History, again: Ints, asked: Ints, k: int) -> Iterator[Advice]:
        """Recommendations with the products that are the reason."""
        similar = recommender.learn(history, self.name, self.threads)
        known = recommender.weights(history, self.half_life)
        return recommender.recommend(known, similar, again, asked, k, self.threads)


class NextProduct:
    """See the top of the file."""

    name = "next_product"
    meaning = "Which products a customer does not own yet, but may like next."
    after = ()
    makes_offers = True

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(NextProductOptions, dict(options), "[insights.next_product]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_next_product and edges_may_like: at most `k` products per customer with purchases, best first."""
        options = parse(NextProductOptions, context.options, "[insights.next_product]")
        engine = context.engine
        method, figures = _choose(context, options)
        history = read(engine, purchases_until(context.as_of), context.as_of)
        advice = _together(method, history, _again(engine, options), options)
        with engine.transaction():
            tables = _store(engine, advice)
        forget(engine)
        covered = len(np.unique(advice["customer"].to_numpy()))
        return Finding(self.name, tables, {**figures, "coverage": round(covered / max(history.customers, 1), 4)})


def _choose(context: InsightContext, options: NextProductOptions) -> tuple[Method, dict[str, float]]:
    threads = options.threads or os.cpu_count() or 1
    items, ridge = (Method(name, options.half_life_days, threads) for name in ("items", "ridge"))
    fixed = ridge if options.method == "ridge" else items
    small = context.engine.value("SELECT count(DISTINCT product_id) FROM purchases") <= recommender.RIDGE_PRODUCTS
    if fixed is ridge and not small:
        raise ConfigError(
            f'[insights.next_product] method = "ridge" is for at most {recommender.RIDGE_PRODUCTS} products; more were bought.',
            'Write method = "items" or "auto".',
        )
    if not options.evaluate:
        return fixed, {}
    methods = (items, ridge) if options.method == "auto" and small else (fixed,)
    figures = evaluate(context, {"popularity_": popular, **{f"{method.name}_": method for method in methods}})
    if figures["judged_customers"] == 0:
        return fixed, figures
    first, last = (figures[f"{method.name}_ndcg_at_10"] for method in (methods[0], methods[-1]))
    best = methods[-1] if last > BETTER * first else methods[0]
    best = best if figures["judged_customers"] >= ENOUGH else fixed
    taken = {name: figures[f"{best.name}_{name}"] for name in ("recall_at_10", "ndcg_at_10")}
    context.progress.say(
        f"next_product ({best.name}), evaluated on the last orders of {figures['judged_customers']:.0f} customers: "
        f"recall@10 {taken['recall_at_10']:.3f}, NDCG@10 {taken['ndcg_at_10']:.3f}; the ten most popular products: "
        f"{figures['popularity_recall_at_10']:.3f}, {figures['popularity_ndcg_at_10']:.3f}"
    )
    return best, {**taken, **figures}


def _again(engine: Engine, options: NextProductOptions) -> Ints:
    """For each product: 1 if it may be recommended to customers who own it, else 0."""
    categories = engine.arrow(f"SELECT coalesce(category, '') AS category FROM {PRODUCTS} ORDER BY product")
    return np.isin(column(categories, "category").astype(str), options.buy_again).astype(np.int32)


def _together(method: Method, history: History, again: Ints, options: NextProductOptions) -> pa.Table:
    types = {"customer": pa.int32(), "product": pa.int32(), "rank": pa.int32(), "score": pa.float64()}
    schema = pa.schema({**types, "because": pa.int32(), "besides": pa.int32()})
    if not len(history.customer):
        return schema.empty_table()
    customers = np.arange(history.customers, dtype=np.int32)
    found = list(method.advise(history, again, customers, options.k))
    if options.fill_popular:
        found.append(_filled(history, found, options.k))
    names = schema.names
    blocks = (pa.table({name: getattr(block, name) for name in names}, schema=schema) for block in found)
    return pa.concat_tables([schema.empty_table(), *blocks])


def _filled(history: History, found: list[Advice], k: int) -> Advice:
    """Bestsellers for customers with fewer than k recommendations, ranked after these."""
    products = np.int64(len(history.buyers))
    customer = np.concatenate([block.customer for block in found] or [np.empty(0, dtype=np.int32)])
    product = np.concatenate([block.product for block in found] or [np.empty(0, dtype=np.int32)])
    have = np.bincount(customer, minlength=history.customers)
    asked = np.flatnonzero(have < k).astype(np.int32)
    offered = popular(history, asked, 2 * k)  # up to k of them may be recommended already
    free = (offered >= 0) & ~np.isin(asked.astype(np.int64)[:, None] * products + offered, customer * products + product)
    rank = np.cumsum(free, axis=1) + have[asked][:, None]
    row, place = np.nonzero(free & (rank <= k))
    none = np.full(len(row), -1, dtype=np.int32)
    return Advice(asked[row], offered[row, place], rank[row, place].astype(np.int32), np.zeros(len(row)), none, none)


def _store(engine: Engine, advice: pa.Table) -> dict[str, int]:
    know_the_dead(engine)
    with engine.register("advice", advice):
        bring_once(engine, "insight_next_product", TABLE)
    return {"insight_next_product": engine.count("insight_next_product"), "edges_may_like": fill_edges(engine, "MAY_LIKE", EDGES)}


PLUGIN = NextProduct()

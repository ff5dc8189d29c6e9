"""Offers to everybody, by the method that was best on held-out customers: what the insights next_product and next_basket are.

1. What was bought and given back until now is read once for both (known.py, moves.py).
2. The methods are tried on an earlier moment (trial.py), and the best is taken, or the simplest (chosen.py).
3. It is learned from all that is known now (past.py, parts.py), and ranks the products of each customer (ranking.py).
4. Each offer gets the reason that weighed most for it (why.py).
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from pydantic import ConfigDict, Field

from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.history import column
from fullcircle.insights.offers.chosen import choose, figures, keep_trial, say
from fullcircle.insights.offers.known import Knowledge, known_of
from fullcircle.insights.offers.methods import Method
from fullcircle.insights.offers.moves import GOODS
from fullcircle.insights.offers.parts import Parts
from fullcircle.insights.offers.past import Bools, Past
from fullcircle.insights.offers.ranking import FILLING, Ranked, Ranking, Reasons
from fullcircle.insights.offers.trial import hold_trial, not_tried
from fullcircle.insights.offers.why import SCHEMA, TABLE
from fullcircle.insights.tables import fill_edges, know_the_dead
from fullcircle.model.graph import EDGES


class OfferOptions(Settings):
    """The options that all offers have."""

    model_config = ConfigDict(populate_by_name=False)  # the key of the config is `judge`

    k: int = Field(5, ge=1)  # products for each customer
    method: str = "auto"  # one of methods.py, or the best
    half_life_days: float = Field(365.0, gt=0)  # a purchase this many days ago counts half
    fill_popular: bool = False  # fill short lists with bestsellers; their `why` says so
    evaluate: bool = Field(True, alias="judge")  # try the methods on held-out customers
    threads: int = Field(0, ge=0)  # 0: all cores
    not_sold_days: int = Field(365, ge=1)  # a product that nobody bought for so long is not offered


def make(
    context: InsightContext, insight: str, question: str, label: str, options: OfferOptions, buy_again: Sequence[str] = ()
) -> Finding:
    """Fill `insight_<name>` and the edges of the label: at most `k` products for each customer with purchases, best first.

    `buy_again`: categories whose products are offered as something new even to who owns them.
    """
    with known_of(context) as known:
        return _make(context, known, insight, question, label, options, buy_again)


def _make(
    context: InsightContext,
    known: Knowledge,
    insight: str,
    question: str,
    label: str,
    options: OfferOptions,
    buy_again: Sequence[str],
) -> Finding:
    engine, threads, long_ago = context.engine, options.threads or os.cpu_count() or 1, options.not_sold_days
    learning = (long_ago, options.half_life_days, threads)
    trial = (
        hold_trial(known, question, learning, options.method, options.fill_popular) if options.evaluate else not_tried(question)
    )
    past = known.past(long_ago)
    method = choose(insight, question, options.method, past, trial)
    say(context.progress, insight, method, trial, past)
    advice = _advice(engine, known.parts(*learning), method, question, options, buy_again)
    with engine.transaction():
        tables = _store(engine, insight, label, past, advice)
        keep_trial(engine, insight, method, trial)
    covered = len(np.unique(advice["customer"].to_numpy()))
    return Finding(insight, tables, {**figures(trial, method), "coverage": round(covered / max(past.active, 1), 4)})


def _advice(
    engine: Engine, parts: Parts, method: Method, question: str, options: OfferOptions, buy_again: Sequence[str]
) -> pa.Table:
    """The offers of everybody, with the numbers of GOODS, and the reason for each."""
    past, found = parts.past, [SCHEMA.empty_table()]
    if len(past.customer):
        ranking = Ranking(parts, method, question, _again(engine, past, buy_again), options.fill_popular)
        for ranked, block in ranking.best(past.people(), options.k):
            found.append(_table(past, ranked, ranking.reasons(ranked, block), FILLING not in method.parts))
    return pa.concat_tables(found)


def _table(past: Past, ranked: Ranked, reasons: Reasons, fills: bool) -> pa.Table:
    """Offers with the numbers that products have for good."""
    good = np.append(past.good, np.int32(-1))  # -1 stays -1
    part = np.array(["filling" if fills and name == FILLING else name for name in reasons.names])[reasons.part]
    columns = {
        "customer": ranked.customer, "product": good[ranked.product], "rank": ranked.rank, "score": ranked.score, "part": part,
        "because": good[reasons.because], "besides": good[reasons.besides], "near": reasons.near, "nearest": reasons.nearest,
    }  # fmt: skip
    return pa.table(columns).cast(SCHEMA)


def _again(engine: Engine, past: Past, categories: Sequence[str]) -> Bools:
    """By product number: whether it may be offered as something new to who owns it."""
    names = column(engine.arrow(f"SELECT coalesce(category, '') AS category FROM {GOODS} ORDER BY product"), "category")
    again: Bools = np.isin(names.astype(str), list(categories))[past.good]
    return again


def _store(engine: Engine, insight: str, label: str, past: Past, advice: pa.Table) -> dict[str, int]:
    know_the_dead(engine)
    shares = {"good": past.good, "share": past.buyers / max(past.active, 1), "lately": past.lately / max(past.lately_active, 1)}
    table = f"insight_{insight}"
    with engine.register("advice", advice), engine.register("shares", pa.table(shares)):
        bring_once(engine, table, TABLE)
    edges = f"SELECT customer_id AS source, product_id AS target, score, rank, why FROM {table}"
    return {table: engine.count(table), EDGES[label].table: fill_edges(engine, label, edges)}

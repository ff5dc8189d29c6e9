"""What was known at a moment, as arrays: who bought what, how often, and which products can be offered at all.

Products are numbered anew for each moment: by the number of their buyers, fewest first, ties by id. So a higher number is a
better-selling product, and nothing of a later time is in the order.

No offers are: products with fewer than two buyers (a single person's taste is none; `alone` admits those that one customer
bought twice), products that nobody bought for LONG_AGO days, and products that were withdrawn. Withdrawn is what sold so long
not at all that at its own pace it would have been in more than 7 orders meanwhile: by chance that happens once in e^7 = 1,100
times. The pace is counted in orders of the whole shop: a quiet season or a closed week withdraws nothing. Stock is not known:
no source says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from fullcircle.engine.base import Engine
from fullcircle.insights.history import Floats, Ints, column
from fullcircle.insights.offers.moves import BUYERS, DECAY, GOODS, HELD, held, until

Bools = npt.NDArray[np.bool_]
LONG_AGO = 365
MISSED = 7.0  # orders that a product would have been in since it last sold
PACE_OF = 5  # orders needed to know a pace
RECENT = 0.2  # the newest share of the orders: what sells now

GOODS_SOLD = f"""
    SELECT product, count(*) AS buyers, sum(times) AS sales, max(last) AS last, max(newest) AS newest
    FROM {HELD} GROUP BY product"""
ORDERS_SEEN = """
    SELECT product, CAST(count(DISTINCT number) AS INTEGER) AS orders, CAST(min(number) AS INTEGER) AS oldest,
        CAST(count(DISTINCT customer) FILTER (number >= {cut}) AS INTEGER) AS lately
    FROM {moves} WHERE bought GROUP BY product"""


@dataclass(frozen=True, slots=True)
class Past:
    """Parallel arrays, one entry per customer and product bought, sorted by both."""

    customer: Ints
    product: Ints
    times: Ints
    own: Floats  # baskets with the product, later ones weigh more
    age: Floats  # days since the last of them
    customers: int  # numbers of customers; in the past of a sample many have bought nothing
    active: int  # customers who have bought something
    buyers: Ints  # by product number
    lately: Ints  # by product number: buyers in the newest fifth of the orders
    lately_active: int  # customers in the newest fifth of the orders
    offered: Bools  # by product number: it can be offered
    alone: Bools  # by product number: it can be offered to who has bought it
    kind: Ints  # by product number: the number of its category; -1: none
    good: Ints  # product number -> number in GOODS
    baskets: Floats  # by customer: the number of baskets, later ones weigh more


def read_past(engine: Engine, now: datetime, moment: datetime | None = None, step: int = 1, long_ago: int = LONG_AGO) -> Past:
    """What was known before a moment (None: now) of every `step`-th customer. Makes the temporary table HELD."""
    moves = until(moment, step)
    engine.run(f"CREATE OR REPLACE TEMP TABLE {HELD} AS {held(moves)}")
    end = moment or now
    goods = _goods(engine, moves, end, long_ago)
    rank = np.full(engine.count(GOODS), -1, dtype=np.int32)
    rank[goods["good"]] = np.arange(len(goods["good"]), dtype=np.int32)
    rows = engine.arrow(f"""
        SELECT customer, product, times, own,
            CAST(greatest(coalesce(date_diff('day', last, TIMESTAMP '{end.isoformat(sep=" ")}'), 0), 0) AS DOUBLE) AS age
        FROM {HELD}""")
    customer, product = column(rows, "customer"), rank[column(rows, "product")]
    order = np.lexsort((product, customer))
    baskets = engine.arrow(f"""
        SELECT customer, CAST(count(DISTINCT number) AS INTEGER) AS baskets FROM {moves} WHERE bought GROUP BY customer""")
    customers = engine.count(BUYERS)
    mass = np.zeros(customers)
    mass[column(baskets, "customer")] = (1 - DECAY ** column(baskets, "baskets")) / (1 - DECAY)
    return Past(
        customer=customer[order],
        product=product[order],
        times=column(rows, "times")[order],
        own=column(rows, "own")[order],
        age=column(rows, "age")[order],
        customers=customers,
        active=len(np.unique(customer)),
        baskets=mass,
        **goods,
    )


def _goods(engine: Engine, moves: str, end: datetime, long_ago: int) -> dict[str, Any]:
    """The fields of a Past that are about products."""
    low, high = engine.rows(f"SELECT coalesce(min(number), 0), coalesce(max(number), -1) FROM {moves} WHERE bought")[0]
    orders = engine.value(f"SELECT count(DISTINCT number) FROM {moves} WHERE bought")
    cut = high + 1 - (high + 1 - low) * RECENT
    lately = engine.value(f"SELECT count(DISTINCT customer) FROM {moves} WHERE bought AND number >= {cut}")
    newest = engine.value(f'SELECT max("at") FROM {moves} WHERE bought') or end
    sold = engine.arrow(f"""
        SELECT product, CAST(buyers AS INTEGER) AS buyers, CAST(sales AS INTEGER) AS sales, newest, coalesce(orders, 0) AS orders,
            coalesce(oldest, 0) AS oldest, coalesce(lately, 0) AS lately, kind,
            coalesce(last < TIMESTAMP '{newest.isoformat(sep=" ")}' - to_days({long_ago}), false) AS old
        FROM ({GOODS_SOLD}) LEFT JOIN ({ORDERS_SEEN.format(cut=cut, moves=moves)}) USING (product)
        JOIN {GOODS} USING (product) ORDER BY buyers, product""")
    span = np.maximum(column(sold, "newest") - column(sold, "oldest"), 1)
    share = (column(sold, "orders") - 1) / span  # of the orders while it was sold; numbers of a sample have gaps, as the span has
    missed = share * (high - column(sold, "newest"))
    gone = column(sold, "old") | ((column(sold, "orders") >= PACE_OF) & (missed > MISSED))
    buyers, sales = column(sold, "buyers"), column(sold, "sales")
    return {
        "good": column(sold, "product"),
        "buyers": buyers,
        "lately": column(sold, "lately"),
        "lately_active": lately,
        "offered": ~gone & (buyers >= 2),
        "alone": ~gone & (sales >= 2) & bool(orders),
        "kind": column(sold, "kind"),
    }

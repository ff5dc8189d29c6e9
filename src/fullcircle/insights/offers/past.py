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
from fullcircle.insights import matrix
from fullcircle.insights.history import Floats, Ints, column
from fullcircle.insights.offers.moves import BUYERS, DECAY, GOODS, HELD, RECENT, held, until

Bools = npt.NDArray[np.bool_]
LONG_AGO = 365
MISSED = 7.0  # orders that a product would have been in since it last sold
PACE_OF = 5  # orders needed to know a pace
BEFORE = "offer_held_before"

GOODS_SOLD = """
    SELECT product, count(*) AS buyers, sum(times) AS sales, max(last) AS last, max(newest) AS newest
    FROM {held} GROUP BY product"""
# A customer's order has one row for each product.
ORDERS_SEEN = """
    SELECT product, CAST(count(*) AS INTEGER) AS orders, CAST(min(number) AS INTEGER) AS oldest,
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

    def people(self) -> Ints:
        """The customers who have bought something."""
        return np.flatnonzero(np.bincount(self.customer)).astype(np.int32)


def read_past(engine: Engine, now: datetime, moment: datetime | None = None, step: int = 1, long_ago: int = LONG_AGO) -> Past:
    """What was known before a moment (None: now) of every `step`-th customer; of now it makes the temporary table HELD."""
    moves, table = until(moment, step), BEFORE if moment else HELD
    engine.run(f"CREATE OR REPLACE TEMP TABLE {table} AS {held(moves)}")
    end = moment or now
    goods = _goods(engine, moves, table, end, long_ago)
    rank = np.full(engine.count(GOODS), -1, dtype=np.int32)
    rank[goods["good"]] = np.arange(len(goods["good"]), dtype=np.int32)
    rows = engine.arrow(f"""
        SELECT customer, product, times, own,
            CAST(greatest(coalesce(date_diff('day', last, TIMESTAMP '{end.isoformat(sep=" ")}'), 0), 0) AS DOUBLE) AS age
        FROM {table}""")
    customers = engine.count(BUYERS)
    customer, product = column(rows, "customer"), rank[column(rows, "product")]
    order = matrix.in_order(customer, product, (customers, len(goods["good"])))
    baskets = engine.arrow(f"""
        SELECT customer, CAST(count(*) AS INTEGER) AS baskets
        FROM (SELECT number, any_value(customer) AS customer FROM {moves} WHERE bought GROUP BY number) GROUP BY customer""")
    if moment:
        engine.run(f"DROP TABLE {BEFORE}")
    mass = np.zeros(customers)
    mass[column(baskets, "customer")] = (1 - DECAY ** column(baskets, "baskets")) / (1 - DECAY)
    return Past(
        customer=customer[order],
        product=product[order],
        times=column(rows, "times")[order],
        own=column(rows, "own")[order],
        age=column(rows, "age")[order],
        customers=customers,
        active=int(np.count_nonzero(np.bincount(customer))),
        baskets=mass,
        **goods,
    )


def _goods(engine: Engine, moves: str, table: str, end: datetime, long_ago: int) -> dict[str, Any]:
    """The fields of a Past that are about products."""
    found = engine.rows(f'SELECT coalesce(min(number), 0), coalesce(max(number), -1), max("at") FROM {moves} WHERE bought')[0]
    low, high, newest = *found[:2], found[2] or end
    cut = high + 1 - (high + 1 - low) * RECENT
    lately = engine.value(f"SELECT count(DISTINCT customer) FROM {moves} WHERE bought AND number >= {cut}")
    sold = engine.arrow(f"""
        SELECT product, CAST(buyers AS INTEGER) AS buyers, CAST(sales AS INTEGER) AS sales, newest, coalesce(orders, 0) AS orders,
            coalesce(oldest, 0) AS oldest, coalesce(lately, 0) AS lately, kind,
            coalesce(last < TIMESTAMP '{newest.isoformat(sep=" ")}' - to_days({long_ago}), false) AS old
        FROM ({GOODS_SOLD.format(held=table)}) LEFT JOIN ({ORDERS_SEEN.format(cut=cut, moves=moves)}) USING (product)
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
        "alone": ~gone & (sales >= 2),
        "kind": column(sold, "kind"),
    }

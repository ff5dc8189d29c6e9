"""On which days each customer ordered, and what they paid: as arrays, of which the past at any moment is read.

Several orders of a day are one: a model of the pause between orders knows nothing of an order that was sent in two halves. What
was paid is what the house counts as spent (graph/tables/money.py): less what is owed, less what was given back, at the day of it.
Who paid in several currencies has no sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from fullcircle.engine.base import Engine
from fullcircle.insights.history import Floats, Ints, column

PEOPLE = "worth_people"  # customer (number), customer_id, currency, several
Longs = npt.NDArray[np.int64]
SEVERAL = -1

MOVES = """
    CREATE OR REPLACE TEMP TABLE worth_moves AS
    SELECT customer_id, CAST(ordered_at AS DATE) AS day, coalesce(currency, '') AS currency, true AS ordered,
        CAST(coalesce(amount, 0) - coalesce(unpaid, 0) AS DOUBLE) AS paid
    FROM customer_orders WHERE customer_id IS NOT NULL AND ordered_at <= $as_of
    UNION ALL
    SELECT customer_id, CAST(ordered_at AS DATE), coalesce(currency, ''), false, CAST(coalesce(amount, 0) AS DOUBLE)
    FROM customer_returns WHERE customer_id IS NOT NULL AND ordered_at <= $as_of"""
NUMBERED = f"""
    CREATE OR REPLACE TEMP TABLE {PEOPLE} AS
    SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer, customer_id, min(currency) AS currency,
        min(currency) <> max(currency) AS several
    FROM worth_moves GROUP BY customer_id HAVING bool_or(ordered)"""
DAYS = f"""
    SELECT customer, date_diff('day', DATE '1970-01-01', day) AS day, bool_or(ordered) AS ordered, sum(paid) AS paid
    FROM worth_moves JOIN {PEOPLE} USING (customer_id) GROUP BY customer, day ORDER BY customer, day"""


@dataclass(frozen=True, slots=True)
class Lives:
    """One entry for each customer and day, sorted by both; days are counted from 1970."""

    customer: Ints
    day: Longs
    ordered: npt.NDArray[np.bool_]
    paid: Floats
    currency: Ints  # of each customer: a place in `currencies`, or SEVERAL
    currencies: list[str]  # "" where orders name none
    today: int

    @property
    def people(self) -> int:
        """How many customers ordered."""
        return len(self.currency)

    @property
    def began(self) -> int:
        """The day of the first order."""
        return int(self.day[self.ordered].min()) if self.ordered.any() else self.today


@dataclass(frozen=True, slots=True)
class KnownDays:
    """What is known at the end of a day of each customer who had ordered by then (`who`: their numbers)."""

    who: Ints
    days: Floats  # days with orders
    first: Floats
    last: Floats  # the last day with an order
    paid: Floats  # all that was paid
    until: int  # the day

    @property
    def age(self) -> Floats:
        """Days since the first order."""
        return self.until - self.first

    @property
    def repeats(self) -> Floats:
        """Days with orders after the first one."""
        return self.days - 1

    @property
    def lasted(self) -> Floats:
        """Days from the first order to the last."""
        return self.last - self.first


def read_lives(engine: Engine, as_of: datetime) -> Lives:
    """Read all orders and returns until now; makes the temporary table PEOPLE."""
    engine.run(MOVES, {"as_of": as_of})
    engine.run(NUMBERED)
    rows = engine.arrow(DAYS)
    people = engine.arrow(f"SELECT currency, several FROM {PEOPLE} ORDER BY customer")
    names, place = np.unique(column(people, "currency").astype(str), return_inverse=True)
    engine.run("DROP TABLE worth_moves")
    return Lives(
        customer=column(rows, "customer").astype(np.int32),
        day=column(rows, "day").astype(np.int64),
        ordered=column(rows, "ordered").astype(bool),
        paid=_floats(np.round(column(rows, "paid"), 4)),
        currency=np.where(column(people, "several").astype(bool), SEVERAL, place).astype(np.int32),
        currencies=[str(name) for name in names],
        today=(as_of.date() - datetime(1970, 1, 1).date()).days,
    )


def ordered_at_all(engine: Engine, as_of: datetime) -> int:
    """How many customers have an order until now; to know that is little work."""
    there = "FROM customer_orders WHERE customer_id IS NOT NULL AND ordered_at <= $as_of"
    return int(engine.value(f"SELECT count(DISTINCT customer_id) {there}", {"as_of": as_of}))


def known_at(lives: Lives, until: int) -> KnownDays:
    """What was known at the end of a day."""
    before = lives.day <= until
    customer, day = lives.customer[before & lives.ordered], lives.day[before & lives.ordered]
    who, start, days = np.unique(customer, return_index=True, return_counts=True)
    paid = _floats(np.bincount(lives.customer[before], lives.paid[before], lives.people))
    first, last = day[start], day[start + days - 1]
    return KnownDays(who, _floats(days), _floats(first), _floats(last), paid[who], until)


def between(lives: Lives, who: Ints, after: int, until: int) -> tuple[Floats, Floats]:
    """On how many days these customers ordered after one day and until another, and what they paid then."""
    inside = (lives.day > after) & (lives.day <= until)
    days = np.bincount(lives.customer[inside & lives.ordered], minlength=lives.people)
    paid = np.bincount(lives.customer[inside], lives.paid[inside], lives.people)
    return _floats(days[who]), _floats(paid[who])


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def leave_lives(engine: Engine) -> None:
    """Drop the temporary table."""
    engine.run(f"DROP TABLE IF EXISTS {PEOPLE}")

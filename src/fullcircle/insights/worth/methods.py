"""The ways to foresee: each says of everybody known at a day how many orders come in the next days, what they bring, if any.

The simple ones ask no model. `again`: the same as in as many days before. `table`: what came of customers who ordered as often
and as lately, a while ago. The others are BG/NBD with gamma-gamma, as it is, and levelled: multiplied by what the same forecast,
made earlier, was wrong by, as far as that is more than chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fullcircle.insights.history import Floats, Ints
from fullcircle.insights.worth import buying
from fullcircle.insights.worth.lives import SEVERAL, KnownDays, Lives, between, known_at
from fullcircle.insights.worth.spending import expected_sum, learn_spending

AGAIN, TABLE, MODEL, LEVELLED = "again", "table", "bgnbd", "bgnbd_levelled"
SIMPLE = (AGAIN, TABLE)
MEANINGS = {
    AGAIN: "the same as in as many days before",
    TABLE: "what came of customers who ordered as often and as lately",
    MODEL: "BG/NBD with gamma-gamma",
    LEVELLED: "BG/NBD with gamma-gamma, corrected by how wrong it was before",
}
TIMES = np.array([2, 3, 4, 6, 9])  # bounds of the classes of how many days with orders
LATELY = np.array([1 / 8, 1 / 4, 1 / 2, 1, 2])  # and of how long ago, as shares of the time looked ahead
PRIOR = 10.0  # a cell counts as if so many more customers were in it, who did as all with as many orders


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foreseen of each customer, in the order of KnownDays.who. `value` is nan for who paid in several currencies."""

    orders: Floats
    lost: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Levels:
    """Factors: of orders, and of the value in each currency."""

    orders: float
    value: Floats


def currency_of(lives: Lives, known: KnownDays) -> Ints:
    """The place of each customer's currency, or SEVERAL."""
    return lives.currency[known.who]


def again(lives: Lives, known: KnownDays, days: int) -> Outlook:
    """The same as before. Whether none comes: as often as it was so of who did, and of who did not, order a while ago."""
    back = min(days, known.until - lives.began + 1)
    orders, paid = between(lives, known.who, known.until - back, known.until)
    step = max(min(days, (known.until - lives.began) // 2), 1)
    earlier = known_at(lives, known.until - step)
    before, _ = between(lives, earlier.who, earlier.until - step, earlier.until)
    came, _ = between(lives, earlier.who, earlier.until, known.until)
    rates = [(PRIOR / 2 + (came[those] == 0).sum()) / (PRIOR + those.sum()) for those in (before == 0, before > 0)]
    lost = np.where(orders == 0, *rates)
    return _outlook(lives, known, orders * days / back, lost, np.clip(paid, 0, None) * days / back)


def table(lives: Lives, known: KnownDays, days: int) -> Outlook:
    """By what came of others like them. Who was known earlier teaches; sums are the customer's own mean."""
    back = max(min(days, (known.until - lives.began) // 2), 1)
    earlier = known_at(lives, known.until - back)
    came, _ = between(lives, earlier.who, earlier.until, known.until)
    cell, asked = _cells(earlier, back), _cells(known, back)
    orders = _means(cell, came)[asked] * days / back
    lost = _means(cell, (came == 0).astype(np.float64))[asked] ** (days / back)
    return _outlook(lives, known, orders, lost, orders * np.clip(known.paid / known.days, 0, None))


def model(lives: Lives, known: KnownDays, days: int) -> Outlook:
    """By BG/NBD, and gamma-gamma for each currency."""
    learned = buying.learn(known)
    orders, sums = buying.expected_orders(learned, known, days), np.full(len(known.who), np.nan)
    mean = known.paid / known.days
    for place in range(len(lives.currencies)):
        those = currency_of(lives, known) == place
        if those.any():
            sums[those] = expected_sum(learn_spending(known.days[those], mean[those]), known.days[those], mean[those])
    return _outlook(lives, known, orders, buying.lost(learned, known, days), orders * sums)


def levelled(lives: Lives, known: KnownDays, plain: Outlook, level: Levels) -> Outlook:
    """The plain forecast at another level."""
    place = currency_of(lives, known)
    return Outlook(plain.orders * level.orders, plain.lost, plain.value * np.where(place == SEVERAL, 1.0, level.value[place]))


def level_of(lives: Lives, known: KnownDays, plain: Outlook, came: tuple[Floats, Floats]) -> Levels:
    """By what a forecast was wrong, now that orders and payments came."""
    place = currency_of(lives, known)
    value = [
        _factor(plain.value[place == one], came[1][place == one]) if (place == one).any() else 1.0
        for one in range(len(lives.currencies))
    ]
    return Levels(_factor(plain.orders, came[0]), np.array(value))


def _factor(expected: Floats, real: Floats) -> float:
    """Real over expected, drawn towards 1 as far as chance could explain the difference."""
    total, wrong = float(expected.sum()), float((real - expected).sum())
    if total <= 0 or not wrong:
        return 1.0
    chance = float(((real - expected) ** 2).sum())
    return round(float(np.clip(1 + wrong / total * max(0.0, 1 - chance / wrong**2), 0.5, 2.0)), 3)


def _outlook(lives: Lives, known: KnownDays, orders: Floats, lost: Floats, value: Floats) -> Outlook:
    return Outlook(orders, lost, np.where(currency_of(lives, known) == SEVERAL, np.nan, value))


def _cells(known: KnownDays, days: int) -> Ints:
    """The cell of each customer: a class of times for each row, one of how lately for each column."""
    lately = np.digitize(known.until - known.last, LATELY * days)
    found: Ints = (np.digitize(known.days, TIMES) * (len(LATELY) + 1) + lately).astype(np.int32)
    return found


def _means(cell: Ints, came: Floats) -> Floats:
    """The mean of each cell, drawn towards that of its row, and this towards that of all."""
    columns, rows = len(LATELY) + 1, len(TIMES) + 1
    many, total = np.bincount(cell, minlength=rows * columns), np.bincount(cell, came, minlength=rows * columns)
    every = float(came.mean()) if len(came) else 0.0
    row_many, row_total = many.reshape(rows, columns).sum(axis=1), total.reshape(rows, columns).sum(axis=1)
    row = (row_total + PRIOR * every) / (row_many + PRIOR)
    found: Floats = (total + PRIOR * np.repeat(row, columns)) / (many + PRIOR)
    return found

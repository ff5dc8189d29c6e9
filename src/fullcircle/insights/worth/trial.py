"""The trial of forecasts: each is made of what was known at an earlier day, and compared with what came after it.

The time that is asked about is the horizon, or half of all the time there is. Three questions are judged: orders, no order at all
("lost"), and the value in each currency. A method is used if its squared error of orders, customer by customer, is below that of
the best simple one by more than chance (intervals as in offers/trial.py), and on no question above it by more than chance. Of
several such the one whose total came nearest. So what is said of a customer comes of one method and fits together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fullcircle.insights.history import Floats
from fullcircle.insights.offers.trial import width
from fullcircle.insights.worth import methods
from fullcircle.insights.worth.lives import KnownDays, Lives, between, known_at
from fullcircle.insights.worth.methods import LEVELLED, MODEL, SIMPLE, TABLE, Levels, Outlook
from fullcircle.model.counting import counted

ENOUGH = 50  # customers known before the day
BACK = 30  # of them so many must have ordered after it
ORDERS, LOST, VALUE = "orders", "lost", "value"
GROUPS = 10
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """How well a method answered a question."""

    method: str
    question: str
    currency: str | None
    customers: int
    error: float  # the mean squared error
    gain: float  # by how much it is less than that of the yardstick
    gain_by: float  # the interval: so much to either side
    ranks: float  # Spearman's correlation of what was expected and what came
    expected: float
    came: float
    deciles: tuple[tuple[int, float, float], ...]  # customers, mean expected, mean of what came; the least expected first

    @property
    def off(self) -> float | None:
        """By how much the total was wrong."""
        return self.expected / self.came - 1 if self.came > 0 else None


@dataclass(frozen=True, slots=True)
class WorthTrial:
    """What was tried. `problem`: why nothing was; then there is no answer."""

    until: int = 0  # the day before what was to be foreseen
    days: int = 0
    customers: int = 0
    judged: list[Judged] = field(default_factory=list)
    yardstick: str = TABLE
    chosen: str = ""
    level: Levels | None = None  # by what the model was wrong this time
    problem: str = ""

    def of(self, method: str, question: str) -> list[Judged]:
        """How a method did with a question: one, or one for each currency."""
        return [one for one in self.judged if (one.method, one.question) == (method, question)]


def too_few(customers: int) -> WorthTrial:
    """No trial, as no model could be learned of so few."""
    if not customers:
        return WorthTrial(problem="no order of a known customer has a date")
    return WorthTrial(customers=customers, problem=f"only {counted(customers, 'customer')} ordered ({ENOUGH} are needed)")


def hold_trial(lives: Lives, horizon: int) -> WorthTrial:
    """Try all methods on the newest `horizon` days, or half of all."""
    days = min(horizon, (lives.today - lives.began) // 2)
    if days < 1:
        return WorthTrial(problem="all orders are of one or two days")
    until = lives.today - days
    known = known_at(lives, until)
    came = between(lives, known.who, until, lives.today)
    back = int((came[0] > 0).sum())
    if len(known.who) < ENOUGH or back < BACK:
        return WorthTrial(until, days, len(known.who), problem=_few(len(known.who), back, days))
    if not (known.repeats > 0).any():
        return WorthTrial(until, days, len(known.who), problem="nobody had ordered on two days before")
    made = _made(lives, known, days)
    judged, yardstick = _judged(lives, known, made, came)
    level = methods.level_of(lives, known, made[MODEL], came)
    return WorthTrial(until, days, len(known.who), judged, yardstick, _best(judged, yardstick), level)


def _few(known: int, back: int, days: int) -> str:
    there = f"{known:,} had ordered before the last {days:,} days and {back:,} of them again in these"
    return f"too few customers can be compared ({there}; {ENOUGH} and {BACK} are needed)"


def _made(lives: Lives, known: KnownDays, days: int) -> dict[str, Outlook]:
    """What each method foresaw."""
    made = {
        methods.AGAIN: methods.again(lives, known, days),
        TABLE: methods.table(lives, known, days),
        MODEL: methods.model(lives, known, days),
    }
    back = min(days, (known.until - lives.began) // 2)
    earlier = known_at(lives, known.until - back)
    if back and len(earlier.who) >= ENOUGH and (earlier.repeats > 0).any():
        came = between(lives, earlier.who, earlier.until, known.until)
        level = methods.level_of(lives, earlier, methods.model(lives, earlier, back), came)
        made[LEVELLED] = methods.levelled(lives, known, made[MODEL], level)
    return made


def _judged(lives: Lives, known: KnownDays, made: dict[str, Outlook], came: tuple[Floats, Floats]) -> tuple[list[Judged], str]:
    """The figures of all methods on all questions, beside the best of the simple ones, and the name of that."""
    yardstick = min(SIMPLE, key=lambda name: float(((made[name].orders - came[0]) ** 2).mean()))
    found = []
    for question, place, those in _questions(lives, known):
        real = (came[0] == 0).astype(np.float64) if question == LOST else came[0 if question == ORDERS else 1]
        expected = {name: getattr(one, question)[those] for name, one in made.items()}
        wrong = {name: (one - real[those]) ** 2 for name, one in expected.items()}
        others = np.stack([wrong[yardstick] - wrong[name] for name in made if name != yardstick])
        sure = width(others)
        currency = None if place is None else lives.currencies[place]
        for name in made:
            gain = wrong[yardstick] - wrong[name]
            by = sure * float(gain.std(ddof=1)) / np.sqrt(len(gain))
            found.append(
                Judged(
                    name, question, currency, len(gain), float(wrong[name].mean()), float(gain.mean()), float(by),
                    rank_correlation(expected[name], real[those]), float(expected[name].sum()), float(real[those].sum()),
                    deciles(expected[name], real[those]),
                )
            )  # fmt: skip
    return found, yardstick


def _questions(lives: Lives, known: KnownDays) -> list[tuple[str, int | None, Places]]:
    """Each question, with its currency and the places of the customers it is about."""
    everybody = np.arange(len(known.who))
    place = methods.currency_of(lives, known)
    money: list[tuple[str, int | None, Places]] = [
        (VALUE, one, np.flatnonzero(place == one)) for one in range(len(lives.currencies))
    ]
    return [(ORDERS, None, everybody), (LOST, None, everybody), *(one for one in money if len(one[2]) >= ENOUGH)]


def _best(judged: list[Judged], yardstick: str) -> str:
    """The method to use."""
    names = {one.method for one in judged if one.question == ORDERS and one.gain - one.gain_by > 0} - set(SIMPLE)
    names -= {one.method for one in judged if one.gain + one.gain_by < 0}
    return min(sorted(names), key=lambda name: _off(judged, name), default=yardstick)


def _off(judged: list[Judged], method: str) -> float:
    """By how much the totals were wrong in the mean, in factors; of the value, or of orders where no value was judged."""
    own = [one for one in judged if one.method == method and one.expected > 0 and one.came > 0]
    asked = [one for one in own if one.question == VALUE] or [one for one in own if one.question == ORDERS]
    many = sum(one.customers for one in asked)
    return sum(abs(np.log(one.expected / one.came)) * one.customers for one in asked) / many if many else np.inf


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's: the correlation of ranks, the mean rank for equals; 0 where all are equal."""
    ranks = []
    for values in (one, other):
        _, place, many = np.unique(values, return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(many) - (many - 1) / 2)[place])
    if min(rank.std() for rank in ranks) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def deciles(expected: Floats, came: Floats) -> tuple[tuple[int, float, float], ...]:
    """Ten groups by what was expected: how many customers, what was expected of them and what came, in the mean."""
    parts = np.array_split(np.argsort(expected, kind="stable"), GROUPS)
    return tuple((len(part), float(expected[part].mean()), float(came[part].mean())) for part in parts if len(part))

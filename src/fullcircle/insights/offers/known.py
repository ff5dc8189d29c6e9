"""What was bought until now, read once for all insights of a run that make offers of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from fullcircle.insights.base import InsightContext
from fullcircle.insights.offers.moves import BUYERS, MOVES, gather, leave, split_at
from fullcircle.insights.offers.parts import Parts
from fullcircle.insights.offers.past import Past, read_past

KEPT = "offers"
LEARNED_FROM = 50_000  # customers that a trial learns from; of more every n-th


class Knowledge:
    """The tables of moves.py, and what was read of them."""

    def __init__(self, context: InsightContext) -> None:
        self.engine, self.now = context.engine, context.as_of
        gather(self.engine, self.now)
        self.customers = self.engine.count(BUYERS)
        self._pasts: dict[tuple[bool, int], Past] = {}
        self._parts: dict[tuple[bool, int, float, int], Parts] = {}

    @cached_property
    def moment(self) -> datetime | None:
        """The day before which all is known in a trial, and nothing after it; None if there are not two days of orders."""
        return split_at(self.engine)

    @property
    def no_moment(self) -> str:
        """Why there is no such day; empty if there is one."""
        if self.moment is not None:
            return ""
        orders, dated = self.engine.rows(f'SELECT count(*), count("at") FROM {MOVES} WHERE bought')[0]
        if not orders:
            return "no order of a known customer has a product that was kept"
        return "all orders are of one day" if dated else "no order has a date"

    @property
    def step(self) -> int:
        """A trial knows every so-manieth customer."""
        return max(-(-self.customers // LEARNED_FROM), 1)

    def past(self, long_ago: int, tried: bool = False) -> Past:
        """What is known now, or, `tried`, what was known at the moment of the trial."""
        key = (tried, long_ago)
        if key not in self._pasts:
            moment, step = (self.moment, self.step) if tried else (None, 1)
            self._pasts[key] = read_past(self.engine, self.now, moment, step, long_ago)
        return self._pasts[key]

    def parts(self, long_ago: int, half_life: float, threads: int, tried: bool = False) -> Parts:
        """What methods learn from this past."""
        key = (tried, long_ago, half_life, threads)
        if key not in self._parts:
            self._parts[key] = Parts(self.past(long_ago, tried), half_life, threads)
        return self._parts[key]


@contextmanager
def known_of(context: InsightContext) -> Iterator[Knowledge]:
    """What is known; in a run it is kept for the next insight, and `leave` drops the tables at its end."""
    known = context.kept.get(KEPT) if context.kept is not None else None
    if known is None:
        known = Knowledge(context)
    if context.kept is not None:
        context.kept[KEPT] = known
    yield known
    if context.kept is None:
        leave(context.engine)

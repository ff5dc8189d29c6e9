"""The trial of methods: what each would have offered before a date, against what the same customers bought after it.

The split is by time: everything before the date is known, nothing after it, not even how well a product sold later. The date is
the day on which the newest fifth of the orders begins. Customers who bought before and after it are held out (a seeded sample of
at most SAMPLE). To be found are, for the next basket, the products of a customer's first order after the date; for something new
all products that they bought after it and never before.
    recall@k = |offered in the first k  and  bought| / |bought|
    DCG@k = sum over hits of 1 / log2(1 + rank);   NDCG@k = DCG@k / (the DCG of all bought first, at most k of them)
(Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002.) Both are means over customers, and
the intervals are of these means: 1.96 standard errors over customers to either side.

The method with the best NDCG is taken only if it is better than bestsellers, customer by customer, by more than chance: the
lower end of the interval of the mean difference is above 0. As the best of many is chosen on the same customers, these
intervals hold for all methods at once: their width is the 95 % quantile of the greatest of jointly normal differences with the
correlations that the methods have over customers (Hothorn, Bretz and Westfall, "Simultaneous inference in general parametric
models", Biometrical Journal 2008). With fewer than ENOUGH customers nothing is known, and bestsellers are taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from fullcircle.engine.base import Engine
from fullcircle.insights.history import Floats, Ints, column
from fullcircle.insights.offers.methods import BASKET, METHODS, SIMPLEST, Method
from fullcircle.insights.offers.moves import MOVES, until
from fullcircle.insights.offers.parts import Parts
from fullcircle.insights.offers.past import RECENT, Past, read_past
from fullcircle.insights.offers.ranking import Ranking
from fullcircle.model.counting import counted

K = 10
ENOUGH = 30
SAMPLE = 20_000
LEARNED_FROM = 200_000  # customers; of more, every n-th
DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class Tried:
    """One method: its figures, and by how much its NDCG is greater than that of bestsellers."""

    method: Method
    recall: float
    recall_by: float  # the interval: so much to either side
    ndcg: float
    ndcg_by: float
    gain: float
    gain_by: float  # the interval for the choice, which allows for the number of methods


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried on whom. `problem`: why there was no trial, or none that decides; empty if there was."""

    customers: int = 0
    moment: datetime | None = None
    tried: list[Tried] = field(default_factory=list)
    problem: str = ""

    def of(self, name: str) -> Tried | None:
        """The figures of a method."""
        return next((one for one in self.tried if one.method.name == name), None)

    @property
    def best(self) -> str:
        """The name of the method to use: the best, if that is more than chance, else the simplest."""
        leader = max(self.tried, key=lambda one: one.ndcg, default=None)
        sure = leader is not None and not self.problem and leader.gain - leader.gain_by > 0
        return leader.method.name if leader is not None and sure else SIMPLEST

    def beaten(self, name: str) -> bool:
        """True if bestsellers are better than this method by more than chance."""
        one = self.of(name)
        return one is not None and not self.problem and one.gain + one.gain_by < 0


def hold_trial(engine: Engine, now: datetime, question: str, half_life: float, threads: int, long_ago: int) -> Trial:
    """Try all methods of a question that suit the data."""
    moment = split_at(engine)
    if moment is None:
        dated = engine.value(f'SELECT count(*) FROM {MOVES} WHERE "at" IS NOT NULL')
        return Trial(problem="all orders are of one day" if dated else "no order has a date")
    step = -(-int(engine.value(f"SELECT count(DISTINCT customer) FROM {MOVES}") or 1) // LEARNED_FROM)
    past = read_past(engine, now, moment, step, long_ago)
    customer, product = held_out(engine, moment, question, past, step)
    asked = np.unique(customer)
    if not len(asked):
        return Trial(0, moment, problem=f"nobody bought before and after {moment:%Y-%m-%d}")
    parts = Parts(past, half_life, threads)
    methods = [one for one in METHODS[question] if one.suits(past)]
    found = [measure(offered(Ranking(parts, one, question), asked, K), asked, customer, product) for one in methods]
    simplest = found[0][1]
    z, by = _width(np.stack([ndcg - simplest for _, ndcg in found[1:]])), 1.96
    tried = [
        Tried(
            one, recall.mean(), by * _error(recall), ndcg.mean(), by * _error(ndcg),
            (ndcg - simplest).mean(), z * _error(ndcg - simplest),
        )
        for one, (recall, ndcg) in zip(methods, found, strict=True)
    ]  # fmt: skip
    few = f"{counted(len(asked), 'held-out customer is', 'held-out customers are')} too few to compare methods ({ENOUGH} needed)"
    problem = few if len(asked) < ENOUGH else ""
    return Trial(len(asked), moment, tried, problem)


def split_at(engine: Engine) -> datetime | None:
    """The day that divides the past from what came after; None if there are not two days."""
    days = f'(SELECT number, min("at")::DATE AS day FROM {MOVES} WHERE bought AND "at" IS NOT NULL GROUP BY number)'
    found = engine.rows(f"SELECT min(day), max(day), quantile_disc(day, {1 - RECENT}) FROM {days}")[0]
    if found[0] is None or found[0] == found[1]:
        return None
    day = found[2] if found[2] > found[0] else engine.value(f"SELECT min(day) FROM {days} WHERE day > DATE '{found[0]}'")
    return datetime(day.year, day.month, day.day)


def held_out(engine: Engine, moment: datetime, question: str, past: Past, step: int = 1) -> tuple[Ints, Ints]:
    """Customers with a past, and what they bought after the moment: by product number, -1 for what nobody had bought before."""
    after = f"SELECT customer, product, number FROM {until(None, step)} WHERE bought AND \"at\" >= TIMESTAMP '{moment}'"
    if question == BASKET:
        wanted = f"SELECT * FROM ({after}) QUALIFY number = min(number) OVER (PARTITION BY customer)"
    else:
        wanted = f"SELECT * FROM ({after}) ANTI JOIN {until(moment, step)} USING (customer, product)"
    rows = engine.arrow(f"SELECT DISTINCT customer, product FROM ({wanted}) ORDER BY customer, product")
    customer, good = column(rows, "customer"), column(rows, "product")
    people = np.intersect1d(customer, past.customer)
    mixed = (people.astype(np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
    people = np.sort(people[np.argsort(mixed, kind="stable")[:SAMPLE]])
    number = np.full(max(int(good.max(initial=-1)), int(past.good.max(initial=-1))) + 1, -1, dtype=np.int32)
    number[past.good] = np.arange(len(past.good), dtype=np.int32)
    among = np.isin(customer, people)
    return customer[among], number[good[among]]


def offered(ranking: Ranking, asked: Ints, k: int) -> Ints:
    """One row for each of the asked: k products, best first, then -1."""
    found = np.full((len(asked), k), -1, dtype=np.int32)
    for ranked, _ in ranking.best(asked, k):
        found[np.searchsorted(asked, ranked.customer), ranked.rank - 1] = ranked.product
    return found


def measure(recommended: Ints, asked: Ints, customer: Ints, product: Ints) -> tuple[Floats, Floats]:
    """Recall and NDCG for each of `asked`: a row of recommendations against the bought (customer, product) pairs."""
    k = recommended.shape[1]
    step = np.int64(max(int(recommended.max(initial=0)), int(product.max(initial=0))) + 1)
    wanted = customer[product >= 0].astype(np.int64) * step + product[product >= 0]
    hits = np.isin(asked.astype(np.int64)[:, None] * step + recommended, wanted) & (recommended >= 0)
    held = np.unique(customer, return_counts=True)[1]
    gains: Floats = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(gains)[np.minimum(held, k) - 1]
    return hits.sum(axis=1) / held, (hits * gains).sum(axis=1) / ideal


def _width(gains: Floats) -> float:
    """So many standard errors to either side hold all mean gains at once (rows: methods, columns: customers), 19 times of 20."""
    moving = gains[gains.std(axis=1) > 0]
    if not len(moving) or gains.shape[1] < 2:
        return 1.96
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(moving)))
    draws = np.random.default_rng(7).standard_normal((DRAWS, len(values))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    return max(float(np.quantile(np.abs(draws).max(axis=1), 0.95)), 1.96)


def _error(values: Floats) -> float:
    """The standard error of the mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("inf")

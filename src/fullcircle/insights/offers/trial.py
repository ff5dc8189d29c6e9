"""The trial of methods: what each would have offered before a date, against what the same customers bought after it.

The split is by time: everything before the date is known, nothing after it, not even how well a product sold later. The date is
the day on which the newest fifth of the orders begins. Customers who bought before and after it are held out (a seeded sample of
at most SAMPLE). To be found are, for the next basket, the products of a customer's first order after the date; for something new
all products that they bought after it and never before.
    recall@k = |offered in the first k  and  bought| / |bought|
    DCG@k = sum over hits of 1 / log2(1 + rank);   NDCG@k = DCG@k / (the DCG of all bought first, at most k of them)
(Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002.) Both are means over customers, and
the intervals are of these means: 1.96 standard errors over customers to either side.

The yardstick is the best of the simple methods of the question (methods.SIMPLE). The method with the best NDCG is taken only if
it is better than the yardstick, customer by customer, by more than chance: the lower end of the interval of the mean difference
is above 0. As the best of many is chosen on the same customers, these intervals hold for all methods at once: their width is the
95 % quantile of the greatest of jointly normal differences with the correlations that the methods have over customers (Hothorn,
Bretz and Westfall, "Simultaneous inference in general parametric models", Biometrical Journal 2008). With fewer than ENOUGH
customers nothing is known: no method is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from fullcircle.engine.base import Engine
from fullcircle.insights.history import Floats, Ints, column
from fullcircle.insights.offers.known import Knowledge
from fullcircle.insights.offers.methods import BASKET, METHODS, SIMPLE, SIMPLEST, Method
from fullcircle.insights.offers.moves import GOODS, until
from fullcircle.insights.offers.past import Past
from fullcircle.insights.offers.ranking import Ranking
from fullcircle.model.counting import counted

K = 10
ENOUGH = 30
SAMPLE = 5_000
DRAWS = 20_000
NOT_ASKED = "judge is false"


@dataclass(frozen=True, slots=True)
class Tried:
    """One method: its figures, and by how much its NDCG is greater than that of the yardstick."""

    method: Method
    recall: float
    recall_by: float  # the interval: so much to either side
    ndcg: float
    ndcg_by: float
    gain: float
    gain_by: float  # the interval for the choice, which allows for the number of methods


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried on whom. `problem`: why nothing was; empty if it was. `simplest`: the name of the yardstick."""

    customers: int = 0
    moment: datetime | None = None
    tried: list[Tried] = field(default_factory=list)
    problem: str = ""
    simplest: str = SIMPLEST

    def of(self, name: str) -> Tried | None:
        """The figures of a method."""
        return next((one for one in self.tried if one.method.name == name), None)

    @property
    def best(self) -> str:
        """The name of the method to use: the best, if that is more than chance, else the simplest."""
        leader = max(self.tried, key=lambda one: one.ndcg, default=None)
        sure = leader is not None and not self.problem and leader.gain - leader.gain_by > 0
        return leader.method.name if leader is not None and sure else self.simplest

    def beaten(self, name: str) -> bool:
        """True if the simplest is better than this method by more than chance."""
        one = self.of(name)
        return one is not None and not self.problem and one.gain + one.gain_by < 0


def not_tried(question: str, problem: str = NOT_ASKED, customers: int = 0, moment: datetime | None = None) -> Trial:
    """No trial, and why."""
    return Trial(customers, moment, problem=problem, simplest=SIMPLE[question][0])


def hold_trial(known: Knowledge, question: str, learning: tuple[int, float, int], wanted: str = "", fill: bool = False) -> Trial:
    """Try all methods of a question that suit the data; where the config wants one of them, that beside the simple ones.

    `learning` is what Knowledge.parts takes; `fill`: lists are filled with bestsellers.
    """
    moment = known.moment
    if moment is None:
        return not_tried(question, known.no_moment)
    back = came_back(known.engine, moment, known.step)
    if back < ENOUGH:
        return not_tried(question, _few(back, moment), back, moment)
    past = known.past(learning[0], tried=True)
    customer, product = held_out(known.engine, moment, question, past, known.step)
    asked = np.unique(customer)
    if len(asked) < ENOUGH:
        return not_tried(question, _few(len(asked), moment), len(asked), moment)
    parts, goods = known.parts(*learning, tried=True), known.engine.count(GOODS)
    methods = [one for one in METHODS[question] if one.suits(past, goods)]
    if wanted in {one.name for one in methods}:
        methods = [one for one in methods if one.name in {wanted, *SIMPLE[question]}]
    found = [measure(offered(Ranking(parts, one, question, fill=fill), asked, K), asked, customer, product) for one in methods]
    tried, simplest = _compared(methods, found, SIMPLE[question])
    return Trial(len(asked), moment, tried, simplest=simplest)


def _few(customers: int, moment: datetime) -> str:
    if not customers:
        return f"nobody bought before and after {moment:%Y-%m-%d}"
    return f"{counted(customers, 'held-out customer is', 'held-out customers are')} too few to compare methods ({ENOUGH} needed)"


def _compared(
    methods: Sequence[Method], found: Sequence[tuple[Floats, Floats]], simple: Sequence[str]
) -> tuple[list[Tried], str]:
    """The figures of each method beside the best of the simple ones, and the name of that."""
    figures = {one.name: ndcg for one, (_, ndcg) in zip(methods, found, strict=True)}
    simplest = max(simple, key=lambda name: float(figures[name].mean()))  # the first among equals
    others = [ndcg - figures[simplest] for name, ndcg in figures.items() if name != simplest]
    z, by = width(np.stack(others)) if others else 1.96, 1.96
    tried = [
        Tried(
            one, recall.mean(), by * _error(recall), ndcg.mean(), by * _error(ndcg),
            (ndcg - figures[simplest]).mean(), z * _error(ndcg - figures[simplest]),
        )
        for one, (recall, ndcg) in zip(methods, found, strict=True)
    ]  # fmt: skip
    return tried, simplest


def came_back(engine: Engine, moment: datetime, step: int = 1) -> int:
    """How many of every `step`-th customer bought before and after a moment."""
    since = f"TIMESTAMP '{moment}'"
    both = f'min("at") < {since} AND max("at") >= {since}'
    back = f"SELECT customer FROM {until(None, step)} WHERE bought GROUP BY customer HAVING {both}"
    return int(engine.value(f"SELECT count(*) FROM ({back})"))


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


def width(gains: Floats) -> float:
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

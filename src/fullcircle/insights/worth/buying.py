"""BG/NBD: how many orders a customer will place, and whether any, in closed forms.

Fader, Hardie and Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD model", Marketing Science 2005.

Each customer orders at a rate of their own until they leave, which they may do after any order. With x orders after the first,
the last of them at t (counted from the first, as T, the time that is known), and rates that follow a gamma (r, alpha) and
chances to leave a beta (a, b) distribution over customers, the likelihood is

    B(a, b+x) / B(a, b) * gamma(r+x) alpha^r / gamma(r) * ( (alpha+T)^-(r+x) + [x > 0] a / (b+x-1) * (alpha+t)^-(r+x) )

Four numbers are learned from all customers. They are found on counts: customers with the same x, t and T (in steps of a
hundredth of the time) are one row with a weight, and of very many customers every n-th teaches.

"Lost" is what time can show to be wrong: that no order comes within so many days. Whether a customer has left for good nobody can
see, and in this model who ordered once has not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fullcircle.insights.history import Floats
from fullcircle.insights.worth.lives import KnownDays
from fullcircle.insights.worth.special import digamma, least, lgamma

STEPS = 128  # the time known is divided into so many steps
TAUGHT_BY = 15_000
NODES = 24
BLOCK = 50_000  # customers at a time
Places = npt.NDArray[np.int64]
MOST = 700.0  # of what is raised to a power of e
PENALTY = 1e-3  # on the squared logarithms: keeps numbers that the data do not fix from running away
STARTS = ((0.25, 0.1, 0.8, 2.5), (2.0, 0.5, 0.5, 5.0))  # r, alpha (share of the time), a, b


@dataclass(frozen=True, slots=True)
class Buying:
    """The four numbers, by days."""

    r: float
    alpha: float
    a: float
    b: float


def learn(known: KnownDays) -> Buying:
    """The most likely numbers for these customers."""
    step = max(float(known.age.max()) / STEPS, 1.0)
    nth = slice(None, None, max(-(-len(known.who) // TAUGHT_BY), 1))
    rows = np.stack([known.repeats[nth], np.round(known.lasted[nth] / step), np.round(known.age[nth] / step)])
    (x, t, age), many = np.unique(rows, axis=1, return_counts=True)
    scale = max(float(age.max()), 1.0)
    times, place = np.unique(x, return_inverse=True)
    counts = _Counts(x, t / scale, age / scale, many / many.sum(), PENALTY / float(np.sqrt(many.sum())), times, place)
    r, alpha, a, b = np.exp(least(counts.surprise, [np.log(start) for start in STARTS]))
    return Buying(float(r), float(alpha * scale * step), float(a), float(b))


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is learned from: customers with the same x, t and T, with their share of all."""

    x: Floats
    t: Floats
    age: Floats
    share: Floats
    penalty: float
    times: Floats  # the values of x, each once, as functions of x alone are dear
    place: Places

    def surprise(self, logs: Floats) -> tuple[float, Floats]:
        """What is to be least, minus the mean log likelihood, and how it changes with the logarithm of each number."""
        x, again = self.x, self.x > 0
        r, alpha, a, b = np.exp(logs)
        stays, left = np.log(alpha + self.age), np.log(alpha + self.t)
        before = np.where(again, b + x - 1, 1.0)
        staying = -(r + x) * stays
        leaving = np.where(again, np.log(a) - np.log(before) - (r + x) * left, -np.inf)
        both = np.logaddexp(staying, leaving)
        gone = np.exp(leaving - both)  # the share of who has left in the likelihood of each row
        of_x = lgamma(r + self.times) + lgamma(b + self.times) - lgamma(a + b + self.times)
        likely = of_x[self.place] + both - lgamma(r) + r * np.log(alpha) + lgamma(a + b) - lgamma(b)
        by_r = digamma(r + self.times)[self.place] - digamma(r) + np.log(alpha) - (1 - gone) * stays - gone * left
        by_alpha = r / alpha - (r + x) * ((1 - gone) / (alpha + self.age) + gone / (alpha + self.t))
        leaves = (digamma(a + b) - digamma(a + b + self.times))[self.place]
        by_a = leaves + gone / a
        by_b = leaves + digamma(b + self.times)[self.place] - digamma(b) - gone / before
        slope = np.array(
            [r * (self.share @ by_r), alpha * (self.share @ by_alpha), a * (self.share @ by_a), b * (self.share @ by_b)]
        )
        return float(self.penalty * (logs @ logs) - self.share @ likely), 2 * self.penalty * logs - slope


def staying(buying: Buying, known: KnownDays) -> Floats:
    """The chance that each customer has not left."""
    x = known.repeats
    longer = np.log(buying.alpha + known.age) - np.log(buying.alpha + known.lasted)
    odds = np.exp(np.minimum((buying.r + x) * longer, MOST))
    return 1 / (1 + np.where(x > 0, buying.a / np.where(x > 0, buying.b + x - 1, 1.0) * odds, 0.0))


def expected_orders(buying: Buying, known: KnownDays, days: int) -> Floats:
    """How many days with orders are expected in the next `days`.

    Who has not left orders at a rate that follows gamma (r+x, alpha+T) and leaves with a chance p that follows beta (a, b+x); the
    mean of (1 - ((alpha+T) / (alpha+T+p days))^(r+x)) / p over p is Gauss's hypergeometric function in the paper. It is summed at
    the nodes of Gauss and Jacobi, as the function overflows for who ordered very often.
    """
    times, place = np.unique(known.repeats, return_inverse=True)
    nodes, weights = _of_beta(buying.a, buying.b + times)
    found = np.empty(len(place))
    for start in range(0, len(place), BLOCK):
        those = slice(start, start + BLOCK)
        p = nodes[place[those]]
        rate = (days / (buying.alpha + known.age[those]))[:, None]
        shrunk = -np.expm1(-(buying.r + known.repeats[those])[:, None] * np.log1p(p * rate)) / p
        found[those] = (shrunk * weights[place[those]]).sum(axis=1)
    return found * staying(buying, known)


def _of_beta(a: float, b: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights of the mean over beta (a, b), a row for each b (Golub and Welsch, "Gauss quadrature rules", 1969)."""
    n, low, high = np.arange(NODES)[None, :], a - 1, (b - 1)[:, None]
    both = 2 * n + low + high
    middle = (low - high) * (low + high) / np.where(n == 0, 1.0, both * (both + 2))
    middle[:, 0] = ((low - high) / (low + high + 2))[:, 0]
    m, sums = n[:, 1:], both[:, 1:]
    first = 4 * (1 + low) * (1 + high) / ((low + high + 2) ** 2 * (low + high + 3))
    beside = 4 * m * (m + low) * (m + high) * (m + low + high) / np.where(m == 1, 1.0, sums**2 * (sums + 1) * (sums - 1))
    beside[:, 0] = first[:, 0]
    matrix = np.zeros((len(b), NODES, NODES))
    line = np.arange(NODES)
    matrix[:, line, line] = middle
    matrix[:, line[1:], line[:-1]] = np.sqrt(beside)
    values, vectors = np.linalg.eigh(matrix)
    return np.maximum((1 + values) / 2, 1e-12), vectors[:, 0, :] ** 2


def lost(buying: Buying, known: KnownDays, days: int) -> Floats:
    """The chance that no order comes in the next `days`: who has left, and who stays but orders later."""
    later = np.exp((buying.r + known.repeats) * (np.log(buying.alpha + known.age) - np.log(buying.alpha + known.age + days)))
    found: Floats = 1 - staying(buying, known) * (1 - later)
    return found

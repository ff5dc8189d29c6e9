"""Gamma-gamma: what an order of a customer is worth (Fader and Hardie, "The gamma-gamma model of monetary value", 2013).

What is paid on a day varies around a mean of the customer's own, and these means vary over customers. With n days of a mean m,

    ln f(m) = lgamma(pn+q) - lgamma(pn) - lgamma(q) + q ln v + (pn-1) ln m + pn ln n - (pn+q) ln(v+nm)
    E(own mean | m, n) = p (v + nm) / (pn + q - 1)

so who ordered often keeps the own mean, and who ordered once moves towards that of all. It knows no sums below zero: who gave
back as much as was bought counts as 0, and does not teach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fullcircle.insights.history import Floats
from fullcircle.insights.worth.special import digamma, least, lgamma

TAUGHT_BY = 15_000
PENALTY = 1e-3
STARTS = ((6.0, 2.0, 1.0),)  # p, q - 1, v (as a share of the middle sum)


@dataclass(frozen=True, slots=True)
class Spending:
    """The three numbers, of a currency."""

    p: float
    q: float
    v: float


def learn_spending(days: Floats, mean: Floats) -> Spending | None:
    """The most likely numbers for these customers: on how many days they ordered, and what they paid on a day. None if no sum."""
    paying = mean > 0
    if paying.sum() < 2:
        return None
    nth = slice(None, None, max(-(-int(paying.sum()) // TAUGHT_BY), 1))
    n, m = days[paying][nth], mean[paying][nth]
    unit = float(np.median(m))
    m = m / unit
    if m.std() < 1e-9:  # all sums are the same: there is nothing to shrink
        return None

    times, place = np.unique(n, return_inverse=True)  # functions of n alone are dear
    logs_of = np.log(m) + np.log(n)

    def surprise(logs: Floats) -> tuple[float, Floats]:
        p, rest, v = np.exp(logs)
        q, pn, sums = 1 + rest, p * n, np.log(v + n * m)
        of_n = lgamma(p * times + q) - lgamma(p * times)
        likely = of_n[place] - lgamma(q) + q * np.log(v) + pn * logs_of - np.log(m) - (pn + q) * sums
        grown = digamma(p * times + q)
        by_p = n * ((grown - digamma(p * times))[place] + logs_of - sums)
        by_q = grown[place] - digamma(q) + np.log(v) - sums
        by_v = q / v - (pn + q) / (v + n * m)
        slope = np.array([p * by_p.mean(), rest * by_q.mean(), v * by_v.mean()])
        penalty = PENALTY / float(np.sqrt(len(n)))
        return float(penalty * (logs @ logs) - likely.mean()), 2 * penalty * logs - slope

    p, rest, v = np.exp(least(surprise, [np.log(start) for start in STARTS]))
    return Spending(float(p), float(1 + rest), float(v * unit))


def expected_sum(spending: Spending | None, days: Floats, mean: Floats) -> Floats:
    """What each customer will pay on a day with an order."""
    own = np.clip(mean, 0, None)
    if spending is None:
        return own
    one = spending
    return one.p * (one.v + days * own) / (one.p * days + one.q - 1)

"""Related customers, asked of a graph server: insights/answers/related.py for one customer, over the graph as it is now.

A customer v is a vector of the weights of what was bought. The run takes as candidates for u the best 2k + 1 by
    c(v) = dot(v) / sqrt(|v|^2 + d),  dot(v) = sum of w(p)^2 over the products p of u that v bought, of 2 to `max_buyers` buyers
u among them, and ranks those by the score over all products. Here the same candidates are found without reading what everybody
bought: |v|^2 is known to lie between `taste` times `taste_low` and `taste` times `taste_high` (graph/tables/live.py keeps them),
and is not below dot(v), as what is shared is part of it. So c(v) lies between two bounds, and whoever's upper one is below the
2k + 1 greatest lower ones cannot be one: nothing else is left out (upper and lower bounds as in the threshold algorithms of
Fagin, Lotem and Naor, "Optimal aggregation algorithms for middleware", 2003). Of the few others the whole length is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum, inf, log, sqrt
from typing import Any, NamedTuple, Protocol

NAMED = 3  # as in insights/answers/related.py
FEW = 200  # candidates whose taste is asked for first
SLACK = 1 + 1e-6  # what sums in another order, and of decimals, may differ
DIGITS = 9  # of scores of candidates, before they are compared


class BoughtProduct(NamedTuple):
    """A product that was bought: sorted, the rarest come first, as in insights/history.py."""

    buyers: int
    product: str
    name: str


class Purchases(Protocol):
    """What is asked of the graph."""

    def everything(self) -> Mapping[str, Any]:
        """What all purchases add up to: customers, rarity2, taste_low, taste_high."""
        ...

    def own(self, customer: str) -> Iterable[BoughtProduct]:
        """What a customer bought."""
        ...

    def buyers(self, products: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """Who bought each product."""
        ...

    def tastes(self, customers: Sequence[str]) -> Mapping[str, float]:
        """The tastes of those who have one."""
        ...

    def baskets(self, customers: Sequence[str]) -> Mapping[str, Mapping[int, Sequence[str]]]:
        """What each customer bought: the products of each number of buyers."""
        ...


def related(purchases: Purchases, customer: str, k: int, max_buyers: int, damping: float) -> list[dict[str, Any]]:
    """The k most related customers, best first: related_id, rank, score, shared, why."""
    totals = purchases.everything()
    own = sorted(purchases.own(customer))
    weigh = _weights(totals["customers"])
    rare = {one.product: weigh(one.buyers) for one in own if 2 <= one.buyers <= max_buyers}
    if not rare:
        return []
    extra = damping * totals["rarity2"]
    dot = _shared(rare, purchases.buyers(list(rare)))
    possible = _possible(purchases.tastes, dot, extra, 2 * k + 1, (totals["taste_low"], totals["taste_high"]))
    baskets = purchases.baskets([one for one in possible if one != customer])
    length = {who: fsum(weigh(n) * len(some) for n, some in held.items()) for who, held in baskets.items()}
    length[customer] = fsum(weigh(one.buyers) for one in own)
    best = _best(
        {who: dot[who] / sqrt((square + extra) * (length[customer] + extra)) for who, square in length.items()}, 2 * k + 1
    )
    rows: list[dict[str, Any]] = []
    for other in (one for one in best if one != customer):
        held = {product for some in baskets[other].values() for product in some}
        both = [one for one in own if one.product in held]
        score = fsum(weigh(one.buyers) for one in both) / sqrt((length[customer] + extra) * (length[other] + extra))
        why = _both_bought([one.name for one in both])
        rows.append({"related_id": other, "score": round(score, 6), "shared": len(both), "why": why})
    rows.sort(key=lambda row: (-row["score"], row["related_id"]))
    return [{**row, "rank": place} for place, row in enumerate(rows[:k], 1)]


def _weights(customers: int) -> Callable[[int], float]:
    """The squared rarity of a product by its number of buyers: a bestseller has almost none."""
    return lambda buyers: log(1 + (customers - buyers + 0.5) / (buyers + 0.5)) ** 2


def _shared(rare: Mapping[str, float], buyers: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """For everybody who bought one of these products, the sum of their weights."""
    dot: dict[str, float] = {}
    for product in rare:  # the rarest first: sums of the same products are the same to the last digit
        for who in buyers.get(product, ()):
            dot[who] = dot.get(who, 0.0) + rare[product]
    return dot


def _possible(
    tastes: Callable[[Sequence[str]], Mapping[str, float]], dot: Mapping[str, float], extra: float, most: int,
    exact: tuple[float, float],
) -> list[str]:  # fmt: skip
    """Those who may be among the best `most` (see the top of the file).

    Tastes are asked for those who share most, and then for whoever may still be better than the least of these.
    """
    order = sorted(dot, key=lambda other: (-dot[other], other))
    upper = {one: dot[one] / sqrt(dot[one] + extra) * SLACK for one in order}
    lower: dict[str, float] = {}
    first, rest = order[:FEW], order[FEW:]
    _bound(tastes(first), first, dot, extra, exact, lower, upper)
    if later := [one for one in rest if upper[one] >= _nth(lower, most)]:
        _bound(tastes(later), later, dot, extra, exact, lower, upper)
    least = _nth(lower, most)
    return [one for one in order if upper[one] >= least]


def _bound(
    tastes: Mapping[str, float], some: Sequence[str], dot: Mapping[str, float], extra: float, exact: tuple[float, float],
    lower: dict[str, float], upper: dict[str, float],
) -> None:  # fmt: skip
    """Note the bounds of those who have a taste; nothing is known of the others."""
    low, high = exact
    for one in some:
        if taste := tastes.get(one):
            upper[one] = dot[one] / sqrt(max(taste * low, dot[one]) + extra) * SLACK
            lower[one] = dot[one] / sqrt(max(taste * (high or inf), dot[one]) + extra) / SLACK


def _nth(lower: Mapping[str, float], most: int) -> float:
    """What `most` of them reach; nothing, if there are fewer."""
    return sorted(lower.values(), reverse=True)[most - 1] if len(lower) >= most else 0.0


def _best(scores: Mapping[str, float], most: int) -> list[str]:
    return sorted(scores, key=lambda other: (-round(scores[other], DIGITS), other))[:most]


def _both_bought(names: list[str]) -> str:
    """The sentence of insights/answers/related.py: the three rarest by name."""
    some, more = names[:NAMED], len(names) - NAMED
    listed = some[0] if len(some) == 1 else " and ".join(some) if len(some) == 2 else ", ".join(some[:2]) + " and " + some[2]
    if more > 0:
        listed = f"{', '.join(some)} and {more} more"
    return f"Both bought {listed}{' (the rarest first)' if len(names) > 1 else ''}."

"""What a group is like, in words a person understands: "buy often, small baskets, mostly Coffee".

A measure is named where the mean of the group is half a standard deviation from that of everybody, the farthest first; a
category or channel where it is most of what they buy, or by a fifth of all more than with everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fullcircle.insights.groups.traits import AGO, BASKET, MEASURES, OFTEN, SPEND, Traits
from fullcircle.insights.history import Floats, Ints

FAR = 0.5  # standard deviations
MOSTLY, MORE = 0.5, 0.2  # shares
MOST = 4  # things named
SAID = {
    OFTEN: ("buy often", "buy seldom"), BASKET: ("large baskets", "small baskets"),
    SPEND: ("pay much for an order", "pay little for an order"), AGO: ("bought nothing for long", "bought lately"),
}  # fmt: skip
WAYS = {"category": ("mostly {}", "more {} than others"), "channel": ("mostly by {}", "more by {} than others")}
AVERAGE = "like the average"


@dataclass(frozen=True, slots=True)
class Described:
    """A group: its words and its plain figures. `spend` is per order, in the currency in which most of the group pay."""

    words: str
    size: int
    orders: float  # days with orders, the median
    basket: float  # products in an order, the mean
    spend: float | None
    currency: str | None
    ago: float  # days since the last order, the median


def describe(traits: Traits, group: Ints, many: int) -> list[Described]:
    """The groups 0 to many - 1."""
    standard = traits.standard()
    shares = {kind: _shares(one.counts) for kind, one in traits.shares.items()}
    return [_one(traits, standard, shares, group == place) for place in range(many)]


def _one(traits: Traits, standard: Floats, shares: dict[str, Floats], those: Floats) -> Described:
    own = dict(zip(MEASURES, standard[those].mean(axis=0), strict=True))
    far = sorted((name for name in MEASURES if abs(own[name]) >= FAR), key=lambda name: -abs(own[name]))
    kept = [name for name in MEASURES if name in far[:MOST]]
    said = [SAID[name][0 if own[name] > 0 else 1] for name in kept]
    for kind, found in shares.items():
        said += _ways(traits.shares[kind].names, found[those].mean(axis=0), found.mean(axis=0), WAYS[kind])
    of = dict(zip(MEASURES, traits.measures[those].T, strict=True))
    spend, currency = _paid(of[SPEND], traits.currency[those], traits.currencies)
    return Described(
        ", ".join(said) or AVERAGE, int(those.sum()), float(np.median(of[OFTEN])), round(float(of[BASKET].mean()), 1), spend,
        currency, float(np.median(of[AGO])),
    )  # fmt: skip


def _ways(names: tuple[str, ...], own: Floats, usual: Floats, words: tuple[str, str]) -> list[str]:
    if not names:
        return []
    best = int(np.argmax(own[: len(names)] - usual[: len(names)]))
    more = own[best] - usual[best]
    if own[best] >= MOSTLY and more >= MORE / 2:
        return [words[0].format(names[best])]
    return [words[1].format(names[best])] if more >= MORE else []


def _shares(counts: Floats) -> Floats:
    found: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return found


def _paid(spend: Floats, currency: Ints, currencies: tuple[str, ...]) -> tuple[float | None, str | None]:
    known = ~np.isnan(spend)
    if not known.any():
        return None, None
    usual = int(np.bincount(currency[known]).argmax())
    return round(float(np.median(spend[known & (currency == usual)])), 2), currencies[usual] or None

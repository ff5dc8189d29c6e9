"""The methods that are tried for each question, the simplest first, as sums of parts.py with a weight for each part.

A method is what its parts add up to; where that is not enough for a whole list, bestsellers follow. Blends with popularity are
shrinkage: a customer's own evidence adds up with each purchase, the share of all customers stays as it is, so who has bought
little is offered mostly what many buy.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.insights.offers.past import Past
from fullcircle.insights.offers.similar import SMALL

NEW, BASKET = "new", "basket"  # the questions: something never bought before; the next basket, what is bought again included
THROUGH = ("items", "ridge")  # parts that come through products that the customer owns
SIMPLEST, FAVOURITES = "bestsellers", "favourites"
# What needs no learning, and is the yardstick of a question: the best of these, and without a trial the first. Who buys again
# mostly buys what they bought before, so that for the next basket this comes first (decision 0026).
SIMPLE = {NEW: (SIMPLEST,), BASKET: (FAVOURITES, SIMPLEST)}
NEAR_CUSTOMERS = 200_000  # for more it costs too much to find everybody's nearest


@dataclass(frozen=True, slots=True)
class Method:
    """A name, what it is in a few words, and the weight of each part."""

    name: str
    meaning: str
    parts: dict[str, float]

    def suits(self, past: Past, goods: int = 0) -> bool:
        """True if it can be learned from this past, and used for so many products."""
        unfit = {
            "ridge": max(len(past.buyers), goods) > SMALL,
            "near": past.customers > NEAR_CUSTOMERS,
            "kind": not (past.kind >= 0).any(),
        }
        return not any(unfit.get(part) for part in self.parts)


BESTSELLERS = Method(SIMPLEST, "bestsellers", {"popular": 1.0})
RECENT = Method("recent", "bestsellers of the newest fifth of the orders", {"recent": 1.0})
METHODS: dict[str, tuple[Method, ...]] = {
    NEW: (
        BESTSELLERS,
        RECENT,
        Method("category", "bestsellers of the categories that the customer buys", {"kind": 1.0}),
        Method("items", "asymmetric cosine of products", {"items": 1.0}),
        Method("ridge", "EASE", {"ridge": 1.0}),
        Method("near", "what customers with similar baskets buy", {"near": 1.0}),
        Method("items_recent", "asymmetric cosine, shrunk to the bestsellers of late", {"items": 1.0, "recent": 1.0}),
        Method("ridge_recent", "EASE, shrunk to the bestsellers of late", {"ridge": 1.0, "recent": 1.0}),
        Method("near_recent", "similar baskets, shrunk to the bestsellers of late", {"near": 1.0, "recent": 0.5}),
    ),
    BASKET: (
        BESTSELLERS,
        RECENT,
        Method(FAVOURITES, "own favourites and then bestsellers", {"often": 1.0, "popular": 1e-3}),
        Method("own_recent", "own baskets with decay, shrunk to the bestsellers of late", {"own": 1.0, "recent": 1.0}),
        Method("own_items", "own baskets with decay, and asymmetric cosine", {"own": 1.0, "items": 0.3}),
        Method("own_ridge", "own baskets with decay, EASE and bestsellers of late", {"own": 0.4, "ridge": 1.0, "recent": 0.5}),
        Method("own_near", "TIFU-kNN: own baskets with decay, and those of the nearest customers", {"own": 0.7, "near": 0.3}),
        Method("near_own", "the same with more weight on the nearest", {"own": 0.3, "near": 0.7}),
        Method("all", "own baskets, nearest customers, asymmetric cosine and bestsellers of late",
               {"own": 0.5, "near": 0.5, "items": 0.2, "recent": 0.2}),
    ),
}  # fmt: skip


def named(question: str, name: str) -> Method:
    """The method of a question by its name."""
    return next(one for one in METHODS[question] if one.name == name)

"""The parts that methods are made of. Each scores products for customers as a product of two sparse matrices.

`rows` has a row for each asked customer, `columns` a column for each product. Parts of one method are added (their rows side by
side, their columns one above the other), so every blend is one matrix product, reduced to the best of each row as it is computed.

popular   The share of all customers who bought a product: the bestsellers.
recent    The same among the customers of the newest fifth of the orders.
own       How often the customer bought the product, as a share of their baskets, later ones weighing more: the user vector of
          TIFU-kNN, with one decay for all baskets (Hu, He, Gao and Zhang, "Modeling personalized item frequency information for
          next-basket recommendation", SIGIR 2020).
often     The number of orders in which the customer bought the product, among equals the later one first.
near      The mean of the own vectors of the NEAREST customers, weighted by their similarity: the other half of TIFU-kNN, with the
          cosine for the distance, and the similarity as weight as in UP-CF (Faggioli, Polato and Aiolli, "Recency aware
          collaborative filtering for next basket recommendation", UMAP 2020). Neighbours are searched among so many customers,
          evenly spread over all, as WORK allows; methods.py says for how many customers at all.
items     Asymmetric cosine, through the products that the customer owns, each weighing less with age. See similar.py.
ridge     EASE, the same way.
kind      The share of a category's buyers who bought the product, weighted by how much the customer bought of the category.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fullcircle.insights import matrix
from fullcircle.insights.history import Floats, Ints
from fullcircle.insights.matrix import Matrix
from fullcircle.insights.offers import similar
from fullcircle.insights.offers.past import Past

NEAREST = 100
WORK = 1e8  # multiplications to find neighbours for everybody
BESTSELLERS = 300  # of the bestsellers so many are scored; in a category a tenth


@dataclass(frozen=True, slots=True)
class OfferPart:
    """A part over all customers: `rows(asked) x columns`."""

    rows: Callable[[Ints], Matrix]
    columns: Matrix


class Parts:
    """The parts learned from a past, each when it is first needed."""

    def __init__(self, past: Past, half_life: float, threads: int) -> None:
        self.past, self.half_life, self.threads = past, half_life, threads
        self.shape = (past.customers, len(past.buyers))
        self._made: dict[str, OfferPart] = {}
        self._asked: Ints | None = None
        self._nearest: Matrix = None

    def part(self, name: str) -> OfferPart:
        """The part of this name."""
        if name not in self._made:
            self._made[name] = getattr(self, f"_{name}")()
        return self._made[name]

    @cached_property
    def owned(self) -> Matrix:
        """Customers x products: 1 where the customer has bought it."""
        return self._all(np.ones(len(self.past.customer)))

    @cached_property
    def vectors(self) -> Matrix:
        """Customers x products: the share of the customer's baskets with the product, later ones weighing more."""
        return self._all(self.past.own / np.maximum(self.past.baskets[self.past.customer], 1e-9))

    @cached_property
    def known(self) -> Matrix:
        """Customers x products: the weight of each purchase by its age."""
        return self._all(np.exp2(-self.past.age / self.half_life))

    def _all(self, values: Floats) -> Matrix:
        return matrix.of_sorted(self.past.customer, self.past.product, values, self.shape)

    def _popular(self) -> OfferPart:
        return self._same_for_all(self.past.buyers / max(self.past.active, 1))

    def _recent(self) -> OfferPart:
        return self._same_for_all(self.past.lately / max(self.past.lately_active, 1))

    def _same_for_all(self, scores: Floats) -> OfferPart:
        scores = np.where(self.past.offered, scores, 0.0)
        best = np.lexsort((np.arange(len(scores)), scores))[::-1][:BESTSELLERS]
        columns = matrix.sparse(np.zeros(len(best)), best, scores[best], (1, len(scores)))
        return OfferPart(
            lambda asked: matrix.sparse(np.arange(len(asked)), np.zeros(len(asked)), np.ones(len(asked)), (len(asked), 1)),
            columns,
        )

    def _own(self) -> OfferPart:
        return OfferPart(lambda asked: self.vectors[asked], self._alone())

    def _often(self) -> OfferPart:
        often = self._all(self.past.times + 1 / (2 + self.past.age))
        return OfferPart(lambda asked: often[asked], self._alone())

    def _alone(self) -> Matrix:
        return matrix.diagonal(self.past.alone.astype(float))

    def _items(self) -> OfferPart:
        return self._through(similar.items(self.owned, self.threads))

    def _ridge(self) -> OfferPart:
        return self._through(similar.ridge(self.owned))

    def _through(self, found: Matrix) -> OfferPart:
        return OfferPart(lambda asked: self.known[asked], matrix.scaled(None, found, self.past.offered.astype(float)))

    def _kind(self) -> OfferPart:
        kinds = int(self.past.kind.max(initial=-1)) + 1
        there = self.past.kind[self.past.product] >= 0
        who, what = self.past.customer[there], self.past.kind[self.past.product[there]]
        bought = matrix.sparse(who, what, np.ones(len(who)), (self.shape[0], kinds))
        buyers = np.bincount(bought.indices, minlength=kinds)  # a customer's purchases of a category are one entry
        bought = matrix.scaled(1 / np.maximum(matrix.row_sums(bought), 1), bought)
        goods = np.flatnonzero((self.past.kind >= 0) & self.past.offered)
        goods = goods[np.lexsort((-goods, self.past.kind[goods]))]  # of each category the bestsellers first
        kind = self.past.kind[goods]
        few = np.arange(len(goods)) - np.searchsorted(kind, kind) < BESTSELLERS // 10
        goods, kind = goods[few], kind[few]
        columns = matrix.sparse(kind, goods, self.past.buyers[goods] / np.maximum(buyers[kind], 1), (kinds, self.shape[1]))
        return OfferPart(lambda asked: bought[asked], columns)

    def _near(self) -> OfferPart:
        columns = matrix.scaled(None, self.vectors[self.others], self.past.offered.astype(float))
        return OfferPart(self.neighbours, columns)

    @cached_property
    def others(self) -> Ints:
        """The customers among whom neighbours are searched."""
        buyers = self.past.buyers.astype(np.float64)
        share = min(1.0, WORK / max(float(buyers @ buyers), 1.0))
        return self.past.people()[:: int(np.ceil(1 / share))]

    @cached_property
    def _directions(self) -> Matrix:
        lengths = np.sqrt(matrix.row_sums(self.vectors.multiply(self.vectors)))
        return matrix.scaled(1 / np.maximum(lengths, 1e-9), self.vectors)

    @cached_property
    def _others_by_product(self) -> Matrix:
        return matrix.transposed(self._directions[self.others])

    def neighbours(self, asked: Ints) -> Matrix:
        """Asked customers x others: the weight of each of the NEAREST; those of a row add up to 1. The last answer is kept."""
        if self._asked is None or not np.array_equal(self._asked, asked):
            self._asked, self._nearest = asked, self._find_neighbours(asked)
        return self._nearest

    def _find_neighbours(self, asked: Ints) -> Matrix:
        found = list(matrix.best(self._directions[asked], self._others_by_product, NEAREST + 1, self.threads))
        empty = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))
        row, other, value = (np.concatenate(parts) for parts in zip(empty, *found, strict=True))
        apart = self.others[other] != asked[row]
        made = matrix.sparse(row[apart], other[apart], np.round(value[apart], 6), (len(asked), len(self.others)))
        return matrix.scaled(1 / np.maximum(matrix.row_sums(made), 1e-9), made)

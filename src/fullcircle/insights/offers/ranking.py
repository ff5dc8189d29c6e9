"""The best products of each customer by a method, block by block, and what each of them was chosen for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fullcircle.insights import matrix
from fullcircle.insights.history import Floats, Ints
from fullcircle.insights.matrix import Matrix
from fullcircle.insights.offers.methods import BASKET, THROUGH, Method
from fullcircle.insights.offers.parts import Parts
from fullcircle.insights.offers.past import Bools

OWNED = -1e9  # a score that nothing can offset
FILL = 1e-6  # the weight of bestsellers where they only fill a list
DIGITS = 6
FILLING = "popular"
BLOCK = 20_000  # customers at a time


@dataclass(frozen=True, slots=True)
class Ranked:
    """Offers as parallel arrays, sorted by customer and rank. Products have the numbers of the Past."""

    customer: Ints
    product: Ints
    rank: Ints
    score: Floats


@dataclass(frozen=True, slots=True)
class Reasons:
    """For each offer the part that weighs most in its score (its place in `names`), and what is behind it."""

    names: tuple[str, ...]
    part: Ints
    because: Ints  # the owned product that contributes most; -1: none
    besides: Ints  # the second, if it contributes at least a quarter as much; else -1
    near: Ints  # how many of the nearest customers have bought it
    nearest: Ints  # how many nearest customers there are


@dataclass(frozen=True, slots=True)
class Block:
    """What a block of offers comes from: the rows of each part, and the row of each offer."""

    rows: list[Matrix]
    row: Ints


class Ranking:
    """A method over what was learned: its matrices, put together once."""

    def __init__(self, parts: Parts, method: Method, question: str, again: Bools | None = None, fill: bool = True) -> None:
        """`again`: by product number, whether it is offered to who owns it; for the next basket everything is."""
        weights = dict(method.parts)
        if fill and FILLING not in weights:
            weights[FILLING] = FILL
        self.parts, self.names = parts, tuple(weights)
        products = len(parts.past.buyers)
        prefer = matrix.prefer(np.arange(products)[::-1])
        self.columns = [matrix.scaled(None, parts.part(name).columns, prefer * weight) for name, weight in weights.items()]
        hidden = np.zeros(products) if question == BASKET else np.where(again, 0.0, OWNED) if again is not None else OWNED
        self.hides = question != BASKET
        whole = (
            [*self.columns, matrix.diagonal(np.broadcast_to(hidden, (products,)).astype(float))] if self.hides else self.columns
        )
        self.whole = matrix.above(*whole)

    def best(self, asked: Ints, k: int) -> Iterator[tuple[Ranked, Block]]:
        """The k best of the asked customers, block by block, with what `reasons` needs."""
        for start in range(0, len(asked), BLOCK):
            some = asked[start : start + BLOCK]
            rows = [self.parts.part(name).rows(some) for name in self.names]
            left = matrix.beside(*rows, self.parts.owned[some]) if self.hides else matrix.beside(*rows)
            for found in matrix.best(left, self.whole, k, self.parts.threads):
                row, product, score = _in_order(*found)
                rank = (np.arange(len(row)) - np.searchsorted(row, row) + 1).astype(np.int32)
                yield Ranked(some[row], product, rank, score), Block(rows, row)

    def reasons(self, ranked: Ranked, block: Block) -> Reasons:
        """What speaks for each offer, of the part that weighs most."""
        many = len(ranked.product)
        shares: dict[int, Shares] = {}
        sums: list[Floats] = []
        for place, (name, mine, columns) in enumerate(zip(self.names, block.rows, self.columns, strict=True)):
            if name == "near":
                sums.append(matrix.values_at(mine @ columns, block.row, ranked.product))
                continue
            found = _shares(mine, columns, block.row, ranked.product)
            sums.append(np.bincount(found.offer, found.value, minlength=many).astype(np.float64))
            if name in THROUGH:
                shares[place] = found
        part = np.argmax(np.round(np.stack(sums), 9), axis=0).astype(np.int32)
        because, besides = np.full(many, -1, dtype=np.int32), np.full(many, -1, dtype=np.int32)
        for place, all_ in shares.items():
            first, second = _two_greatest(all_.of(part == place), many)
            because, besides = np.maximum(because, first), np.maximum(besides, second)
        return Reasons(self.names, part, because, besides, *self._nearest(part, ranked, block))

    def _nearest(self, part: Ints, ranked: Ranked, block: Block) -> tuple[Ints, Ints]:
        """Of the offers that come by the nearest customers: how many of these have bought it, and how many there are; else 0."""
        near, nearest = np.zeros(len(part), dtype=np.int32), np.zeros(len(part), dtype=np.int32)
        place = self.names.index("near") if "near" in self.names else -1
        those = np.flatnonzero(part == place)
        if len(those):
            rows, back = np.unique(block.row[those], return_inverse=True)
            mine = block.rows[place][rows]
            bought = matrix.ones(mine) @ matrix.ones(self.columns[place])
            near[those] = matrix.values_at(bought, back.astype(np.int32), ranked.product[those])
            nearest[those] = np.diff(mine.indptr)[back]
        return near, nearest


def _in_order(row: Ints, product: Ints, exact: Floats) -> tuple[Ints, Ints, Floats]:
    """Sorted by row and rounded score; among equals the product with more buyers comes first."""
    score = np.round(exact, DIGITS)
    order = np.lexsort((-product, -score, row))
    return row[order], product[order], score[order]


@dataclass(frozen=True, slots=True)
class Shares:
    """What adds up to the scores of offers: parallel arrays, sorted by offer and cause, without zeros."""

    offer: Ints
    cause: Ints  # the column of the customer's row by which it comes
    value: Floats

    def of(self, those: Bools) -> Shares:
        """The shares of some of the offers."""
        mine = those[self.offer]
        return Shares(self.offer[mine], self.cause[mine], self.value[mine])


def _shares(mine: Matrix, columns: Matrix, row: Ints, product: Ints) -> Shares:
    """Each entry of the customer's row times that of its column."""
    many = np.diff(mine.indptr)[row]
    ends = np.cumsum(many)
    entry = np.arange(ends[-1] if len(ends) else 0) + np.repeat(mine.indptr[row] - (ends - many), many)
    offer = np.repeat(np.arange(len(row), dtype=np.int32), many)
    cause = mine.indices[entry]
    value = matrix.values_at(columns, cause, product[offer])
    some = np.flatnonzero(value)
    return Shares(offer[some], cause[some], np.round(mine.data[entry[some]] * value[some], 9))


def _two_greatest(shares: Shares, many: int) -> tuple[Ints, Ints]:
    """Of each offer the cause of the greatest share, and of the second if it is at least a quarter of it; else -1."""
    cause, value = np.append(shares.cause, -1).astype(np.int32), np.append(shares.value, 0.0)
    first = _greatest(shares.offer, shares.value, many)
    others = shares.value.copy()
    others[first[first >= 0]] = -1.0
    second = _greatest(shares.offer, others, many)
    weighty = value[second] >= np.maximum(value[first] / 4, 1e-9)
    return cause[first], np.where(weighty & (second != first), cause[second], -1).astype(np.int32)


def _greatest(offer: Ints, value: Floats, many: int) -> Ints:
    """The place of the greatest value of each offer, the first among equals: the rarer cause; -1: it has none."""
    place = np.full(many, -1, dtype=np.int32)
    if len(offer):
        starts = np.flatnonzero(np.diff(offer, prepend=-1))
        greatest = np.repeat(np.maximum.reduceat(value, starts), np.diff(starts, append=len(offer)))
        those = np.flatnonzero(value == greatest)
        first = those[np.diff(offer[those], prepend=-1) != 0]
        place[offer[first]] = first
    return place

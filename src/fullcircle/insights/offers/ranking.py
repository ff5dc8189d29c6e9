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
        near, nearest = np.zeros(many, dtype=np.int32), np.zeros(many, dtype=np.int32)
        causes: dict[int, tuple[Ints, Ints]] = {}
        sums: list[Floats] = []
        for place, (name, mine, columns) in enumerate(zip(self.names, block.rows, self.columns, strict=True)):
            if name == "near":
                sums.append(matrix.values_at(mine @ columns, block.row, ranked.product))
                near = matrix.values_at(matrix.ones(mine) @ matrix.ones(columns), block.row, ranked.product).astype(np.int32)
                nearest = np.diff(mine.indptr)[block.row].astype(np.int32)
            else:
                shares = _shares(mine, columns, block.row, ranked.product)
                sums.append(np.bincount(shares.offer, shares.value, minlength=many).astype(np.float64))
                if name in THROUGH:
                    causes[place] = _two_greatest(shares, many)
        part = np.argmax(np.round(np.stack(sums), 9), axis=0).astype(np.int32)
        because, besides = np.full(many, -1, dtype=np.int32), np.full(many, -1, dtype=np.int32)
        for place, (first, second) in causes.items():
            chosen = part == place
            because[chosen], besides[chosen] = first[chosen], second[chosen]
        return Reasons(self.names, part, because, besides, near, nearest)


def _in_order(row: Ints, product: Ints, exact: Floats) -> tuple[Ints, Ints, Floats]:
    """Sorted by row and rounded score; among equals the product with more buyers comes first."""
    score = np.round(exact, DIGITS)
    order = np.lexsort((-product, -score, row))
    return row[order], product[order], score[order]


@dataclass(frozen=True, slots=True)
class Shares:
    """What adds up to the scores of offers: parallel arrays, sorted by offer."""

    offer: Ints
    cause: Ints  # the column of the customer's row by which it comes
    value: Floats


def _shares(mine: Matrix, columns: Matrix, row: Ints, product: Ints) -> Shares:
    """Each entry of the customer's row times that of its column."""
    many = np.diff(mine.indptr)[row]
    ends = np.cumsum(many)
    entry = np.arange(ends[-1] if len(ends) else 0) + np.repeat(mine.indptr[row] - (ends - many), many)
    offer = np.repeat(np.arange(len(row), dtype=np.int32), many)
    cause = mine.indices[entry]
    return Shares(offer, cause, np.round(mine.data[entry] * matrix.values_at(columns, cause, product[offer]), 9))


def _two_greatest(shares: Shares, many: int) -> tuple[Ints, Ints]:
    """Of each offer the cause of the greatest share, and of the second if it is at least a quarter of it; else -1."""
    order = np.lexsort((shares.cause, -shares.value, shares.offer))  # the rarer cause first among equals
    cause, value = np.append(shares.cause[order], -1), np.append(shares.value[order], 0.0)
    counts = np.bincount(shares.offer, minlength=many)
    none, starts = len(cause) - 1, np.cumsum(counts) - counts
    first, second = np.where(counts > 0, starts, none), np.where(counts > 1, starts + 1, none)
    weighty = value[second] >= np.maximum(value[first] / 4, 1e-9)
    return cause[first].astype(np.int32), np.where(weighty, cause[second], -1).astype(np.int32)

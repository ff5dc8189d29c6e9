"""Item-to-item recommendation: two methods to learn the similarity of products, and one to recommend from it. Matrices only.

Both methods give a matrix S, where S[i, j] is how strongly owning i suggests j, reduced to the NEIGHBOURS greatest of each row. A
customer's score for j is the sum over the owned products i of weight(i) * S[i, j], weight(i) = 2^(-days since last bought / half
life).

items  Asymmetric cosine (Aiolli, "Efficient top-N recommendation for very large scale binary rated datasets", RecSys 2013),
       damped: S[i, j] = both(i, j) / ((n(i) + d)^a * (n(j) + d)^(1 - a)), n = buyers, d = 10, a = 0.65. With a = 1/2 it is
       the cosine, which favours rare products; with a = 1 it is the share of i's buyers who own j, which favours bestsellers. So
       `a` sets the influence of popularity. For catalogues of any size.
ridge  EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019): G = X'X + 500 I, P = the inverse of G,
       S[i, j] = -P[i, j] / P[j, j], 0 on the diagonal; only positive values are kept. The cost is (products)^3, so it is for
       small catalogues.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fullcircle.insights import matrix
from fullcircle.insights.history import Floats, History, Ints
from fullcircle.insights.matrix import Matrix

NEIGHBOURS = 200
ASYMMETRY = 0.65
DAMPING = 10.0
RIDGE = 500.0
RIDGE_PRODUCTS = 2000  # the largest catalogue for ridge: 2000 products take about a second
MOST_OWNED = (
    500  # customers with more products (wholesale) are not learned from: they say little about taste and cost their square
)
OWNED = -1e9  # a score that no sum of similarities can offset
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Advice:
    """Recommendations as parallel arrays, sorted by customer and rank."""

    customer: Ints
    product: Ints
    rank: Ints
    score: Floats
    because: Ints  # the owned product that contributes most; -1: none, it is only popular
    besides: Ints  # the second, if it contributes at least a quarter as much; else -1


def learn(history: History, method: str, threads: int) -> Matrix:
    """The matrix S, products x products, by `items` or `ridge`."""
    training = matrix.customers_by_products(history, np.ones(len(history.customer)))
    training = training[np.diff(training.indptr) <= MOST_OWNED]
    return _ridge(training) if method == "ridge" else _items(training, threads)


def _items(training: Matrix, threads: int) -> Matrix:
    by_product = matrix.transposed(training)
    buyers = matrix.row_sums(by_product) + DAMPING
    left = matrix.scaled(buyers**-ASYMMETRY, by_product)
    right = matrix.scaled(None, training, buyers ** (ASYMMETRY - 1) * matrix.prefer(np.arange(len(buyers))[::-1]))
    found = list(matrix.best(left, right, NEIGHBOURS + 1, threads))
    row, column, value = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else ([], [], [])
    other = np.asarray(row) != np.asarray(column)  # without the product itself
    return matrix.sparse(np.asarray(row)[other], np.asarray(column)[other], np.asarray(value)[other], (len(buyers),) * 2)


def _ridge(training: Matrix) -> Matrix:
    gram = matrix.full(matrix.transposed(training) @ training)
    gram[np.diag_indices(len(gram))] += RIDGE
    inverse = np.linalg.inv(gram)
    weights = np.maximum(inverse / -np.diag(inverse), 0)
    np.fill_diagonal(weights, 0)
    if len(weights) > NEIGHBOURS:
        weakest = np.partition(weights, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS]
        weights[weights < weakest[:, None]] = 0
    row, column = np.nonzero(weights)
    return matrix.sparse(row, column, weights[row, column], (len(weights), len(weights)))


def weights(history: History, half_life: float) -> Matrix:
    """Customers x products: the weight of each purchase by its age."""
    return matrix.customers_by_products(history, np.exp2(-history.age / half_life))


def recommend(known: Matrix, similar: Matrix, again: Ints, asked: Ints, k: int, threads: int) -> Iterator[Advice]:
    """The k best products of each requested customer, block by block.

    Owned products are recommended only where `again` (one number per product) is not 0. Scores are rounded before they are
    compared; among equals the product with more buyers comes first, then the order of ids decides.
    """
    products = similar.shape[0]
    # One matrix product does it all: what is owned and is not bought again gets a score that nothing can offset.
    prefer = matrix.scaled(None, similar, matrix.prefer(np.arange(products)[::-1]))
    right = matrix.above(prefer, matrix.diagonal(np.where(again, 0.0, OWNED)))
    for start in range(0, len(asked), matrix.BLOCK):
        block = asked[start : start + matrix.BLOCK]
        mine = known[block]
        owned = mine.copy()
        owned.data[:] = 1.0
        for row, product, score in matrix.best(matrix.beside(mine, owned), right, k, threads):
            yield _advice(block, mine, similar, row, product, np.round(score, DIGITS))


def _advice(block: Ints, mine: Matrix, similar: Matrix, row: Ints, product: Ints, score: Floats) -> Advice:
    order = np.lexsort((-product, -score, row))
    row, product, score = row[order], product[order], score[order]
    rank = (np.arange(len(row)) - np.searchsorted(row, row) + 1).astype(np.int32)
    because, besides = _because(mine, similar, row, product)
    return Advice(block[row], product, rank, score, because, besides)


def _because(mine: Matrix, similar: Matrix, row: Ints, product: Ints) -> tuple[Ints, Ints]:
    """The two owned products that contribute most to each score."""
    owned = np.diff(mine.indptr)[row]
    ends = np.cumsum(owned)
    entry = np.arange(ends[-1] if len(ends) else 0) + np.repeat(mine.indptr[row] - (ends - owned), owned)
    advice = np.repeat(np.arange(len(row)), owned)
    cause = mine.indices[entry]
    share = np.round(mine.data[entry] * matrix.values_at(similar, cause, product[advice]), 9)
    order = np.lexsort((cause, -share, advice))  # the rarer cause first among equals
    cause, share = cause[order], share[order]
    first = ends - owned
    second = np.minimum(first + 1, np.maximum(ends - 1, 0))
    known = (owned > 1) & (share[second] >= np.maximum(share[first] / 4, 1e-9))
    return cause[first].astype(np.int32), np.where(known, cause[second], -1).astype(np.int32)

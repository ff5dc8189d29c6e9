"""How strongly owning one product suggests another: two methods that learn it from who bought what.

Each gives a matrix S, products x products, where S[i, j] is how strongly owning i suggests j, reduced to the NEIGHBOURS
greatest of each row, above 0, with 0 on the diagonal.

items  Asymmetric cosine (Aiolli, "Efficient top-N recommendation for very large scale binary rated datasets", RecSys 2013),
       damped: S[i, j] = both(i, j) / ((n(i) + d)^a * (n(j) + d)^(1 - a)), n = buyers, d = 10, a = 0.65. With a = 1/2 it is
       the cosine, which favours rare products; with a = 1 it is the share of i's buyers who own j, which favours bestsellers. So
       `a` sets the influence of popularity. For catalogues of any size.
ridge  EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019): G = X'X + 500 I, P = the inverse of G,
       S[i, j] = -P[i, j] / P[j, j]. The cost is (products)^3, so it is for small catalogues.
"""

from __future__ import annotations

import numpy as np

from fullcircle.insights import matrix
from fullcircle.insights.matrix import Matrix

NEIGHBOURS = 200
ASYMMETRY = 0.65
DAMPING = 10.0
RIDGE = 500.0
SMALL = 3000  # the largest catalogue for ridge: 2000 products take a second
TAUGHT_BY = 200_000  # customers; more teach hardly more about the products that are bought often enough to be offered
MOST_OWNED = 500  # who bought more products (wholesale) teaches little about taste, and costs the square of it


def items(owned: Matrix, threads: int) -> Matrix:
    """S by the asymmetric cosine, of a matrix customers x products of ones."""
    training = _people(owned)
    by_product = matrix.transposed(training)
    buyers = matrix.row_sums(by_product) + DAMPING
    left = matrix.scaled(buyers**-ASYMMETRY, by_product)
    right = matrix.scaled(None, training, buyers ** (ASYMMETRY - 1) * matrix.prefer(np.arange(len(buyers))[::-1]))
    found = list(matrix.best(left, right, NEIGHBOURS + 1, threads))
    row, column, value = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else ([], [], [])
    other = np.asarray(row) != np.asarray(column)  # without the product itself
    return matrix.sparse(np.asarray(row)[other], np.asarray(column)[other], np.asarray(value)[other], (len(buyers),) * 2)


def ridge(owned: Matrix) -> Matrix:
    """S by EASE."""
    training = _people(owned)
    gram = matrix.full(matrix.transposed(training) @ training)
    gram[np.diag_indices(len(gram))] += RIDGE
    inverse = np.linalg.inv(gram)
    weights = np.maximum(np.round(inverse / -np.diag(inverse), 12), 0)
    np.fill_diagonal(weights, 0)
    if len(weights) > NEIGHBOURS:
        weakest = np.partition(weights, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS]
        weights[weights < weakest[:, None]] = 0
    row, column = np.nonzero(weights)
    return matrix.sparse(row, column, weights[row, column], (len(weights), len(weights)))


def _people(owned: Matrix) -> Matrix:
    """Those who teach: of very many every n-th."""
    bought = np.diff(owned.indptr)
    those = np.flatnonzero((bought > 0) & (bought <= MOST_OWNED))
    return owned[those[:: -(-len(those) // TAUGHT_BY) or 1]]

"""Sparse matrices, and their products reduced to the best of each row. Only this file of the room imports SciPy.

Products are computed in blocks of rows, so memory depends on the block and the result, not on rows x columns. Every row is
computed separately and in a fixed order, so the result does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sparse_dot_topn import sp_matmul_topn

from fullcircle.insights.history import Floats, History, Ints

Matrix = Any  # scipy.sparse.csr_matrix: SciPy ships no types
BLOCK = 50_000  # rows at a time
TIE = 1e-6  # the largest relative difference a preference makes between equal scores


def sparse(rows: npt.ArrayLike, columns: npt.ArrayLike, values: npt.ArrayLike, shape: tuple[int, int]) -> Matrix:
    """A CSR matrix of doubles with sorted columns; values at the same place are added."""
    made = sp.csr_matrix((np.asarray(values, dtype=np.float64), (np.asarray(rows), np.asarray(columns))), shape=shape)
    made.sort_indices()
    return made


def of_sorted(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Matrix:
    """The same of entries that are sorted by row and column, each once: nothing is to be sorted or added."""
    ends = np.searchsorted(rows, np.arange(shape[0] + 1, dtype=rows.dtype))
    return sp.csr_matrix((np.asarray(values, dtype=np.float64), columns, ends), shape=shape)


def in_order(rows: Ints, columns: Ints, shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """The order that sorts entries, each at a place of its own, by row and column; for many faster than to compare them."""
    made = sp.csr_matrix((np.arange(len(rows)), (rows, columns)), shape=shape)
    made.sort_indices()
    found: npt.NDArray[np.int64] = made.data
    return found


def customers_by_products(history: History, values: Floats) -> Matrix:
    """One row per customer, one column per product; `values` are in the order of the history."""
    return sparse(history.customer, history.product, values, (history.customers, len(history.buyers)))


def rarity(buyers: Ints, customers: int) -> Floats:
    """The weight of each product by its rarity: idf = ln(1 + (N - n + 0.5) / (n + 0.5)), if n of N customers bought it.

    This is the idf of BM25 (Robertson and Zaragoza, "The probabilistic relevance framework", 2009): near 0 for what all buy.
    """
    n = buyers.astype(np.float64)
    found: Floats = np.log1p((customers - n + 0.5) / (n + 0.5))
    return found


def scaled(rows: Floats | None, matrix: Matrix, columns: Floats | None = None) -> Matrix:
    """The matrix with each row and each column multiplied by its factor."""
    made = matrix.copy()
    if rows is not None:
        made.data *= np.repeat(rows, np.diff(made.indptr))
    if columns is not None:
        made.data *= columns[made.indices]
    return made


def ones(matrix: Matrix) -> Matrix:
    """The matrix with 1 in place of each value that is not 0."""
    made = matrix.copy()
    made.data = (made.data != 0).astype(np.float64)
    return made


def row_sums(matrix: Matrix) -> Floats:
    """The sum of each row."""
    found: Floats = np.asarray(matrix.sum(axis=1)).ravel()
    return found


def prefer(order: npt.ArrayLike) -> Floats:
    """Factors just below 1, by which the column with the smaller `order` (0, 1, 2 ...) comes first among equal scores."""
    places = np.asarray(order, dtype=np.float64)
    factors: Floats = 1.0 - TIE * places / max(len(places), 1)
    return factors


def best(left: Matrix, right: Matrix, k: int, threads: int, block: int = BLOCK) -> Iterator[tuple[Ints, Ints, Floats]]:
    """left x right, reduced to the k greatest values above 0 of each row, as (row, column, value), block by block."""
    if not (left.shape[0] and right.shape[1] and left.nnz and right.nnz):
        return
    for start in range(0, left.shape[0], block):
        part = sp_matmul_topn(left[start : start + block], right, top_n=k, threshold=0.0, n_threads=max(threads, 1))
        rows = np.repeat(np.arange(part.shape[0], dtype=np.int32), np.diff(part.indptr)) + np.int32(start)
        yield rows, part.indices.astype(np.int32, copy=False), part.data


def in_common(left: Matrix, rows_left: Ints, right: Matrix, rows_right: Ints) -> Matrix:
    """One row per pair: the columns both have, with the product of the two values; columns sorted."""
    made = left[rows_left].multiply(right[rows_right]).tocsr()
    made.sort_indices()
    return made


def transposed(matrix: Matrix) -> Matrix:
    """The transpose, in CSR form."""
    made = matrix.T.tocsr()
    made.sort_indices()
    return made


def beside(*parts: Matrix) -> Matrix:
    """Matrices with the same rows, side by side."""
    return sp.hstack(parts, format="csr")


def above(*parts: Matrix) -> Matrix:
    """Matrices with the same columns, one above the other."""
    return sp.vstack(parts, format="csr")


def diagonal(values: Floats) -> Matrix:
    """A square matrix with these values on its diagonal."""
    return sp.diags(values, format="csr")


def full(matrix: Matrix) -> Floats:
    """The dense matrix; for small matrices only."""
    found: Floats = matrix.toarray()
    return found


def values_at(matrix: Matrix, rows: Ints, columns: Ints) -> Floats:
    """The values at these positions; 0 for those not stored."""
    if not len(rows):  # SciPy would return a matrix
        return np.empty(0)
    found: Floats = np.asarray(matrix[rows, columns], dtype=np.float64).ravel()
    return found

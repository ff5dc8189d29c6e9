from math import sqrt

import numpy as np
import pytest

from fullcircle.insights import matrix
from fullcircle.insights.offers import similar

# Products 0 1 2 3, numbered by buyers as past.py does it
OWNED = [(0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (3, 1), (3, 3), (4, 0), (4, 2)]


def owned(pairs=OWNED):
    customer, product = (np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True))
    return matrix.sparse(customer, product, np.ones(len(pairs)), (int(customer.max()) + 1, 4))


def at(found, i, j):
    return matrix.values_at(found, np.array([i]), np.array([j]))[0]


def test_items_by_hand():
    found = similar.items(owned(), 1)
    # 2 and 3: two owners of both; 2 has 3 buyers, 3 has 4
    assert at(found, 2, 3) == pytest.approx(2 / (13**0.65 * 14**0.35), rel=1e-5)
    assert at(found, 3, 2) == pytest.approx(2 / (14**0.65 * 13**0.35), rel=1e-5)
    assert at(found, 0, 3) == 0
    assert at(found, 2, 2) == 0


def test_cosine_is_the_special_case(monkeypatch):
    monkeypatch.setattr(similar, "ASYMMETRY", 0.5)
    monkeypatch.setattr(similar, "DAMPING", 0.0)
    assert at(similar.items(owned(), 1), 2, 3) == pytest.approx(2 / sqrt(3 * 4), rel=1e-5)


def test_ridge_is_the_regression_without_itself(monkeypatch):
    """EASE solves, for each product, a ridge regression on all others: that can be computed another way."""
    monkeypatch.setattr(similar, "RIDGE", 0.5)
    seen = matrix.full(owned())
    found = matrix.full(similar.ridge(owned()))
    for j in range(4):
        others = np.delete(np.arange(4), j)
        x, y = seen[:, others], seen[:, j]
        expected = np.linalg.solve(x.T @ x + 0.5 * np.eye(3), x.T @ y)
        assert found[others, j] == pytest.approx(np.maximum(expected, 0), abs=1e-9)
        assert found[j, j] == 0


def test_wholesale_customers_teach_nothing(monkeypatch):
    monkeypatch.setattr(similar, "MOST_OWNED", 2)
    crowded = owned([*OWNED, (5, 0), (5, 1), (5, 2), (5, 3)])
    assert at(similar.items(crowded, 1), 0, 1) == 0

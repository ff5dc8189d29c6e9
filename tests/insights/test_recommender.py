from math import sqrt

import numpy as np
import pytest

from fullcircle.insights import matrix, recommender
from fullcircle.insights.history import History

# Products 0 1 2 3, numbered by buyers as history.read does it
OWNED = [(0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (3, 1), (3, 3), (4, 0), (4, 2)]


def history(owned=OWNED, age=0.0):
    customer, product = (np.array(column, dtype=np.int32) for column in zip(*owned, strict=True))
    buyers = np.bincount(product, minlength=4).astype(np.int32)
    ones = np.ones(len(owned))
    return History(customer, product, ones, ones * age, int(customer.max()) + 1, buyers)


def at(similar, i, j):
    return matrix.values_at(similar, np.array([i]), np.array([j]))[0]


def test_items_by_hand():
    similar = recommender.learn(history(), "items", 1)
    # 2 and 3: two owners of both; 2 has 3 buyers, 3 has 4
    assert at(similar, 2, 3) == pytest.approx(2 / (13**0.65 * 14**0.35), rel=1e-5)
    assert at(similar, 3, 2) == pytest.approx(2 / (14**0.65 * 13**0.35), rel=1e-5)
    assert at(similar, 0, 3) == 0
    assert at(similar, 2, 2) == 0


def test_cosine_is_the_special_case(monkeypatch):
    monkeypatch.setattr(recommender, "ASYMMETRY", 0.5)
    monkeypatch.setattr(recommender, "DAMPING", 0.0)
    assert at(recommender.learn(history(), "items", 1), 2, 3) == pytest.approx(2 / sqrt(3 * 4), rel=1e-5)


def test_ridge_is_the_regression_without_itself(monkeypatch):
    """EASE solves, for each product, a ridge regression on all others: that can be computed another way."""
    monkeypatch.setattr(recommender, "RIDGE", 0.5)
    seen = matrix.full(matrix.customers_by_products(history(), np.ones(len(OWNED))))
    similar = matrix.full(recommender.learn(history(), "ridge", 1))
    for j in range(4):
        others = np.delete(np.arange(4), j)
        x, y = seen[:, others], seen[:, j]
        expected = np.linalg.solve(x.T @ x + 0.5 * np.eye(3), x.T @ y)
        assert similar[others, j] == pytest.approx(np.maximum(expected, 0), abs=1e-12)
        assert similar[j, j] == 0


def test_wholesale_customers_teach_nothing(monkeypatch):
    monkeypatch.setattr(recommender, "MOST_OWNED", 2)
    crowded = history([*OWNED, (5, 0), (5, 1), (5, 2), (5, 3)])
    assert at(recommender.learn(crowded, "items", 1), 0, 1) == 0


def test_old_purchases_say_less():
    known = recommender.weights(history(age=365.0), 365.0)
    assert known.data.tolist() == [0.5] * len(OWNED)


def advise(similar, known, again=(0, 0, 0, 0), k=3):
    asked = np.arange(known.shape[0], dtype=np.int32)
    blocks = list(recommender.recommend(known, similar, np.array(again), asked, k, 1))
    return [
        (int(a), int(b), int(c), float(d), int(e), int(f))
        for block in blocks
        for a, b, c, d, e, f in zip(
            block.customer, block.product, block.rank, block.score, block.because, block.besides, strict=True
        )
    ]


SIMILAR = matrix.sparse([0, 1, 0, 1, 2], [3, 3, 2, 0, 3], [0.5, 0.2, 0.1, 0.9, 0.4], (4, 4))


def test_scores_ranks_and_reasons_by_hand():
    known = matrix.sparse([0, 0, 1], [0, 1, 2], [1.0, 0.5, 1.0], (2, 4))
    assert advise(SIMILAR, known) == [
        (0, 3, 1, pytest.approx(0.5 + 0.1, abs=2e-6), 0, -1),  # product 1 adds 0.1, less than a quarter of 0.5
        (0, 2, 2, pytest.approx(0.1, abs=2e-6), 0, -1),
        (1, 3, 1, pytest.approx(0.4, abs=2e-6), 2, -1),
    ]


def test_second_reason_when_it_weighs():
    known = matrix.sparse([0, 0], [0, 1], [1.0, 1.0], (1, 4))
    assert advise(SIMILAR, known, k=1) == [(0, 3, 1, pytest.approx(0.7, abs=2e-6), 0, 1)]


def test_owned_only_where_it_may_be_bought_again():
    known = matrix.sparse([0, 0], [0, 1], [1.0, 1.0], (1, 4))
    assert [row[1] for row in advise(SIMILAR, known)] == [3, 2]
    assert [row[1] for row in advise(SIMILAR, known, again=(1, 0, 0, 0))] == [0, 3, 2]


def test_ties_go_to_the_product_with_more_buyers():
    known = matrix.sparse([0], [0], [1.0], (1, 4))
    equal = matrix.sparse([0, 0, 0], [1, 2, 3], [0.5, 0.5, 0.5], (4, 4))
    assert [row[1] for row in advise(equal, known, k=2)] == [3, 2]

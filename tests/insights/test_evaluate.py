from datetime import datetime
from math import log2

import numpy as np
import pytest

from fullcircle.insights.base import InsightContext
from fullcircle.insights.evaluate import evaluate, measure, popular
from fullcircle.insights.history import read
from fullcircle.model.progress import Silent

AS_OF = datetime(2026, 3, 1)


def ints(values):
    return np.array(values, dtype=np.int32)


def test_recall_and_ndcg_by_hand():
    # Customer 3 held out 7, 8, 9 and is offered 7 first and 9 third; customer 5 held out 1 and is offered it second.
    recall, ndcg = measure(ints([[7, 2, 9], [4, 1, -1]]), ints([3, 5]), ints([3, 3, 3, 5]), ints([7, 8, 9, 1]))
    assert recall == pytest.approx((2 / 3 + 1) / 2)
    three = (1 + 1 / log2(4)) / (1 + 1 / log2(3) + 1 / log2(4))
    assert ndcg == pytest.approx((three + 1 / log2(3)) / 2)


def test_ideal_stops_at_k_and_unknown_products_are_misses():
    recall, ndcg = measure(ints([[1]]), ints([0]), ints([0, 0, 0]), ints([-1, 1, 2]))
    assert (recall, ndcg) == (pytest.approx(1 / 3), pytest.approx(1.0))
    assert measure(ints([[-1]]), ints([0]), ints([0]), ints([-1])) == (0.0, 0.0)


ORDERS = [
    ("ann", "2026-01-01", "A B", 1, "web"),
    ("ann", "2026-02-01", "B C", 1, "web"),  # C is new, B is not
    ("bob", "2026-01-01", "A", 1, "web"),
    ("bob", "2026-02-01", "A", 1, "web"),  # nothing new
    ("cyd", "2026-01-01", "C", 1, "web"),  # one order
    ("dan", "2026-01-01", "B", 1, "web"),
    ("dan", "2026-01-02", "C D", 1, "web"),  # D is nobody else's
]


def asked_of(shop, sample=100):
    seen = {}

    def method(history, asked, k):
        seen["history"] = history
        return popular(history, asked, k)

    figures = evaluate(InsightContext(shop(ORDERS).engine, AS_OF, Silent()), {"": method}, 2, sample)
    return seen.get("history"), figures


def test_split_hides_what_was_new_in_the_last_order(shop):
    history, figures = asked_of(shop)
    assert figures["judged_customers"] == 2  # ann and dan
    # Known of ann: A, B; of dan: B; of bob and cyd all: (ann A B) (bob A) (cyd C) (dan B); D is not known at all
    assert len(history.customer) == 5
    assert len(history.buyers) == 3


def test_figures_by_hand(shop):
    _, figures = asked_of(shop)
    # Buyers known: C 1, A 2, B 2. ann owns A, B: offered C, held out C. dan owns B: offered A, C; held out C and D.
    assert figures["recall_at_2"] == pytest.approx((1 + 1 / 2) / 2)
    assert figures["ndcg_at_2"] == pytest.approx((1 + (1 / log2(3)) / (1 + 1 / log2(3))) / 2, abs=1e-4)


def test_sample_is_seeded(shop):
    assert asked_of(shop, 1)[1] == asked_of(shop, 1)[1]
    assert asked_of(shop, 1)[1]["judged_customers"] == 1


def test_nobody_to_evaluate(shop):
    made = shop(ORDERS[:1])
    assert evaluate(InsightContext(made.engine, AS_OF, Silent()), {"": popular}) == {"judged_customers": 0}


def test_popular_skips_what_is_owned(shop):
    made = shop([("a", "2026-01-01", "P Q R", 1, ""), ("b", "2026-01-01", "P Q", 1, ""), ("c", "2026-01-01", "P", 1, "")])
    history = read(made.engine, "SELECT customer_id, product_id, times, last FROM purchases", AS_OF)
    # Numbers: R 0, Q 1, P 2
    assert popular(history, ints([0, 1, 2]), 2).tolist() == [[-1, -1], [0, -1], [1, 0]]

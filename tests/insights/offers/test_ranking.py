"""The best of each customer and what speaks for it, by hand."""

import numpy as np
import pytest

from fullcircle.insights import matrix
from fullcircle.insights.offers.methods import BASKET, NEW, Method
from fullcircle.insights.offers.parts import OfferPart, Parts
from fullcircle.insights.offers.past import Past
from fullcircle.insights.offers.ranking import Ranking

ITEMS = Method("items", "", {"items": 1.0})


def ints(values):
    return np.array(values, dtype=np.int32)


def past(pairs, own=None, age=0.0, baskets=None, offered=None, kind=(-1, -1, -1, -1)):
    customer, product = (ints(column) for column in zip(*pairs, strict=True))
    buyers = np.bincount(product, minlength=4).astype(np.int32)
    customers = int(customer.max()) + 1
    yes = np.ones(4, dtype=bool) if offered is None else np.array(offered)
    return Past(
        customer, product, ints([1] * len(pairs)), np.array(own or [1.0] * len(pairs)), np.ones(len(pairs)) * age, customers,
        customers, buyers, buyers, customers, yes, yes, ints(kind), ints(range(4)), np.array(baskets or [1.0] * customers),
    )  # fmt: skip


def ranked(known, method=ITEMS, question=NEW, k=3, similar=None, again=None, fill=False):
    parts = Parts(known, 365.0, 1)
    if similar is not None:
        parts._made["items"] = OfferPart(lambda asked: parts.known[asked], similar)
    ranking = Ranking(parts, method, question, again, fill)
    rows = []
    for found, block in ranking.best(np.arange(known.customers, dtype=np.int32), k):
        reasons = ranking.reasons(found, block)
        rows += [
            (int(a), int(b), int(c), float(d), reasons.names[e], int(f), int(g))
            for a, b, c, d, e, f, g in zip(
                found.customer,
                found.product,
                found.rank,
                found.score,
                reasons.part,
                reasons.because,
                reasons.besides,
                strict=True,
            )
        ]
    return rows


SIMILAR = matrix.sparse([0, 1, 0, 1, 2], [3, 3, 2, 0, 3], [0.5, 0.2, 0.1, 0.9, 0.4], (4, 4))


def about(value):
    return pytest.approx(value, abs=2e-6)


def test_scores_ranks_and_reasons():
    known = past([(0, 0), (0, 1), (1, 2)])
    assert ranked(known, similar=SIMILAR) == [
        (0, 3, 1, about(0.7), "items", 0, 1),
        (0, 2, 2, about(0.1), "items", 0, -1),
        (1, 3, 1, about(0.4), "items", 2, -1),
    ]


def test_a_cause_of_less_than_a_quarter_is_not_named():
    small = matrix.sparse([0, 1], [3, 3], [0.5, 0.1], (4, 4))
    assert ranked(past([(0, 0), (0, 1)]), similar=small) == [(0, 3, 1, about(0.6), "items", 0, -1)]


def test_old_purchases_say_less():
    assert ranked(past([(0, 2)], age=365.0), similar=SIMILAR)[0][3] == about(0.2)


def test_owned_only_where_it_may_be_bought_again():
    known = past([(0, 0), (0, 1)])
    assert [row[1] for row in ranked(known, similar=SIMILAR)] == [3, 2]
    again = np.array([True, False, False, False])
    assert [row[1] for row in ranked(known, similar=SIMILAR, again=again)] == [0, 3, 2]


def test_what_cannot_be_offered_is_not():
    known = past([(0, 0), (1, 2), (1, 3)], offered=[True, True, True, False])
    popular = Method("bestsellers", "", {"popular": 1.0})
    assert [row[:2] for row in ranked(known, popular)] == [(0, 2), (1, 0)]


def test_ties_go_to_the_product_with_more_buyers():
    equal = matrix.sparse([0, 0, 0], [1, 2, 3], [0.5, 0.5, 0.5], (4, 4))
    assert [row[1] for row in ranked(past([(0, 0)]), k=2, similar=equal)] == [3, 2]


def test_short_lists_are_filled_with_bestsellers():
    # Buyers: 0, 1, 2 have one each, 3 has none
    found = ranked(past([(0, 0), (1, 1), (2, 2)]), similar=matrix.sparse([0], [1], [0.5], (4, 4)), fill=True)
    assert [row[1:2] + row[4:6] for row in found if row[0] == 0] == [(1, "items", 0), (2, "popular", -1)]


def test_the_next_basket_repeats_what_is_bought_often():
    known = past([(0, 1), (0, 2), (1, 3)], own=[0.9, 1.9, 1.0], baskets=[2.0, 1.0])
    own = Method("own", "", {"own": 1.0})
    assert [row[:5] for row in ranked(known, own, BASKET)] == [
        (0, 2, 1, about(0.95), "own"),
        (0, 1, 2, about(0.45), "own"),
        (1, 3, 1, about(1.0), "own"),
    ]


def test_the_part_that_weighs_most_is_the_reason():
    known = past([(0, 1), (0, 2)], own=[0.2, 1.0])
    blend = Method("blend", "", {"own": 1.0, "items": 1.0})
    strong = matrix.sparse([2], [1], [0.5], (4, 4))
    assert [(row[1], row[4], row[5]) for row in ranked(known, blend, BASKET, similar=strong)] == [(2, "own", -1), (1, "items", 2)]


def test_near_is_what_customers_with_similar_baskets_buy():
    # 0 and 1 share product 0, and 1 has 2 as well; 2 has nothing in common with 0
    known = past([(0, 0), (1, 0), (1, 2), (2, 3)])
    near = Method("near", "", {"near": 1.0})
    assert [row[:2] + row[4:5] for row in ranked(known, near) if row[0] == 0] == [(0, 2, "near")]
    weights = Parts(known, 365.0, 1).neighbours(ints([0, 1, 2]))
    assert matrix.full(weights).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_neighbours_are_searched_among_fewer_where_the_work_is_too_much(monkeypatch):
    known = past([(n, 0) for n in range(100)])
    monkeypatch.setattr("fullcircle.insights.offers.parts.WORK", 1000.0)
    assert len(Parts(known, 365.0, 1).others) == 10


def test_a_category_offers_its_bestsellers_to_its_buyers():
    known = past([(0, 0), (1, 1), (1, 2), (2, 2), (3, 3)], kind=[0, 0, 0, 1])
    kind = Method("category", "", {"kind": 1.0})
    assert [row[:2] for row in ranked(known, kind) if row[0] == 0] == [(0, 2), (0, 1)]

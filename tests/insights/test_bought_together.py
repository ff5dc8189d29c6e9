from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.insights.answers.bought_together import BoughtTogether
from fullcircle.model.graph import EDGES
from tests.properties import examples


def baskets(*held):
    return [(f"c{i}", "2026-01-01", products, 10, "web") for i, products in enumerate(held)]


def pair(shop, a, b, columns):
    return shop.table(
        f"SELECT {columns} FROM insight_bought_together WHERE product_id = 'product:{a}' AND with_product_id = 'product:{b}'"
    )


TEN = ("A B", "A B C", "A B", "A", "C D", "C", "D", "D", "E", "B")  # N = 10, n(A) = 4, n(B) = 4, n(A,B) = 3


def test_measures_by_hand(shop):
    made = shop(baskets(*TEN))
    made.compute(BoughtTogether(), min_together=2)
    assert pair(made, "A", "B", "together, support, confidence, lift") == [(3, 0.3, 0.75, 1.875)]
    assert made.table("SELECT count(*) FROM insight_bought_together") == [(2,)]  # A->B and B->A; A-C was seen once


def test_confidence_has_a_direction(shop):
    made = shop(baskets("A B", "A B", "A B", "B", "B", "B", "C", "C", "C", "C"))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "confidence") == [(1.0,)]
    assert pair(made, "B", "A", "confidence") == [(0.5,)]


def test_what_is_no_more_often_than_chance_is_left_out(shop):
    made = shop(baskets("A B", "A B", "A", "B"))  # lift = 2 * 4 / (3 * 3) = 0.89
    made.compute(BoughtTogether(), min_together=1)
    assert made.table("FROM insight_bought_together") == []


def test_a_pair_seen_often_goes_before_a_chance_pair_with_greater_lift(shop):
    often = ["A B"] * 20 + ["A"] * 5 + ["B"] * 5
    made = shop(baskets(*often, "A R", *["X"] * 100))  # A-R: lift 131 * 1 / 26 = 5.04, A-B: 131 * 20 / (26 * 25) = 4.03
    made.compute(BoughtTogether(), min_together=1)
    ranked = made.table(
        "SELECT with_product_id[9:], round(lift, 2) FROM insight_bought_together WHERE product_id = 'product:A' ORDER BY rank"
    )
    assert ranked == [("B", 4.03), ("R", 5.04)]


def test_a_product_twice_in_an_order_counts_once(shop):
    made = shop(baskets("A A B", "A B B", "A B", "C"))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "together, confidence") == [(3, 1.0)]


def test_huge_orders_are_left_out_of_everything_and_told(shop):
    made = shop(baskets("A B", "A B", "A B", "C", "A B C D E"))
    finding = made.compute(BoughtTogether(), max_lines=4)
    assert finding.figures == {"orders_used": 4, "orders_too_large": 1}
    assert pair(made, "A", "B", "together, support") == [(3, 0.75)]


def test_top_k(shop):
    held = ["A B C"] * 3 + ["A B"] * 2 + ["D"] * 10
    made = shop(baskets(*held))
    made.compute(BoughtTogether(), k=1)
    assert made.table("SELECT product_id[9:], with_product_id[9:] FROM insight_bought_together ORDER BY 1") == [
        ("A", "B"), ("B", "A"), ("C", "A"),
    ]  # fmt: skip


def test_why(shop):
    made = shop(baskets(*TEN))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "why") == [("3 of the 4 orders with Tea A also held Tea B: 1.9 times as often as by chance.",)]


def test_later_orders_do_not_count(shop):
    made = shop(baskets(*TEN))
    made.compute(BoughtTogether(), as_of=datetime(2025, 12, 31))
    assert made.table("FROM insight_bought_together") == []


@given(st.integers(1, 10_000))
@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_answer_whatever_the_row_order(shop, seed):
    held = ("A B C D", "A B C D", "A B C D", "E", "F", "G")  # every pair ties with every other
    one, other = shop(baskets(*held)), shop(baskets(*held), shuffle=seed)
    for made in (one, other):
        made.compute(BoughtTogether(), k=2)
    assert one.table("FROM edges_bought_with ORDER BY id") == other.table("FROM edges_bought_with ORDER BY id")
    assert one.table("SELECT with_product_id[9:] FROM insight_bought_together WHERE product_id = 'product:B' ORDER BY rank") == [
        ("A",), ("C",),
    ]  # fmt: skip


@pytest.mark.parametrize("orders", [[], baskets("A", "B")])
def test_nothing_in_nothing_out(shop, orders):
    made = shop(orders)
    assert made.compute(BoughtTogether()).tables == {"insight_bought_together": 0, "edges_bought_with": 0}
    assert list(made.engine.columns("edges_bought_with")) == ["id", "source", "target", "hash", *EDGES["BOUGHT_WITH"].properties]

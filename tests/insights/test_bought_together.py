from datetime import datetime
from math import sqrt

import numpy as np
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


# N = 200, n(A) = 80, n(B) = 80, n(A,B) = 60
MANY = 20 * ("A B", "A B C", "A B", "A", "C D", "C", "D", "D", "E", "B")


def low(n):
    """Byar's lower limit of a Poisson count."""
    return n * (1 - 1 / (9 * n) - 3.09 / (3 * sqrt(n))) ** 3


def test_measures_by_hand(shop):
    made = shop(baskets(*MANY))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "together, support, confidence, lift") == [(60, 0.3, 0.75, 1.875)]
    assert pair(made, "A", "B", "lift_low") == [(round(1.875 * low(60) / 60, 2),)]
    assert made.table("SELECT count(*) FROM insight_bought_together") == [(2,)]  # A->B and B->A; A-C is seen less than by chance


def test_confidence_has_a_direction(shop):
    made = shop(baskets(*30 * ("A B", "A B", "A B", "B", "B", "B", "C", "C", "C", "C")))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "confidence") == [(1.0,)]
    assert pair(made, "B", "A", "confidence") == [(0.5,)]


def test_what_is_no_more_often_than_chance_is_left_out(shop):
    made = shop(baskets("A B", "A B", "A", "B"))  # lift = 2 * 4 / (3 * 3) = 0.89
    made.compute(BoughtTogether(), min_together=1)
    assert made.table("FROM insight_bought_together") == []


def test_a_pair_seen_often_goes_before_a_rare_one_with_greater_lift(shop):
    often = ["A B"] * 20 + ["A"] * 5 + ["B"] * 5
    made = shop(baskets(*often, *["A R"] * 4, "A S", *["X"] * 2000))
    made.compute(BoughtTogether(), min_together=1)
    ranked = made.table(
        "SELECT with_product_id[9:], round(lift) FROM insight_bought_together WHERE product_id = 'product:A' ORDER BY rank"
    )
    assert ranked == [("B", 54), ("R", 68)]  # A-S was seen once: that says nothing


def test_what_goes_together_by_chance_alone_is_hardly_ever_shown(shop):
    random = np.random.default_rng(11)
    popularity = 1 / np.arange(1, 61)
    held = [random.choice(60, 4, replace=False, p=popularity / popularity.sum()) for _ in range(3000)]
    made = shop(baskets(*(" ".join(f"P{one}" for one in basket) for basket in held)))
    made.compute(BoughtTogether())
    assert made.table("SELECT count(*) FROM insight_bought_together")[0][0] <= 8  # of 3,540


def wholesale(random, orders, products):
    """A dealer who buys many of the same goods, again and again."""
    return [
        ("dealer", "2026-01-01", " ".join(f"P{one}" for one in random.choice(products, 30, replace=False)), 1, "")
        for _ in range(orders)
    ]


def test_a_wholesaler_with_many_orders_does_not_decide_what_goes_together(shop):
    random = np.random.default_rng(12)
    people = [f"P{2 * one} P{2 * one + 1}" if n % 3 else f"P{one} P{(7 * n) % 60}" for n in range(1500) for one in [n % 30]]
    plain, odd = shop(baskets(*people)), shop([*baskets(*people), *wholesale(random, 400, 60)])
    found = []
    for made in (plain, odd):
        made.compute(BoughtTogether())
        found.append(set(made.table("SELECT product_id, with_product_id FROM insight_bought_together WHERE rank = 1")))
    assert len(found[0] & found[1]) >= 0.95 * len(found[0])
    extra = "SELECT count(*) FROM insight_bought_together WHERE lift_low > 3"
    assert odd.table(extra) == plain.table(extra)


def test_what_one_customer_alone_buys_is_no_evidence(shop):
    made = shop([*[("dealer", "2026-01-01", "A B", 1, "")] * 50, *baskets(*["C"] * 500)])
    made.compute(BoughtTogether())
    assert made.table("FROM insight_bought_together") == []
    made.compute(BoughtTogether(), min_together=1)  # who wants it
    assert len(made.table("FROM insight_bought_together")) == 2


def test_a_product_twice_in_an_order_counts_once(shop):
    made = shop(baskets(*20 * ("A A B", "A B B", "A B", "C", "D", "E")))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "together, confidence") == [(60, 1.0)]


def test_huge_orders_are_left_out_of_everything_and_told(shop):
    made = shop(baskets(*["A B"] * 30, *["C"] * 90, "A B C D E"))
    finding = made.compute(BoughtTogether(), max_lines=4)
    assert finding.figures == {"orders_used": 120, "orders_too_large": 1}
    assert pair(made, "A", "B", "together, support") == [(30, 0.25)]


def test_top_k(shop):
    held = 20 * (["A B C"] * 3 + ["A B"] * 2 + ["D"] * 10)
    made = shop(baskets(*held))
    made.compute(BoughtTogether(), k=1)
    assert made.table("SELECT product_id[9:], with_product_id[9:] FROM insight_bought_together ORDER BY 1") == [
        ("A", "B"), ("B", "A"), ("C", "A"),
    ]  # fmt: skip


def test_why(shop):
    made = shop(baskets(*MANY))
    made.compute(BoughtTogether())
    assert pair(made, "A", "B", "why") == [
        ("60 of the 80 orders with Tea A also held Tea B: 1.9 times as often as by chance (the lift; 1.21 at least).",)
    ]


def test_later_orders_do_not_count(shop):
    made = shop(baskets(*MANY))
    made.compute(BoughtTogether(), as_of=datetime(2025, 12, 31))
    assert made.table("FROM insight_bought_together") == []


@given(st.integers(1, 10_000))
@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_answer_whatever_the_row_order(shop, seed):
    held = 20 * ("A B C D", "A B C D", "A B C D", "E", "F", "G")  # every pair ties with every other
    one, other = shop(baskets(*held)), shop(baskets(*held), shuffle=seed)
    for made in (one, other):
        made.compute(BoughtTogether(), k=2)
    assert one.table("FROM edges_bought_with ORDER BY id") == other.table("FROM edges_bought_with ORDER BY id")
    assert one.table("SELECT with_product_id[9:] FROM insight_bought_together WHERE product_id = 'product:B' ORDER BY rank") == [
        ("A",), ("C",),
    ]  # fmt: skip


def test_categories_where_products_are_too_thin(shop):
    held = [f"T{n} M{n}" for n in range(60)] + [f"C{n}" for n in range(60)]
    kinds = {f"{letter}{n}": name for letter, name in (("T", "Tea"), ("M", "Mugs"), ("C", "Coffee")) for n in range(60)}
    made = shop(baskets(*held), categories=kinds)
    made.compute(BoughtTogether())
    assert made.table("FROM insight_bought_together") == []
    found = made.table("SELECT category, with_category, rank, together, lift, why FROM insight_categories_together")
    assert [row[:5] for row in found] == [("Mugs", "Tea", 1, 60, 2.0), ("Tea", "Mugs", 1, 60, 2.0)]
    assert found[1][5].startswith("60 of the 60 orders with Tea also held Mugs: 2.0 times as often as by chance")
    made = shop(baskets(*30 * ["A B", "C D", "E"]), categories=dict.fromkeys("ABCDE", "Tea"))
    made.compute(BoughtTogether())
    assert not made.engine.has("insight_categories_together")


@pytest.mark.parametrize("orders", [[], baskets("A", "B")])
def test_nothing_in_nothing_out(shop, orders):
    made = shop(orders)
    found = made.compute(BoughtTogether()).tables
    assert (found["insight_bought_together"], found["edges_bought_with"]) == (0, 0)
    assert list(made.engine.columns("edges_bought_with")) == ["id", "source", "target", "hash", *EDGES["BOUGHT_WITH"].properties]

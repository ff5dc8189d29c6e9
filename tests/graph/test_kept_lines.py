"""Items that were cancelled or given back stay among the lines of their order, and were not bought."""

from __future__ import annotations

import pytest

from fullcircle.ask.money_check import money_check
from fullcircle.insights.answers.bought_together import lay_baskets
from tests.graph.test_money import NEVER, Till


@pytest.fixture
def till():
    """Two orders of Ada; of the second, Q was given back."""
    made = Till()
    made.order("1", "ada", "2026-01-05", "paid", lines=[("P", 2, 20)])
    made.order("2", "ada", "2026-02-05", "paid", amount=10, lines=[("P", 1, 10), ("Q", 1, 7)])
    made.engine.run("UPDATE order_lines SET status = 'returned' WHERE product_id = 'product:Q'")
    made.engine.run("UPDATE order_lines SET status = 'shipped' WHERE product_id = 'product:P'")
    return made.build()


def test_they_are_no_purchase(till):
    assert till.purchases() == {"ada P": (2, 3, 30.0, "USD", None)}


def test_the_order_contains_none_of_them(till):
    found = till.engine.rows("SELECT source, target, quantity, amount FROM edges_contains ORDER BY ALL")
    assert found == [
        ("order:1", "product:P", 2, 20), ("order:2", "product:P", 1, 10), ("order:2", "product:Q", 0, 0),
    ]  # fmt: skip


def test_they_are_in_no_basket(till):
    lay_baskets(till.engine, NEVER, 100)
    assert till.engine.rows("SELECT DISTINCT product_id FROM baskets JOIN basket_goods USING (product)") == [("product:P",)]


def test_they_add_nothing_to_an_order_without_an_amount_of_its_own():
    till = Till()
    till.order("1", "ada", "2026-01-05", "paid", lines=[("P", 2, 20), ("Q", 1, 7)])
    till.engine.run("UPDATE order_lines SET status = 'cancelled' WHERE product_id = 'product:Q'")
    till.build()
    assert till.engine.rows("SELECT amount FROM customer_orders") == [(20.0,)]


def test_a_line_below_zero_gives_back_whatever_its_status():
    till = Till()
    till.order("1", "ada", "2026-01-05", "paid", lines=[("P", 2, 20)])
    till.order("2", "ada", "2026-01-09", "returned", amount=-10, lines=[("P", -1, -10)])
    till.engine.run("UPDATE order_lines SET status = 'returned' WHERE quantity < 0")
    till.build()
    assert till.purchases() == {"ada P": (1, 1, 10.0, "USD", None)}


def test_the_money_check_has_them_as_the_file_has_them(till):
    (found,) = money_check(till.engine)
    assert (float(found.amount), float(found.spent), float(found.not_counted)) == (37, 30, 7)
    assert found.notes()[0] == "1 entry not counted (7.00 USD): items that were cancelled or given back"


def test_an_order_whose_amount_has_them_still_is_read_as_it_is():
    till = Till()
    till.order("1", "ada", "2026-01-05", "paid", amount=27, lines=[("P", 2, 20), ("Q", 1, 7)])
    till.engine.run("UPDATE order_lines SET status = 'cancelled' WHERE product_id = 'product:Q'")
    (found,) = money_check(till.build().engine)
    assert (float(found.amount), float(found.spent), float(found.not_counted)) == (27, 27, 0)

"""When something is bought again: a window from what is usual, and only where it held on held-out time."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from fullcircle.insights.answers.repurchase import Repurchase
from fullcircle.insights.base import InsightContext
from fullcircle.model.progress import Silent

START = date(2026, 1, 1)


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def compute(made, as_of=datetime(2026, 7, 31)):
    heard = Heard()
    figures = Repurchase().compute(InsightContext(made.engine, as_of, heard, {})).figures
    return heard.lines, figures


def regular(customers=60, pause=20, jitter=2, until=200):
    """Everybody buys their tea every 20 days, give or take two; some begin later than others."""
    random = np.random.default_rng(5)
    orders = []
    for who in range(customers):
        day = int(random.integers(0, pause))
        while day < until:
            orders.append((f"c{who:02}", str(START + timedelta(days=day)), f"T{who % 4}", 1, "web"))
            day += pause + int(random.integers(-jitter, jitter + 1))
    return orders


def at_random(customers=400, rate=20, until=200, seed=5):
    """The same rate, on days that have nothing to do with one another."""
    random = np.random.default_rng(seed)
    return [
        (f"c{who:03}", str(START + timedelta(days=int(day))), f"T{who % 4}", 1, "web")
        for who in range(customers)
        for day in sorted(random.choice(until, until // rate, replace=False))
    ]


def test_a_regular_pause_is_expected_again(shop):
    made = shop(regular())
    lines, figures = compute(made, datetime(2026, 7, 15))
    assert "came within the window" in lines[0]
    assert figures["product_hits"] > 0.7 > figures["product_constant_rate"] > 0
    rows = made.table("SELECT times, every_days, last_on, next_from, next_on, next_until, why, subject FROM insight_repurchase")
    assert len(rows) > 40
    for times, every, last, first, on, final, why, subject in rows:
        assert 17 < every < 23
        assert last < first <= on <= final
        assert 17 <= (on - last).days <= 23
        assert (final - first).days < 10
        assert why == (
            f"Bought Tea {subject[8:]} on {times} days, about every {int(every + 0.5)} days, last on {last}; "
            f"expected again around {on}, between {first} and {final}."
        )


def test_what_comes_at_random_is_not_shown(shop):
    made = shop(at_random())
    lines, _ = compute(made)
    assert "no dates are shown" in lines[0]
    assert made.table("SELECT count(*) FROM insight_repurchase") == [(0,)]
    assert made.table("SELECT chosen, gain_low < 0 FROM insight_trials WHERE method = 'product'") == [(False, True)]


@pytest.mark.parametrize("seed", range(5))
def test_a_few_dozen_customers_do_not_make_chance_look_like_a_habit(shop, seed):
    made = shop(at_random(90, seed=seed))
    _, figures = compute(made)
    [(chosen, customers)] = made.table("SELECT chosen, customers FROM insight_trials WHERE method = 'product'")
    assert not chosen
    assert 30 <= customers <= 60
    assert abs(figures["product_hits"] - figures["product_constant_rate"]) < 0.2


def test_who_is_long_overdue_is_not_expected(shop):
    made = shop(regular())
    compute(made, datetime(2026, 7, 15))
    before = made.table("SELECT count(*) FROM insight_repurchase")
    assert before[0][0] > 0
    compute(made, datetime(2027, 7, 15))
    assert made.table("SELECT count(*) FROM insight_repurchase") == [(0,)]


def test_by_category_where_products_are_too_thin(shop):
    orders = [(who, day, f"N{n}", amount, way) for n, (who, day, _, amount, way) in enumerate(regular())]
    made = shop(orders, categories={f"N{n}": "Tea" for n in range(len(orders))})
    lines, _ = compute(made, datetime(2026, 7, 15))
    assert lines[0] == "repurchase, by product: no dates are expected, as fewer than 30 customers bought the same often enough."
    assert set(made.table("SELECT level, subject, product_id FROM insight_repurchase")) == {("category", "Tea", None)}


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        ([], "no order of a known customer has a product that was kept"),
        ([("ann", "2026-01-01", "", 1, "")], "no order of a known customer has a product that was kept"),
        ([("ann", "2026-01-01", "A", 1, "")], "all orders are of one day"),
        (
            [("ann", f"2026-01-{day:02}", "A", 1, "") for day in range(1, 20)],
            "fewer than 30 customers bought the same often enough",
        ),
        ([(f"c{n}", "2026-01-01", "A", 1, "") for n in range(50)], "all orders are of one day"),
        ([(f"c{n}", None, "A", 1, "") for n in range(50)], "no order has a date"),
    ],
    ids=["no order", "no product", "one order", "one customer", "one day", "no dates"],
)
def test_too_little_says_why(shop, orders, reason):
    made = shop(orders)
    lines, _ = compute(made)
    assert lines == [f"repurchase, by {level}: no dates are expected, as {reason}." for level in ("product", "category")]
    assert made.table("SELECT count(*) FROM insight_repurchase") == [(0,)]


def test_the_order_of_rows_changes_nothing(shop):
    one, other = shop(regular()), shop(regular(), shuffle=3)
    assert compute(one) == compute(other)
    assert one.table("FROM insight_repurchase ORDER BY ALL") == other.table("FROM insight_repurchase ORDER BY ALL")

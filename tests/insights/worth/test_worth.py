"""What is foreseen of customers: by the method that held on held-out time, for each currency, or a sentence that says why not."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from fullcircle.config.sections import InsightSettings
from fullcircle.insights import compute as room
from fullcircle.insights.answers.worth import Worth
from fullcircle.insights.base import InsightContext
from fullcircle.insights.worth.trial import deciles, rank_correlation
from fullcircle.model.graph import VERTICES
from fullcircle.model.progress import Silent

START = date(2025, 1, 1)
NOW = datetime(2026, 6, 30)


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def compute(made, as_of=NOW, **options):
    heard = Heard()
    finding = Worth().compute(InsightContext(made.engine, as_of, heard, options))
    return heard.lines, finding


def comers_and_goers(customers=900, until=540, seed=11):
    """Customers with rates of their own who leave after any order with a chance of their own."""
    random, orders = np.random.default_rng(seed), []
    for who in range(customers):
        rate, leaves, day = random.gamma(0.8, 1 / 40), random.beta(1, 3), float(random.integers(0, 200))
        mean = 30 * np.exp(random.normal(0, 0.5))
        while day < until:
            orders.append(
                (f"c{who:04}", str(START + timedelta(days=int(day))), "A", round(mean * random.gamma(8, 1 / 8), 2), "web")
            )
            day += random.exponential(1 / max(rate, 1e-6))
            if random.random() < leaves:
                break
    return orders


@pytest.fixture(scope="module")
def shop_class():
    from tests.insights.conftest import Shop

    return Shop


@pytest.fixture(scope="module")
def known(shop_class):
    made = shop_class(comers_and_goers())
    made.lines, made.finding = compute(made)
    return made


def test_a_model_that_held_is_used_and_its_trial_is_told(known):
    assert known.lines[0].startswith("worth: by BG/NBD with gamma-gamma")
    assert "rank correlation" in known.lines[0]
    [(method, customers, low, off)] = known.table(
        "SELECT method, customers, gain_low, off FROM insight_worth_trials WHERE chosen AND question = 'orders'"
    )
    assert method.startswith("bgnbd")
    assert customers > 500
    assert low > 0
    assert abs(off) < 0.2
    assert known.table("SELECT DISTINCT question FROM insight_worth_trials ORDER BY 1") == [("lost",), ("orders",), ("value",)]
    assert known.table("SELECT count(*), min(decile), max(decile) FROM insight_worth_deciles WHERE question = 'lost' "
                       "GROUP BY method") == [(10, 1, 10)] * 4  # fmt: skip


def test_everybody_with_an_order_has_a_row_with_a_reason(known):
    assert known.table("SELECT count(*) FROM insight_worth") == known.table(
        "SELECT count(DISTINCT customer_id) FROM customer_orders"
    )
    [(ordered, last, orders, lost, why)] = known.table(
        "SELECT count(*), max(ordered_at)::DATE, any_value(expected_orders), any_value(lost), any_value(why) FROM insight_worth "
        "JOIN customer_orders USING (customer_id) GROUP BY customer_id HAVING count(*) = count(DISTINCT ordered_at) "
        "AND count(*) > 3 ORDER BY customer_id LIMIT 1"
    )
    assert why == (
        f"Ordered on {ordered} days, the last on {last}. In the next 365 days about {orders} orders are expected, "
        f"and with a chance of {round(100 * lost)} % none comes."
    )
    assert known.table("SELECT count(*) FROM insight_worth WHERE NOT (lost BETWEEN 0 AND 1) OR expected_orders < 0") == [(0,)]
    assert known.table("SELECT count(*) FROM insight_worth WHERE expected_value IS NULL") == [(0,)]


def test_it_is_in_the_graph(known):
    assert known.finding.tables == dict.fromkeys(("insight_worth", "vertices_worth", "edges_has_worth"), len(
        known.table("SELECT DISTINCT customer_id FROM customer_orders")))  # fmt: skip
    assert list(known.engine.columns("vertices_worth")) == ["id", "hash", *VERTICES["Worth"].properties]


def test_the_order_of_rows_changes_nothing(known, shop_class):
    other = shop_class(comers_and_goers(), shuffle=3)
    assert compute(other) == (known.lines, known.finding)
    assert other.table("FROM insight_worth ORDER BY ALL") == known.table("FROM insight_worth ORDER BY ALL")


def test_currencies_are_never_added(known, shop_class):
    made = shop_class(comers_and_goers())
    made.engine.run("UPDATE customer_orders SET currency = CASE WHEN customer_id < 'customer:c0300' THEN 'EUR' ELSE 'USD' END")
    made.engine.run("UPDATE customer_orders SET currency = 'CHF' WHERE order_id IN (SELECT max(order_id) FROM customer_orders "
                    "WHERE customer_id LIKE 'customer:c08%' GROUP BY customer_id HAVING count(*) > 1)")  # fmt: skip
    lines, _ = compute(made)
    assert "value in EUR" in lines[0]
    assert "value in USD" in lines[0]
    several = made.table("SELECT DISTINCT expected_value, w.currency, ends_with(why, 'No value: paid in several currencies.') "
                         "FROM insight_worth w JOIN customer_orders o USING (customer_id) WHERE o.currency = 'CHF'")  # fmt: skip
    assert several == [(None, None, True)]
    assert set(made.table("SELECT DISTINCT currency FROM insight_worth WHERE customer_id NOT LIKE 'customer:c08%'")) == {
        ("EUR",),
        ("USD",),
    }
    assert made.table("SELECT count(*) FROM insight_worth_trials WHERE currency = 'CHF'") == [(0,)]


def test_what_was_given_back_is_not_expected(known, shop_class):
    made = shop_class(comers_and_goers())
    made.engine.run("INSERT INTO customer_returns SELECT customer_id, order_id, ordered_at, -amount, NULL FROM customer_orders")
    compute(made)
    assert made.table("SELECT DISTINCT expected_value FROM insight_worth") == [(0,)]
    assert made.table("SELECT sum(expected_orders) FROM insight_worth") == known.table(
        "SELECT sum(expected_orders) FROM insight_worth"
    )


def test_the_dead_are_not_foreseen(known):
    known.engine.run("CREATE TABLE customers AS SELECT 'customer:c0001' AS customer_id, '2026' AS deceased")
    compute(known)
    assert known.table("SELECT count(*) FROM insight_worth WHERE customer_id = 'customer:c0001'") == [(0,)]
    known.engine.run("DROP TABLE customers")


def test_where_nobody_differs_the_simplest_is_used(shop_class):
    orders = [(f"c{who:02}", str(START + timedelta(days=who + 60 * n)), "A", 10, "") for who in range(60) for n in range(9)]
    made = shop_class(orders)
    lines, _ = compute(made)
    assert "no other method is better by more than chance" in lines[0]
    assert made.table("SELECT DISTINCT method FROM insight_worth") in ([("again",)], [("table",)])


def test_no_more_days_ahead_than_are_known(shop_class):
    made = shop_class(
        [(f"c{who:02}", str(START + timedelta(days=who % 20 + 20 * n)), "A", 10, "") for who in range(60) for n in (0, 1, 2)]
    )
    lines, _ = compute(made, datetime(2025, 3, 1))
    assert lines[0] == "worth: 30 days are looked ahead, not 365, as orders are known of no longer time."
    assert made.table("SELECT DISTINCT days FROM insight_worth") == [(30,)]


EVERYBODY = [f"c{n:03}" for n in range(200)]


@pytest.mark.parametrize(
    ("orders", "why"),
    [
        ([], "no order of a known customer has a date"),
        ([("ann", "2026-01-01", "A", 1, "")], "only 1 customer ordered (50 are needed)"),
        ([("ann", f"2026-01-{day:02}", "A", 1, "") for day in range(1, 20)], "only 1 customer ordered (50 are needed)"),
        ([(who, "2026-06-30", "A", 1, "") for who in EVERYBODY], "all orders are of one or two days"),
        ([(who, None, "A", 1, "") for who in EVERYBODY], "no order of a known customer has a date"),
        ([(who, "2126-01-01", "A", 1, "") for who in EVERYBODY], "no order of a known customer has a date"),
        (
            [(who, f"2026-01-{n % 28 + 1:02}", "A", 1, "") for n, who in enumerate(EVERYBODY)],
            "too few customers can be compared (200 had ordered before the last 90 days and 0 of them again in these; "
            "50 and 30 are needed)",
        ),
    ],
    ids=["no order", "one order", "one customer", "one day", "no dates", "the future", "nobody came back"],
)
def test_too_little_says_why(shop_class, orders, why):
    made = shop_class(orders)
    for _ in range(2):  # the second time it takes a shorter way
        lines, found = compute(made)
        assert lines[-1] == f"worth: nothing is foreseen, as {why}."
        assert set(found.tables.values()) == {0}
    assert made.table("SELECT note FROM insight_worth_trials") == [(why,)]


def test_prices_of_zero_are_worth_nothing(shop_class):
    made = shop_class([(*one[:3], 0, "") for one in comers_and_goers(200)])
    compute(made)
    assert made.table("SELECT DISTINCT expected_value FROM insight_worth") == [(0,)]


def test_an_insight_that_is_not_named_leaves_nothing(known):
    room.compute(known.engine, InsightSettings.model_validate({"names": ["habits"]}), Silent())
    for table in ("insight_worth", "insight_worth_trials", "insight_worth_deciles"):
        assert not known.engine.has(table)
    assert known.table("SELECT count(*) FROM vertices_worth") == [(0,)]


def test_figures_of_the_trial():
    assert rank_correlation(np.array([1.0, 2, 3, 4]), np.array([10.0, 20, 30, 45])) == pytest.approx(1)
    assert rank_correlation(np.array([1.0, 1, 2, 2]), np.array([0.0, 0, 0, 0])) == 0
    assert rank_correlation(np.array([1.0, 1, 2]), np.array([2.0, 2, 1])) == pytest.approx(-1)
    assert deciles(np.arange(20.0), np.arange(20.0))[0] == (2, 0.5, 0.5)
    assert len(deciles(np.arange(3.0), np.arange(3.0))) == 3

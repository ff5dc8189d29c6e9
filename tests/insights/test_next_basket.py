"""The next basket: what is bought again is in it, with a true reason, and only if that was better on held-out customers."""

from datetime import date, datetime, timedelta

import pytest

from fullcircle.config.sections import InsightSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError
from fullcircle.insights import compute as room
from fullcircle.insights.answers.next_basket import NextBasket
from fullcircle.insights.answers.next_product import NextProduct
from fullcircle.insights.base import InsightContext
from fullcircle.model.progress import Silent
from tests.insights.taste import plant

NOW = datetime(2026, 3, 31)


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def basket(shop, who, columns="product_id[9:]"):
    return shop.table(f"SELECT {columns} FROM insight_next_basket WHERE customer_id = 'customer:{who}' ORDER BY rank")


def habitual(customers=40, weeks=10):
    """Customers who each buy their own tea every week, and something else now and then."""
    start = date(2026, 1, 1)
    return [
        (f"c{who:02}", str(start + timedelta(days=7 * week)), f"OWN{who} X{(who * 7 + week * 3) % 12}", 1, "web")
        for who in range(customers)
        for week in range(weeks)
    ]


def test_what_is_bought_again_is_offered_and_says_how_often(shop):
    heard, made = Heard(), shop(habitual())
    NextBasket().compute(InsightContext(made.engine, NOW, heard, {"k": 1}))
    assert basket(made, "c07", "product_id[9:], rank, why") == [
        ("OWN7", 1, "Bought 10 times, about every 7 days, last on 2026-03-05.")
    ]
    assert "tried on what 40 customers bought from 2026-02-19 on" in heard.lines[0]
    assert heard.lines[0].startswith("next_basket: own favourites and then bestsellers are offered, tried")


def test_something_new_has_nothing_that_was_bought(shop):
    made = shop(habitual())
    made.compute(NextProduct(), as_of=NOW)
    made.compute(NextBasket(), as_of=NOW)
    assert made.table("SELECT count(*) FROM insight_next_product SEMI JOIN purchases USING (customer_id, product_id)") == [(0,)]
    assert made.table("SELECT count(*) > 0 FROM insight_next_basket SEMI JOIN purchases USING (customer_id, product_id)") == [
        (True,)
    ]


@pytest.mark.parametrize(
    ("orders", "why"),
    [
        ([("ann", "2026-01-01", "A", 1, "")], "Bought once on 2026-01-01."),
        ([("ann", "2026-01-01", "A", 1, ""), ("ann", "2026-01-09", "A", 1, "")], "Bought 2 times, last on 2026-01-09."),
        ([("ann", f"2026-01-0{n}", "A", 1, "") for n in (1, 2, 3)], "Bought 3 times, about every 1 day, last on 2026-01-03."),
        ([("ann", "2026-01-01", "A", 1, "")] * 3, "Bought 3 times, last on 2026-01-01."),
    ],
)
def test_the_reason_of_what_is_bought_again(shop, orders, why):
    made = shop([*orders, ("bob", "2026-01-01", "A", 1, ""), ("bob", "2026-01-02", "A", 1, "")])
    made.compute(NextBasket(), method="favourites")
    assert basket(made, "ann", "why") == [(why,)]


def test_the_nearest_customers_are_counted(shop):
    alike = [(f"c{n}", "2026-01-01", "A B", 1, "") for n in range(3)]
    made = shop([*alike, ("ann", "2026-01-01", "A", 1, "")])
    made.compute(NextBasket(), method="near_own")
    assert basket(made, "ann", "product_id[9:], why")[-1] == (
        "B",
        "Bought by 3 of the 3 customers with the most similar baskets.",
    )


def test_every_method_makes_offers_with_a_reason():
    engine = DuckDB(threads=2)
    plant(engine, customers=300, products=60, orders=1500, groups=6, seed=3)
    for plugin in (NextBasket(), NextProduct()):
        plugin.compute(InsightContext(engine, datetime(2025, 12, 31), Silent(), {"k": 1}))
        for (method,) in engine.rows(f"SELECT method FROM insight_trials WHERE insight = '{plugin.name}'"):
            options = {"method": method, "judge": False}
            plugin.compute(InsightContext(engine, datetime(2025, 12, 31), Silent(), options))
            found = engine.value(f"SELECT count(*) FROM insight_{plugin.name} WHERE why <> '' AND score > 0")
            assert found > 500, method
            assert found == engine.count(f"insight_{plugin.name}")


def test_a_method_of_the_other_question_is_not_one(shop):
    with pytest.raises(ConfigError, match='"category" is not a method'):
        shop(habitual()).compute(NextBasket(), method="category")


def test_the_trials_of_an_insight_that_is_not_computed_any_more_are_gone(shop):
    made = shop(habitual(5, 3))
    settings = InsightSettings.model_validate({"names": ["next_product", "next_basket"]})
    room.compute(made.engine, settings, Silent())
    assert {row[0] for row in made.table("SELECT insight FROM insight_trials")} == {"next_product", "next_basket"}
    room.compute(made.engine, InsightSettings.model_validate({"names": ["next_basket"]}), Silent())
    assert {row[0] for row in made.table("SELECT insight FROM insight_trials")} == {"next_basket"}


@pytest.mark.parametrize("plugin", [NextProduct(), NextBasket()], ids=lambda one: one.name)
def test_the_order_of_rows_and_the_threads_change_nothing(shop, plugin):
    one, other = shop(habitual()), shop(habitual(), shuffle=5)
    for made, threads in ((one, 1), (other, 2)):
        made.compute(plugin, as_of=NOW, threads=threads)
    table = f"FROM insight_{plugin.name} ORDER BY ALL"
    assert one.table(table) == other.table(table)
    assert one.table("FROM insight_trials ORDER BY ALL") == other.table("FROM insight_trials ORDER BY ALL")

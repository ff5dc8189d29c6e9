"""What customers bought and spent where there are refunds, returns, guests, several currencies and mistyped years."""

import json
from datetime import datetime

import pytest

from fullcircle.config.read import parse
from fullcircle.config.sections import Config, MoneySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError
from fullcircle.graph.tables.build import build
from fullcircle.insights.answers.bought_together import BoughtTogether
from fullcircle.insights.answers.habits import Habits
from fullcircle.insights.base import InsightContext
from fullcircle.insights.compute import as_of
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED, CUSTOMERS, MEMBERS, PROVENANCE

NEVER = datetime(2199, 1, 1)


class Recording(Silent):
    def __init__(self):
        self.said = []

    def say(self, text):
        self.said.append(text)


class Till:
    """An engine with a few customers; an order is one call."""

    def __init__(self):
        self.engine, self.progress = DuckDB(threads=1, memory="500MB"), Recording()
        for table in (*CONFORMED.values(), MEMBERS, CUSTOMERS, PROVENANCE):
            self.engine.run(table.ddl())
        for who in ("ada", "bo", "cy"):
            self.engine.run(
                f"INSERT INTO records (record_id, source, object, key) VALUES ('record:t:c:{who}', 't', 'c', '{who}')"
            )
            self.engine.run(f"INSERT INTO members (record_id, customer_id) VALUES ('record:t:c:{who}', 'customer:{who}')")
            self.engine.run(f"INSERT INTO customers (customer_id, name, sources) VALUES ('customer:{who}', '{who}', ['t'])")
        for product in "PQ":
            self.engine.run(
                f"INSERT INTO products (product_id, name, category) VALUES ('product:{product}', '{product}', 'Pots')"
            )

    def order(self, key, who, day, status=None, currency="USD", amount=None, lines=()):
        """`lines`: (product, quantity, amount)."""
        record = f"record:t:c:{who}" if who else None
        values = {
            "order_id": f"order:{key}", "record_id": record, "ordered_at": datetime.fromisoformat(day), "status": status,
            "currency": currency, "amount": amount,
        }  # fmt: skip
        self.engine.run(f"INSERT INTO orders ({', '.join(values)}) VALUES ({', '.join('$' + name for name in values)})", values)
        for n, (product, quantity, cost) in enumerate(lines):
            self.engine.run(
                "INSERT INTO order_lines (line_id, order_id, product_id, quantity, amount) VALUES ($line, $o, $p, $q, $a)",
                {"line": f"line:{key}:{n}", "o": f"order:{key}", "p": f"product:{product}", "q": quantity, "a": cost},
            )

    def build(self, country="", **money):
        build(self.engine, self.progress, MoneySettings(**money), country)
        return self

    def purchases(self):
        columns = "customer_id[10:] || ' ' || product_id[9:], times, quantity, amount, currency, amounts"
        return {row[0]: row[1:] for row in self.engine.rows(f"SELECT {columns} FROM purchases ORDER BY 1")}

    def habits(self, moment=NEVER):
        Habits().compute(InsightContext(self.engine, moment, Silent()))
        columns = "customer_id[10:], orders, CAST(amount AS DOUBLE), currency, amounts, rfm[3:]"
        return {row[0]: row[1:] for row in self.engine.rows(f"SELECT {columns} FROM insight_habits ORDER BY 1")}

    def told(self, word):
        return [text for text in self.progress.said if word in text]


@pytest.fixture
def till():
    made = Till()
    yield made
    made.engine.close()


@pytest.mark.parametrize("status", ["refunded", "returned", "cancelled", "draft"])
def test_what_was_given_back_or_never_sold_was_not_bought(till, status):
    till.order("1", "ada", "2025-01-01", "paid", lines=[("P", 1, 10)])
    till.order("2", "ada", "2025-01-02", status, lines=[("Q", 1, 50)])
    till.order("3", "bo", "2025-01-02", status, lines=[("P", 1, 10)])
    till.build()
    assert till.purchases() == {"ada P": (1, 1.0, 10.0, "USD", None)}
    assert till.habits() == {"ada": (1, 10.0, "USD", None, "1")}


def test_a_return_lessens_what_was_bought_and_is_no_purchase_day(till):
    till.order("1", "ada", "2025-01-01", "paid", lines=[("P", 3, 30), ("Q", 1, 5)])
    till.order("2", "ada", "2025-02-01", "returned", lines=[("P", -1, -10)])
    till.order("3", "ada", "2025-03-01", "refunded", amount=-5, lines=[("Q", 1, 5)])  # a credit note with positive lines
    till.build()
    assert till.purchases() == {"ada P": (1, 2.0, 20.0, "USD", None)}  # Q was given back wholly
    assert till.habits() == {"ada": (1, 20.0, "USD", None, "1")}
    assert till.engine.rows("SELECT last FROM purchases") == [(datetime(2025, 1, 1),)]
    assert till.habits(datetime(2025, 2, 15))["ada"][1] == 25.0  # what is given back later does not count yet


def test_a_line_that_is_given_back_in_an_exchange_is_in_no_basket(till):
    for n in range(3):
        till.order(f"a{n}", "ada", f"2025-01-0{n + 1}", "paid", lines=[("P", 1, 10), ("Q", -1, -4)])
        till.order(f"b{n}", "bo", f"2025-01-0{n + 1}", "paid", lines=[("Q", 1, 4)])
    till.build()
    assert till.purchases() == {"ada P": (3, 3.0, 30.0, "USD", None), "bo Q": (3, 3.0, 12.0, "USD", None)}
    BoughtTogether().compute(InsightContext(till.engine, NEVER, Silent()))
    assert till.engine.count("insight_bought_together") == 0


def test_currencies_are_never_added(till):
    till.order("1", "ada", "2025-01-01", "paid", "USD", lines=[("P", 1, 10.5)])
    till.order("2", "ada", "2025-01-02", "paid", "jpy", lines=[("P", 1, 1000), ("Q", 1, 500)])
    till.order("3", "bo", "2025-01-03", "paid", "USD", lines=[("P", 2, 20)])
    till.order("4", "cy", "2025-01-03", "paid", "JPY", lines=[("P", 2, 2000)])
    till.build()
    bought = till.purchases()
    assert bought["ada P"] == (2, 2.0, None, None, '{"JPY":1000.0,"USD":10.5}')
    assert (bought["ada Q"], bought["bo P"]) == ((1, 1.0, 500.0, "JPY", None), (1, 2.0, 20.0, "USD", None))
    spent = till.habits()
    assert spent["ada"] == (2, None, None, '{"JPY":1500.0,"USD":10.5}', "-")
    assert spent["bo"][1:4] == (20.0, "USD", None)
    assert spent["cy"][4] == "1"  # the only one in yen, not the best of all
    why = till.engine.value("SELECT why FROM insight_habits WHERE customer_id = 'customer:ada'")
    assert "No total: paid in several currencies." in why
    (said,) = till.told("currencies")
    assert "1 customer " in said and "JPY, USD" in said
    edge = till.engine.rows("SELECT amount, currency, amounts FROM edges_purchased WHERE target = 'product:P' ORDER BY source")
    assert edge[0] == (None, None, '{"JPY":1000.0,"USD":10.5}')


def test_with_rates_there_is_one_total(till):
    till.order("1", "ada", "2025-01-01", "paid", "USD", lines=[("P", 1, 10)])
    till.order("2", "ada", "2025-01-02", "paid", "JPY", lines=[("P", 1, 1000)])
    till.order("3", "bo", "2025-01-02", "paid", "SEK", lines=[("P", 1, 7)])
    till.order("4", "cy", "2025-01-02", "paid", None, lines=[("P", 1, 3)])
    till.build(base="eur", rates={"usd": 0.9, "JPY": 0.006})
    assert till.purchases() == {
        "ada P": (2, 2.0, 15.0, "EUR", None), "bo P": (1, 1.0, 7.0, "SEK", None), "cy P": (1, 1.0, 3.0, "EUR", None),
    }  # fmt: skip
    assert till.habits()["ada"][:4] == (2, 15.0, "EUR", None)
    assert till.engine.rows("SELECT amount, currency FROM vertices_order WHERE id = 'order:2'") == [(1000.0, "JPY")]  # as it was
    assert "SEK" in till.told("no rate")[0] and "1 order names no currency" in till.told("base of")[0]


def test_an_unknown_currency_is_never_added_to_a_known_one(till):
    till.order("1", "ada", "2025-01-01", "paid", "USD", amount=10)
    till.order("2", "ada", "2025-01-02", "paid", None, amount=5)
    assert till.build().habits()["ada"][1:4] == (None, None, '{"USD":10.0,"?":5.0}')
    assert "1 order names no currency. Its amount is kept apart from those in USD" in till.told("names no")[0]


@pytest.mark.parametrize(
    ("country", "named", "advised"),
    [
        ("GB", ["EUR", "GBP", "GBP"], "GBP"),
        ("", ["EUR", "GBP", "GBP"], "GBP"),
        ("GB", ["EUR", "EUR", "GBP"], "<code>"),
        ("DE", ["EUR", "CHF"], "<code>"),
        ("DE", ["EUR", "EUR", "CHF"], "EUR"),
        ("CZ", ["EUR"], "<code>"),
    ],
)
def test_the_currency_that_is_advised_is_that_of_most_orders_and_of_the_country(till, country, named, advised):
    for place, code in enumerate([*named, None], start=1):
        till.order(str(place), "ada", "2025-01-01", "paid", code, amount=10)
    (said,) = till.build(country).told("no currency. ")
    assert f'currency = {{ value = "{advised}" }}' in said and "If a column there holds it" in said


def test_a_pending_payment_is_not_a_purchase(till):
    till.order("1", "ada", "2025-01-01", "paid", "USD", lines=[("P", 1, 10)])
    till.order("2", "ada", "2025-01-02", "pending", "USD", lines=[("P", 1, 5)])
    till.build()
    assert till.habits()["ada"][1:4] == (10.0, "USD", None)
    assert "1 order is pending" in till.told("pending")[0]


def test_no_currency_at_all_is_as_before(till):
    till.order("1", "ada", "2025-01-01", "paid", None, lines=[("P", 1, 10)])
    till.order("2", "ada", "2025-01-02", "paid", None, lines=[("P", 1, 5)])
    till.build()
    assert till.purchases() == {"ada P": (2, 2.0, 15.0, None, None)}
    assert (till.habits()["ada"][1:4], till.progress.said) == ((15.0, None, None), [])


def test_guests_are_counted_apart(till):
    till.order("1", None, "2025-01-01", "paid", "USD", amount=30)
    till.order("2", None, "2025-01-01", "paid", "EUR", lines=[("P", 1, 5)])
    till.order("3", None, "2025-01-01", "cancelled", "EUR", amount=9)
    till.order("4", "ada", "2025-01-01", "paid", "USD", amount=10)
    till.build()
    (said,) = till.told("Guest")
    assert "2 orders of no known customer (5.00 EUR, 30.00 USD)" in said
    assert list(till.habits()) == ["ada"]


def test_a_mistyped_year_is_not_the_newest(till):
    till.order("1", "ada", "2025-01-01", "paid", lines=[("P", 1, 10)])
    till.order("2", "ada", "2135-01-01", "paid", lines=[("P", 1, 10)])
    till.order("3", "bo", "2135-01-01", "paid", lines=[("Q", 1, 10)])
    till.build()
    assert till.told("future") == ["2 orders have a date in the future, up to 2135-01-01. They do not count as the newest."]
    assert as_of(till.engine, "newest") == datetime(2025, 1, 1)
    assert till.engine.rows("SELECT last FROM purchases WHERE times = 2") == [(datetime(2025, 1, 1),)]
    till.engine.run("DELETE FROM customer_orders WHERE order_id = 'order:1'")
    assert as_of(till.engine, "newest").year < 2100


def test_a_sum_with_a_line_of_unknown_amount_is_no_sum(till):
    till.order("1", "ada", "2025-01-01", "paid", lines=[("P", 1, 10), ("P", 1, None)])
    till.engine.run("UPDATE order_lines SET discount_kind = 'unknown' WHERE amount IS NULL")
    till.build()
    assert till.purchases() == {"ada P": (1, 2.0, None, None, None)}
    assert till.engine.rows("SELECT amount FROM vertices_order") == [(None,)]


def test_amounts_are_json(till):
    till.order("1", "ada", "2025-01-01", None, 'a"b', amount=1)
    till.order("2", "ada", "2025-01-01", None, "EUR", amount=2)
    assert json.loads(till.build().habits()["ada"][3]) == {'A"B': 1.0, "EUR": 2.0}


@pytest.mark.parametrize(
    "money", [{"rates": {"USD": 1.1}}, {"base": "EUR", "rates": {"USD": 0}}, {"base": "EUR", "rates": {"USD": float("nan")}}]
)
def test_rates_that_cannot_be_used_are_refused(money):
    with pytest.raises(ConfigError, match="rate"):
        parse(Config, {"money": money}, "fullcircle.toml")

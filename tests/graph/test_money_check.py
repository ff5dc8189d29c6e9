"""The money check: what was read is spent, owed, given back or not counted, to the cent; and it is what customers have."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.ask.money_check import money_check
from fullcircle.config.sections import MoneySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.tables import trade
from fullcircle.graph.tables.money import find_currencies
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED, CUSTOMERS, MEMBERS, QUARANTINE
from tests.properties import examples


class Books:
    """An engine with two customers; all orders of a world are written at once."""

    def __init__(self) -> None:
        self.engine = DuckDB(threads=1, memory="300MB")
        for table in (*CONFORMED.values(), MEMBERS, CUSTOMERS, QUARANTINE):
            self.engine.run(table.ddl())
        for who in ("ada", "bo"):
            self.engine.run(f"INSERT INTO members (record_id, customer_id) VALUES ('record:{who}', 'customer:{who}')")
            self.engine.run(f"INSERT INTO customers (customer_id) VALUES ('customer:{who}')")

    def have(self, orders, interactions=(), money=None):
        """`orders`: (object, number, who, status, currency, amount, unpaid, corrects); `interactions`: (object, kind, amount)."""
        self.engine.run("DELETE FROM orders; DELETE FROM interactions; DELETE FROM quarantine")
        names = ("object", "key", "who", "status", "currency", "amount", "unpaid", "corrects")
        money_type = pa.decimal128(18, 4)
        if orders:
            rows = pa.table(
                {
                    name: pa.array([row[n] for row in orders], money_type if name in {"amount", "unpaid"} else pa.string())
                    for n, name in enumerate(names)
                }
            )
            with self.engine.register("given", rows):
                self.engine.run(
                    "INSERT INTO orders BY NAME SELECT 'order:' || key AS order_id, 'record:' || who AS record_id, status, "
                    "currency, amount, unpaid, 'order:' || corrects AS corrects, 'shop' AS source, object, key FROM given"
                )
        for n, (object_, kind, amount) in enumerate(interactions):
            self.engine.run(
                "INSERT INTO interactions (interaction_id, kind, amount, currency, source, object, key) "
                "VALUES ($id, $kind, $amount, 'EUR', 'shop', $object, $id)",
                {"id": f"i{n}", "kind": kind, "amount": amount, "object": object_},
            )
        find_currencies(self.engine, Silent(), money or MoneySettings())
        trade.prepare(self.engine, Silent())
        trade.drop_temporary(self.engine)
        return money_check(self.engine)


@pytest.fixture(scope="module")
def books():
    return Books()


def amounts(one):
    return tuple(float(value) for value in (one.amount, one.spent, one.owed, one.given_back, one.not_counted))


def test_each_entry_is_in_one_part(books):
    found = books.have(
        [
            ("orders", "1", "ada", "paid", "EUR", Decimal("100.00"), None, None),
            ("orders", "2", "ada", "placed", "EUR", Decimal("80.00"), Decimal("30.00"), None),
            ("orders", "3", "bo", "draft", "EUR", Decimal("7.10"), None, None),
            ("orders", "4", "bo", "cancelled", "EUR", Decimal("9.20"), None, None),
            ("orders", "5", None, "paid", "EUR", Decimal("5.00"), None, None),
            ("orders", "6", "ada", None, "EUR", Decimal("-20.00"), None, "1"),
            ("orders", "7", "bo", None, "EUR", Decimal("-9.20"), None, "4"),
            ("orders", "8", "bo", "paid", "EUR", None, None, None),
            ("orders", "9", "bo", "paid", "USD", Decimal("1.00"), None, None),
        ],
        [("invoices", "invoice", "150.00"), ("invoices", "call", None)],
    )
    assert [(one.object, one.currency) for one in found] == [("invoices", "EUR"), ("orders", "EUR"), ("orders", "USD")]
    invoices, euros, dollars = found
    assert amounts(invoices) == (150, 0, 0, 0, 150) and invoices.notes() == [
        "1 entry not counted (150.00 EUR): the invoice of an order, which counts"
    ]
    assert amounts(euros) == (172.10, 150, 30, -20, 12.10)
    assert [(one.why, one.entries, float(one.amount)) for one in euros.why] == [
        ("a credit note of an order that does not count, or is not there", 1, -9.2),
        ("cancelled", 1, 9.2),
        ("draft", 1, 7.1),
        ("no customer is known", 1, 5.0),
    ]
    assert euros.without_amount == 1 and "1 entry has no amount" in euros.notes()
    assert amounts(dollars) == (1, 1, 0, 0, 0) and dollars.notes() == []


def test_amounts_stay_in_the_currency_of_the_source(books):
    orders = [("orders", "1", "ada", "paid", "USD", Decimal("10.00"), None, None)]
    found = books.have(orders, money=MoneySettings(base="EUR", rates={"USD": 2}))
    assert [(one.currency, *amounts(one)) for one in found] == [("USD", 10, 10, 0, 0, 0)]


def test_rows_in_quarantine_are_said(books):
    books.have([("orders", "1", "ada", "paid", "EUR", Decimal("10.00"), None, None)])
    books.engine.run(
        "INSERT INTO quarantine (source, object, key, stage, rule, reason) VALUES "
        "('shop', 'orders', '2', 'mapping', 'type', 'orders.amount is no number'), "
        "('shop', 'orders', '1', 'mapping', 'clean', 'identifiers.value is not a usable phone')"
    )
    (found,) = money_check(books.engine)
    assert (found.notes(), found.lost()) == ([], "1 row is in quarantine, and in no sum")


def test_before_the_first_run_there_is_none():
    assert list(money_check(DuckDB(threads=1, memory="100MB"))) == []


CENTS = st.integers(-20_000, 20_000).map(lambda cents: Decimal(cents) / 100)
ORDER = st.tuples(
    st.sampled_from(["orders", "invoices"]),
    st.sampled_from([None, "ada", "bo", "nobody"]),
    st.sampled_from([None, "", "placed", "paid", "shipped", "draft", "pending", "cancelled", "returned", "refunded", "Odd word"]),
    st.sampled_from(["EUR", "usd", None]),
    st.one_of(st.none(), CENTS),
    st.one_of(st.none(), CENTS.map(abs)),
    st.one_of(st.none(), st.integers(0, 9).map(str)),
)


@settings(max_examples=examples(12, soak=200), deadline=None)
@given(st.lists(ORDER, max_size=10))
def test_the_parts_add_up_and_are_what_customers_have(books, orders):
    found = books.have([(one[0], str(n), *one[1:]) for n, one in enumerate(orders)])
    for one in found:
        assert one.amount == one.spent + one.owed + one.given_back + one.not_counted
        assert one.not_counted == sum(each.amount for each in one.why)
        assert one.given_back <= 0
    assert sum(one.entries for one in found) == len(orders)
    assert sum(one.amount for one in found) == sum(one[4] or 0 for one in orders)
    theirs = {
        currency: Decimal(spent).quantize(Decimal("0.01"))
        for currency, spent in books.engine.rows(
            "SELECT currency, sum(amount) FROM (SELECT currency, coalesce(amount, 0) - coalesce(unpaid, 0) AS amount "
            "FROM customer_orders UNION ALL SELECT currency, coalesce(amount, 0) FROM customer_returns) GROUP BY 1"
        )
    }
    ours: dict[str | None, Decimal] = {}
    for one in found:
        ours[one.currency] = ours.get(one.currency, Decimal(0)) + one.spent + one.given_back
    assert {name: total for name, total in ours.items() if total} == {name: total for name, total in theirs.items() if total}

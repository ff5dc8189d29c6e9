"""The currency of an amount: in the header, in a column, in the cell; what is not known stays unknown."""

import pytest

from fullcircle.mapping.conform import conform
from fullcircle.mapping.currency import MONEY_OF, in_header
from tests.mapping.test_conform import map_of


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Amount (EUR)", "EUR"), ("Betrag in CHF", "CHF"), ("total_eur", "EUR"), ("Total USD", "USD"), ("Price (£)", "GBP"),
        ("Preis €", "EUR"), ("Preis in €", "EUR"), ("Summe [SEK]", "SEK"), ("Tutar (TRY)", "TRY"), ("Amount (US$)", "USD"),
        ("Total", ""), ("Total ($)", ""), ("amount_all", ""), ("Total (ALL)", ""), ("try", ""), ("Top", ""), ("Amount (net)", ""),
        ("sum", ""), ("Price per pen", ""), ("VAT", ""), ("Total (incl. VAT)", ""),
    ],
)  # fmt: skip
def test_currencies_in_headers(header, currency):
    assert in_header(header) == currency


def currencies(engine, landing, progress, rows, to, fields):
    landing.put("shop", to, [{"id": f"{n:03}", **row} for n, row in enumerate(rows)])
    conform(engine, landing, [map_of("shop", to, to, fields)], "DE", progress)
    return [one for (one,) in engine.rows(f"SELECT {MONEY_OF[to][1]} FROM conformed.{to} ORDER BY key")]


def test_the_header_goes_before_the_column(engine, landing, progress):
    rows = [{"Total (EUR)": "12,50", "Currency": "USD"}, {"Total (EUR)": None, "Currency": "USD"}]
    fields = {"amount": "Total (EUR)", "currency": "Currency"}
    assert currencies(engine, landing, progress, rows, "orders", fields) == ["EUR", None]


def test_the_column_then_the_cell_then_nothing(engine, landing, progress):
    rows = [{"t": "12.50", "c": "eur"}, {"t": "12.50 CHF", "c": None}, {"t": "£9", "c": "n/a"}, {"t": "9.00", "c": None}]
    fields = {"amount": "t", "currency": "c"}
    assert currencies(engine, landing, progress, rows, "orders", fields) == ["EUR", "CHF", "GBP", None]


def test_two_currencies_named_for_one_amount_are_not_chosen_from(engine, landing, progress):
    cells = [("EUR 9.00", "USD"), ("€9", "US$"), ("9 zł", "EUR"), ("CHF 9.00", "CHF"), ("$9", "CAD"), ("Rs 9", "PKR"),
             ("£9", "EGP"), ("9 kr", "SEK"), ("US$9", "USD"), ("", "USD")]  # fmt: skip
    rows = [{"t": cell, "c": named} for cell, named in cells]
    kept = currencies(engine, landing, progress, rows, "orders", {"amount": "t", "currency": "c"})
    assert kept == ["CHF", "CAD", "PKR", "EGP", "SEK", "USD", "USD"]
    reasons = engine.rows("SELECT DISTINCT reason FROM conformed.quarantine")
    assert reasons == [("orders.amount names another currency in its cell than in its header or in currency",)]
    assert engine.count("conformed.quarantine") == 3


def test_a_cell_against_its_header(engine, landing, progress):
    rows = [{"Total (EUR)": "$ 5"}, {"Total (EUR)": "5,00 €"}, {"Total (EUR)": "£5"}]
    assert currencies(engine, landing, progress, rows, "orders", {"amount": "Total (EUR)"}) == ["EUR", "EUR"]
    assert engine.rows("SELECT key FROM conformed.quarantine") == [("002",)]


def test_deals_and_prices_have_a_currency_too(engine, landing, progress):
    deals = [{"v": "1.000,00 €"}, {"v": "5,00"}]
    assert currencies(engine, landing, progress, deals, "interactions", {"amount": "v"}) == ["EUR", None]
    prices = [{"name": "Lamp", "Price (SEK)": "99,00"}]
    assert currencies(engine, landing, progress, prices, "products", {"name": "name", "price": "Price (SEK)"}) == ["SEK"]


def of_lines(engine, landing, progress, lines, price):
    """The currency and the amount of orders that name none, by their lines."""
    landing.put("shop", "orders", [{"id": key} for key in dict.fromkeys(line["o"] for line in lines)])
    landing.put("shop", "lines", [{"id": str(n), "p": f"P{n}", **line} for n, line in enumerate(lines)])
    of = {
        "order_id": {"field": "o", "ref": "orders"}, "product_id": {"field": "p", "ref": "lines"}, "unit_price": price,
        "quantity": {"value": "2"},
    }  # fmt: skip
    maps = [
        map_of("shop", "orders", "orders", {"key": "id"}), map_of("shop", "lines", "order_lines", of),
        map_of("shop", "lines", "products", {"key": "p", "name": "p"}),
    ]  # fmt: skip
    conform(engine, landing, maps, "DE", progress)
    return engine.rows("SELECT currency, amount FROM conformed.orders ORDER BY key")


@pytest.mark.parametrize(
    ("price", "values", "found"),
    [
        ("Price (EUR)", ("5.00", "6.00"), [("EUR", 10), ("EUR", 12)]),
        ("price", ("£5.00", "6.00 CHF"), [("GBP", 10), ("CHF", 12)]),
        ("price", ("5.00", "6.00"), [(None, 10), (None, 12)]),
    ],
)  # fmt: skip
def test_an_order_has_the_currency_that_its_lines_name(engine, landing, progress, price, values, found):
    lines = [{"o": str(n), price: value} for n, value in enumerate(values)]
    assert of_lines(engine, landing, progress, lines, price) == found


def test_lines_of_several_currencies_are_never_added(engine, landing, progress):
    lines = [{"o": "1", "price": "£5.00"}, {"o": "1", "price": "7.00 €"}, {"o": "2", "price": "7.00 €"}]
    assert of_lines(engine, landing, progress, lines, "price") == [(None, None), ("EUR", 14)]
    assert any("1 order are in several currencies" in said for said in progress.said)

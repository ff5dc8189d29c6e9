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
    rows = [{"t": "12.50 CHF", "c": "eur"}, {"t": "12.50 CHF", "c": None}, {"t": "£9", "c": "n/a"}, {"t": "9.00", "c": None}]
    fields = {"amount": "t", "currency": "c"}
    assert currencies(engine, landing, progress, rows, "orders", fields) == ["EUR", "CHF", "GBP", None]


def test_deals_and_prices_have_a_currency_too(engine, landing, progress):
    deals = [{"v": "1.000,00 €"}, {"v": "5,00"}]
    assert currencies(engine, landing, progress, deals, "interactions", {"amount": "v"}) == ["EUR", None]
    prices = [{"name": "Lamp", "Price (SEK)": "99,00"}]
    assert currencies(engine, landing, progress, prices, "products", {"name": "name", "price": "Price (SEK)"}) == ["SEK"]

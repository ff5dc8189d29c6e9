"""Currencies named in words, by the country of the project; a refund without a currency; a no-show; states of collection."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.mapping.currency import ISO
from fullcircle.mapping.currency_names import code_of, name_currencies
from fullcircle.mapping.propose.own_date import own_date
from fullcircle.mapping.status import is_unpaid, status_of
from tests.mapping.spending import spent
from tests.properties import examples


@pytest.mark.parametrize(
    ("word", "country", "code"),
    [
        ("Pesos", "MX", "MXN"), ("PESO", "AR", "ARS"), ("Dólares", "MX", "USD"), ("dollars", "AU", "AUD"),
        ("Kronor", "FI", "SEK"),
        ("kroner", "NO", "NOK"), ("Kroner", "DK", "DKK"), ("Złotych", "PL", "PLN"), ("Euros", "FR", "EUR"), ("M.N.", "MX", "MXN"),
        ("Pesos mexicanos", "US", "MXN"), ("Reais", "BR", "BRL"), ("Libras esterlinas", "ES", "GBP"), ("Rupees", "LK", "LKR"),
        ("Pesos", "US", ""), ("kroner", "DE", ""), ("Taler", "DE", ""), ("", "DE", ""), ("$", "MX", "MXN"), ("$", "DE", ""),
    ],
)  # fmt: skip
def test_names_of_currencies(word, country, code):
    assert code_of(word, country) == code


@settings(max_examples=examples(50))
@given(st.sampled_from(ISO.split()), st.sampled_from(["DE", "MX", "DK", "US"]))
def test_a_code_stays_as_it_is(code, country):
    assert code_of(code, country) == ""


def test_a_currency_that_is_not_known_is_said(engine, landing, progress):
    landing.put("books", "invoices", [{"id": "1", "who": "1", "total": "5.00", "state": "paid", "cur": "Taler"}])
    spent(engine, landing, progress, fields={"currency": "cur"})
    (said,) = [text for text in progress.said if "currency that is not known" in text]
    assert "1 row names a currency that is not known: TALER" in said
    assert engine.rows("SELECT currency FROM orders") == [("TALER",)]
    engine.run("CREATE OR REPLACE TEMP TABLE staged_orders AS SELECT 'Kroner' AS currency")
    engine.run("CREATE OR REPLACE TEMP TABLE staged_interactions AS SELECT 'eur' AS currency")
    engine.run("CREATE OR REPLACE TEMP TABLE staged_products AS SELECT NULL::VARCHAR AS price_currency")
    name_currencies(engine, "DK", progress)
    assert engine.rows("SELECT currency FROM staged_orders") == [("DKK",)]
    assert engine.rows("SELECT currency FROM staged_interactions") == [("eur",)]


def test_of_what_nothing_was_paid_and_nothing_is_owed_nothing_was_spent(engine, landing, progress):
    rows = [
        {"id": "1", "who": "1", "total": "330.00", "state": "paid", "paid": "0.00", "left": "0.00"},
        {"id": "2", "who": "2", "total": "100.00", "state": "paid", "paid": "100.00", "left": "0.00"},
        {"id": "3", "who": "3", "total": "80.00", "state": "paid", "paid": "0.00", "left": "80.00"},
    ]
    landing.put("books", "invoices", rows)
    found = spent(engine, landing, progress, fields={"paid": "paid", "unpaid": "left"})
    assert found == {"2": (100, 0), "3": (0, 80)}
    assert any(
        "1 order (330.00 together) nothing was paid and nothing is owed: it is not spent" in text for text in progress.said
    )


def test_a_refund_has_the_currency_of_its_order(engine, landing, progress):
    rows = [
        {"id": "1", "who": "1", "total": "120.00", "state": "paid", "cur": "AUD"},
        {"id": "1-refund", "who": "1", "total": "-60.00", "state": "refunded", "cur": None},
    ]
    landing.put("books", "invoices", rows)
    spent(engine, landing, progress, fields={"currency": "cur"})
    assert engine.rows("SELECT DISTINCT currency FROM orders") == [("AUD",)]


@pytest.mark.parametrize("word", ["CHARGEBACK_REQUESTED", "CHARGEBACK_DISPUTE", "AWAITING_CHARGEBACK_REVERSAL", "Rückbelastung"])
def test_a_payment_that_was_charged_back_is_not_spent(word):
    assert status_of(word) == "refunded"


@pytest.mark.parametrize("word", ["DUNNING_REQUESTED", "Negativado", "En cobranza", "Hos inkasso", "W windykacji", "Contentieux"])
def test_what_is_collected_is_owed(word):
    assert is_unpaid(word)


@pytest.mark.parametrize("word", ["Nicht angereist", "Nie przybył", "Не заехал"])
def test_who_did_not_come_did_not_spend(word):
    assert status_of(word) == "cancelled"


def test_single_letters_say_what_was_probably_cancelled(engine, landing, progress):
    rows = [{"id": str(n), "who": "1", "total": "5.00", "state": letter} for n, letter in enumerate("AACB")]
    landing.put("books", "invoices", rows)
    spent(engine, landing, progress)
    (said,) = [text for text in progress.said if "status that is not known" in text]
    assert said.endswith("C beside A, B is probably what was cancelled: look.")


class _Dates:
    """A sample of nothing but dates."""

    def __init__(self, *names):
        self.rows = 4
        self.facts = {name: type("Facts", (), {"filled": 4, "date": 1.0})() for name in names}


@pytest.mark.parametrize(
    ("chosen", "others", "own"),
    [
        ("clientPaymentDate", ["dueDate", "dateCreated"], "dateCreated"),
        ("", ["Fecha de elaboración", "Fecha de entrega"], "Fecha de elaboración"),
        ("Zahlungsdatum", ["Rechnungsdatum"], "Rechnungsdatum"),
        ("Order Date", ["Payment Date", "Invoice Date"], "Order Date"),
        ("Payment Date", ["Due Date"], "Payment Date"),
        ("Data płatności", ["Data wystawienia"], "Data wystawienia"),
    ],
)
def test_the_date_of_the_order_goes_first(chosen, others, own):
    assert own_date(_Dates(*([chosen] if chosen else []), *others), chosen) == own

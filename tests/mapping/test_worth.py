"""Sums in messages: one for each currency."""

from fullcircle.mapping.worth import worth


def test_currencies_are_never_added(engine):
    rows = "FROM (VALUES (10.5, 'EUR'), (1234, 'EUR'), (20, 'CHF'), (NULL, 'USD'), (3, NULL)) AS t(amount, currency)"
    assert worth(engine, "amount", rows) == "20.00 CHF and 1,244.50 EUR and 3.00"
    assert worth(engine, "amount", f"{rows} WHERE false") == "0.00"

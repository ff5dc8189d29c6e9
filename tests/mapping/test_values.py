"""Text to dates, numbers and truth values: the shapes sources write."""

from datetime import datetime
from decimal import Decimal

import pytest

from fullcircle.engine.base import literal
from fullcircle.mapping.values import filled, typed

EITHER = [
    ("2024-01-02", datetime(2024, 1, 2)),
    ("2024-1-2", datetime(2024, 1, 2)),
    ("2024-01-02 10:15", datetime(2024, 1, 2, 10, 15)),
    ("2024-01-02T10:15:30Z", datetime(2024, 1, 2, 10, 15, 30)),
    ("2024-01-02T10:15:30.250+02:00", datetime(2024, 1, 2, 8, 15, 30, 250000)),
    ("31.12.2023", datetime(2023, 12, 31)),
    ("1.2.24 10:15", datetime(2024, 2, 1, 10, 15)),
    ("13/04/2024", datetime(2024, 4, 13)),
    ("04/13/2024", datetime(2024, 4, 13)),
    ("12/31/2023 11:59 PM", datetime(2023, 12, 31, 23, 59)),
    ("31-Jan-24", datetime(2024, 1, 31)),
    ("31-Jan-2024", datetime(2024, 1, 31)),
    ("January 31, 2024", datetime(2024, 1, 31)),
    ("31 January 2024 09:30", datetime(2024, 1, 31, 9, 30)),
    ("Mon, 02 Jan 2024 10:00:00 +0200", datetime(2024, 1, 2, 8)),
    ("Mon, 02 Jan 2024 10:00:00 GMT", datetime(2024, 1, 2, 10)),
    ("20240131", datetime(2024, 1, 31)),
    ("20240131T101500Z", datetime(2024, 1, 31, 10, 15)),
    ("2024/01/31", datetime(2024, 1, 31)),
    ("1700000000", datetime(2023, 11, 14, 22, 13, 20)),
    ("1700000000000", datetime(2023, 11, 14, 22, 13, 20)),
    ("1754-03-02", datetime(1754, 3, 2)),
]
NEITHER = ["hello", "99/99/2024", "2024-13-01", "2024-02-30", "infinity", "epoch", "2024", "1/2/3", "31.11.2024", "12"]


def read(engine, text, kind, country="US"):
    return engine.value(f"SELECT {typed('t', kind, country)} FROM (SELECT {literal(text)} AS t)")


@pytest.mark.parametrize("country", ["US", "DE"])
@pytest.mark.parametrize(("text", "expected"), EITHER)
def test_dates_that_mean_the_same_everywhere(engine, text, expected, country):
    assert read(engine, text, "TIMESTAMP", country) == expected


@pytest.mark.parametrize("text", NEITHER)
def test_what_is_no_date_is_null(engine, text):
    assert read(engine, text, "TIMESTAMP") is None


def test_ambiguous_dates_follow_the_country(engine):
    assert read(engine, "03/04/2024", "TIMESTAMP", "US") == datetime(2024, 3, 4)
    assert read(engine, "03/04/2024", "TIMESTAMP", "GB") == datetime(2024, 4, 3)
    assert read(engine, "03.04.2024", "TIMESTAMP", "US") == datetime(2024, 4, 3)
    assert read(engine, "1/2/99", "TIMESTAMP", "DE") == datetime(1999, 2, 1)


@pytest.mark.parametrize(
    ("text", "us", "de"),
    [
        ("1,234.56", "1234.56", "1234.56"), ("1.234,56", "1234.56", "1234.56"), ("1,234", "1234", "1.234"),
        ("1.234", "1.234", "1.234"), ("1.234.567", "1234567", "1234567"), ("1,234,567", "1234567", "1234567"),
        ("$12.50", "12.50", "12.50"), ("12,50 €", "12.50", "12.50"), ("EUR 5.00", "5", "5"), ("5 USD", "5", "5"),
        ("(12.50)", "-12.50", "-12.50"), ("12-", "-12", "-12"), ("-3", "-3", "-3"), ("1 234,56", "1234.56", "1234.56"),
        ("1'234.50", "1234.50", "1234.50"), ("1e3", "1000", "1000"),
    ],
)  # fmt: skip
def test_numbers(engine, text, us, de):
    assert read(engine, text, "DECIMAL(18,4)", "US") == Decimal(us)
    assert read(engine, text, "DECIMAL(18,4)", "DE") == Decimal(de)


@pytest.mark.parametrize("text", ["abc", "12abc", "abc12", "1,2,3", "12.5.1", "99999999999999999999", "1-2", "ten"])
def test_what_is_no_number_is_null(engine, text):
    assert read(engine, text, "DECIMAL(18,4)") is None


def test_truth_values(engine):
    said = {text: read(engine, text, "BOOLEAN") for text in ("Yes", "ja", "1", "opt-in", "No", "0", "nein", "maybe")}
    assert said == {
        "Yes": True, "ja": True, "1": True, "opt-in": True, "No": False, "0": False, "nein": False, "maybe": None,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["N/A", "null", "0000-00-00 00:00:00", "-", "NaN"])
def test_ways_to_write_nothing(engine, text):
    assert engine.value(f"SELECT {filled('t')} FROM (SELECT {literal(text)} AS t)") is None

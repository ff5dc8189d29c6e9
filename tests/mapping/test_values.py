"""Text to dates, numbers and truth values: the shapes sources write."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.values import filled, typed

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
SPOKEN = [
    ("2025-01-02 10:00:00 -0500", datetime(2025, 1, 2, 15)),
    ("2025-01-02 10:00:00 +01:00", datetime(2025, 1, 2, 9)),
    ("2025-01-02 10:00:00 Z", datetime(2025, 1, 2, 10)),
    ("2025-01-02 10:00 PM", datetime(2025, 1, 2, 22)),
    ("2025-01-02 12:30 am", datetime(2025, 1, 2, 0, 30)),
    ("2025-01-02 13:30 PM", datetime(2025, 1, 2, 13, 30)),
    ("2025-01-02T10:00:00+01:00[Europe/Berlin]", datetime(2025, 1, 2, 9)),
    ("2025-07-02 10:00:00 America/New_York", datetime(2025, 7, 2, 14)),
    ("2025-01-02 10:00:00 EST", datetime(2025, 1, 2, 15)),
    ("2025-01-02 10:00:00 GMT+2", datetime(2025, 1, 2, 8)),
    ("2025-01-02+01:00", datetime(2025, 1, 2)),
    ("Thu Jan 02 2025 10:00:00 GMT-0500 (EST)", datetime(2025, 1, 2, 15)),
    ("Thu Jan 02 2025 10:00:00 GMT+0100 (Central European Standard Time)", datetime(2025, 1, 2, 9)),
    ("Thu Jan  2 10:00:00 EST 2025", datetime(2025, 1, 2, 15)),
    ("Jan 2 2025 10:00AM", datetime(2025, 1, 2, 10)),
    ("Jan  2 2025 12:00:00:000AM", datetime(2025, 1, 2)),
    ("January 2nd, 2025 at 3:04 p.m.", datetime(2025, 1, 2, 15, 4)),
    ("13/02/2025,\u202f10:15:30\u202fPM", datetime(2025, 2, 13, 22, 15, 30)),
    ("\u200e13/02/2025", datetime(2025, 2, 13)),
    ("02/Jan/2025:10:15:30 +0000", datetime(2025, 1, 2, 10, 15, 30)),
    ("2. Januar 2025 um 10:00 Uhr", datetime(2025, 1, 2, 10)),
    ("am 3. März 2025", datetime(2025, 3, 3)),
    ("2 de enero de 2025", datetime(2025, 1, 2)),
    ("jeudi 2 janvier 2025 à 10h30", datetime(2025, 1, 2, 10, 30)),
    ("mar. 4 févr. 2025", datetime(2025, 2, 4)),
    ("31 DÉC 2024", datetime(2024, 12, 31)),
    ("1 de março de 2025", datetime(2025, 3, 1)),
    ("2 stycznia 2025", datetime(2025, 1, 2)),
    ("2 мая 2025 г.", datetime(2025, 5, 2)),
    ("2025年1月2日 10時30分", datetime(2025, 1, 2, 10, 30)),
    ("13. 02. 2025", datetime(2025, 2, 13)),
    ("45658", datetime(2025, 1, 1)),
    ("45658.5", datetime(2025, 1, 1, 12)),
    ("1735812000123456", datetime(2025, 1, 2, 10, 0, 0, 123456)),
    ("1735812000123456789", datetime(2025, 1, 2, 10, 0, 0, 123456)),
    ("202501021015", datetime(2025, 1, 2, 10, 15)),
    ("/Date(1735812000000)/", datetime(2025, 1, 2, 10)),
    ("2025-01-02 10:00:00 (EST)", datetime(2025, 1, 2, 15)),
    ("2025-01-02T10:00:00[Europe/Berlin]", datetime(2025, 1, 2, 9)),
    ("02JAN2025", datetime(2025, 1, 2)),
    ("２０２５/０１/０２", datetime(2025, 1, 2)),
]
UNCLEAR = [
    "2025-01-02 10:00:00 XYZ", "2025-01-02 10:00:00 IST", "2025-01-02 25:00", "2025-01-02 15:00 AM", "2025-01-02 10",
    "2025-01-02 maybe", "Jan 2025", "31 Foo 2025", "2025-01-02 10:00 +99:00", "1.5", "/Date(x)/", "10:30", "February 30, 2025",
    "2025-01-02 10:00:00 (Eastern Standard Time)",
]  # fmt: skip
NEITHER = ["hello", "99/99/2024", "2024-13-01", "2024-02-30", "infinity", "epoch", "2024", "1/2/3", "31.11.2024", "12"]


def read(engine, text, kind, country="US"):
    return engine.value(f"SELECT {typed('t', kind, country)} FROM (SELECT {literal(text)} AS t)")


def read_all(engine, texts, kind, country="US"):
    """The value of each text, read in one query."""
    with engine.register("few_texts", pa.table({"t": texts})):
        return dict(engine.rows(f"SELECT t, {typed('t', kind, country)} FROM few_texts"))


@pytest.mark.parametrize("country", ["US", "DE"])
def test_dates_that_mean_the_same_everywhere(engine, country):
    assert read_all(engine, [text for text, _ in EITHER], "TIMESTAMP", country) == dict(EITHER)


@pytest.mark.parametrize("country", ["US", "DE"])
def test_dates_as_people_and_programs_write_them(engine, country):
    assert read_all(engine, [text for text, _ in SPOKEN], "TIMESTAMP", country) == dict(SPOKEN)


def test_letters_that_mean_several_zones_are_read_where_the_country_tells(engine):
    assert read(engine, "2025-01-02 10:00:00 IST", "TIMESTAMP", "IN") == datetime(2025, 1, 2, 4, 30)
    assert read(engine, "2025-01-02 10:00:00 CST", "TIMESTAMP", "US") == datetime(2025, 1, 2, 16)
    assert read(engine, "2025-01-02 10:00:00 CST", "TIMESTAMP", "DE") is None


def test_what_is_no_date_is_null(engine):
    assert read_all(engine, NEITHER + UNCLEAR, "TIMESTAMP") == dict.fromkeys(NEITHER + UNCLEAR)


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


SIGNED = [
    "\u221212.50", "\u201312.50", "12.50-", "12.50\u2212", "- 12.50", "(12.50)", "($12.50)", "$(12.50)", "-$12.50", "$-12.50",
    "12.50 CR", "12.50cr", "CR 12.50", "-12.50 \u20ac", "(-12.50)", "\uff0d12.50",
]  # fmt: skip


def test_every_way_to_write_a_minus(engine):
    assert read_all(engine, SIGNED, "DECIMAL(18,4)") == dict.fromkeys(SIGNED, Decimal("-12.50"))


MONEY_TEXTS = [
    ("R$ 1.234,56", "1234.56"), ("kr 1 234,50", "1234.50"), ("1\u202f234,50\u00a0\u20ac", "1234.50"), ("12,50 zł", "12.50"),
    ("CHF 1'234.50", "1234.50"), ("1\u2019234.50 CHF", "1234.50"), ("Fr. 12.-", "12"), ("Rs. 1,23,456.00", "123456"),
    ("₹12,34,567.89", "1234567.89"), ("1,23,456", "123456"), ("€ 5,-", "5"), ("12,00 kr.", "12"), ("US$ 5", "5"), ("A$5", "5"),
    ("R 12.50", "12.50"), ("12 Kč", "12"), ("1 234 567,89 Ft", "1234567.89"), ("5 руб.", "5"), ("$1,234.50 USD", "1234.50"),
    ("12.50 DR", "12.50"), ("٣٫٥", "3.5"), ("１２", "12"), ("+5", "5"), (".5", ".5"), ("0,123", ".123"), ("5 CRC", "5"),
    ("MXN$ 1,000.00", "1000"), ("Rs 500/-", "500"), ("100:-", "100"),
]  # fmt: skip


def test_money_of_the_world(engine):
    found = read_all(engine, [text for text, _ in MONEY_TEXTS], "DECIMAL(18,4)")
    assert found == {text: Decimal(value) for text, value in MONEY_TEXTS}


NO_NUMBERS = ["1/2", "--5", "-5-", "-12.50 CR", "INV 12", "5 pcs", "~5", ">5", "1 2", "12 34", "1_000", "1:2"]


def test_what_is_not_exactly_one_number_is_null(engine):
    assert read_all(engine, NO_NUMBERS, "DECIMAL(18,4)") == dict.fromkeys(NO_NUMBERS)


def test_percent_is_a_percent_and_no_money(engine):
    share = typed("t", "DECIMAL(18,4)", "US", column="discount")
    money = typed("t", "DECIMAL(18,4)", "US", column="amount")
    row = engine.rows(f"SELECT {share}, {money} FROM (VALUES ('12.5%'), ('5 ‰')) AS v(t)")
    assert row == [(Decimal("0.125"), None), (Decimal("0.005"), None)]


def test_cr_is_no_credit_where_it_may_be_ten_million(engine):
    assert read(engine, "1.5 cr", "DECIMAL(18,4)", "IN") is None


def test_a_fraction_does_not_become_a_whole_number(engine):
    assert read(engine, "3.7", "BIGINT") is None
    assert read(engine, "3.0", "BIGINT") == 3
    assert read(engine, "1,234", "BIGINT") == 1234


@pytest.mark.parametrize("text", ["abc", "12abc", "abc12", "1,2,3", "12.5.1", "99999999999999999999", "1-2", "ten"])
def test_what_is_no_number_is_null(engine, text):
    assert read(engine, text, "DECIMAL(18,4)") is None


def test_truth_values(engine):
    for text in ("Sí", "sim", "VRAI", "да", "✓", "-1", "1.0", "opted-in", "Evet"):
        assert read(engine, text, "BOOLEAN") is True, text
    for text in ("não", "NIE", "0.0", "faux", "нет", "✗", "opted_out", "hayır", "nej"):
        assert read(engine, text, "BOOLEAN") is False, text
    said = {text: read(engine, text, "BOOLEAN") for text in ("Yes", "ja", "1", "opt-in", "No", "0", "nein", "maybe")}
    assert said == {
        "Yes": True, "ja": True, "1": True, "opt-in": True, "No": False, "0": False, "nein": False, "maybe": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["N/A", "null", "0000-00-00 00:00:00", "-", "NaN", "\\N", "–", "00.00.0000", "0001-01-01T00:00:00"]
)
def test_ways_to_write_nothing(engine, text):
    assert engine.value(f"SELECT {filled('t', 'TIMESTAMP')} FROM (SELECT {literal(text)} AS t)") is None

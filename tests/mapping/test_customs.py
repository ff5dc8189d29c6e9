"""What one value leaves open is judged over its column: the order of day and month, the decimal sign."""

from datetime import datetime
from decimal import Decimal

import pytest

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of

FIELDS = {"ordered_at": "day", "amount": "total"}


def read(engine, landing, progress, days=None, totals=None, country="US"):
    """The days and amounts that orders with these texts get, in their order."""
    count = len(days or totals)
    rows = [
        {"id": f"{n:03}", "day": (days or ["2025-01-01"] * count)[n], "total": (totals or ["1.00"] * count)[n]}
        for n in range(count)
    ]
    landing.put("shop", "orders", rows)
    conform(engine, landing, [map_of("shop", "orders", "orders", FIELDS)], country, progress)
    found = engine.rows("SELECT ordered_at, amount FROM conformed.orders ORDER BY key")
    return [row[0] for row in found] if days else [row[1] for row in found]


@pytest.mark.parametrize("country", ["US", "DE"])
def test_one_day_above_twelve_makes_the_column_day_first(engine, landing, progress, country):
    found = read(engine, landing, progress, ["13/02/2025", "02/03/2025 10:00"], country=country)
    assert found == [datetime(2025, 2, 13), datetime(2025, 3, 2, 10)]
    assert not progress.said


@pytest.mark.parametrize("country", ["US", "DE"])
def test_one_month_second_above_twelve_makes_the_column_month_first(engine, landing, progress, country):
    assert read(engine, landing, progress, ["02/13/2025", "02/03/25"], country=country) == [
        datetime(2025, 2, 13), datetime(2025, 2, 3),
    ]  # fmt: skip


def test_where_nothing_tells_the_country_decides_and_it_is_said(engine, landing, progress):
    assert read(engine, landing, progress, ["02/03/2025", "04/04/2025"], country="DE")[0] == datetime(2025, 3, 2)
    assert [text for text in progress.said if "orders.ordered_at from shop.orders: 1 value " in text and "day first" in text]


def test_a_column_that_contradicts_itself_is_said(engine, landing, progress):
    assert read(engine, landing, progress, ["13/02/2025", "02/13/2025", "02/03/2025"])[2] == datetime(2025, 2, 3)
    assert [text for text in progress.said if "contradict" in text and "month first" in text]


def test_day_numbers_of_a_spreadsheet_are_said(engine, landing, progress):
    assert read(engine, landing, progress, ["45658", "2025-01-02"]) == [datetime(2025, 1, 1), datetime(2025, 1, 2)]
    assert [text for text in progress.said if "1 value is a whole number of five digits" in text]


@pytest.mark.parametrize("country", ["US", "DE"])
@pytest.mark.parametrize(
    ("totals", "values"),
    [
        (["1.234", "12,50"], ["1234", "12.50"]),
        (["1,234", "12,50 €"], ["1.234", "12.50"]),
        (["1,234", "12.50"], ["1234", "12.50"]),
        (["1.234", "12.5"], ["1.234", "12.5"]),
        (["−1.234", "1.234.567"], ["-1234", "1234567"]),
    ],
)
def test_the_decimal_sign_is_that_of_the_column(engine, landing, progress, country, totals, values):
    assert read(engine, landing, progress, totals=totals, country=country) == [Decimal(value) for value in values]
    assert not progress.said


def test_a_decimal_sign_that_nothing_tells_is_said(engine, landing, progress):
    assert read(engine, landing, progress, totals=["1,234", "5"], country="DE") == [Decimal("1.234"), Decimal(5)]
    assert [text for text in progress.said if "orders.amount from shop.orders: 1 value " in text and "decimal comma" in text]


def test_each_source_has_its_own_customs(engine, landing, progress):
    landing.put(
        "de", "orders", [{"id": "1", "day": "13/02/2025", "total": "1,5"}, {"id": "2", "day": "02/03/2025", "total": "1.500"}]
    )
    landing.put(
        "us", "orders", [{"id": "1", "day": "02/13/2025", "total": "1.5"}, {"id": "2", "day": "02/03/2025", "total": "1,500"}]
    )
    conform(engine, landing, [map_of(source, "orders", "orders", FIELDS) for source in ("de", "us")], "GB", progress)
    assert engine.rows("SELECT source, ordered_at, amount FROM conformed.orders WHERE key = '2' ORDER BY 1") == [
        ("de", datetime(2025, 3, 2), Decimal(1500)), ("us", datetime(2025, 2, 3), Decimal(1500)),
    ]  # fmt: skip


def test_what_a_program_landed_leaves_nothing_open(engine, landing, progress):
    landing.put("db", "orders", [{"id": "1", "day": 1735812000, "total": 1.234}])
    conform(engine, landing, [map_of("db", "orders", "orders", FIELDS)], "DE", progress)
    assert engine.rows("SELECT ordered_at, amount FROM conformed.orders") == [(datetime(2025, 1, 2, 10), Decimal("1.234"))]
    assert not progress.said


def test_what_cannot_be_read_is_in_quarantine_without_its_value(engine, landing, progress):
    assert read(engine, landing, progress, totals=["−12.50", "1/2", "12.5%"]) == [Decimal("-12.50")]
    assert engine.rows("SELECT key, reason FROM conformed.quarantine ORDER BY 1") == [
        ("001", "orders.amount cannot be read as DECIMAL(18,4)"), ("002", "orders.amount cannot be read as DECIMAL(18,4)"),
    ]  # fmt: skip

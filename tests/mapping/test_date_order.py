"""What a column of dates leaves open, the other columns of its source say; dates that are none are empty; half days."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from fullcircle.mapping.propose.sample import Sample, _facts
from fullcircle.mapping.propose.suggest import propose
from fullcircle.mapping.reading.times import timestamp
from fullcircle.mapping.reading.values import filled
from tests.mapping.test_conform import map_of

FIELDS = {"ordered_at": "Order date"}


def orders(engine, landing, progress, rows, country="US", **settings):
    """The days of orders with these columns, in their order."""
    landing.put("shop", "orders", [{"id": f"{n:03}", **row} for n, row in enumerate(rows)])
    return days(engine, landing, progress, country, **settings)


def days(engine, landing, progress, country="US", **settings):
    conform(engine, landing, [map_of("shop", "orders", "orders", FIELDS, **settings)], country, progress)
    return [day for (day,) in engine.rows("SELECT ordered_at FROM conformed.orders ORDER BY key")]


def said(progress, *words):
    return [text for text in progress.said if all(word in text for word in words)]


@pytest.mark.parametrize("country", ["US", "DE"])
def test_a_column_beside_that_no_map_uses_tells(engine, landing, progress, country):
    rows = [{"Order date": "03/04/2025", "Ship date": "05/04/2025"}, {"Order date": "04/04/2025", "Ship date": "27/04/2025"}]
    assert orders(engine, landing, progress, rows, country) == [datetime(2025, 4, 3), datetime(2025, 4, 4)]
    assert said(progress, "1 value may", "day first", "shop.orders.Ship date", 'dates = "month first"')


def test_another_object_of_the_source_tells(engine, landing, progress):
    landing.put("shop", "people", [{"id": "1", "since": "12/31/2024", "name": "Ada Quill"}])
    landing.put("shop", "orders", [{"id": "1", "Order date": "03/04/2025"}])
    landing.put("till", "people", [{"id": "1", "since": "31/12/2024", "name": "Ada Quill"}])
    maps = [map_of(source, "people", "records", {"full_name": "name"}) for source in ("shop", "till")]
    conform(engine, landing, [*maps, map_of("shop", "orders", "orders", FIELDS)], "DE", progress)
    assert engine.value("SELECT ordered_at FROM conformed.orders") == datetime(2025, 3, 4)
    assert said(progress, "month first", "shop.people.since")


def test_neighbours_that_say_both_say_nothing(engine, landing, progress):
    rows = [{"Order date": "03/04/2025", "Ship date": "05/27/2025", "Paid": "27/05/2025", "Part": "14-02-77x"}]
    assert orders(engine, landing, progress, rows, "DE") == [datetime(2025, 4, 3)]
    assert said(progress, "as is usual in DE", 'Write dates = "day first" or "month first" in the map')


def test_the_map_may_say_it(engine, landing, progress):
    rows = [{"Order date": "03/04/2025"}]
    assert orders(engine, landing, progress, rows, "DE", dates="month first") == [datetime(2025, 3, 4)]
    assert not progress.said


def test_what_systems_write_for_no_date_decides_nothing_and_is_empty(engine, landing, progress):
    rows = [{"Order date": text} for text in ("03/04/2025", "31/12/9999", "27/04/2025", "12/31/1969", "1970-01-01 00:00:00")]
    assert orders(engine, landing, progress, rows) == [datetime(2025, 4, 3), None, datetime(2025, 4, 27), None, None]
    assert said(progress, "3 values are what systems write for no date")


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "0001-01-01T00:00:00Z", "1/1/0001 12:00:00 AM", "9999-12-31",
        "9999-12-31T23:59:59.999Z", "31.12.9999", "12/31/9999", "31/12/2999", "1970-01-01", "1970-01-01T00:00:00Z", "01/01/1970",
        "1970-01-01 01:00:00", "0", "1900-01-00", "1/0/1900", "00.01.1900", "1899-12-30", "1899-12-30 14:35:00", "30.12.1899",
        "1900-01-01", "01.01.1900", "1753-01-01", "99991231", "-62135596800",
    ],
)  # fmt: skip
def test_no_moment(engine, text):
    assert engine.value(f"SELECT {filled('t', 'TIMESTAMP')} FROM (SELECT '{text}' AS t)") is None


@pytest.mark.parametrize("text", ["1970-01-01", "01/01/1970", "1969-12-31", "10/10/1970", "1900-10-10", "2001-01-01"])
def test_a_birthday_may_be_the_first_day_of_a_calendar(engine, text):
    assert engine.value(f"SELECT {filled('t', 'DATE')} FROM (SELECT '{text}' AS t)") == text


HALVES = [
    "2025. 1. 2. 오후 3:04", "2025/1/2 下午3:04", "2025年1月2日 午後3:04", "2025年1月2日 午後3時04分", "2/1/2025 3:04 μ.μ.",
    "2/1/2025, 3:04 p. m.", "02.01.2025 03:04 ÖS", "2025. 01. 02. du. 3:04", "02/01/2025 3:04 CH", "02/01/2025 3:04 م",
    "2 Jan 2025 3:04 PM", "2 janv. 2025 à 15h04", "Do., 2. Jan. 2025, 15:04", "jueves, 2 de enero de 2025 15:04",
]  # fmt: skip


@pytest.mark.parametrize("text", HALVES)
def test_halves_of_the_day_in_other_languages(engine, text):
    assert engine.value(f"SELECT {timestamp('t', 'DE', 'false')} FROM (SELECT '{text}' AS t)") == datetime(2025, 1, 2, 15, 4)


@pytest.mark.parametrize(
    "text",
    ["2025-W03", "2025-W03-4", "W03 2025", "FY25 W3", "FY2025", "2025 Q1", "KW 3 2025", "Period 3 2025", "202503", "2025-03",
     "Jan 2025", "2025-02-30", "31/04/2025", "2025-13-02", "1.2", "10:30"],
)  # fmt: skip
def test_weeks_quarters_and_months_are_no_days(engine, text):
    assert engine.value(f"SELECT {timestamp('t', 'US', 'false')} FROM (SELECT '{text}' AS t)") is None


def test_a_birthday_of_a_table_of_people(engine, landing, progress):
    landing.put("shop", "people", [{"id": "1", "n": "Ada", "born": "1970-01-01"}, {"id": "2", "born": "9999-12-31"}])
    conform(engine, landing, [map_of("shop", "people", "records", {"full_name": "n", "birth_date": "born"})], "US", progress)
    assert [day for (day,) in engine.rows("SELECT birth_date FROM conformed.records ORDER BY key")] == [date(1970, 1, 1), None]


def test_a_proposal_says_what_tells_and_what_does_not():
    engine = DuckDB(threads=1, memory="500MB")
    columns = ("id", "customer_id", "order_date", "ship_date", "total")
    rows = [("1", "7", "03/04/2025", "{}", "5.00"), ("2", "8", "05/04/2025", "06/04/2025", "6.00")]
    for ship, kept, wanted in (
        ("27/04/2025", "evidence", "order_date is day first, as shop.orders.ship_date is"),
        ("07/04/2025", "notes", "order_date may be day or month first"),
    ):
        table = pa.table([[row[n].format(ship) for row in rows] for n in range(len(columns))], names=list(columns))
        found = FoundObject("orders", ("id",), tuple(FoundField(name) for name in columns), None, None)
        with engine.register("sampled", table):
            engine.run("CREATE OR REPLACE TEMP TABLE sample_0 AS SELECT * FROM sampled")
        sample = Sample("shop", found, "sample_0", 2, True, _facts(engine, "sample_0", columns))
        (proposed,) = propose([sample], engine)
        assert [text for text in getattr(proposed, kept) if wanted in text]
    engine.close()

"""Times without a zone get the one of their header, of the column beside, or of the map; others keep their own."""

from datetime import datetime

import pytest

from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform
from fullcircle.mapping.local_times import beside, in_header
from fullcircle.mapping.reading.zones import zone_named
from tests.mapping.test_conform import map_of


def times(engine, landing, progress, rows, when, country="US", **settings):
    """The times of orders with these columns, in their order."""
    landing.put("shop", "orders", [{"id": f"{n:03}", **row} for n, row in enumerate(rows)])
    conform(engine, landing, [map_of("shop", "orders", "orders", {"ordered_at": when}, **settings)], country, progress)
    return [at for (at,) in engine.rows("SELECT ordered_at FROM conformed.orders ORDER BY key")]


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("Created (UTC)", "utc"), ("created_utc", "utc"), ("Time (America/New_York)", "america/new_york"),
        ("Start [Europe/Berlin]", "europe/berlin"), ("Paid at (PST)", "pst"), ("Zeit (MEZ)", "mez"),
        ("At (UTC+01:00)", "utc+01:00"),
        ("Booked (Eastern Time (US & Canada))", ""), ("Date (GMT)", "utc"), ("Date (ET)", "america/new_york"),
        ("Amount (EUR)", ""), ("Date (optional)", ""), ("Date", ""), ("Time (IST)", ""),
    ],
)  # fmt: skip
def test_zones_in_headers(header, zone):
    assert in_header(header, "US") == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Pacific Time (US & Canada)", "america/los_angeles"), ("W. Europe Standard Time", "europe/berlin"), ("GMT+2", "gmt+2"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern", "utc+01:00"), ("Europe/Madrid", "europe/madrid"), ("IST", ""), ("PDT", "pdt"),
        ("nowhere", ""), ("", ""),
    ],
)  # fmt: skip
def test_names_of_zones(text, zone):
    assert zone_named(text, "US") == zone


def test_the_column_beside():
    columns = dict.fromkeys(["created_at", "created_at_tz", "Date", "Time", "TimeZone", "user time zone", "_tz"], "VARCHAR")
    assert beside(["created_at"], columns) == "created_at_tz"
    assert beside(["Date", "Time"], columns) == "TimeZone"
    assert beside(["Date"], columns) == ""  # it may be the zone that a user likes best


def test_a_zone_in_the_header(engine, landing, progress):
    rows = [
        {"Made (America/New_York)": text} for text in ("2025-01-02 10:00:00", "2025-07-02T10:00:00", "2025-01-02", "1735689600")
    ]
    assert times(engine, landing, progress, rows, "Made (America/New_York)") == [
        datetime(2025, 1, 2, 15), datetime(2025, 7, 2, 14), datetime(2025, 1, 2), datetime(2025, 1, 1),
    ]  # fmt: skip


def test_a_date_a_time_and_their_zone(engine, landing, progress):
    rows = [
        {"Date": "02/13/2025", "Time": "10:00:00", "Time Zone": "PST"},
        {"Date": "02/14/2025", "Time": "10:00:00", "Time Zone": "Eastern Time (US & Canada)"},
        {"Date": "02/15/2025", "Time": "10:00 PM", "Time Zone": None},
        {"Date": "2025-02-16 00:00:00", "Time": "1899-12-30 14:35:00", "Time Zone": "UTC"},
        {"Date": "02/17/2025", "Time": "10:00:00", "Time Zone": "Mars"},
    ]
    found = times(engine, landing, progress, rows, {"fields": ["Date", "Time"]})
    assert found == [
        datetime(2025, 2, 13, 18), datetime(2025, 2, 14, 15), datetime(2025, 2, 15, 22), datetime(2025, 2, 16, 14, 35),
        datetime(2025, 2, 17, 10),
    ]  # fmt: skip
    assert [text for text in progress.said if "Time Zone names a zone that is not known in 1 row" in text]


def test_the_zone_of_the_map_is_for_times_without_one(engine, landing, progress):
    texts = ("2025-01-02 10:00", "2025-07-02 10:00:00", "2025-01-02 10:00:00Z", "2025-01-02 10:00:00+05:30", "2.1.2025 10:00 Uhr",
             "2025-01-02 10:00 EST", "1735689600", "2025-03-30 02:30:00")  # fmt: skip
    assert times(engine, landing, progress, [{"at": text} for text in texts], "at", "DE", zone="Europe/Berlin") == [
        datetime(2025, 1, 2, 9), datetime(2025, 7, 2, 8), datetime(2025, 1, 2, 10), datetime(2025, 1, 2, 4, 30),
        datetime(2025, 1, 2, 9), datetime(2025, 1, 2, 15), datetime(2025, 1, 1), datetime(2025, 3, 30, 1, 30),
    ]  # fmt: skip


def test_a_zone_that_does_not_exist_stops(engine, landing, progress):
    with pytest.raises(ConfigError, match="not a zone that is known"):
        times(engine, landing, progress, [{"at": "2025-01-02"}], "at", zone="Europe/Berlinn")

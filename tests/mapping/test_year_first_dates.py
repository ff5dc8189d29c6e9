"""25/12/31 is the last day of 2025 where the values of its column say so together, and a Christmas day where they do not."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading.date_order import Neighbours
from fullcircle.mapping.reading.year_first import year_first
from fullcircle.mapping.validate import LandedObject
from tests.mapping.test_conform import map_of
from tests.mapping.test_customs import read
from tests.properties import examples


@pytest.mark.parametrize("sign", ["/", "-", "."])
def test_the_year_changes_least(engine, landing, progress, sign):
    days = [text.replace("/", sign) for text in ("25/12/31", "25/01/02", "24/11/09", "25/03/28", "25/04/05 10:30")]
    found = read(engine, landing, progress, days)
    assert found[:2] == [datetime(2025, 12, 31), datetime(2025, 1, 2)] and found[4] == datetime(2025, 4, 5, 10, 30)
    assert [text for text in progress.said if "year, month, day" in text]


def test_what_can_be_nothing_else_needs_no_word(engine, landing, progress):
    assert read(engine, landing, progress, ["85/12/31", "99/05/13"]) == [datetime(1985, 12, 31), datetime(1999, 5, 13)]
    assert not progress.said


def test_one_value_that_would_be_of_the_future(engine, landing, progress):
    assert read(engine, landing, progress, ["25/12/31"]) == [datetime(2025, 12, 31)]


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (["31/12/25", "02/01/25", "09/11/24", "28/03/25"], datetime(2025, 12, 31)),
        (["12/31/25", "01/02/25", "11/09/24", "03/28/25"], datetime(2025, 12, 31)),
        (["05/03/21", "06/04/21"], datetime(2021, 5, 3)),
        (["25.12.20", "31.06.20", "01.02.20", "03.02.20", "17.02.20"], datetime(2020, 12, 25)),
    ],
)
def test_a_year_at_the_end_stays_there(engine, landing, progress, days, first):
    assert read(engine, landing, progress, days, country="US")[0] == first


def test_the_map_knows_it_better(engine, landing, progress):
    landing.put("shop", "orders", [{"id": str(n), "day": f"25/12/{n}"} for n in range(20, 30)])
    map_ = map_of("shop", "orders", "orders", {"ordered_at": "day"}).model_copy(update={"dates": "day first"})
    conform(engine, landing, [map_], "DE", progress)
    assert engine.value("SELECT min(ordered_at) FROM conformed.orders") == datetime(2020, 12, 25)


def test_a_map_may_say_it(engine, landing, progress):
    landing.put("shop", "orders", [{"id": "1", "day": "05/03/02"}])
    map_ = map_of("shop", "orders", "orders", {"ordered_at": "day"}).model_copy(update={"dates": "year first"})
    conform(engine, landing, [map_], "DE", progress)
    assert engine.value("SELECT ordered_at FROM conformed.orders") == datetime(2005, 3, 2)


def test_it_does_not_speak_for_its_neighbours(engine):
    engine.run("CREATE TABLE t AS SELECT * FROM (VALUES ('25/12/31'), ('24/11/09'), ('25/01/02'), ('25/07/28')) v(a)")
    landed = LandedObject("shop", "orders", "t", {"a": "VARCHAR"}, lambda: False)
    assert Neighbours(engine, [landed]).month_first("shop", "orders") is None


@given(st.dates(date(1999, 1, 1), date(2025, 1, 1)), st.sets(st.integers(0, 300), min_size=40, max_size=60))
@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_days_of_one_year_are_told_whatever_comes_first(engine, start, apart):
    days = [start + timedelta(days=n) for n in apart]
    for form, first in (("%y/%m/%d", True), ("%d/%m/%y", False), ("%m/%d/%y", False)):
        values = ", ".join(f"('{day:{form}}')" for day in days)
        engine.run(f"CREATE OR REPLACE TABLE days AS SELECT * FROM (VALUES {values}) v(a)")
        assert ("a" in year_first(engine, "days", ["a"])) is first

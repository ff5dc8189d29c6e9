"""Dates such as `Jan-18-24`: a month's name, the day, two digits of the year."""

import pytest

from fullcircle.engine.base import literal
from fullcircle.mapping.propose.sample import SHAPES
from fullcircle.mapping.reading.times import timestamp


@pytest.mark.parametrize(
    ("text", "read"),
    [("Jan-18-24", "2024-01-18"), ("Dec-01-99", "1999-12-01"), ("KET-12-05", "None"), ("Jan-32-24", "None")],
)
def test_a_month_with_a_short_year(engine, text, read):
    value = engine.value(f"SELECT {timestamp('t', 'US', 'true')} FROM (SELECT {literal(text)} AS t)")
    assert str(value)[:10] == read


def test_codes_have_not_the_shape_of_dates(engine):
    shapes = {
        text: engine.value(f"SELECT regexp_full_match({literal(text)}, {literal(SHAPES['date'])})")
        for text in ("Jan-18-24", "KET-12-05", "MUG-1-22")
    }
    assert shapes == {"Jan-18-24": True, "KET-12-05": False, "MUG-1-22": False}

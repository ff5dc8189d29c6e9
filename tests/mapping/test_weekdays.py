"""Dates with the day of the week, as content systems write them; where day and month are open, the day of the week decides."""

# ruff: noqa: E501 - words of many languages

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.base import literal
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from fullcircle.mapping.propose.sample import SHAPES
from fullcircle.mapping.reading.times import timestamp
from tests.mapping.test_conform import map_of
from tests.properties import examples

ENGINE = DuckDB(threads=1)
NAMES = {
    "en": "Mon Tue Wed Thu Fri Sat Sun", "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche", "es": "lunes martes miércoles jueves viernes sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag", "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela", "tr": "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
}  # fmt: skip


def read(text, country="DE", month_first="false"):
    return str(ENGINE.value(f"SELECT {timestamp('t', country, month_first)} FROM (SELECT {literal(text)} AS t)"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sun, 01/14/2024 - 08:03", "2024-01-14 08:03:00"), ("Sun, 14/01/2024 - 08:03", "2024-01-14 08:03:00"),
        ("Sunday, January 14, 2024 - 08:03", "2024-01-14 08:03:00"), ("2024-01-14T08:03", "2024-01-14 08:03:00"),
        ("Sunday, 14 January, 2024 - 08:03", "2024-01-14 08:03:00"), ("Sun, 2024-01-14 08:03", "2024-01-14 08:03:00"),
        ("So., 14.01.2024 - 08:03", "2024-01-14 08:03:00"), ("dim, 14/01/2024 - 08:03", "2024-01-14 08:03:00"),
        ("01/14/2024 - 8:03pm", "2024-01-14 20:03:00"), ("2024/01/14 - 08:03", "2024-01-14 08:03:00"),
        ("14/01/2024 | 08:03", "2024-01-14 08:03:00"), ("Thu, 02/01/2024 - 08:03", "2024-02-01 08:03:00"),
        ("Tue, 02/01/2024 - 08:03", "2024-01-02 08:03:00"), ("Tue 02-01-24", "2024-01-02 00:00:00"),
        ("mardi 02/01/2024 à 08:03", "2024-01-02 08:03:00"), ("02/01/2024 (Thu)", "2024-02-01 00:00:00"),
        ("Mon, 02/01/2024 - 08:03", "2024-01-02 08:03:00"),  # neither was a Monday: the column decides
        ("2024-01-14 10:00 - 11:00", "None"), ("Sun, 01/14/2024 - later", "None"),
    ],
)  # fmt: skip
def test_a_date_with_the_day_of_the_week_and_a_dash_before_the_time(text, found):
    assert read(text) == found


@settings(max_examples=examples(40), deadline=None)
@given(
    st.dates(datetime.date(1970, 1, 2), datetime.date(2068, 12, 31)), st.sampled_from(sorted(NAMES)), st.booleans(), st.booleans()
)
def test_the_order_of_day_and_month_follows_from_the_day_of_the_week(day, language, month_first, usual):
    name = NAMES[language].split()[day.weekday()]
    text = f"{name}, {day:%m/%d/%Y}" if month_first else f"{name}, {day:%d/%m/%Y}"
    other = datetime.date(day.year, day.day, day.month) if day.day <= 12 else day
    if other.weekday() != day.weekday():
        assert read(text, month_first=str(usual).lower())[:10] == day.isoformat()


def test_the_days_of_the_week_decide_for_the_whole_column(engine, landing, progress):
    written = {"1": "Thu, 02/01/2024 - 08:03", "2": "03/02/2024 - 09:00", "3": "Sat, 02/03/2024 - 10:15"}
    landing.put("shop", "orders", [{"id": key, "at": text} for key, text in written.items()])
    conform(engine, landing, [map_of("shop", "orders", "orders", {"ordered_at": "at"})], "DE", progress)
    found = {key: str(at) for key, at in engine.rows("SELECT key, ordered_at FROM conformed.orders")}
    assert found == {"1": "2024-02-01 08:03:00", "2": "2024-03-02 09:00:00", "3": "2024-02-03 10:15:00"}


def test_a_sample_knows_them_as_dates():
    for text in ("Sun, 01/14/2024 - 08:03", "Sunday, January 14, 2024 - 08:03", "01/14/2024 - 08:03", "So., 14.01.2024 - 08:03"):
        assert ENGINE.value(f"SELECT regexp_full_match({literal(text)}, {literal(SHAPES['date'])})"), text

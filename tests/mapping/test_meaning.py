"""What is written in a documented form is read with the same meaning or not at all: never with another meaning."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.reading.date_order import Neighbours
from fullcircle.mapping.staging import stage
from fullcircle.mapping.validate import validate
from fullcircle.model.progress import Silent
from fullcircle.model.tables import ORDERS
from tests.mapping.conftest import SmallLanding
from tests.mapping.test_conform import map_of
from tests.properties import examples

ENGINE = DuckDB(threads=1, memory="500MB")
SLOW = [HealthCheck.too_slow]
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))
DAYS = MOMENTS.map(lambda at: at.replace(hour=0, minute=0))
ORDERED = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")


def halves(words, form, before):
    """A writer of a moment with the half of the day in another language."""

    def write(at):
        clock = f"{at.hour % 12 or 12}:{at:%M}"
        half = words[at.hour >= 12]
        return f"{at:{form}} {half} {clock}" if before else f"{at:{form}} {clock} {half}"

    return write


LANGUAGES = (
    halves(("오전", "오후"), "%Y. %m. %d.", before=True), halves(("上午", "下午"), "%Y/%m/%d", before=True),
    halves(("午前", "午後"), "%Y年%m月%d日", before=True), halves(("π.μ.", "μ.μ."), "%d.%m.%Y", before=False),
    halves(("ÖÖ", "ÖS"), "%d.%m.%Y", before=False), halves(("a. m.", "p. m."), "%Y-%m-%d", before=False),
    halves(("de.", "du."), "%Y. %m. %d.", before=True),
)  # fmt: skip


def orders_of(rows, fields, country="US", **more):
    """What the fields of orders with these columns become, in their order; None for those in quarantine."""
    landing = SmallLanding(ENGINE, Path())
    ENGINE.run("DROP TABLE IF EXISTS landed_data_0")
    landing.put("shop", "orders", [{"id": f"{n:04}", **row} for n, row in enumerate(rows)])
    maps = validate(ENGINE, landing, [map_of("shop", "orders", "orders", fields, **more)], Silent())
    staged, _ = stage(ENGINE, ORDERS, maps, country, Silent(), Neighbours(ENGINE, [each.landed for each in maps]))
    found = ENGINE.rows(f"SELECT _reason IS NULL, ordered_at, amount, currency FROM {staged} ORDER BY key")
    assert len(found) == len(rows)
    return [values if fine else None for fine, *values in found]


@settings(max_examples=examples(4, soak=60), deadline=None, suppress_health_check=SLOW)
@given(st.lists(MOMENTS, min_size=1, max_size=12), st.sampled_from(ORDERED), st.sampled_from(["US", "DE"]), DAYS, st.booleans())
def test_a_date_means_the_same_where_its_column_or_another_tells(moments, form, country, other, beside):
    assume(other.day > 12)
    meant = moments if "M" in form else [at.replace(hour=0, minute=0) for at in moments]
    rows = [{"day": at.strftime(form), "ship": other.strftime(form) if beside else None} for at in moments]
    rows += [] if beside else [{"day": other.strftime(form)}]
    found = orders_of(rows, {"ordered_at": "day"}, country)[: len(moments)]
    assert [each and each[0] for each in found] == meant


@settings(max_examples=examples(3, soak=60), deadline=None, suppress_health_check=SLOW)
@given(st.lists(MOMENTS, min_size=1, max_size=8))
def test_a_half_of_the_day_means_the_same_in_every_language(moments):
    rows = [{"day": write(at)} for at in moments for write in LANGUAGES]
    found = orders_of(rows, {"ordered_at": "day"}, "DE")
    assert [each and each[0] for each in found] == [at for at in moments for _ in LANGUAGES]


@settings(max_examples=examples(4, soak=60), deadline=None, suppress_health_check=SLOW)
@given(st.lists(MOMENTS, min_size=1, max_size=12), st.sampled_from(ZONES), st.sampled_from(["header", "beside", "map", "cell"]))
def test_a_local_time_is_the_moment_it_was_in_its_zone(moments, zone, said):
    here = [at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in moments]
    once = [_only_once(at, zone) for at in here]
    column = f"at ({zone})" if said == "header" else "at"
    tail = f" {zone}" if said == "cell" else ""
    rows = [{column: at.strftime("%Y-%m-%d %H:%M:%S") + tail, **({"at_tz": zone} if said == "beside" else {})} for at in here]
    more = {"zone": zone} if said == "map" else {}
    found = orders_of(rows, {"ordered_at": column}, **more)
    assert [each[0] for each, sure in zip(found, once, strict=True) if sure] == [
        at for at, sure in zip(moments, once, strict=True) if sure
    ]


def _only_once(local, zone):
    """False for an hour that there is twice, when daylight saving ends."""
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first == second


@settings(max_examples=examples(3, soak=60), deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=12), st.sampled_from(["EUR", "CHF", "SEK", "USD"]),
    st.sampled_from(["Total ({})", "Betrag in {}", "total_{}", "Summe [{}]"]), st.sampled_from(["1,234.50", "1.234,50"]),
)  # fmt: skip
def test_an_amount_keeps_the_currency_of_its_header(amounts, currency, header, style):
    header = header.format(currency.lower() if "_" in header else currency)
    texts = [f"{amount:,.2f}" for amount in amounts]
    if style == "1.234,50":
        texts = [text.replace(",", "g").replace(".", ",").replace("g", ".") for text in texts]
    found = orders_of([{header: text} for text in texts], {"amount": header})
    assert [tuple(each[1:]) for each in found] == [(amount, currency) for amount in amounts]


@settings(max_examples=examples(3, soak=60), deadline=None, suppress_health_check=SLOW)
@given(st.lists(DAYS, min_size=1, max_size=8))
def test_a_week_a_quarter_and_a_month_are_never_a_day(days):
    forms = ("%G-W%V", "W%V %G", "%Y-%m", "%m/%Y", "%Y%m", "%b %Y", "Q1 %Y", "FY%Y", "KW %V %G", "week %V")
    assert orders_of([{"day": day.strftime(form)} for day in days for form in forms], {"ordered_at": "day"}) == [None] * (
        len(days) * len(forms)
    )


def test_the_hour_that_is_skipped_is_the_one_after():
    found = orders_of([{"at": "2025-03-30 02:30:00"}], {"ordered_at": "at"}, zone="Europe/Berlin")
    assert found[0][0] == datetime(2025, 3, 30, 0, 30) + timedelta(hours=1)

"""What must hold for any text: cleaning is idempotent and never fails, conform loses no row."""

import string
from datetime import datetime, timedelta

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import MapSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading import contacts, names, places
from fullcircle.mapping.reading.phones import phones
from fullcircle.mapping.reading.steps import cleaned
from fullcircle.mapping.reading.values import typed
from fullcircle.model.progress import Silent
from tests.mapping.conftest import SmallLanding
from tests.properties import examples

ENGINE = DuckDB(threads=1, memory="500MB")
CHAINS = {
    "given": names.GIVEN, "family": names.FAMILY, "middle": names.MIDDLE, "organisation": names.ORGANISATION,
    "email": contacts.EMAIL, "number": contacts.NUMBER, "handle": contacts.HANDLE,
    "street": places.STREET, "city": places.CITY, "region": places.REGION,
}  # fmt: skip
PIECES = st.sampled_from(
    [
        "Dr.", "Jr", "van", "de", "la",
        "O'", "mc", "-", ",", ".", " ", "  ", "St", "Street", "straße", "str.", "1st", "12b", "ß",
        "İ", "ı", "é", "e\u0301", "王", "ﬁ", "@", "x.org", "mailto:", "<", ">", '"', "'", "(", ")", "+", "00", "555",
        "n/a", "null",
        "III", "\t", "\u200b", "\u00a0", "NW", "Nevada", "PhD", "/", ";", "noreply", "A", "b", "ǆ", "ŉ", "Σ", "ς",
    ]
)  # fmt: skip
LETTERS = st.text(string.ascii_letters + string.digits + " .,'-/@+", max_size=12)
TEXT = st.one_of(st.lists(st.one_of(PIECES, LETTERS), max_size=7).map("".join), st.text(max_size=20))
MANY = st.lists(TEXT, min_size=1, max_size=25)


@settings(max_examples=examples(25, soak=300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(CHAINS)), MANY)
def test_cleaning_twice_is_cleaning_once(kind, values):
    values = [value.encode("utf-8", "ignore").decode().replace("\x00", "") for value in values]
    once = cleaned(ENGINE, values, CHAINS[kind])
    assert cleaned(ENGINE, once, CHAINS[kind]) == once


@settings(max_examples=examples(10, soak=125), deadline=None)
@given(
    st.lists(st.text("0123456789+-() /x.", min_size=1, max_size=18), min_size=1, max_size=20), st.sampled_from(["US", "DE", "GB"])
)
def test_phones_cleaned_twice_are_cleaned_once(values, country):
    def clean(raws):
        with ENGINE.register(
            "any_phones", pa.table({"raw": pa.array(raws, pa.string()), "country": pa.nulls(len(raws), pa.string())})
        ):
            phones(ENGINE, "clean_phones", "SELECT raw, country FROM any_phones", country)
        found = dict(ENGINE.rows("SELECT raw, x FROM clean_phones"))
        return [found.get(raw) for raw in raws]

    once = clean(values)
    assert clean(once) == once


AMOUNTS = st.decimals(-(10**9), 10**9, places=2)
BEFORE, AFTER = ("", "$", "€ ", "kr ", "CHF ", "R$ ", "Rs. "), ("", " €", " zł", " Kč", " USD", " kr.")


def written(amount, mark, point, sign):
    """The amount as people write it, with a mark, groups of digits, a decimal sign and a sign at some place."""
    group = {".": ",", ",": "."}[point]
    text = f"{abs(amount):,.2f}".replace(",", "g").replace(".", point).replace("g", group)
    text = mark[0] + text + mark[1]
    return {"plain": text, "before": sign + text, "after": text + sign, "brackets": f"({text})"}[
        "plain" if amount >= 0 else "brackets" if sign == "(" else "before" if mark[1] else "after"
    ]


@settings(max_examples=examples(5, soak=100), deadline=None)
@given(
    st.lists(AMOUNTS, min_size=1, max_size=20), st.sampled_from(BEFORE), st.sampled_from(AFTER), st.sampled_from(".,"),
    st.sampled_from(["-", "\u2212", "\u2013", "("]),
)  # fmt: skip
def test_an_amount_is_read_as_it_was_meant(amounts, before, after, point, sign):
    mark = (before, "" if before else after)
    texts = [written(amount, mark, point, sign) for amount in amounts]
    assert numbers_in(texts) == amounts


def numbers_in(texts):
    with ENGINE.register("few_numbers", pa.table({"n": range(len(texts)), "t": pa.array(texts, pa.string())})):
        return [row[0] for row in ENGINE.rows(f"SELECT {typed('t', 'DECIMAL(18,4)', 'US')} FROM few_numbers ORDER BY n")]


@settings(max_examples=examples(5, soak=100), deadline=None)
@given(st.lists(st.text("0123456789.,'-()%/ $€kr\u2212", max_size=12), min_size=1, max_size=30))
def test_a_number_never_loses_or_gains_a_digit(texts):
    for text, value in zip(texts, numbers_in(texts), strict=True):
        if value is not None and "%" not in text:
            digits = "".join(each for each in text if each.isdigit()).strip("0")
            assert "".join(each for each in str(value) if each.isdigit()).strip("0") == digits or len(digits) > 12


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2060, 1, 1)).map(lambda at: at.replace(microsecond=0))
FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S Z", "%Y-%m-%d %I:%M:%S %p", "%d.%m.%Y %H:%M:%S",
    "%b %d %Y %I:%M:%S%p", "%a %b %d %Y %H:%M:%S GMT+0000 (UTC)", "%d %B %Y %H:%M:%S", "%a, %d %b %Y %H:%M:%S +0000",
    "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%d-%b-%Y %H:%M:%S",
)  # fmt: skip


@settings(max_examples=examples(5, soak=100), deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20), st.integers(-12, 14))
def test_a_moment_is_read_in_every_form(moments, hours):
    zoned = [(at - timedelta(hours=-hours)).strftime("%Y-%m-%d %H:%M:%S") + f" {hours:+03d}00" for at in moments]
    texts = [at.strftime(form) for at in moments for form in FORMS] + zoned
    meant = [at for at in moments for _ in FORMS] + moments
    with ENGINE.register("few_moments", pa.table({"n": range(len(texts)), "t": pa.array(texts, pa.string())})):
        found = [row[0] for row in ENGINE.rows(f"SELECT {typed('t', 'TIMESTAMP', 'US')} FROM few_moments ORDER BY n")]
    assert found == meant


@settings(max_examples=examples(8, soak=100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MANY)
def test_no_text_breaks_the_reading(values):
    values = [value.encode("utf-8", "ignore").decode().replace("\x00", "") for value in values]
    with ENGINE.register("any_texts", pa.table({"t": pa.array(values, pa.string())})):
        kinds = ("TIMESTAMP", "DATE", "DECIMAL(18,4)", "BIGINT", "DOUBLE", "BOOLEAN")
        ENGINE.rows(f"SELECT {', '.join(typed('t', kind, 'US') for kind in kinds)} FROM any_texts")
    for parts in cleaned(ENGINE, values, (*names.FULL, names.PARTS)):
        assert parts is None or not {(parts["g"] or "").lower()} & {"and", "und", "&", "et", "mr", "mrs", "herr", "frau"}


ROW = st.fixed_dictionaries(
    {
        "name": st.one_of(st.none(), TEXT),
        "amount": st.one_of(st.none(), TEXT, st.decimals(-(10**6), 10**6, places=2).map(str)),
        "day": st.one_of(st.none(), TEXT, st.dates().map(str), st.datetimes().map(str)),
        "who": st.one_of(st.none(), st.integers(0, 5).map(str)),
    }
)


@settings(max_examples=examples(4, soak=40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, min_size=1, max_size=30))
def test_no_row_is_lost(tmp_path_factory, rows):
    engine = DuckDB(threads=1, memory="500MB")
    clean = [{k: v and v.encode("utf-8", "ignore").decode().replace("\x00", "") for k, v in row.items()} for row in rows]
    landing = SmallLanding(engine, tmp_path_factory.mktemp("landing"))
    columns = ["name", "amount", "day", "who"]
    landing.put("s", "people", [{**row, "_key": str(n)} for n, row in enumerate(clean)], columns=columns)
    landing.put("s", "orders", [{**row, "_key": str(n)} for n, row in enumerate(clean)], columns=columns)
    fields = {"full_name": {"field": "name"}, "birth_text": {"field": "day"}, "street": {"field": "amount"}}
    more = {"amount": {"field": "amount"}, "ordered_at": {"field": "day"}, "record_id": {"field": "who", "ref": "people"}}
    maps = [
        MapSettings.model_validate({"source": "s", "object": "people", "to": "records", "fields": fields}),
        MapSettings.model_validate({"source": "s", "object": "orders", "to": "orders", "fields": more}),
    ]
    counts = conform(engine, landing, maps, "US", Silent())
    assert counts["records"] == len(rows)  # nothing in a record is so wrong that the person is lost
    assert counts["orders"] + counts["quarantine"] == len(rows)
    assert engine.value("SELECT count(*) FROM conformed.orders WHERE NOT starts_with(order_id, 'order:s:orders:')") == 0
    engine.close()

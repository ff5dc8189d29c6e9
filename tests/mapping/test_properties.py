"""What must hold for any text: cleaning is idempotent and never fails, conform loses no row."""

import string

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import MapSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping import contacts, names, places
from fullcircle.mapping.conform import conform
from fullcircle.mapping.phones import phones
from fullcircle.mapping.steps import cleaned
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

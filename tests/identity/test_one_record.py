"""The features of one record that Python makes are those that the SQL of a run makes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import prepare
from fullcircle.identity.explain import fill
from fullcircle.identity.fold import STREET_WORDS, TITLES
from fullcircle.identity.one_record import features_of, signs_of
from fullcircle.identity.prepare import WORK
from tests.properties import examples

NAMES = (
    "Ada", "ada-marie", "O'Neil", "Mr. Tom", "Dr", "Bob", "Robert", "Keller Jr.", "III", "van der Berg", "X", "M'", "Mc Coy iv",
    "Smith", "Smyth", " Lee ", "", "!!", "Lady", "Anna Maria Luisa", "jr", "AA", "Rossitti", "9", "Tom & Ann", "a\tb",
)  # fmt: skip
FULL = ("Keller, Ada Maria", "Ada Keller", "Mr Tom Lee Junior", "Lee", "Lee, Tom, jr", "Dr. Dr. Ann van Dam", ",", "Tom Lee III")
FIRMS = ("The Acme Co. Ltd", "I B M Corp", "A B GmbH", "ACME Holding and Sons plc", "Ltd", "the", "J & K", "X Y Z")
STREETS = (
    "12 North Elm Street Apt 3",
    "Hauptstrasse 7",
    "PO Box 9",
    "Elm St",
    "Street 12",
    "7",
    "12-14 The Old Road",
    "St 1",
    "?",
)
MAILS = ("ada.keller+x@gmail.com", "A.K@Googlemail.com", "ada@web.example", "keller1815@web.example", "no-at", "@", "a@b@c",
         "robert.smith@web.example", "  ")  # fmt: skip
KINDS = ("email", "phone", "device", "tax", "passport", "loyalty", "handle", "fax", "something", "domain")
VALUES = (*MAILS, "+12175550100", "12 34", " AB-1 ", "x")


def some(values: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    plain = st.text(alphabet="abO .,'-1+@", max_size=12)
    return st.one_of(st.none(), st.sampled_from(values), plain)


ADDRESS = {"street": some(STREETS), "city": some(("Town", "St. Ives", "")), "postcode": some(("62701", "AB1 2CD", "12", ""))}
RECORD = st.fixed_dictionaries(
    {
        "kind": st.sampled_from((None, "person", "Person", "organisation", "Organization", "")),
        "given_name": some(NAMES), "family_name": some(NAMES), "middle_name": some(NAMES), "full_name": some(FULL),
        "full_name_raw": some(FULL), "organisation": some(FIRMS), "gender": some(("male", " F", "x")),
        "birth_date": st.one_of(st.none(), st.dates(date(900, 1, 1)), st.sampled_from((date(1990, 1, 1), date(1980, 5, 17)))),
        "email": some(MAILS), "phone": some(("+12175550100", "1")), **ADDRESS,
        "identifiers": st.lists(st.fixed_dictionaries({"kind": st.sampled_from(KINDS), "value": some(VALUES)}), max_size=4),
        "addresses": st.lists(st.fixed_dictionaries(ADDRESS), max_size=2),
    }
)  # fmt: skip


def by_sql(records: list[dict[str, Any]], shared: pa.Table) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    engine = DuckDB(threads=1)
    fill(engine, records)
    with prepare.scratch(engine):
        prepare.prepare(engine, 3, shared)
        rows = engine.arrow(f"SELECT * EXCLUDE (code, first_copy, copies, place) FROM {WORK}.features ORDER BY record_id")
        return rows.to_pylist(), dict(engine.rows(f"FROM {WORK}.nicknames"))


def marks(records: list[dict[str, Any]]) -> pa.Table:
    """Every third fingerprint of what the records have is shared, and every third junk."""
    engine = DuckDB(threads=1)
    fill(engine, records)
    with prepare.scratch(engine):
        prepare._names(engine)
        prepare._found_identifiers(engine)
        prepare._found_addresses(engine)
        return engine.arrow(f"""
            SELECT fingerprint, CASE fingerprint % 3 WHEN 0 THEN 'shared' ELSE 'junk' END AS state FROM (
                SELECT fingerprint FROM {WORK}.found_identifiers
                UNION SELECT unnest([{prepare.PLACE}, {prepare.POSTCODE}]) FROM {WORK}.found_addresses
                UNION SELECT {prepare.BIRTH} FROM {WORK}.names)
            WHERE fingerprint % 3 < 2""")


def check(records: list[dict[str, Any]]) -> None:
    records = [{**record, "record_id": f"record:a:b:{number:04}"} for number, record in enumerate(records)]
    shared = marks(records)
    states = dict(zip(shared["fingerprint"].to_pylist(), shared["state"].to_pylist(), strict=True))
    expected, nicknames = by_sql(records, shared)
    signs = signs_of(DuckDB(threads=1))
    for record, row in zip(records, expected, strict=True):
        found = features_of(record, states, nicknames, signs)
        assert found is not None
        assert {name: found.features.get(name) for name in row if name != "record_id"} == {
            name: value for name, value in row.items() if name != "record_id"
        }, record


@settings(max_examples=examples(15), deadline=None, phases=(Phase.generate,))
@given(st.lists(RECORD, min_size=1, max_size=60))
def test_python_and_sql_agree(records: list[dict[str, Any]]) -> None:
    check(records)


def test_python_and_sql_agree_on_every_list_of_words() -> None:
    check(
        [{"full_name": f"{title} Ada Lee", "street": f"9 {word} Elm", "organisation": f"Elm {word}"}
         for title, word in zip([*TITLES.split("|"), *["Mr"] * len(STREET_WORDS)], STREET_WORDS, strict=False)]
        + [{"given_name": name} for name in ("Bob", "Robert", "Liz", "Peggy")]
    )  # fmt: skip


@pytest.mark.parametrize("record", [{"given_name": "Zoë"}, {"birth_date": "1.2.1990"}, {"identifiers": [{"value": "é"}]}])
def test_what_only_sql_can_read_is_left_to_it(record: dict[str, Any]) -> None:
    assert features_of(record, {}, {}, {}) is None

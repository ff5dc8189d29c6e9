"""Cleaning of ASCII values takes shorter patterns: the results are the same, whatever the values are."""

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.reading import contacts, names, phones, places
from fullcircle.mapping.reading.steps import chain, for_values, narrowed
from tests.properties import examples

CLEANERS = {
    "full name": names.FULL, "given name": names.GIVEN, "middle name": names.MIDDLE, "family name": (names.cased(family=True),),
    "organisation": names.ORGANISATION, "email": contacts.EMAIL, "phone": phones.BARE, "phones in a cell": phones.PARTS,
    "street": (*names.TIDY, places.SPLIT),
}  # fmt: skip
WORDS = st.sampled_from([
    "dr.", "prof", "Dipl.-Ing.", "mr", "&", "and", "y", "von", "O'Neil", "mcdonald", "II", "jr,", "(deceased)", "the", "smiths",
    "family", "Main", "St.", "str.", "12b", "/", "+41", "44", "333-4455", "ext", "12", "x@example.org", ";", "|", "J.", "c/o",
])  # fmt: skip
ASCII = st.lists(WORDS | st.text(st.characters(max_codepoint=127, exclude_characters="\x00"), max_size=6), max_size=6).map(
    " ".join
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    made = DuckDB(threads=1)
    yield made
    made.close()


def results(engine: DuckDB, values: Sequence[str], sql: str) -> list[tuple[str, object]]:
    engine.run("CREATE OR REPLACE TEMP TABLE given_values (raw VARCHAR)")
    for value in values:
        engine.run("INSERT INTO given_values VALUES ($value)", {"value": value})
    return engine.rows(f"{sql} ORDER BY raw")


@pytest.mark.parametrize("cleaner", CLEANERS)
@settings(max_examples=examples(6, soak=400), deadline=None)
@given(values=st.lists(ASCII, min_size=1, max_size=12, unique=True))
def test_short_patterns_give_the_same(engine: DuckDB, cleaner: str, values: list[str]) -> None:
    sql = chain("(SELECT raw, raw AS x FROM given_values)", CLEANERS[cleaner])
    assert results(engine, values, narrowed(sql)) == results(engine, values, sql)


@pytest.mark.parametrize("cleaner", CLEANERS)
def test_every_class_of_letters_stands_in_brackets(cleaner: str) -> None:
    whole = " ".join(CLEANERS[cleaner])
    sql = narrowed(whole)
    outside = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", sql)
    assert "A-Z" not in outside
    assert sql.count("[]") == whole.count("[]"), "a class that is only marks would be empty"


def test_one_value_of_another_script_takes_the_whole_pattern(engine: DuckDB) -> None:
    engine.run("CREATE OR REPLACE TEMP TABLE few AS SELECT unnest(['Ada', 'Zoë']) AS raw")
    assert for_values(engine, "few", r"[\p{L}]") == r"[\p{L}]"
    engine.run("DELETE FROM few WHERE raw = 'Zoë'")
    assert for_values(engine, "few", r"[\p{L}]") == "[A-Za-z]"
    engine.run("DELETE FROM few")
    assert for_values(engine, "few", r"[\p{L}]") == ""

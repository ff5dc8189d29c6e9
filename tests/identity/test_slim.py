"""Many pairs are compared in a form without lists: the levels of every comparison are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import prepare, score, slim
from fullcircle.identity.model import ORGANISATION, PERSON, default
from tests.identity.town import build, organisation, person
from tests.properties import examples

GIVEN = st.sampled_from([None, "Anna", "Ann", "Nan", "Daniel", "Danielle", "Jo", "J", "Li"])
FAMILY = st.sampled_from([None, "Smith", "Smyth", "Anna", "de la Cruz", "Cruz Vega", "Li"])
MAILS = st.lists(
    st.sampled_from([f"{name}@web.example" for name in ("ann.smith", "nna.smith", "a", "joanna", "info")]), max_size=4
)
PHONES = st.lists(st.sampled_from(["+4420111", "+4420222", "+4420333"]), max_size=3)
NUMBERS = st.lists(
    st.tuples(st.sampled_from(["tax", "passport"]), st.sampled_from(["1234567890", "1234567891", "77"])), max_size=3
)
STREETS = st.sampled_from([None, "1 Elm Street", "2 Elm Street", "1 Oak Road"])
PLACES = st.lists(st.tuples(STREETS, st.sampled_from([None, "Leeds"]), st.sampled_from([None, "LS1 1AA", "LS1 2BB"])), max_size=3)
PEOPLE = st.lists(st.tuples(GIVEN, FAMILY, MAILS, PHONES, NUMBERS, PLACES), min_size=2, max_size=6)


def tables(people: list) -> DuckDB:
    records, identifiers, addresses = [], [], []
    for number, (first, last, mails, phones, numbers, places) in enumerate(people):
        one = (
            person(str(number), first, last)
            if number % 4
            else organisation(str(number), f"{first or 'Elm'} {last or 'Oak'} Trading House")
        )
        records.append(one)
        identifiers += [(one["record_id"], "email", value) for value in mails]
        identifiers += [(one["record_id"], "phone", value) for value in phones]
        identifiers += [(one["record_id"], kind, value) for kind, value in numbers]
        addresses += [
            {"address_row": f"{number}-{place}", "record_id": one["record_id"], "street": street, "city": city, "postcode": code,
             "source": "town", "object": "x", "key": f"{number}-{place}"}
            for place, (street, city, code) in enumerate(places)
        ]  # fmt: skip
    engine = DuckDB(threads=1)
    build(engine, records, identifiers, addresses)
    return engine


def levels(people: list, many: int) -> list[tuple]:
    engine, found = tables(people), []
    with prepare.scratch(engine), pytest.MonkeyPatch.context() as patch:
        patch.setattr(slim, "MANY", many)
        patch.setattr(slim, "EACH", 0)
        prepare.prepare(engine, 3)
        for kind in (PERSON, ORGANISATION):
            engine.run(f"""
                CREATE OR REPLACE TABLE {prepare.WORK}.pairs AS
                SELECT a.code AS join_key_l, b.code AS join_key_r, CAST(0 AS UBIGINT) AS match_key
                FROM {prepare.WORK}.names a JOIN {prepare.WORK}.names b ON a.code < b.code AND a.kind = b.kind
                WHERE a.kind = '{kind}'""")
            score.compare(engine, default(kind, 100), "pairs", "found")
            found += engine.rows(f"FROM {prepare.WORK}.found ORDER BY code_a, code_b")
    engine.close()
    return found


def features(people: list, few: int) -> list[tuple]:
    engine = tables(people)
    with prepare.scratch(engine), pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepare, "FEW", few)
        prepare.prepare(engine, 3)
        found = engine.rows(f"FROM {prepare.WORK}.features ORDER BY code")
    engine.close()
    return found


@settings(max_examples=examples(3, soak=100))
@given(PEOPLE)
def test_the_features_of_few_records_are_those_of_many(people):
    assert features(people, few=0) == features(people, few=10**9)


@settings(max_examples=examples(4, soak=300))
@given(PEOPLE)
def test_the_levels_are_the_same_with_lists_and_without(people):
    assert levels(people, many=0) == levels(people, many=10**9)


def test_records_with_many_values_and_with_none_are_compared_alike():
    mails = [f"anna{number}@web.example" for number in range(5)]
    people = [
        ("Anna", "Smith", [], [], [], []),
        ("Anna", "de la Cruz", mails, ["+4420111", "+4420222", "+4420333"], [("tax", "1234567890"), ("passport", "77")], []),
        ("Li", "Li", mails[4:], ["+4420333"], [("tax", "1234567891")], [("1 Elm Street", "Leeds", "LS1"), (None, "Leeds", None)]),
        ("Danielle", "Cruz Vega", mails[3:], [], [("passport", "77")], [("2 Elm Street", "Leeds", None)]),
        ("Nan", "Li", [], ["+4420111"], [], []),
        ("Li", "Yi", mails[:1], [], [], [("1 Elm Street", None, "LS1 1AA"), ("1 Oak Road", "Leeds", "LS1 2BB")]),
    ]  # fmt: skip
    found = levels(people, many=0)
    assert found == levels(people, many=10**9)
    assert found

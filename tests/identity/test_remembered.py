"""Pairs that were compared before are recalled: after any change the levels are those of a first run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import prepare, remembered, score, slim
from fullcircle.identity.model import ORGANISATION, PERSON, default
from tests.identity.test_slim import PEOPLE, tables
from tests.properties import examples


def levels(engine: DuckDB) -> list[tuple]:
    """The levels of all pairs of the engine's records, by the ids of these."""
    found = []
    with prepare.scratch(engine):
        prepare.prepare(engine, 3)
        for kind in (PERSON, ORGANISATION):
            engine.run(f"""
                CREATE OR REPLACE TABLE {prepare.WORK}.pairs AS
                SELECT a.code AS join_key_l, b.code AS join_key_r, CAST(a.code AS UBIGINT) AS match_key
                FROM {prepare.WORK}.names a JOIN {prepare.WORK}.names b ON a.code < b.code AND a.kind = b.kind
                WHERE a.kind = '{kind}'""")
            score.compare(engine, default(kind, 100), "pairs", "found")
            found += engine.rows(f"FROM {prepare.WORK}.found ORDER BY code_a, code_b")
    return found


def kept_pairs(engine: DuckDB) -> int:
    return sum(engine.count(table) for kind in (PERSON, ORGANISATION) for table in remembered.kept_tables(engine, kind))


def become(engine: DuckDB, people: list) -> None:
    """Give an engine the records of other people."""
    other = tables(people)
    for table in ("records", "identifiers", "addresses"):
        with engine.register("given", other.arrow(f"FROM {table}")):
            engine.run(f"CREATE OR REPLACE TABLE {table} AS FROM given")
    other.close()


@settings(max_examples=examples(6, soak=200), deadline=None)
@given(st.lists(PEOPLE, min_size=2, max_size=4))
def test_after_any_history_the_levels_are_those_of_a_first_run(states):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slim, "MANY", 0)
        kept = tables(states[0])
        for people in states:
            become(kept, people)
            fresh = tables(people)
            assert levels(kept) == levels(fresh)
            assert kept_pairs(kept) <= 2 * kept_pairs(fresh) + 30, "what is of changed records does not gather"
            fresh.close()
        kept.close()


def test_only_the_pairs_of_changed_records_are_compared(monkeypatch):
    monkeypatch.setattr(slim, "MANY", 0)
    compared = []
    real = score.compare_anew
    monkeypatch.setattr(
        score, "compare_anew", lambda engine, model, pairs, into: (compared.append(engine.count(f"{prepare.WORK}.{pairs}")),
                                                               real(engine, model, pairs, into))
    )  # fmt: skip
    people = [("Anna", "Smith", [f"a{n}@web.example"], [], [], []) for n in range(7)]
    engine = tables(people)
    first = levels(engine)
    assert sum(compared) == 10 + 1
    compared.clear()
    assert levels(engine) == first
    assert sum(compared) == 0
    become(engine, [*people[:6], ("Anna", "Smyth", ["a6@web.example"], [], [], [])])
    levels(engine)
    assert sum(compared) == 4, "one of five people changed"
    engine.close()


def test_an_email_that_others_begin_or_cease_to_use_is_seen(monkeypatch):
    monkeypatch.setattr(slim, "MANY", 0)
    ann = [("Anna", "Smith", ["a@web.example"], [], [], []), ("Anna", "Smith", ["a@web.example"], [], [], [])]
    ann = [("Elm", "Oak", [], [], [], []), *ann]
    others = [(given, family, ["a@web.example"], [], [], []) for given, family in (("Bo", "Ito"), ("Cy", "Lund"), ("Di", "Mora"))]
    kept = tables(ann)
    alone = levels(kept)
    become(kept, [*ann, *others])
    fresh = tables([*ann, *others])
    shared = levels(kept)
    assert shared == levels(fresh)
    assert len(alone) == 1
    assert alone[0][3:] not in [row[3:] for row in shared], "the e-mail is used under several names now"
    become(kept, ann)
    assert levels(kept) == alone
    fresh.close()
    kept.close()

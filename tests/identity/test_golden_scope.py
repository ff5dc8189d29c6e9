"""Golden records made again of the customers that changed are those of making all again, after any changes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine import changes as small_tables
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import golden, golden_scope, households, prepare
from fullcircle.model.tables import MEMBERS
from tests.identity.town import build, person
from tests.properties import examples

RECORDS, PEOPLE = 14, 6
MADE = ("customers", "provenance", "households", "household_members")
# Each change has a first and a second number, small ones.
CHANGES = (
    "UPDATE records SET given_name = 'Ida {b}', full_name = 'Ida {b} Kern' WHERE key = '{a}'",
    "UPDATE records SET family_name = 'Körn', full_name = 'Ida Körn' WHERE key = '{a}'",
    "UPDATE records SET family_name = NULL, given_name = NULL, full_name = 'Ida Kern' WHERE key = '{a}'",
    "UPDATE records SET middle_name = 'M{b}' WHERE key = '{a}'",
    "UPDATE records SET email = 'e{b}@post.example' WHERE key = '{a}'",
    "UPDATE records SET undeliverable = email WHERE key = '{a}'",
    "UPDATE records SET updated_at = TIMESTAMP '2025-01-01' + INTERVAL {b} DAY WHERE key = '{a}'",
    "UPDATE records SET retired = 'yes' WHERE key = '{a}'",
    "UPDATE records SET merged_into = 'record:town:people:{b}' WHERE key = '{a}'",
    "UPDATE records SET street = 'Hill Street', postcode = '{b}' WHERE key = '{a}'",
    "UPDATE records SET street = '{b} Hill Street', city = 'Ham' WHERE key = '{a}'",
    "UPDATE records SET source = 'shop', account_id = 'account:{b}' WHERE key = '{a}'",
    "UPDATE records SET kind = 'organisation', organisation = 'Kern {b} Ltd' WHERE key = '{a}'",
    "UPDATE records SET deceased = 'yes', birth_date = NULL WHERE key = '{a}'",
    "INSERT INTO identifiers (identifier_row, record_id, kind, value) "
    "VALUES ('n{a}-{b}', 'record:town:people:{a}', 'email', 'f{b}@post.example')",
    "DELETE FROM identifiers WHERE record_id = 'record:town:people:{a}'",
    "UPDATE members SET customer_id = 'customer:{b}' WHERE record_id = 'record:town:people:{a}'",
    "UPDATE members SET customer_id = 'customer:new{a}' WHERE record_id = 'record:town:people:{a}'",
    "DELETE FROM members WHERE record_id = 'record:town:people:{a}'; DELETE FROM records WHERE key = '{a}'",
)


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """In so small a world, whatever changes is much of it."""
    monkeypatch.setattr(golden_scope, "MOST", 1000)
    monkeypatch.setattr(small_tables, "SMALL", 0)


def town() -> Engine:
    engine = DuckDB(threads=1)
    build(engine, [
        person(str(n), f"Ida {n % 3}", "Kern", email=f"e{n % 4}@post.example", phone=f"+4930{n % 3}", city="Ham",
               street=f"{n % 4} Hill Street", updated_at=datetime(2024, 1, 1 + n % 9), birth_date=date(1980, 1, 1 + n % 2))
        for n in range(RECORDS)
    ])  # fmt: skip
    engine.run(MEMBERS.ddl())
    engine.run(f"INSERT INTO members SELECT record_id, 'customer:' || (CAST(key AS INTEGER) % {PEOPLE}), 5, 'score' FROM records")
    return engine


def make(engine: Engine, prefer: tuple[str, ...] = (), together: bool = True) -> dict[str, list[tuple[object, ...]]]:
    with prepare.scratch(engine):
        prepare.prepare(engine, 5)
        golden.make_golden(engine, prefer)
        households.make_households(engine, together)
    return {table: engine.rows(f"FROM {table} ORDER BY ALL") for table in MADE}


def make_all(engine: Engine, prefer: tuple[str, ...] = (), together: bool = True) -> dict[str, list[tuple[object, ...]]]:
    engine.run("DROP SCHEMA IF EXISTS golden_made CASCADE")
    return make(engine, prefer, together)


def scoped(engine: Engine, monkeypatch: pytest.MonkeyPatch, prefer: tuple[str, ...] = ()) -> bool:
    """Make the golden records; True if only those of customers that changed."""
    seen: list[bool] = []
    begin = golden_scope.begin
    monkeypatch.setattr(golden_scope, "begin", lambda *given: seen.append(begin(*given)) or seen[0])
    make(engine, prefer)
    monkeypatch.setattr(golden_scope, "begin", begin)
    return seen[0]


numbers = st.integers(0, RECORDS - 1)
histories = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(CHANGES), numbers, st.integers(0, 9)), max_size=4),
        st.sampled_from([(), (), ("shop",)]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=examples(8, soak=300), deadline=None)
@given(histories)
def test_what_changed_made_again_is_all_made_again(history):
    engine, whole = town(), town()
    make(engine)
    for changes, prefer, together in history:
        for text, a, b in changes:
            for one in (engine, whole):
                one.run(text.format(a=a, b=b))
        found, expected = make(engine, prefer, together), make_all(whole, prefer, together)
        for table in MADE:
            assert found[table] == expected[table], table
    engine.close()
    whole.close()


def test_only_customers_that_changed_are_made_again(monkeypatch):
    engine = town()
    make(engine)
    before = dict(engine.rows("SELECT customer_id, rowid FROM customers"))
    engine.run("UPDATE records SET city = 'Wells' WHERE key = '3'")
    assert scoped(engine, monkeypatch)
    after = dict(engine.rows("SELECT customer_id, rowid FROM customers"))
    assert {id for id, place in after.items() if before[id] != place} == {"customer:3"}


@pytest.mark.parametrize(
    "lost",
    [
        "DROP TABLE golden_made.state", "DROP TABLE golden_made.customers", "DROP TABLE provenance",
        "UPDATE golden_made.state SET version = 'another'", "DELETE FROM customers WHERE customer_id = 'customer:1'",
    ],
)  # fmt: skip
def test_without_a_part_of_the_state_all_are_made_again(monkeypatch, lost):
    engine = town()
    expected = make(engine)
    engine.run(lost)
    assert not scoped(engine, monkeypatch)
    assert scoped(engine, monkeypatch)
    assert make(engine) == expected


def test_other_preferred_sources_make_all_again(monkeypatch):
    engine = town()
    make(engine)
    assert not scoped(engine, monkeypatch, ("shop",))


def test_all_are_made_again_on_demand():
    engine = town()
    make(engine)
    engine.run("UPDATE customers SET city = 'Elsewhere'")
    with prepare.scratch(engine):
        prepare.prepare(engine, 5)
        golden.make_golden(engine, (), whole=True)
    assert engine.rows("SELECT DISTINCT city FROM customers") == [("Ham",)]


def test_where_much_changed_all_are_made_again(monkeypatch):
    monkeypatch.setattr(golden_scope, "MOST", 0.2)
    engine = town()
    make(engine)
    engine.run("UPDATE records SET city = 'Wells'")
    assert not scoped(engine, monkeypatch)


def test_what_breaks_off_is_made_good_by_the_next(monkeypatch):
    engine, whole = town(), town()
    make(engine)
    for one in (engine, whole):
        one.run("UPDATE records SET given_name = 'Ada' WHERE key = '3'")
    run = DuckDB.run

    def killed(self: DuckDB, sql: str, *more: object) -> None:
        if sql.startswith("INSERT INTO provenance"):
            raise KeyboardInterrupt
        run(self, sql, *more)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(DuckDB, "run", killed)
        make(engine)
    assert make(engine) == make(whole)

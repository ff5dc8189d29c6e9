"""A table that is brought to the rows of a SELECT has exactly these, and rows that stay are not written again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine import changes
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring, bring_once
from fullcircle.engine.duckdb import DuckDB
from tests.properties import examples


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = DuckDB()
    made.run("CREATE TABLE given AS SELECT x AS n, 'row ' || x AS text, [x, NULL] AS list FROM range(100) t(x)")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small tables would be made anew."""
    monkeypatch.setattr(changes, "SMALL", 0)


def places(engine: Engine) -> dict[int, int]:
    return dict(engine.rows("SELECT n, rowid FROM kept"))


def same(engine: Engine) -> bool:
    rows = [engine.rows(f"SELECT n, text, list FROM {table} ORDER BY ALL") for table in ("kept", "given")]
    return rows[0] == rows[1]


def test_rows_that_stay_are_not_written_again(engine: Engine) -> None:
    bring(engine, "kept", "FROM given")
    before = places(engine)
    engine.run("UPDATE given SET text = 'other' WHERE n = 3; DELETE FROM given WHERE n = 4")
    engine.run("INSERT INTO given VALUES (100, 'new', NULL)")
    bring(engine, "kept", "FROM given")
    assert same(engine)
    assert {n for n, place in places(engine).items() if before.get(n) != place} == {3, 100}


def test_a_column_that_follows_is_made_for_what_is_written_alone(engine: Engine) -> None:
    bring(engine, "kept", "FROM given", made={"marked": "'first'"})
    engine.run("UPDATE given SET text = 'other' WHERE n = 3")
    bring(engine, "kept", "FROM given", made={"marked": "'second'"})
    assert engine.rows("SELECT n FROM kept WHERE marked = 'second'") == [(3,)]
    assert same(engine)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE given ALTER n TYPE INTEGER",
        "ALTER TABLE given ADD COLUMN more VARCHAR",
        "ALTER TABLE given RENAME n TO m; ALTER TABLE given ADD COLUMN n BIGINT",
        "CREATE OR REPLACE TABLE given AS SELECT text, n, list FROM given",
    ],
)
def test_a_table_with_other_columns_is_made_anew(engine: Engine, change: str) -> None:
    bring(engine, "kept", "FROM given")
    engine.run(change)
    bring(engine, "kept", "FROM given")
    assert list(engine.columns("kept").items()) == list(engine.columns("given").items())


def test_columns_come_in_the_order_of_the_ddl(engine: Engine) -> None:
    for _ in range(2):
        bring(engine, "kept", "FROM given", "CREATE OR REPLACE TABLE kept (list BIGINT[], n BIGINT, text VARCHAR)")
        assert list(engine.columns("kept")) == ["list", "n", "text"]
        engine.run("UPDATE given SET text = 'other' WHERE n = 3")
    assert engine.value("SELECT text FROM kept WHERE n = 3") == "other"


ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["a", "b", ""]), st.sampled_from(["[]", "[NULL]", "[1, NULL]", "NULL"]))
)


@pytest.mark.parametrize("way", [bring, bring_once])
@settings(max_examples=examples(30), deadline=None)
@given(st.lists(ROWS, min_size=2, max_size=4))
def test_whatever_the_rows_also_where_some_are_there_twice(way, states) -> None:
    engine = DuckDB()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "MOST", 9)
        for rows in states:
            engine.run("CREATE OR REPLACE TABLE given (n INTEGER, text VARCHAR, list INTEGER[])")
            for n, text, items in rows:
                engine.run(f"INSERT INTO given VALUES ({n}, '{text}', {items})")
            way(engine, "kept", "SELECT * FROM given")
            assert same(engine)
    engine.close()


def test_what_breaks_off_changes_nothing(engine: Engine) -> None:
    bring(engine, "kept", "FROM given")
    with pytest.raises(Exception, match="Conversion"):
        bring(engine, "kept", "SELECT n + 1 AS n, text, list FROM given", made={"odd": "CAST(text AS INTEGER)"})
    assert same(engine)

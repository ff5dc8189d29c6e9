"""What is special about the Iceberg target: snapshots, appends, columns that went, leftovers, other writers."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import Table

from fullcircle.engine.base import Engine, literal
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import Busy, ConfigError, DiskFull, PublishError
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.kept import Kept
from fullcircle.publish.targets.iceberg.target import Iceberg
from tests.properties import examples
from tests.publish.conftest import read, same

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Iceberg]:
    opened = Iceberg(TargetContext("lake", tmp_path / "with a space", {"keep_snapshots": 3}))
    yield opened
    opened.close()


def files(lake: Iceberg, ending: str = ".parquet") -> set[Path]:
    return {path for path in (lake.ground.folder / "warehouse").rglob("*") if path.name.endswith(ending)}


def table(lake: Iceberg):
    return lake.catalog.load_table("fullcircle.customers")


def test_new_rows_are_appended_and_leave_the_other_files_alone(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    before = files(lake)
    engine.run("INSERT INTO customers SELECT * REPLACE ('customer:b' || records AS customer_id) FROM customers WHERE records < 3")
    lake.send(engine, CUSTOMERS)
    assert before < files(lake)
    assert engine.value(f"SELECT count(*) FROM read_parquet({literal((files(lake) - before).pop())})") == 3


def test_files_read_as_plain_parquet_hold_the_same(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    paths = [task.file.file_path.removeprefix("file://") for task in table(lake).scan().plan_files()]
    listed = "[" + ", ".join(map(literal, paths)) + "]"
    assert engine.rows(f"SELECT count(*), sum(spent) FROM read_parquet({listed})") == engine.rows(
        "SELECT count(*), sum(spent) FROM customers"
    )


def test_a_column_that_went_stays_empty_and_old_snapshots_keep_it(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    first = table(lake).current_snapshot().snapshot_id
    engine.run("ALTER TABLE customers DROP COLUMN loyal")
    assert lake.send(engine, CUSTOMERS).rows == 1000
    assert read(lake, "customers")["loyal"].null_count == 1000
    assert table(lake).scan(snapshot_id=first).to_arrow()["loyal"].null_count == 0
    snapshots = len(table(lake).snapshots())
    assert lake.send(engine, CUSTOMERS) == Sent("customers", 1000)
    assert len(table(lake).snapshots()) == snapshots


def test_old_snapshots_are_expired_and_only_their_files_removed(engine: Engine, lake: Iceberg) -> None:
    for turn in range(5):
        engine.run(f"UPDATE customers SET name = 'turn {turn}' WHERE records % 5 = {turn}")  # so many that all are rewritten
        lake.send(engine, CUSTOMERS)
    assert len(table(lake).snapshots()) == 3
    for snapshot in table(lake).snapshots():
        table(lake).scan(snapshot_id=snapshot.snapshot_id).to_arrow()
    assert len(files(lake)) <= 3
    assert len(files(lake, ".avro")) <= 12


def test_leftovers_of_killed_runs_are_removed_when_they_are_old(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    folder = next(iter(files(lake))).parent
    old, young = folder / "left-old.parquet", folder / "left-young.parquet"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 8_000, time.time() - 8_000))
    engine.run("DELETE FROM customers WHERE records = 1")
    lake.send(engine, CUSTOMERS)
    assert young.exists()
    assert not old.exists()


def test_rows_another_program_wrote_are_replaced(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    other = SqlCatalog("fullcircle", uri=f"sqlite:///{lake.ground.folder / 'catalog.sqlite'}").load_table("fullcircle.customers")
    other.append(pa.table({"customer_id": ["customer:stranger"]}, schema=pa.schema([("customer_id", pa.string())])))
    assert lake.send(engine, CUSTOMERS) == Sent("customers", 1000, deleted=1)
    assert read(lake, "customers").num_rows == 1000


def test_another_writer_in_between_is_noticed_and_the_send_made_again(
    engine: Engine, lake: Iceberg, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.send(engine, CUSTOMERS)
    engine.run("UPDATE customers SET name = 'Bea' WHERE records < 10")
    commit, calls = lake.catalog.commit_table, []

    def slow(*args, **more):
        calls.append(args)
        if len(calls) == 1:
            other = SqlCatalog("fullcircle", uri=f"sqlite:///{lake.ground.folder / 'catalog.sqlite'}").load_table(
                "fullcircle.customers"
            )
            other.append(pa.table({"customer_id": pa.array(["customer:stranger"], pa.string())}))
        return commit(*args, **more)

    monkeypatch.setattr(lake.catalog, "commit_table", slow)
    lake.send(engine, CUSTOMERS)
    found = read(lake, "customers")
    assert found.num_rows == 1000
    assert found["name"].to_pylist().count("Bea") == 10


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (RuntimeError("(sqlite3.OperationalError) database is locked"), Busy),
        (RuntimeError("ann@example.org is odd"), PublishError),
    ],
)
def test_errors_are_ours_and_tell_no_data(
    engine: Engine, lake: Iceberg, monkeypatch: pytest.MonkeyPatch, raised: Exception, expected: type[Exception]
) -> None:
    def breaks(*args, **more):
        raise raised

    monkeypatch.setattr(lake.catalog, "commit_table", breaks)
    with pytest.raises(expected) as caught:
        lake.send(engine, CUSTOMERS)
    assert "ann@" not in str(caught.value)


def test_a_wrong_option_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="keep_snapshot"):
        Iceberg(TargetContext("lake", tmp_path, {"keep_snapshot": 3}))


# -- what the target was left with is kept, and only what changed is written --------------------------------------------


def totals(lake: Iceberg) -> dict[str, int]:
    said = table(lake).current_snapshot().summary.additional_properties
    return {name: int(said[f"total-{name}"]) for name in ("data-files", "delete-files", "position-deletes")}


def touched(number: int = 10) -> str:
    return f"UPDATE customers SET name = name || '!' WHERE records < {number}"


def test_few_changes_touch_no_file_that_is_there(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    before = files(lake)
    engine.run(f"{touched()}; DELETE FROM customers WHERE records = 500")
    assert lake.send(engine, CUSTOMERS) == Sent("customers", 999, changed=10, deleted=1)
    assert before < files(lake)
    assert totals(lake) == {"data-files": 2, "delete-files": 1, "position-deletes": 11}
    same(engine, lake, "customers")


def test_the_table_is_not_read_where_it_is_as_it_was_left(engine: Engine, lake: Iceberg, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.send(engine, CUSTOMERS)
    engine.run(touched())
    with monkeypatch.context() as patch:
        patch.setattr(Table, "scan", lambda *_: pytest.fail("the table was read"))
        assert lake.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=10)
    same(engine, lake, "customers")


@pytest.mark.parametrize(
    "lost", ["DROP SCHEMA published CASCADE", "DELETE FROM published.state", "UPDATE published.state SET basis = ''"]
)
def test_without_what_was_kept_the_table_is_read(engine: Engine, lake: Iceberg, lost: str) -> None:
    lake.send(engine, CUSTOMERS)
    engine.run(touched())
    lake.send(engine, CUSTOMERS)
    engine.run(lost)
    engine.run(f"{touched(20)}; DELETE FROM customers WHERE records = 700")
    assert lake.send(engine, CUSTOMERS) == Sent("customers", 999, changed=20, deleted=1)
    same(engine, lake, "customers")
    assert totals(lake) == {"data-files": 1, "delete-files": 0, "position-deletes": 0}


def test_many_files_or_many_deletes_are_made_few_again(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    for turn in range(12):
        engine.run(f"UPDATE customers SET name = 'turn {turn}' WHERE records = {turn}")
        lake.send(engine, CUSTOMERS)
        same(engine, lake, "customers")
    assert totals(lake)["data-files"] < 12
    engine.run(touched(200))
    lake.send(engine, CUSTOMERS)
    assert totals(lake) == {"data-files": 1, "delete-files": 0, "position-deletes": 0}
    same(engine, lake, "customers")


def test_a_send_that_is_killed_after_its_commit_is_noticed(
    engine: Engine, lake: Iceberg, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.send(engine, CUSTOMERS)
    engine.run(touched())
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Kept, "note", interrupt)
        lake.send(engine, CUSTOMERS)
    same(engine, lake, "customers")
    engine.run(touched(5))
    assert lake.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=5)
    same(engine, lake, "customers")


def interrupt(*args: object) -> None:
    raise KeyboardInterrupt


def test_a_lake_with_deletes_can_be_moved(engine: Engine, lake: Iceberg, tmp_path: Path) -> None:
    for turn in range(3):
        engine.run(f"UPDATE customers SET name = 'turn {turn}' WHERE records = {turn}")
        lake.send(engine, CUSTOMERS)
    before = [table(lake).scan(snapshot_id=one.snapshot_id).to_arrow() for one in table(lake).snapshots()]
    lake.close()
    (tmp_path / "with a space").rename(tmp_path / "elsewhere")
    there = TargetContext("lake", tmp_path / "elsewhere", {"keep_snapshots": 3})
    assert Iceberg.heal(there)
    moved = Iceberg(there)
    after = [table(moved).scan(snapshot_id=one.snapshot_id).to_arrow() for one in table(moved).snapshots()]
    assert [one.sort_by("customer_id") for one in after] == [one.sort_by("customer_id") for one in before]
    engine.run(touched())
    assert moved.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=10)
    same(engine, moved, "customers")
    moved.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("change", "delete", "insert", "widen", "forget", "stranger", "kill", "twice")), st.integers(0, 40)
    ),
    min_size=2,
    max_size=10,
)


@settings(max_examples=examples(6, soak=200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_the_lake_has_the_rows_of_the_engine(tmp_path_factory: Any, steps: list[tuple[str, int]]) -> None:
    engine, lake = DuckDB(), Iceberg(TargetContext("lake", tmp_path_factory.mktemp("lake"), {"keep_snapshots": 2}))
    engine.run("CREATE TABLE customers AS SELECT 'c' || x AS customer_id, x AS n, 'é' AS name, [x] AS l FROM range(300) t(x)")
    lake.send(engine, CUSTOMERS)
    for what, n in steps:
        if what == "stranger":
            other = SqlCatalog("fullcircle", uri=f"sqlite:///{lake.ground.folder / 'catalog.sqlite'}").load_table(
                "fullcircle.customers"
            )
            other.append(pa.table({"customer_id": pa.array([f"c{n}"], pa.string())}))
        else:
            engine.run(CHANGES.get(what, CHANGES["change"]).format(n=n))
        with pytest.MonkeyPatch.context() as patch:
            if what == "kill":
                patch.setattr(Kept, "note", interrupt)
            with suppress(KeyboardInterrupt):
                lake.send(engine, CUSTOMERS)
        if what != "kill":
            assert lake.send(engine, CUSTOMERS) == Sent("customers", engine.count("customers"))
        same(engine, lake, "customers")
    lake.close()
    engine.close()


CHANGES = {
    "change": "UPDATE customers SET name = 'new {n}' WHERE n % 40 = {n}",
    "delete": "DELETE FROM customers WHERE n % 50 = {n}",
    "insert": "INSERT INTO customers (customer_id, n) SELECT 'n{n}-' || uuid(), {n} FROM range(3)",
    "widen": "UPDATE customers SET n = n + 1; ALTER TABLE customers ADD COLUMN IF NOT EXISTS c{n} VARCHAR",
    "forget": "UPDATE customers SET l = NULL WHERE n = {n}; DROP SCHEMA IF EXISTS published CASCADE",
    "twice": "INSERT INTO customers SELECT * FROM customers WHERE n = {n}",
}

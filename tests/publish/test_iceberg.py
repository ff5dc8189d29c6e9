"""What is special about the Iceberg target: snapshots, appends, columns that went, leftovers, other writers."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog

from fullcircle.engine.base import Engine, literal
from fullcircle.errors import Busy, ConfigError, DiskFull, PublishError
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.targets.iceberg.target import Iceberg
from tests.publish.conftest import read

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Iceberg]:
    opened = Iceberg(TargetContext("lake", tmp_path / "with a space", {"keep_snapshots": 3}))
    yield opened
    opened.close()


def files(lake: Iceberg, ending: str = ".parquet") -> set[Path]:
    return {path for path in (lake.folder / "warehouse").rglob("*") if path.name.endswith(ending)}


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
        engine.run(f"UPDATE customers SET name = 'turn {turn}' WHERE records = {turn}")
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
    other = SqlCatalog("fullcircle", uri=f"sqlite:///{lake.folder / 'catalog.sqlite'}").load_table("fullcircle.customers")
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
            other = SqlCatalog("fullcircle", uri=f"sqlite:///{lake.folder / 'catalog.sqlite'}").load_table("fullcircle.customers")
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

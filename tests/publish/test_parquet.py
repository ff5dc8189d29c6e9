"""What is special about the Parquet target: one file a table, replaced as a whole or left alone."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from fullcircle.engine.base import Engine
from fullcircle.errors import DiskFull, PublishError
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.targets import parquet
from fullcircle.publish.targets.parquet import Parquet

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))


def test_the_folder_can_be_chosen_and_holds_nothing_else(engine: Engine, tmp_path: Path) -> None:
    Parquet(TargetContext("files", tmp_path, {"path": tmp_path / "here"})).send(engine, CUSTOMERS)
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["customers.parquet"]


def test_a_broken_file_is_replaced(engine: Engine, tmp_path: Path) -> None:
    target = Parquet(TargetContext("files", tmp_path))
    target.send(engine, CUSTOMERS)
    path = target.folder / "customers.parquet"
    path.write_bytes(path.read_bytes()[:500])
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000, inserted=1000)
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000)


def test_a_column_that_went_is_gone_from_the_file(engine: Engine, tmp_path: Path) -> None:
    target = Parquet(TargetContext("files", tmp_path))
    target.send(engine, CUSTOMERS)
    engine.run("ALTER TABLE customers DROP COLUMN loyal")
    target.send(engine, CUSTOMERS)
    assert "loyal" not in engine.columns(f"SELECT * FROM read_parquet('{target.folder}/customers.parquet')")


def test_a_full_disk_and_a_forbidden_folder_are_told(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Parquet(TargetContext("files", tmp_path))

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(parquet.os, "fsync", full)
        with pytest.raises(DiskFull):
            target.send(engine, CUSTOMERS)
    assert not (target.folder / "customers.parquet").exists()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PublishError, match="cannot be written"):
        Parquet(TargetContext("files", tmp_path, {"path": tmp_path / "file"})).send(engine, CUSTOMERS)

"""Where an export goes: never over something else, never half, and one clear error where it cannot be."""

from __future__ import annotations

import errno
import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path

import networkx
import pytest
from pyoxigraph import RdfFormat, parse

from fullcircle.errors import Busy, ConfigError, DiskFull, StoreError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.exchange import write
from fullcircle.graph.exchange.folder import UNFINISHED, new_files
from fullcircle.graph.exchange.read import load
from fullcircle.graph.exchange.write import FORMATS, export
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.progress import Silent
from tests.graph import town


@pytest.fixture
def store() -> Memory:
    made = Memory(StoreContext(Path("unused")))
    town.settle_in(made)
    return made


KILLED = """
import os, signal, sys
from pathlib import Path
from fullcircle.graph.base import StoreContext
from fullcircle.graph.exchange import write
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.progress import Silent
from tests.graph import town

class Doomed(Silent):
    def advance(self, rows):
        os.kill(os.getpid(), signal.SIGKILL)

made = Memory(StoreContext(Path("unused")))
town.settle_in(made)
write.export(made, Path(sys.argv[1]), sys.argv[2], Doomed())
"""


@pytest.mark.parametrize("form", FORMATS)
def test_a_killed_export_is_not_taken_for_a_whole_one(tmp_path: Path, store: Memory, form: str) -> None:
    folder = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), form], check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == -signal.SIGKILL
    assert len(list(folder.iterdir())) >= 2
    for where in (folder, tmp_path):
        with pytest.raises(StoreError, match="not finished"):
            load(Memory(StoreContext(Path("unused"))), where, Silent())
    written = export(store, folder, form, Silent())
    assert sorted(folder.iterdir()) == sorted(written.files), "the next one starts over, and leaves nothing of the first"
    if form.endswith("csv"):
        back = Memory(StoreContext(Path("unused")))
        load(back, folder, Silent())
        assert digest(back) == digest(store)


def test_what_somebody_else_put_there_is_left(tmp_path: Path, store: Memory) -> None:
    (tmp_path / UNFINISHED).write_text("")
    (tmp_path / "vertices-product-00001.csv").write_text("half")
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="not empty"):
        export(store, tmp_path, "gremlin-csv", Silent())
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_two_exports_at_once(tmp_path: Path, store: Memory) -> None:
    with new_files(tmp_path / "out"), pytest.raises(Busy, match="out"):
        export(store, tmp_path / "out", "gremlin-csv", Silent())


def test_an_export_that_fails_leaves_nothing(tmp_path: Path, store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(write, "write_csv", full)
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "new", tmp_path / "there"):
        with pytest.raises(DiskFull, match=folder.name) as error:
            export(store, folder, "gremlin-csv", Silent())
        assert "same command" in error.value.hint
    assert list(tmp_path.rglob("*")) == [tmp_path / "there"]


def test_a_file_is_no_folder(tmp_path: Path, store: Memory) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ConfigError, match=folder.name) as error:
            export(store, folder, "gremlin-csv", Silent())
        assert "folder" in error.value.hint
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_no_permission(tmp_path: Path, store: Memory) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    for folder in (tmp_path / "closed", tmp_path / "closed" / "new"):
        with pytest.raises(ConfigError, match="permission denied"):
            export(store, folder, "gremlin-csv", Silent())


def test_no_permission_told_by_the_system(tmp_path: Path, store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", closed)
    with pytest.raises(ConfigError, match="permission denied"):
        export(store, tmp_path / "new", "gremlin-csv", Silent())


def test_errors_of_the_store_stay_what_they_are(tmp_path: Path, store: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    monkeypatch.setattr(store, "scan", away)
    with pytest.raises(ConnectionResetError):
        export(store, tmp_path / "new", "gremlin-csv", Silent())


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_packed(tmp_path: Path, store: Memory, form: str) -> None:
    plain = export(store, tmp_path / "plain", form, Silent()).files
    packed = export(store, tmp_path / "packed", form, Silent(), gzip=True).files
    assert [path.name + ".gz" for path in plain] == [path.name for path in packed]
    for one, other in zip(plain, packed, strict=True):
        assert sorted(one.read_bytes().splitlines()) == sorted(gzip.decompress(other.read_bytes()).splitlines())
    if form == "nquads":
        assert list(parse(path=plain[0], format=RdfFormat.N_QUADS))
    if form == "graphml":
        assert set(networkx.read_graphml(packed[0])) == set(networkx.read_graphml(plain[0]))

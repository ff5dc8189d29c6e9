"""kill -9 in every stage, a full disk: the next run continues and ends in the same state as a clean one."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.config.read import read_config
from fullcircle.demo.company import make
from fullcircle.desk import open_desk
from fullcircle.graph.digest import digest
from fullcircle.graph.open import open_store
from fullcircle.identity.ids import secret_of
from fullcircle.pipeline import STAGES, run

PEOPLE = 120
COMMAND = [sys.executable, "-m", "fullcircle.serve.cli.main"]


def company(folder: Path) -> Path:
    return make(folder, people=PEOPLE, seed=3)


def one_secret(file: Path) -> None:
    """Give the home of a project the secret of all tests (see tests/conftest.py), before other processes run it."""
    home = read_config(file).home
    home.mkdir(parents=True, exist_ok=True)
    with closing(Book(home / "book.sqlite")) as book:
        RunLog(book)
        secret_of(book)


def state(file: Path) -> dict[str, str]:
    """Digests of everything that must be the same however often a run was interrupted."""
    settings = read_config(file)
    with open_desk(settings) as desk:
        tables = {
            name: _table(desk.engine.arrow(f"SELECT * FROM {name} ORDER BY ALL"))
            for name in ("members", "customers", "quarantine")
        }
    with open_store(settings, read_only=True) as store:
        graph = digest(store)
    book = Book(settings.home / "book.sqlite", read_only=True)
    landed = book.read("SELECT count(*) FROM stage_done")
    return {**tables, "graph": graph, "stages": str(landed)}


def _table(table: object) -> str:
    return hashlib.sha256(repr(table.to_pylist()).encode()).hexdigest()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    file = company(tmp_path_factory.mktemp("clean"))
    with open_desk(read_config(file)) as desk:
        run(desk)
    return state(file)


@pytest.mark.slow
@pytest.mark.xdist_group("kill")
def test_kill_in_every_stage(tmp_path: Path, clean: dict[str, str]) -> None:
    file = company(tmp_path)
    one_secret(file)
    for stage in STAGES:
        assert _killed_in(stage.name, file) == -signal.SIGKILL
    done = subprocess.run([*COMMAND, "run", "--config", file, "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert state(file) == clean


def _killed_in(stage: str, file: Path) -> int:
    """Start a run, kill it as soon as it says that it works in the stage, and return how it ended."""
    work = subprocess.Popen([*COMMAND, "run", "--config", file], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert work.stderr is not None
    for line in work.stderr:
        if line.startswith(stage):
            work.kill()
            break
    work.stderr.close()
    return work.wait(60)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("needs the right to mount a small disk (tmpfs)")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


@pytest.mark.slow
@pytest.mark.xdist_group("kill")
def test_full_disk_then_more_space(
    small_disk: Path, tmp_path_factory: pytest.TempPathFactory, clean: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = company(tmp_path_factory.mktemp("full"))
    monkeypatch.setenv("FULLCIRCLE_PROJECT__HOME", str(small_disk / "home"))
    one_secret(file)
    command = [*COMMAND, "run", "--config", str(file), "--quiet"]
    for size in ("2m", "4m", "6m"):
        subprocess.run(["mount", "-o", f"remount,size={size}", small_disk], check=True)
        full = subprocess.run(command, capture_output=True, text=True, check=False)
        assert full.returncode == 1, f"at {size}: {full.stderr}"
        assert "No space left" in full.stderr, f"at {size}: {full.stderr}"
        assert "Traceback" not in full.stderr
    subprocess.run(["mount", "-o", "remount,size=1g", small_disk], check=True)
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert state(file) == clean

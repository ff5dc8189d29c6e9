"""A dry run reports what a run would do and leaves the project as it is, byte for byte."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import Busy
from fullcircle.pipeline import run
from fullcircle.stage import EVERYTHING, Choice, Done
from tests import small

HOLDS = """
import sys
from pathlib import Path
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
with open_desk(read_config(Path(sys.argv[1]))):
    print("open", flush=True)
    sys.stdin.read()
"""


def contents(folder: Path) -> dict[str, str]:
    """What is in every file below a folder, but for locks and what SQLite keeps beside the book while it is open."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-lock", "-shm", "-wal"))
    }


def dry(settings: Config, choice: Choice = EVERYTHING) -> dict[str, Done]:
    with open_desk(settings, dry_run=True) as desk:
        return {done.stage: done for done in run(desk, choice)}


def real(settings: Config, choice: Choice = EVERYTHING) -> dict[str, Done]:
    with open_desk(settings) as desk:
        return {done.stage: done for done in run(desk, choice)}


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    """A small shop: forty people, of whom some are the same person, and an order for each."""
    people = [f"{n},Ada Quill{n % 35},ada{n % 35}@example.org" for n in range(40)]
    orders = [f"{n},{n},2026-03-{n % 28 + 1:02},19.90" for n in range(40)]
    files = {
        "crm/contacts.csv": "id,name,email,phone\n1,Ben Marks,marks@example.org,\n",
        "shop/people.csv": text("id,name,email", people),
        "shop/orders.csv": text("id,person,day,amount", orders),
    }
    return read_config(small.make(tmp_path, small.PARQUET, files))


def text(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


def test_before_the_first_run_not_even_a_home_is_made(settings: Config) -> None:
    done = dry(settings)
    assert not settings.home.exists()
    counted = {stage: one.counts for stage, one in done.items()}
    assert not any(one.skipped for one in done.values())
    made = real(settings)
    assert counted["graph"] == made["graph"].counts
    assert counted["insights"] == made["insights"].counts
    assert counted["publish"]["rows"] == made["publish"].counts["rows"]
    assert {name: made[name].counts for name in ("pull", "conform", "check", "resolve")} == {
        name: counted[name] for name in ("pull", "conform", "check", "resolve")
    }


def test_a_changed_source_is_reported_and_nothing_is_written(settings: Config) -> None:
    real(settings)
    people = text("id,name,email", ["0,Ada Quill0,new@example.org", "99,Ben Marks,ben@example.org"])
    (settings.folder / "shop" / "people.csv").write_text(people)
    before = contents(settings.home)
    done = dry(settings)
    assert contents(settings.home) == before
    assert done["pull"].counts["rows"] > 0
    assert not done["graph"].skipped
    made = real(settings)
    assert not any(one.skipped for one in made.values()), "the run that follows has everything still to do"
    assert made["graph"].counts == done["graph"].counts


def test_with_nothing_new_a_dry_run_says_so(settings: Config) -> None:
    real(settings)
    before = contents(settings.home)
    assert {stage for stage, one in dry(settings).items() if not one.skipped} == {"pull"}
    rebuilt = dry(settings, Choice(rebuild_graph=True))
    assert rebuilt["graph"].counts["written"] > 50, "all of it would be written again"
    assert contents(settings.home) == before


def test_while_a_run_is_under_way_it_is_busy(settings: Config) -> None:
    real(settings)
    file = str(settings.folder / "fullcircle.toml")
    with subprocess.Popen([sys.executable, "-c", HOLDS, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Busy, match=r"tables\.duckdb"):
            dry(settings)
        other.communicate()
    assert not list(settings.home.glob("dry-run-*"))
    assert dry(settings)


def test_copies_of_killed_dry_runs_are_removed(settings: Config) -> None:
    real(settings)
    (settings.home / "dry-run-killed").mkdir()
    (settings.home / "dry-run-killed" / "tables.duckdb").write_text("half a copy")
    dry(settings)
    assert not list(settings.home.glob("dry-run-*"))

"""kill -9 at every moment of a bulk load into Neptune: the next sync ends where an undisturbed one ends.

Each sync is a process of its own (doomed_sync.py). S3 is moto's, the loader is tests/servers/fake_neptune.py, the graph is a
real Gremlin Server; they outlive the process, as they do at AWS.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.shape import label_named
from fullcircle.graph.stores.neptune.loader import Note
from fullcircle.graph.stores.neptune.store import LOAD, Neptune
from fullcircle.graph.stores.sqlite.store import Sqlite
from fullcircle.graph.sync import Synced, sync
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.forked import Forked
from tests.graph import doomed_sync
from tests.graph.test_sync import clean_digest, lose_ann
from tests.properties import some_of
from tests.servers.fake_neptune import ROLE, FakeNeptune, Hold, left, options

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("neptune")]
EVERY = [*VERTICES, *EDGES]
ROOT = Path(__file__).parents[2]
Process = Forked | subprocess.Popen[str]
SECONDS = 120  # how long a process may take on a busy machine
MENDING = "A bulk load was interrupted: completing it."


@dataclass(frozen=True)
class Moment:
    """When a sync kills itself, and what it leaves: files, a note that says they are all there, jobs, jobs in the note."""

    event: str
    nth: int
    files: bool
    ready: bool
    jobs: int
    noted: int


MOMENTS = {
    "before the first file": Moment("before-send.s3.PutObject", 1, False, False, 0, 0),
    "between two files": Moment("after-call.s3.PutObject", 4, True, False, 0, 0),
    "before the first job": Moment("before-send.neptunedata.StartLoaderJob", 1, True, True, 0, 0),
    "not hearing the first job's id": Moment("after-call.neptunedata.StartLoaderJob", 1, True, True, 1, 0),
    "between the jobs": Moment("before-send.neptunedata.StartLoaderJob", 2, True, True, 1, 1),
    "not hearing the second job's id": Moment("after-call.neptunedata.StartLoaderJob", 2, True, True, 2, 1),
    "behind the jobs": Moment("before-send.s3.DeleteObjects", 1, True, True, 2, 2),
    "between the files' end and the note's": Moment("after-call.s3.DeleteObjects", 1, False, True, 2, 2),
}


@dataclass(frozen=True)
class Scene:
    """Tables and a book in a folder, and the cluster they are synced into; `store` is our look at it past the syncs."""

    folder: Path
    fake: FakeNeptune
    bucket: str
    options: str
    store: Neptune

    def sync(self, moment: Moment | None = None) -> Forked:
        end = [moment.event, str(moment.nth)] if moment else []
        return Forked(doomed_sync.sync, str(self.folder), self.options, *end)

    def sync_that_dies(self, moment: Moment) -> None:
        doomed = self.sync(moment)
        said, _ = doomed.communicate(timeout=SECONDS)
        assert doomed.returncode == -signal.SIGKILL, said

    def copy(self) -> subprocess.Popen[str]:
        verb = "graph", "copy", "--from", "embedded", "--to", "cloud", "--config", str(self.folder / "fullcircle.toml")
        return subprocess.Popen(
            [sys.executable, "-m", "fullcircle.serve.cli.main", *verb],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def note(self) -> Note | None:
        return Note.read(self.store._kept(LOAD))

    def tables(self) -> DuckDB:
        return DuckDB(self.folder / "tables", threads=2)


@pytest.fixture
def scene(neptune: FakeNeptune, aws: str, tmp_path: Path, built_village: Path) -> Iterator[Scene]:
    given = options(neptune, bucket=f"s3://{aws}/graph", loader_role=ROLE, bulk_from=1)
    store = Neptune(StoreContext(tmp_path, given))
    made = Scene(tmp_path, neptune, aws, json.dumps(given), store)
    shutil.copy(built_village, tmp_path / "tables")
    yield made
    if neptune.hold:
        neptune.hold.release.set()
    store.close()


def said_by(process: Process) -> str:
    """Wait for its good end."""
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    return said


def heard(process: Process, words: str) -> None:
    """Wait until it says so."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    pytest.fail(f"It ended without saying {words}: {''.join(said)}")


def killed_while_loading(scene: Scene, start: Callable[[], Process], part: str, before: str) -> Hold:
    """Kill what watches a job, when some files of the job are loaded; the job stops there until it is released."""
    hold = scene.fake.hold = Hold(f"/{part}/{before}-")
    doomed = start()
    heard(doomed, f"Neptune loads {part}")
    assert hold.reached.wait(SECONDS)
    doomed.kill()
    doomed.communicate(timeout=SECONDS)
    assert doomed.returncode == -signal.SIGKILL
    return hold


def assert_whole(scene: Scene, expected: str) -> None:
    """The digest is the expected one, nothing is there twice, nothing is left lying about, nothing is left to do."""
    engine, book = scene.tables(), Book(scene.folder / "book.sqlite")
    assert digest(scene.store) == expected
    rows = {label: engine.count(table) for label in EVERY if engine.has(table := label_named(label).table)}
    assert {label: n for label, n in scene.store.count().items() if n} == {label: n for label, n in rows.items() if n}
    assert left(scene.bucket) == []
    assert scene.note() is None
    assert sync(engine, scene.store, book, EVERY, Silent()) == Synced({}, {})
    book.close()
    engine.close()


@pytest.mark.parametrize("name", some_of(list(MOMENTS), usual=4))
def test_killed_beside_a_request_and_brought_to_its_end(scene: Scene, clean: str, name: str) -> None:
    moment = MOMENTS[name]
    scene.sync_that_dies(moment)
    note = scene.note()
    assert note is not None
    found = Moment(moment.event, moment.nth, bool(left(scene.bucket)), note.ready, len(scene.fake.jobs), len(note.jobs))
    assert found == moment
    said = said_by(scene.sync())
    assert (MENDING in said) is (moment.files and moment.ready)
    assert_whole(scene, clean)


@pytest.mark.parametrize(("part", "before"), [("vertices", "order"), ("edges", "placed")])
def test_killed_while_a_job_runs_and_the_next_sync_waits_for_that_job(scene: Scene, clean: str, part: str, before: str) -> None:
    hold = killed_while_loading(scene, scene.sync, part, before)
    there = sum(scene.store.count().values())
    again = scene.sync()
    heard(again, MENDING)
    heard(again, f"Neptune loads {part}")
    hold.release.set()
    said_by(again)
    assert 0 < there < sum(scene.store.count().values())
    assert len(scene.fake.jobs) == 2, "nothing was loaded twice"
    assert_whole(scene, clean)


def test_killed_and_the_cluster_has_forgotten_the_jobs(scene: Scene, clean: str) -> None:
    hold = killed_while_loading(scene, scene.sync, "edges", "placed")
    ended = [job.ended for job in scene.fake.jobs.values()]
    hold.release.set()
    assert all(end.wait(SECONDS) for end in ended)
    scene.fake.jobs.clear()
    assert MENDING in said_by(scene.sync())
    assert len(scene.fake.jobs) == 2, "both were started again"
    assert_whole(scene, clean)


@pytest.mark.parametrize("moment", ["between the jobs", "behind the jobs"])
def test_killed_again_while_it_is_brought_to_its_end(scene: Scene, clean: str, moment: str) -> None:
    scene.sync_that_dies(MOMENTS["before the first job"])
    scene.sync_that_dies(MOMENTS[moment])
    said_by(scene.sync())
    assert_whole(scene, clean)


@pytest.mark.parametrize("moment", ["between two files", "between the jobs"])
def test_killed_and_the_tables_have_changed_since(scene: Scene, moment: str) -> None:
    scene.sync_that_dies(MOMENTS[moment])
    engine = scene.tables()
    lose_ann(engine)
    expected = clean_digest(engine)
    engine.close()
    said_by(scene.sync())
    assert_whole(scene, expected)


def test_a_killed_copy_goes_on_when_the_command_is_given_again(scene: Scene, clean: str) -> None:
    given = "\n".join(f"{name} = {json.dumps(value)}" for name, value in json.loads(scene.options).items())
    (scene.folder / "fullcircle.toml").write_text(f'[graph.others.cloud]\nstore = "neptune"\n{given}\n')
    fill_embedded(scene)
    hold = killed_while_loading(scene, scene.copy, "edges", "placed")
    again = scene.copy()
    heard(again, MENDING)
    hold.release.set()
    assert f"digest {clean}" in said_by(again)
    assert_whole(scene, clean)


def fill_embedded(scene: Scene) -> None:
    """The graph in the project's own file, from which it is copied."""
    home = scene.folder / ".fullcircle"
    home.mkdir()
    engine, book = scene.tables(), Book(home / "book.sqlite")
    store = Sqlite(StoreContext(home / "graph.sqlite"))
    store.prepare()
    sync(engine, store, book, EVERY, Silent())
    for thing in (store, book, engine):
        thing.close()

"""kill -9 of our own process at many moments of a batched sync into a real Gremlin server: the next sync mends it.

Each sync is a process of its own (doomed_sync.py), which kills itself after a given number of rows.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import StoreContext
from fullcircle.graph.claim import CLAIM
from fullcircle.graph.digest import digest
from fullcircle.graph.shape import label_named
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.sync import Synced
from fullcircle.graph.tables.build import build
from fullcircle.model.progress import Silent
from tests.forked import Forked
from tests.graph import doomed_sync, village
from tests.graph.doomed_sync import PORTION
from tests.graph.test_sync import EVERY, Spy, clean_digest, lose_ann, run
from tests.properties import some_of
from tests.servers.gremlin import GremlinServer

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.xdist_group("gremlin")]
SECONDS = 120  # how long a process may take on a busy machine
PRODUCTS = PORTION + 400  # two portions


@dataclass(frozen=True)
class Scene:
    """Tables and a book in a folder, and the server they are synced into; `store` is our look at it past the syncs."""

    folder: Path
    options: str
    store: Gremlin

    def change(self, how: Callable[[Engine], None]) -> str:
        """Change the tables; the digest that a clean run comes to."""
        engine = DuckDB(self.folder / "tables", threads=2)
        how(engine)
        wanted = clean_digest(engine)
        engine.close()
        return wanted

    def sync(self, *end: str) -> int:
        process = Forked(doomed_sync.sync, str(self.folder), self.options, *end)
        process.communicate(SECONDS)
        assert process.returncode is not None
        return process.returncode

    def assert_whole(self, wanted: str) -> None:
        """Equal to the clean run, nothing twice, nothing left to do."""
        engine, book = DuckDB(self.folder / "tables", threads=2), Book(self.folder / "book.sqlite")
        assert digest(self.store) == wanted
        rows = {label: engine.count(label_named(label).table) if engine.has(label_named(label).table) else 0 for label in EVERY}
        assert self.store.count() == rows
        spy = Spy(self.store)
        assert run(engine, spy, book) == Synced({}, {})
        assert spy.writes == []
        book.close()
        engine.close()


def checkpoint(engine: Engine) -> None:
    """The village, with a shop that has much to offer and in which Cy bought a little of everything once."""
    village.found(engine)
    engine.run(f"""
        INSERT INTO products (product_id, name, category, source, object, key)
            SELECT 'product:shop:q:' || range, 'Thing ' || range, 'things', 'shop', 'q', range FROM range({PRODUCTS})""")
    build(engine, Silent())


def move_on(engine: Engine) -> None:
    """Every thing gets a price, but a part is given up; Ann goes away with what she bought."""
    engine.run(f"""
        UPDATE products SET price = 1.5 WHERE object = 'q';
        DELETE FROM products WHERE object = 'q' AND CAST(key AS INTEGER) >= {PORTION + 200}""")
    lose_ann(engine)


@pytest.fixture
def scene(gremlin_server: GremlinServer, tmp_path: Path) -> Iterator[Scene]:
    gremlin_server.clear()
    options = {"url": gremlin_server.url, "workers": 2}
    store = Gremlin(StoreContext(tmp_path, options))
    yield Scene(tmp_path, json.dumps(options), store)
    store.close()


@pytest.mark.parametrize(
    "rows", some_of([1, 12, PORTION + 12, PRODUCTS + 15, PRODUCTS + PORTION + 50, 2 * PRODUCTS + 30], usual=3)
)
def test_killed_in_a_first_sync(scene: Scene, rows: int) -> None:
    wanted = scene.change(checkpoint)
    assert scene.sync("Graph: writing", str(rows)) == -signal.SIGKILL
    there = sum(scene.store.count().values())
    assert there >= rows
    assert scene.store.stamp().startswith(CLAIM)
    assert scene.sync() == 0
    scene.assert_whole(wanted)


@pytest.mark.parametrize(
    ("step", "rows"),
    some_of(
        [
            ("Graph: writing", 1),
            ("Graph: writing", PORTION),
            ("Graph: writing Product", PORTION + 100),
            ("Graph: deleting", 1),
            ("Graph: deleting", 20),
            ("Graph: deleting Product", 200),
        ],
        usual=3,
    ),
)
def test_killed_in_changes_and_deletions(scene: Scene, step: str, rows: int) -> None:
    first = scene.change(checkpoint)
    assert scene.sync() == 0
    assert digest(scene.store) == first
    wanted = scene.change(move_on)
    assert scene.sync(step, str(rows)) == -signal.SIGKILL
    assert digest(scene.store) != first
    assert scene.sync() == 0
    scene.assert_whole(wanted)


def test_killed_again_and_again(scene: Scene) -> None:
    scene.change(checkpoint)
    for rows in (5, PORTION, 40):
        assert scene.sync("Graph: writing", str(rows)) == -signal.SIGKILL
    wanted = scene.change(move_on)
    for end in (("Graph: writing", "30"), ("Graph: deleting", "1"), ("Graph: deleting", "1")):
        assert scene.sync(*end) == -signal.SIGKILL
    assert scene.sync() == 0
    scene.assert_whole(wanted)

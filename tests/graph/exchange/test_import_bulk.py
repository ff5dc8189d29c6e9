"""An import into a store that loads in bulk: the store chooses, new rows go that way, the others are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from fullcircle.graph.base import StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.exchange.read import load
from fullcircle.graph.exchange.write import export
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.graph.test_sync_bulk import Bulky


class Heard(Silent):
    """Keeps what a person should read."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def made() -> Memory:
    store = Memory(StoreContext(Path("unused")))
    town.settle_in(store)
    return store


@pytest.fixture
def folder(tmp_path: Path, made: Memory) -> Path:
    export(made, tmp_path / "out", "gremlin-csv", Silent())
    return tmp_path / "out"


def test_a_large_import_goes_in_bulk(made: Memory, folder: Path) -> None:
    store, progress = Bulky(Memory(StoreContext(Path("unused"))), 10), Heard()
    rows = load(store, folder, progress, bulk=True)
    assert store.order == ["finish", "choose", "load"]
    assert store.writes == []
    assert dict(store.loaded) == rows
    labels = [label for label, _ in store.loaded]
    assert labels == [label for label in (*VERTICES, *EDGES) if label in labels]
    assert progress.said == [f"{sum(rows.values())} rows"]
    assert digest(store) == digest(made)


def test_what_is_there_already_is_written(made: Memory, folder: Path) -> None:
    inner = Memory(StoreContext(Path("unused")))
    inner.write_vertices("Customer", town.rows("Customer", {"id": town.BEN, "name": "somebody else"}))
    store = Bulky(inner, 10)
    load(store, folder, Silent(), bulk=True)
    assert dict(store.loaded)["Customer"] == 2
    assert store.writes == [("write", "Customer", 1, False)]
    assert digest(store) == digest(made)


def test_a_small_import_is_written(made: Memory, folder: Path) -> None:
    store, progress = Bulky(Memory(StoreContext(Path("unused"))), 1000), Heard()
    load(store, folder, progress, bulk=True)
    assert store.order == ["finish", "choose"]
    assert progress.said, "the choice is said aloud"
    assert digest(store) == digest(made)
    store.order.clear()
    progress.said.clear()
    load(store, folder, progress, bulk=True)
    assert store.order == ["finish"], "nothing is new: nothing to choose"


def test_a_store_that_mends_its_own_load_is_not_asked_again(folder: Path) -> None:
    store = Bulky(Memory(StoreContext(Path("unused"))), 1)
    load(store, folder, Silent())
    assert store.order == []


def test_a_sync_learns_that_somebody_wrote(made: Memory, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made.put_stamp("the last sync")
    load(made, folder, Silent(), bulk=True)
    assert made.stamp() == ""
    made.put_stamp("the last sync")
    monkeypatch.setattr(made, "write_edges", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(made, folder, Silent(), bulk=True)
    assert made.stamp() not in ("", "the last sync"), "an import that was broken off leaves its claim"

"""What a sync hands to a store that loads in bulk, without any server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.graph.base import LoadsInBulk, StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.sync import sync
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress, Silent
from tests.graph.test_sync import Spy

EVERY = [*VERTICES, *EDGES]


class Bulky(Spy):
    """Takes as many rows or more in bulk; notes what happened in which order."""

    def __init__(self, store: Memory, at_least: int) -> None:
        super().__init__(store)
        self._at_least = at_least
        self.order: list[str] = []
        self.loaded: list[tuple[str, int]] = []

    def takes_in_bulk(self, rows: int, progress: Progress) -> bool:
        progress.say(f"{rows} rows")
        self.order.append("choose")
        return rows >= self._at_least

    def bulk_load(self, portions: Iterable[tuple[str, pa.Table]], progress: Progress) -> None:
        self.order.append("load")
        for label, rows in portions:
            self.loaded.append((label, rows.num_rows))
            (self._store.write_vertices if label in VERTICES else self._store.write_edges)(label, rows, insert_only=True)

    def finish_bulk(self, progress: Progress) -> None:
        self.order.append("finish")


def test_all_new_rows_in_one_load_vertices_first(engine: Engine, book: Book) -> None:
    store, plain = Bulky(Memory(StoreContext(Path())), 1), Memory(StoreContext(Path()))
    assert isinstance(store, LoadsInBulk)
    done = sync(engine, store, book, EVERY, Silent())
    assert store.order == ["finish", "choose", "load"]
    assert store.writes == [], "nothing is written twice"
    assert dict(store.loaded) == done.written
    labels = [label for label, _ in store.loaded]
    assert labels == [label for label in EVERY if label in labels]
    for label in labels:
        (plain.write_vertices if label in VERTICES else plain.write_edges)(label, next(store.scan(label)))
    assert digest(plain) == digest(store)


def test_changes_and_deletions_are_written(engine: Engine, book: Book) -> None:
    store = Bulky(Memory(StoreContext(Path())), 1)
    sync(engine, store, book, EVERY, Silent())
    store.loaded.clear()
    engine.run("UPDATE products SET price = 3 WHERE key = '1'; DELETE FROM tickets")
    engine.run(
        "INSERT INTO products (product_id, name, source, object, key) VALUES ('product:shop:p:9', 'Jam', 'shop', 'p', '9')"
    )
    build(engine, Silent())
    sync(engine, store, book, EVERY, Silent())
    assert store.loaded == [("Product", 1)]
    assert ("write", "Product", 1, False) in store.writes
    assert not any(verb == "write" and insert_only for verb, _, _, insert_only in store.writes)
    assert any(verb == "forget" and label == "Ticket" for verb, label, _, _ in store.writes)


def test_few_rows_are_written_as_in_any_store(engine: Engine, book: Book) -> None:
    store = Bulky(Memory(StoreContext(Path())), 1_000_000)
    sync(engine, store, book, EVERY, Silent())
    assert store.loaded == []
    assert store.writes
    assert sync(engine, store, book, EVERY, Silent()).written == {}
    assert store.order == ["finish", "choose", "finish"], "without new rows there is nothing to choose"


def test_a_dry_run_touches_nothing(engine: Engine, book: Book) -> None:
    store = Bulky(Memory(StoreContext(Path())), 1)
    sync(engine, store, book, EVERY, Silent(), dry_run=True)
    assert store.order == []

"""A sync into a real Gremlin server, broken off in every way, ends where an undisturbed one ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import StoreUnreachable
from fullcircle.graph.base import StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.sync import sync
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.servers.gremlin import GremlinServer, running_gremlin_server
from tests.servers.unruly import Cut, Say, unruly

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]
EVERY = [*VERTICES, *EDGES]
Dial = Callable[..., Gremlin]


@pytest.fixture
def dial() -> Iterator[Dial]:
    opened: list[Gremlin] = []

    def make(url: str, **options: object) -> Gremlin:
        opened.append(Gremlin(StoreContext(Path(), {"url": url, "workers": 2, "patience_seconds": 0.5, **options})))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


class After(Silent):
    """Does something once so many writes are done."""

    def __init__(self, writes: int, act: Callable[[], None]) -> None:
        self._left, self._act = writes, act

    def advance(self, rows: int) -> None:
        self._left -= 1
        if self._left == 0:
            self._act()


def test_a_killed_server_comes_back_empty_and_is_filled_again(engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    with running_gremlin_server() as server:
        store = dial(server.url)
        with pytest.raises(StoreUnreachable):
            sync(engine, store, book, EVERY, After(4, server.kill))
        server.start()
        assert sum(store.count().values()) == 0
        sync(engine, store, book, EVERY, Silent())
        assert digest(store) == clean
        assert sync(engine, store, book, EVERY, Silent()).written == {}


@pytest.mark.parametrize("writes", [1, 5, 9])
def test_a_sync_broken_off_goes_on_where_it_was(
    gremlin_server: GremlinServer, engine: Engine, book: Book, clean: str, dial: Dial, writes: int
) -> None:
    gremlin_server.clear()
    with unruly(gremlin_server.url) as proxy:
        store = dial(proxy.url, patience_seconds=0)
        store.prepare()
        with pytest.raises(StoreUnreachable):
            sync(engine, store, book, EVERY, After(writes, lambda: proxy.script.extend([Cut()] * 9)))
        proxy.script.clear()
        there = sum(store.count().values())
        assert there > 0
        written = sync(engine, store, book, EVERY, Silent()).written
        assert sum(written.values()) == sum(store.count().values()) - there
        assert digest(store) == clean


def test_a_sync_over_a_bad_line(gremlin_server: GremlinServer, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    gremlin_server.clear()
    with unruly(gremlin_server.url) as proxy:
        store = dial(proxy.url, patience_seconds=60)
        store.prepare()
        busy = Say('{"code":"ConcurrentModificationException"}')
        slow = Say('{"code":"ThrottlingException"}')
        proxy.script.extend([busy, None, Cut(), None, slow, None, Cut(done=True), None, busy, None] * 3)
        sync(engine, store, book, EVERY, Silent())
        assert not proxy.script
        assert digest(store) == clean


def test_a_vertex_deleted_behind_our_back_comes_back(
    gremlin_server: GremlinServer,
    engine: Engine,
    book: Book,
    clean: str,
    dial: Dial,
) -> None:
    gremlin_server.clear()
    store = dial(gremlin_server.url)
    sync(engine, store, book, EVERY, Silent())
    gremlin_server.ask("g.V().hasLabel('Customer').limit(1).drop().iterate()")
    assert digest(store) != clean
    mended = sync(engine, store, book, EVERY, Silent(), verify=True)
    assert mended.written["Customer"] == 1
    assert digest(store) == clean

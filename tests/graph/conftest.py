"""The stores every contract test runs over: a new store is one line in STORES. And the village, ready to be synced.

An opener gets the test's request (for fixtures such as a server) and a folder of the test's own, and gives the store, open
for writing, empty and prepared. Where a library or a server is missing it skips with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.sync import sync
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import village
from tests.servers.fake_neptune import (  # noqa: F401 - fixtures
    _neptune_process,
    aws,
    neptune,
    open_neptune,
)
from tests.servers.gremlin import gremlin_server, open_gremlin  # noqa: F401 - a fixture
from tests.servers.moto import moto  # noqa: F401 - a fixture
from tests.servers.oxigraph import open_oxigraph, oxigraph_server  # noqa: F401 - a fixture

Opener = Callable[[pytest.FixtureRequest, Path], GraphStore]


def _embedded(name: str) -> Opener:
    def opener(request: pytest.FixtureRequest, folder: Path) -> GraphStore:
        from fullcircle import registry

        opened: GraphStore = registry.load("graph.stores", name)(StoreContext(folder / f"{name}.graph", {}))
        opened.prepare()
        return opened

    return opener


STORES: dict[str, Opener] = {
    "ladybug": _embedded("ladybug"),
    "memory": _embedded("memory"),
    "sqlite": _embedded("sqlite"),
    "gremlin": open_gremlin,
    "neptune": open_neptune,
    "rdf": _embedded("rdf"),
    "rdf-server": open_oxigraph,
}

# What a store cannot do, and why: (store, test) -> reason. No more than six in all; test_store_contract.py counts them.
GAPS: dict[tuple[str, str], str] = {}


SERVERS = {"gremlin", "neptune", "rdf-server"}  # of the stores above; also the names of their worker groups


def as_parameter(name: str) -> object:
    """The name of a store as a parameter; tests that need a server run where it has been started."""
    if name not in SERVERS:
        return name
    return pytest.param(name, marks=[pytest.mark.server, pytest.mark.xdist_group(name)])


@pytest.fixture(params=[as_parameter(name) for name in sorted(STORES)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """An open, empty store of each sort."""
    gap = GAPS.get((request.param, request.node.originalname))
    if gap:
        pytest.skip(f"{request.param} cannot do this: {gap}")
    opened = STORES[request.param](request, tmp_path)
    yield opened
    opened.close()


@dataclass(frozen=True)
class World:
    """The village in a store, synced; a test that shares it leaves the store as it should be."""

    engine: Engine
    store: GraphStore
    book: Book
    digest: str  # of what should be in the store


@contextmanager
def world_of(request: pytest.FixtureRequest, engine: Engine, folder: Path) -> Iterator[World]:
    """A world for a fixture with the name of a store as its parameter."""
    store, book = STORES[request.param](request, folder), Book(folder / "book.sqlite")
    try:
        sync(engine, store, book, [*VERTICES, *EDGES], Silent())
        yield World(engine, store, book, digest(store))
    finally:
        book.close()
        store.close()
        engine.close()


@pytest.fixture(scope="session")
def built_village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the village's tables, built once; to be copied, not to be changed."""
    path = tmp_path_factory.mktemp("village") / "tables.duckdb"
    made = DuckDB(path, threads=2)
    village.found(made)
    build(made, Silent())
    made.close()
    return path


def copied(built: Path) -> DuckDB:
    """Tables in memory with the content of the file."""
    made = DuckDB(threads=2)
    here = made.value("SELECT current_database()")
    made.run(f"ATTACH '{built}' AS built (READ_ONLY); COPY FROM DATABASE built TO {here}; DETACH built")
    return made


@pytest.fixture
def engine(built_village: Path) -> Iterator[Engine]:
    """Tables with the village, built."""
    made = copied(built_village)
    yield made
    made.close()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path / "book.sqlite")
    yield made
    made.close()


@pytest.fixture(scope="session")
def clean(built_village: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of an undisturbed run into another store, from tables of its own."""
    folder = tmp_path_factory.mktemp("clean")
    other, memory, book = copied(built_village), Memory(StoreContext(folder)), Book(folder / "other.sqlite")
    sync(other, memory, book, [*VERTICES, *EDGES], Silent())
    book.close()
    other.close()
    return digest(memory)

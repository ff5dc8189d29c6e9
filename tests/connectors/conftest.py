"""What the tests of connectors share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullcircle.book.book import Book
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.sources.sql import source as sql
from fullcircle.engine.duckdb import DuckDB
from tests.connectors.shop import Shop
from tests.connectors.town import Town
from tests.servers.mariadb import MariaDB, running_mariadb
from tests.servers.postgres import Server, running_postgres


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.engine.close()
    town.book.close()


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[Landing]:
    """An empty landing, with a book and an engine of its own."""
    book, engine = Book(tmp_path / "book.sqlite"), DuckDB(threads=1)
    yield Landing(tmp_path / "landing", book, engine)
    engine.close()
    book.close()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDB]:
    """One server for all tests of a session."""
    with running_mariadb() as server:
        yield server


@pytest.fixture
def mariadb(mariadb_server: MariaDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """An empty database, and pulls from it."""
    url = mariadb_server.database()
    monkeypatch.setenv("MARIADB", url)
    shop = Shop(tmp_path, url)
    yield shop
    shop.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for all tests of a session."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: Server, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, postgres_server.database())
    yield shop
    shop.close()


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    if request.param == "sqlite":
        (tmp_path / "shop.db").touch()
        shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
    else:
        name = "mariadb_server" if request.param == "mariadb" else "postgres_server"
        shop = Shop(tmp_path, request.getfixturevalue(name).database())
    yield shop
    shop.close()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows, so that every border is crossed."""
    begin = sql.Sql.__init__

    def small(self: sql.Sql, context: Any) -> None:
        begin(self, context)
        self._rows = 2

    monkeypatch.setattr(sql.Sql, "__init__", small)

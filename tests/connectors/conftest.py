"""What the tests of connectors share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.shop import Shop
from tests.connectors.town import Town
from tests.servers.mariadb import MariaDB, running_mariadb


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.engine.close()
    town.book.close()


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

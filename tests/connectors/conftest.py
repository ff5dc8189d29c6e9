"""What the tests of connectors share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.engine.close()
    town.book.close()

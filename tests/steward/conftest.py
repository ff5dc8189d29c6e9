"""A project with people who are easily mistaken, run once; each test that decides something works on a copy of it."""

import shutil
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests import small


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's config file; nobody may change anything there."""
    file = small.make(tmp_path_factory.mktemp("steward"), small.PARQUET)
    with open_desk(read_config(file)) as desk:
        run(desk)
    return file


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    """A copy to decide in."""
    shutil.copytree(original.parent, tmp_path / "project")
    return tmp_path / "project" / "fullcircle.toml"

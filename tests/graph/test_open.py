"""A store of another package that keeps its graph in a file: it is embedded because its plugin says so."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from fullcircle import registry
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.errors import NotFound
from fullcircle.graph.base import StoreContext
from fullcircle.graph.open import drop_embedded, drop_former, graph_path, is_embedded, open_named, open_store
from fullcircle.graph.stores.memory import Memory


class Jar(Memory):
    """A store in a file, unless it is at a server."""

    def __init__(self, context: StoreContext) -> None:
        super().__init__(context)
        self._path = context.path

    @staticmethod
    def is_embedded(options: Mapping[str, Any]) -> bool:
        return "server" not in options

    def prepare(self) -> None:
        self._path.write_text("a graph")


@pytest.fixture(autouse=True)
def _jar_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = registry._installed
    jar = EntryPoint("jar", f"{__name__}:Jar", "fullcircle.graph.stores")
    monkeypatch.setattr(
        registry, "_installed", lambda group, path: (*real(group, path), *([(jar, "jar")] if group == jar.group else []))
    )


def config(folder: Path, graph: str) -> Config:
    path = folder / "fullcircle.toml"
    path.write_text(f"[graph]\n{graph}\n")
    settings = read_config(path)
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings


@pytest.mark.parametrize(
    ("graph", "embedded"),
    [
        ('store = "ladybug"', True),
        ('store = "sqlite"', True),
        ('store = "rdf"', True),
        ('store = "rdf"\nmemory = true', False),
        ('store = "rdf"\nendpoint = "http://127.0.0.1:9/query"', False),
        ('store = "memory"', False),
        ('store = "jar"', True),
        ('store = "jar"\nserver = "far away"', False),
    ],
)
def test_a_store_says_itself_whether_it_is_embedded(tmp_path: Path, graph: str, embedded: bool) -> None:
    assert is_embedded(config(tmp_path, graph)) is embedded


def test_an_embedded_graph_of_another_package(tmp_path: Path) -> None:
    settings = config(tmp_path, 'store = "jar"')
    with pytest.raises(NotFound, match="no customer graph yet"), open_store(settings, read_only=True):
        pass
    with open_named(settings, "embedded") as store:
        store.prepare()
    assert graph_path(settings).read_text() == "a graph"
    with open_store(settings, read_only=True):
        pass
    assert drop_embedded(settings)
    assert not graph_path(settings).exists()


def test_the_same_store_at_a_server(tmp_path: Path) -> None:
    settings = config(tmp_path, 'store = "jar"\nserver = "far away"')
    with open_store(settings, read_only=True):
        pass
    with pytest.raises(NotFound), open_named(settings, "embedded"):
        pass
    assert not drop_embedded(settings)


def test_the_former_file_goes_where_the_graph_is_another(tmp_path: Path) -> None:
    settings = config(tmp_path, "")
    settings.home.mkdir(parents=True, exist_ok=True)
    for name in ("graph.ladybug", "graph.ladybug.wal"):
        (settings.home / name).write_text("x")
    assert drop_former(config(tmp_path, 'store = "ladybug"')) is None
    assert drop_former(settings) == settings.home / "graph.ladybug"
    assert not list(settings.home.glob("graph.ladybug*"))
    assert drop_former(settings) is None

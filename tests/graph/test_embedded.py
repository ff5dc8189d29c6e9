"""What holds of every store that keeps a graph in a file: who reads cannot write, a file that is not there, wrong options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fullcircle.errors import ConfigError, StoreError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.ladybug.store import Ladybug
from fullcircle.graph.stores.sqlite.store import Sqlite
from tests.graph import town
from tests.graph.town import ADA, ids, rows

SMALL = {"memory": "256MB"}
EMBEDDED = pytest.mark.parametrize("plugin", [Ladybug, Sqlite])


@EMBEDDED
def test_a_reader_cannot_write(plugin: Any, tmp_path: Path) -> None:
    made = plugin(StoreContext(tmp_path / "graph", SMALL))
    made.prepare()
    town.settle_in(made)
    made.close()
    reader = plugin(StoreContext(tmp_path / "graph", SMALL, read_only=True))
    for write in (
        lambda: reader.write_vertices("Customer", rows("Customer", {"id": ADA})),
        lambda: reader.forget_vertices("Customer", ids(ADA)),
        lambda: reader.put_stamp("x"),
        reader.prepare,
        reader.checkpoint,
    ):
        with pytest.raises(StoreError, match="reading only"):
            write()
    assert reader.vertex(ADA) is not None
    reader.close()


@EMBEDDED
def test_reading_a_graph_that_is_not_there(plugin: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        plugin(StoreContext(tmp_path / "graph", SMALL, read_only=True))
    assert list(tmp_path.iterdir()) == []


@EMBEDDED
def test_wrong_options_are_said(plugin: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="memroy"):
        plugin(StoreContext(tmp_path / "graph", {"memroy": "1GB"}))
    with pytest.raises(ConfigError, match="lots"):
        plugin(StoreContext(tmp_path / "graph", {"memory": "lots"}))

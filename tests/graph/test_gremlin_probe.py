"""A server that cannot keep our graph is told before anything is written into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fullcircle.ask.doctor import doctor
from fullcircle.errors import StoreError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.gremlin.store import Gremlin
from tests.servers.gremlin import GremlinServer, running_gremlin_server

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]


@pytest.mark.parametrize(("ids", "told"), [(("LONG", "LONG"), "the id of a vertex"), (("ANY", "LONG"), "the id of an edge")])
def test_a_server_with_ids_of_its_own_is_told_at_once(ids: tuple[str, str], told: str, tmp_path: Path) -> None:
    with running_gremlin_server(ids=ids) as server:
        store = Gremlin(StoreContext(tmp_path, {"url": server.url}))
        with pytest.raises(StoreError, match=f"does not take a text as {told}") as raised:
            store.prepare()
        assert "vertexIdManager" in raised.value.hint
        store.close()
        (tmp_path / "fullcircle.toml").write_text(f'[graph]\nstore = "gremlin"\nurl = "{server.url}"\n')
        (graph,) = [check for check in doctor(tmp_path / "fullcircle.toml") if check.what == "graph"]
        assert not graph.ok and told in graph.found
        assert server.ask("g.V().count()") == [0], "nothing is left behind"


def test_a_server_that_fits_keeps_nothing_of_the_probe(gremlin_server: GremlinServer, tmp_path: Path) -> None:
    gremlin_server.clear()
    store = Gremlin(StoreContext(tmp_path, {"url": gremlin_server.url}))
    store.prepare()
    assert gremlin_server.ask("g.V().count()") == [0]
    store.close()

"""The stores every contract test runs over: a new store is one line in STORES.

An opener gets the test's request (for fixtures such as a server) and a folder of the test's own, and gives the store, open
for writing, empty and prepared. Where a library or a server is missing it skips with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fullcircle.graph.base import GraphStore, StoreSetting
from tests.servers.fake_neptune import (  # noqa: F401 - fixtures
    _moto_s3,
    _neptune_process,
    aws,
    neptune,
    open_neptune,
)
from tests.servers.gremlin import gremlin_server, open_gremlin  # noqa: F401 - a fixture
from tests.servers.oxigraph import open_oxigraph, oxigraph_server  # noqa: F401 - a fixture

Opener = Callable[[pytest.FixtureRequest, Path], GraphStore]


def _embedded(name: str) -> Opener:
    def opener(request: pytest.FixtureRequest, folder: Path) -> GraphStore:
        from fullcircle import registry

        opened: GraphStore = registry.load("graph.stores", name)(StoreSetting(folder / f"{name}.graph", {}))
        opened.prepare()
        return opened

    return opener


STORES: dict[str, Opener] = {
    "ladybug": _embedded("ladybug"),
    "memory": _embedded("memory"),
    "gremlin": open_gremlin,
    "neptune": open_neptune,
    "rdf": _embedded("rdf"),
    "rdf-server": open_oxigraph,
}

# What a store cannot do, and why: (store, test) -> reason. No more than six in all; test_store_contract.py counts them.
GAPS: dict[tuple[str, str], str] = {}


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """An open, empty store of each sort."""
    gap = GAPS.get((request.param, request.node.originalname))
    if gap:
        pytest.skip(f"{request.param} cannot do this: {gap}")
    opened = STORES[request.param](request, tmp_path)
    yield opened
    opened.close()

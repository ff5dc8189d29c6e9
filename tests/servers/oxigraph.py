"""A real Oxigraph server for the tests: a SPARQL 1.1 server in a process of its own, from the package `oxigraph`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from fullcircle.graph.base import GraphStore, StoreContext
from tests.servers.gremlin import MUST_RUN, free_port

READY_WITHIN = 60.0  # seconds


@dataclass
class OxigraphServer:
    """A server process; without a folder its graph is gone when it ends."""

    port: int
    folder: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def options(self) -> dict[str, object]:
        """What the store is opened with. A query's default graph is the union of all graphs, as in Neptune."""
        return {"endpoint": f"{self.url}/query?union-default-graph", "update_endpoint": f"{self.url}/update"}

    def start(self) -> None:
        """Start it on its port and wait until it answers."""
        place = ["--location", str(self.folder)] if self.folder else []
        self.process = subprocess.Popen(
            [str(binary()), "serve", "--bind", f"127.0.0.1:{self.port}", *place],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("The Oxigraph server ended while starting.")
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"The Oxigraph server did not answer within {READY_WITHIN:.0f} s.")

    def kill(self) -> None:
        """As when the machine loses power."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.kill()
            process.wait(20)

    def clear(self) -> None:
        """Leave an empty graph."""
        requests.post(f"{self.url}/update", data={"update": "DROP ALL"}, timeout=30).raise_for_status()


@contextmanager
def running_oxigraph_server(folder: Path | None = None) -> Iterator[OxigraphServer]:
    """A server on a free loopback port, gone when the block ends; skips with the reason where it cannot run."""
    if not binary().is_file():
        text = "NOT TESTED against a real Oxigraph server: the package oxigraph is not installed"
        pytest.fail(text) if os.environ.get(MUST_RUN) else pytest.skip(text)
    server = OxigraphServer(free_port(), folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def oxigraph_server() -> Iterator[OxigraphServer]:
    """The server of this test session (with xdist: of this worker). Tests clear the graph before they use it."""
    with running_oxigraph_server() as server:
        yield server


def open_oxigraph(request: pytest.FixtureRequest, folder: Path) -> GraphStore:
    """An opener for tests/graph/conftest.py: the session's server, emptied."""
    server: OxigraphServer = request.getfixturevalue("oxigraph_server")
    server.clear()
    from fullcircle import registry

    opened: GraphStore = registry.load("graph.stores", "rdf")(StoreContext(folder, server.options))
    opened.prepare()
    return opened


def binary() -> Path:
    """The program that the package brings."""
    return Path(sys.executable).with_name("oxigraph")

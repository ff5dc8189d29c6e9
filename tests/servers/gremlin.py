"""A real TinkerPop Gremlin Server for the tests, set up so that it bites like Neptune.

Its jars come from Maven once and stay in a cache outside the project. Ids are whatever we give (ANY), a vertex property
keeps every value it ever got unless `single` is said (cardinality `set`), and null values are refused. The graph is the
transactional one: a request is kept whole or not at all, and two that touch the same element at once get an error.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fullcircle.graph.base import GraphStore, StoreContext

# gremlinpython 3.7.6 and 3.7.7 exist for Python only: 3.7.5 is the newest 3.7 server on Maven Central.
VERSION = "3.7.5"
READY_WITHIN = 120.0  # seconds; Groovy starts slowly on a busy machine
MAVEN_WITHIN = 900  # seconds, for some 30 MB
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a quarter less CPU: what is compiled more is not used up
# Set where a missing server is a failure and not a reason to skip.
MUST_RUN = "FULLCIRCLE_REQUIRE_SERVERS"

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>fullcircle</groupId><artifactId>gremlin-server-for-tests</artifactId><version>1</version>
<dependencies><dependency>
  <groupId>org.apache.tinkerpop</groupId><artifactId>gremlin-server</artifactId><version>{version}</version>
</dependency><dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.25</version>
</dependency></dependencies></project>
"""
SERVER = """host: 127.0.0.1
port: {port}
evaluationTimeout: 60000
channelizer: org.apache.tinkerpop.gremlin.server.channel.WebSocketChannelizer
graphs: {{ graph: {folder}/graph.properties }}
scriptEngines:
  gremlin-groovy:
    plugins:
      org.apache.tinkerpop.gremlin.server.jsr223.GremlinServerGremlinPlugin: {{}}
      org.apache.tinkerpop.gremlin.tinkergraph.jsr223.TinkerGraphGremlinPlugin: {{}}
      org.apache.tinkerpop.gremlin.jsr223.ScriptFileGremlinPlugin: {{ files: ["{folder}/bind.groovy"] }}
serializers:
  - {{ className: org.apache.tinkerpop.gremlin.util.ser.GraphBinaryMessageSerializerV1 }}
  - {{ className: org.apache.tinkerpop.gremlin.util.ser.GraphSONMessageSerializerV3 }}
maxContentLength: 67108864
"""
GRAPH = """gremlin.graph=org.apache.tinkerpop.gremlin.tinkergraph.structure.{graph}
gremlin.tinkergraph.vertexIdManager={vertex_ids}
gremlin.tinkergraph.edgeIdManager={edge_ids}
gremlin.tinkergraph.vertexPropertyIdManager=ANY
gremlin.tinkergraph.defaultVertexPropertyCardinality=set
gremlin.tinkergraph.allowNullPropertyValues=false
"""


@dataclass
class GremlinServer:
    """A server process; its graph is in memory and gone when it ends."""

    folder: Path
    port: int
    heap: str = "-Xmx1g"
    graph: str = "TinkerTransactionGraph"  # a request is kept whole or not at all; TinkerGraph: what the server comes with
    ids: tuple[str, str] = ("ANY", "ANY")  # the ids that vertices and edges may have
    java: tuple[str, ...] = SHORT_LIVED  # options of the virtual machine; none: those of a server that stays up
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gremlin"

    def start(self) -> None:
        """Start it on its port and wait until it answers."""
        self._configure()
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    "java", self.heap, *self.java, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp", f"{jars()}/*", "org.apache.tinkerpop.gremlin.server.GremlinServer", str(self.folder / "server.yaml"),
                ],
                stdout=log, stderr=log, cwd=self.folder,
            )  # fmt: skip
        self._wait()

    def ask(self, text: str) -> list[object]:
        """Run a script, past the store under test."""
        from gremlin_python.driver.client import Client

        client = Client(self.url, "g", pool_size=1)
        try:
            return list(client.submit(text).all().result())
        finally:
            client.close()

    def clear(self) -> None:
        """Leave an empty graph."""
        self.ask("g.V().drop().iterate()")

    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _configure(self) -> None:
        (self.folder / "server.yaml").write_text(SERVER.format(port=self.port, folder=self.folder))
        (self.folder / "graph.properties").write_text(
            GRAPH.format(graph=self.graph, vertex_ids=self.ids[0], edge_ids=self.ids[1])
        )
        (self.folder / "bind.groovy").write_text("def globals = [:]\nglobals << [g : traversal().withEmbedded(graph)]\n")

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"The Gremlin Server ended while starting:\n{self.log()[-3000:]}")
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return  # it opens the port when the graph and `g` are ready
            time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"The Gremlin Server did not answer within {READY_WITHIN:.0f} s:\n{self.log()[-3000:]}")

    def kill(self) -> None:
        """As when the machine loses power."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.kill()
        process.wait(20)


@contextmanager
def running_gremlin_server(
    heap: str = GremlinServer.heap,
    graph: str = GremlinServer.graph,
    ids: tuple[str, str] = GremlinServer.ids,
    java: tuple[str, ...] = SHORT_LIVED,
) -> Iterator[GremlinServer]:
    """A server on a free loopback port, gone when the block ends; skips with the reason where it cannot run."""
    absent = why_not()
    if absent:
        missing(absent)
    with tempfile.TemporaryDirectory(prefix="gremlin-server-") as folder:
        server = GremlinServer(Path(folder), free_port(), heap, graph, ids, java=java)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@pytest.fixture(scope="session")
def gremlin_server() -> Iterator[GremlinServer]:
    """The server of this test session (with xdist: of this worker). Tests clear the graph before they use it."""
    with running_gremlin_server() as server:
        yield server


def open_gremlin(request: pytest.FixtureRequest, folder: Path) -> GraphStore:
    """An opener for tests/graph/conftest.py: the session's server, emptied."""
    server: GremlinServer = request.getfixturevalue("gremlin_server")
    server.clear()
    from fullcircle import registry

    opened: GraphStore = registry.load("graph.stores", "gremlin")(StoreContext(folder, {"url": server.url}))
    opened.prepare()
    return opened


def missing(reason: str) -> None:
    """Skip, or fail where servers must run."""
    text = f"NOT TESTED against a real Gremlin Server: {reason}"
    if os.environ.get(MUST_RUN):
        pytest.fail(text)
    pytest.skip(text)


def why_not() -> str:
    """Why no server can run here; empty if one can."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None and not (program == "mvn" and jars().is_dir()):
            return f"{program} is not installed"
    return "" if jars().is_dir() else _fetch()


def cache() -> Path:
    """Where test servers are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "fullcircle-tests"


def jars() -> Path:
    """The folder with the server's jars, complete or not there at all."""
    return cache() / f"gremlin-server-{VERSION}-with-log"


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fetch() -> str:
    """Copy the jars from Maven into the cache, once for all workers; the reason if that fails."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "gremlin-server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if jars().is_dir():
            return ""
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            (Path(folder) / "pom.xml").write_text(POM.format(version=VERSION))
            try:
                done = subprocess.run(
                    ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib"],
                    cwd=folder, capture_output=True, text=True, timeout=MAVEN_WITHIN, check=False,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                slow = (
                    f"did not end within {MAVEN_WITHIN} s" if isinstance(error, subprocess.TimeoutExpired) else "does not start"
                )
                return f"Maven {slow} while fetching gremlin-server {VERSION}"
            if done.returncode != 0:
                lines = [line for line in done.stdout.splitlines() if "ERROR" in line]
                return f"Maven could not fetch gremlin-server {VERSION}: {lines[0] if lines else 'no reason given'}"
            (Path(folder) / "lib").rename(jars())
    return ""

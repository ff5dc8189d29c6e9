"""`query_seconds` reaches every server: a user's query that takes longer ends, there and here, and is not asked again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from fullcircle.errors import QueryError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.neptune.opencypher import limited
from fullcircle.graph.stores.rdf.store import Rdf
from tests.graph.test_neptune_access import Dial, dial  # noqa: F401 - a fixture
from tests.servers.fake_neptune import FakeNeptune
from tests.servers.oxigraph import running_oxigraph_server

TOO_SLOW = r"took longer than 0\.\d seconds"
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]


class Trickle(BaseHTTPRequestHandler):
    """Answers a few bytes at a time, so that no single read waits for long."""

    asked: ClassVar[list[bytes]] = []
    ended: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.ended.set()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def trickling() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Trickle)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()


def test_an_answer_that_trickles_in_ends_in_time_and_the_server_notices() -> None:
    with trickling() as url:
        store = Rdf(StoreContext(Path("unused"), {"endpoint": url, "query_seconds": 0.4}))
        began = time.monotonic()
        with pytest.raises(QueryError, match=TOO_SLOW) as caught:
            store.query("ASK {}")
        assert time.monotonic() - began < 5
        assert "query_seconds" in caught.value.hint
        assert len(Trickle.asked) == 1, "it is not asked again"
        assert Trickle.ended.wait(5), "the connection was closed"
        store.close()


def test_a_real_server_that_takes_too_long() -> None:
    values = " ".join(map(str, range(400)))
    wide = " ".join(f"VALUES ?{name} {{ {values} }}" for name in "abcd")
    with running_oxigraph_server() as own:  # it goes on computing when nobody listens any more, for an hour: that takes a core
        store = Rdf(StoreContext(Path("unused"), {**own.options, "query_seconds": 0.3}))
        began = time.monotonic()
        with pytest.raises(QueryError, match=TOO_SLOW):
            store.query(f"SELECT (count(*) AS ?n) {{ {wide} FILTER(?a + ?b + ?c + ?d = 1597) }}")
        assert time.monotonic() - began < 5
        store.close()


def test_opencypher_has_the_hint_of_neptune(neptune: FakeNeptune, dial: Dial) -> None:  # noqa: F811
    neptune.answers = {"RETURN 1 AS n": [{"n": 1}]}
    store = dial(neptune, query_seconds=0.3)
    assert store.query("RETURN 1 AS n", "opencypher").to_pylist() == [{"n": 1}]
    assert b"USING QUERY:TIMEOUTMILLISECONDS 300 RETURN 1 AS n" in neptune.called("/opencypher")[-1].body
    neptune.slow = 2
    asked = len(neptune.called("/opencypher"))
    with pytest.raises(QueryError, match=TOO_SLOW):
        store.query("RETURN 1 AS n", "opencypher")
    assert len(neptune.called("/opencypher")) - asked <= 2


def test_an_engine_that_does_not_know_hints_gets_none(neptune: FakeNeptune, dial: Dial) -> None:  # noqa: F811
    neptune.answers, neptune.engine = {"RETURN 1 AS n": [{"n": 1}]}, "1.3.1.0.R2"
    dial(neptune).query("RETURN 1 AS n", "opencypher")
    assert b"USING" not in neptune.called("/opencypher")[-1].body


def test_sparql_of_neptune_is_cancelled_by_its_id(neptune: FakeNeptune, dial: Dial) -> None:  # noqa: F811
    neptune.answers = {"ASK {}": {"head": {}, "boolean": True}}
    store = dial(neptune, query_seconds=0.3)
    neptune.slow = 2
    with pytest.raises(QueryError, match=TOO_SLOW):
        store.query("ASK {}", "sparql")
    asked, cancelled = (parse_qs(call.body.decode()) for call in neptune.called("/sparql"))
    assert cancelled["cancelQuery"] == ["true"]
    assert cancelled["queryId"] == asked["queryId"]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("MATCH (n) RETURN n", "USING QUERY:TIMEOUTMILLISECONDS 1500 MATCH (n) RETURN n"),
        ("using QUERY:PLANCACHE 'enabled' RETURN 1", "using QUERY:PLANCACHE 'enabled' RETURN 1"),
        ("// mine\n /* x */ USING QUERY:X 1 RETURN 1", "// mine\n /* x */ USING QUERY:X 1 RETURN 1"),
        ("MATCH (using) RETURN using", "USING QUERY:TIMEOUTMILLISECONDS 1500 MATCH (using) RETURN using"),
    ],
)
def test_hints_of_the_user_stay_alone(text: str, sent: str) -> None:
    assert limited(text, 1.5) == sent

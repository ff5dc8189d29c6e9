"""The RDF store beyond the contract: SPARQL for users, files and locks, servers that refuse, fail or die."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from unittest import mock

import pytest
import requests

from fullcircle.errors import Busy, ConfigError, QueryError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.base import GraphStore, StoreContext, Vertex
from fullcircle.graph.digest import digest
from fullcircle.graph.exchange.write import export
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.rdf.store import Rdf, RdfOptions
from fullcircle.graph.stores.transient import CROWDED, PERHAPS
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.graph.town import ADA, BEN, CUP, TEA, edge, rows
from tests.servers.oxigraph import OxigraphServer, free_port, running_oxigraph_server

NS = "PREFIX fc: <https://fullcircle.example/ns#> PREFIX schema: <https://schema.org/> "


def memory_town() -> Memory:
    store = Memory(StoreContext(Path("unused")))
    town.settle_in(store)
    return store


def in_memory(**options: object) -> Rdf:
    return Rdf(StoreContext(Path("unused"), {"memory": True, **options}))


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    """The town, embedded and on a real server."""
    if request.param == "embedded":
        opened = in_memory()
    else:
        server: OxigraphServer = request.getfixturevalue("oxigraph_server")
        server.clear()
        opened = Rdf(StoreContext(Path("unused"), server.options))
    town.settle_in(opened)
    yield opened
    opened.close()


# -- the same graph ----------------------------------------------------------------------------------------------------
def test_the_digest_is_that_of_other_stores(store: GraphStore) -> None:
    assert digest(store) == digest(memory_town())


def test_small_requests_write_the_same() -> None:
    store = in_memory(rows_per_request=1)
    town.settle_in(store)
    town.settle_in(store)
    for label, given in {**town.VERTICES, **town.EDGES}.items():
        (store.write_vertices if label in town.VERTICES else store.write_edges)(label, rows(label, *given))
    assert digest(store) == digest(memory_town())
    assert [near.vertex.id for near in store.neighbours(BEN)] == [near.vertex.id for near in memory_town().neighbours(BEN)]


def test_an_n_quads_export_loaded_by_the_server_itself_is_the_graph(tmp_path: Path, oxigraph_server: OxigraphServer) -> None:
    oxigraph_server.clear()
    for path in export(memory_town(), tmp_path / "out", "nquads", Silent()).files:
        sent = requests.post(
            f"{oxigraph_server.url}/store", data=path.read_bytes(), headers={"Content-Type": "application/n-quads"}, timeout=30
        )
        assert sent.ok
    store = Rdf(StoreContext(tmp_path, oxigraph_server.options))
    assert digest(store) == digest(memory_town())
    store.close()


def test_what_others_wrote_is_not_taken_for_ours(oxigraph_server: OxigraphServer) -> None:
    oxigraph_server.clear()
    store = Rdf(StoreContext(Path("unused"), oxigraph_server.options))
    town.settle_in(store)
    foreign = """INSERT DATA { <urn:x> a <https://fullcircle.example/ns#Dragon> . GRAPH <urn:fullcircle:graph/vertices> {
        <urn:fullcircle:product:naked> a <https://fullcircle.example/ns#Product> . <urn:y> a <urn:z> }
        GRAPH <urn:elsewhere> { <urn:fullcircle:customer:ada> <urn:likes> <urn:fullcircle:customer:ben> } }"""
    requests.post(f"{oxigraph_server.url}/update", data={"update": foreign}, timeout=30).raise_for_status()
    assert store.count()["Product"] == 4
    hashes = {row["id"]: row["hash"] for page in store.scan("Product", ["id", "hash"]) for row in page.to_pylist()}
    assert hashes["product:naked"] is None, "a sync sees that it is not as it should be"
    assert {near.edge.label for near in store.neighbours(ADA)} == {"PURCHASED", "MAY_LIKE", "MEMBER_OF", "RELATED_TO"}
    store.close()


# -- SPARQL for users --------------------------------------------------------------------------------------------------
def test_simple_queries_need_no_graph(store: GraphStore) -> None:
    text = NS + "SELECT ?name (COUNT(*) AS ?buyers) { ?c a fc:Customer ; fc:PURCHASED ?p . ?p schema:name ?name } GROUP BY ?name"
    found = {row["name"]: row["buyers"] for row in store.query(text).to_pylist()}
    assert found == {"Tea": 1, "Cup": 2}


def test_edges_properties_are_found_through_their_graph(store: GraphStore) -> None:
    text = (
        NS + "SELECT ?p ?times ?amount { GRAPH ?e { ?c fc:PURCHASED ?p . ?e fc:times ?times OPTIONAL { ?e fc:amount ?amount } } }"
    )
    found = store.query(text + " ORDER BY DESC(?times)", "sparql").to_pylist()
    assert found[0] == {"p": "urn:fullcircle:product:shop:p:tea", "times": 3, "amount": 7.5}
    assert [row["amount"] for row in found] == [7.5, None, None]


def test_columns_have_the_type_of_their_values(store: GraphStore) -> None:
    text = NS + "SELECT ?birth ?seen ?n (true AS ?yes) { ?c schema:birthDate ?birth ; fc:firstSeen ?seen ; fc:records ?n }"
    assert store.query(text).to_pylist() == [
        {"birth": date(1815, 12, 10), "seen": datetime(2020, 1, 2, 3, 4, 5, 678000), "n": 2, "yes": True}
    ]
    mixed = store.query('SELECT ?x { VALUES ?x { 1 "one" <urn:one> 99999999999999999999999 } }')["x"].to_pylist()
    assert mixed[:3] == ["1", "one", "urn:one"]


def test_asking_and_constructing(store: GraphStore) -> None:
    assert store.query(NS + "ASK { ?c a fc:Customer }").to_pylist() == [{"answer": True}]
    assert store.query(NS + "ASK { ?c a fc:Dragon }").to_pylist() == [{"answer": False}]
    made = store.query(NS + "CONSTRUCT { ?c schema:name ?n } WHERE { ?c a fc:Category ; schema:name ?n }")
    assert made.to_pylist() == [
        {"subject": "<urn:fullcircle:category:kitchen>", "predicate": "<https://schema.org/name>", "object": '"Kitchen"'}
    ]
    assert store.query(NS + "SELECT ?c { ?c a fc:Dragon }").num_rows == 0
    assert store.query(NS + "CONSTRUCT WHERE { ?c a fc:Dragon }").column_names == ["subject", "predicate", "object"]


def test_the_queries_of_the_page_work(store: GraphStore) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "rdf.md").read_text()
    examples = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    assert [store.query(text).num_rows for text in examples] == [2, 3]


@pytest.mark.parametrize(
    "text", ["DROP ALL", "INSERT DATA { <urn:a> <urn:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "SELECT", "SELECT ?x { ?x a fc:Y }"]
)
def test_what_writes_or_is_wrong_is_refused(store: GraphStore, text: str) -> None:
    with pytest.raises(QueryError):
        store.query(text)
    assert digest(store) == digest(memory_town())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c. service silent ?x { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?a ?b 1SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?a ?b trueSERVICESILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "# it's here\nSELECT * { SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        'SELECT * { ?s ?p "\\"" SERVICE <http://127.0.0.1:9/> { ?s ?p "x" } }',
        'SELECT * { ?s ?p """it\'s""" SERVICE <http://127.0.0.1:9/> { ?s ?p \'x\' } }',
    ],
)
def test_nothing_is_sent_to_other_servers(text: str) -> None:
    with pytest.raises(QueryError, match="another server"):
        in_memory().query(text)


def test_the_word_service_may_stand_elsewhere() -> None:
    text = """PREFIX my: <urn:service#> # a service
        SELECT ?service { VALUES ?service { "SERVICE <x>" 'service' } FILTER NOT EXISTS { ?a my:service <urn:/service> } }"""
    assert in_memory().query(text).num_rows == 2


# -- files and locks ---------------------------------------------------------------------------------------------------
def test_the_graph_is_there_when_opened_again(tmp_path: Path) -> None:
    setting = StoreContext(tmp_path / "deep" / "graph.rdf")
    store = Rdf(setting)
    town.settle_in(store)
    store.put_stamp("m")
    store.close()
    store = Rdf(setting)
    assert digest(store) == digest(memory_town())
    assert store.stamp() == "m"
    reader = Rdf(StoreContext(setting.path, {}, read_only=True))
    assert reader.vertex(ADA) == store.vertex(ADA)
    for write in (
        lambda: reader.put_stamp("x"),
        lambda: reader.write_vertices("Product", rows("Product", {"id": "product:1"})),
        lambda: reader.forget_edges("PURCHASED", town.ids("x")),
    ):
        with pytest.raises(StoreError, match="reading only"):
            write()
    reader.close()
    store.close()


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from fullcircle.graph.base import StoreContext\n"
        "from fullcircle.graph.stores.rdf.store import Rdf; from tests.graph import town\n"
        "store = Rdf(StoreContext(Path(sys.argv[1]))); town.settle_in(store)\n"
        "store.forget_edges('MAY_LIKE', town.ids('may_like:customer:ben>product:shop:p:tea')); os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "graph.rdf")], cwd=root, check=False)
    assert done.returncode == -9
    store = Rdf(StoreContext(tmp_path / "graph.rdf"))
    memory = memory_town()
    memory.forget_edges("MAY_LIKE", town.ids(f"may_like:{BEN}>{TEA}"))
    assert digest(store) == digest(memory)
    store.close()


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "graph.rdf"
    hold = "import sys, pyoxigraph; store = pyoxigraph.Store(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Busy):
            Rdf(StoreContext(path))
        other.kill()
    Rdf(StoreContext(path)).close()


def test_reading_what_was_never_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        Rdf(StoreContext(tmp_path / "none.rdf", {}, read_only=True))
    (tmp_path / "file.rdf").write_text("this is no folder")
    with pytest.raises(StoreError):
        Rdf(StoreContext(tmp_path / "file.rdf"))


# -- servers -----------------------------------------------------------------------------------------------------------
def test_wrong_options_are_named() -> None:
    with pytest.raises(ConfigError, match="endpont"):
        Rdf(StoreContext(Path("unused"), {"endpont": "http://127.0.0.1:1"}))
    with pytest.raises(ConfigError, match="web address"):
        Rdf(StoreContext(Path("unused"), {"endpoint": "localhost:7878"}))
    with pytest.raises(ConfigError, match="password"):
        Rdf(StoreContext(Path("unused"), {"endpoint": "http://me:secret@127.0.0.1:1/query"}))


def test_a_value_that_is_not_of_its_type_is_left_out(oxigraph_server: OxigraphServer) -> None:
    oxigraph_server.clear()
    foreign = """INSERT DATA { GRAPH <urn:fullcircle:graph/vertices> { <urn:fullcircle:product:1>
        a <https://fullcircle.example/ns#Product> ; <https://schema.org/price> "cheap" } }"""
    requests.post(f"{oxigraph_server.url}/update", data={"update": foreign}, timeout=30).raise_for_status()
    store = Rdf(StoreContext(Path("unused"), oxigraph_server.options))
    assert store.vertex("product:1") == Vertex("product:1", "Product", {})
    store.close()


def test_nobody_at_the_address() -> None:
    store = Rdf(StoreContext(Path("unused"), {"endpoint": f"http://127.0.0.1:{free_port()}/query"}))
    with pytest.raises(StoreUnreachable, match="does not answer"):
        store.prepare()


def test_a_server_killed_in_the_middle_of_writing(tmp_path: Path) -> None:
    with running_oxigraph_server(tmp_path / "data") as server:
        store = Rdf(StoreContext(tmp_path, {**server.options, "patience_seconds": 0.5}))
        store.write_vertices("Product", rows("Product", *town.VERTICES["Product"]))
        server.kill()
        with pytest.raises(StoreUnreachable):
            store.write_vertices("Customer", rows("Customer", *town.VERTICES["Customer"]))
        server.start()
        for label, given in town.VERTICES.items():
            store.write_vertices(label, rows(label, *given))
        for label, given in town.EDGES.items():
            store.write_edges(label, rows(label, *given))
        assert digest(store) == digest(memory_town())
        store.close()


def test_requests_to_neptune_are_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boto3", reason="signing needs boto3")
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    for name, value in {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "made-up"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    with moody(iam=True, region="eu-central-1") as (store, seen):
        store.prepare()
        sent = Moody.headers_seen[-1]
        again = AWSRequest(
            "POST", f"http://{sent['Host']}/sparql", data=seen[-1].encode(),
            headers={name: sent[name] for name in ("Accept", "Content-Type", "Host", "X-Amz-Date")},
        )  # fmt: skip
        again.context["timestamp"] = sent["X-Amz-Date"]
        signer = SigV4Auth(Credentials("AKIDEXAMPLE", "made-up"), "neptune-db", "eu-central-1")
        signature = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    assert sent["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-central-1/neptune-db/aws4_request" in sent["Authorization"]
    assert sent["Authorization"].endswith(f"Signature={signature}")
    assert "made-up" not in str(sent)


class Moody(BaseHTTPRequestHandler):
    """Answers as the moods say, one after the other, then with an empty result."""

    moods: list[tuple[int, str] | tuple[int, str, float]]  # status, text, and after how many seconds
    seen: list[str]
    headers_seen: ClassVar[list[dict[str, str]]] = []
    lines_seen: ClassVar[list[int]] = []  # the client's port of each request
    protocol_version = "HTTP/1.1"  # connections are kept

    def do_POST(self) -> None:
        self.headers_seen.append(dict(self.headers.items()))
        self.lines_seen.append(self.client_address[1])
        self.seen.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, body, *late = self.moods.pop(0) if self.moods else (200, "g\r\n")
        time.sleep(sum(late))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None: ...


@contextmanager
def moody(*moods: tuple[int, str] | tuple[int, str, float], **options: object) -> Iterator[tuple[Rdf, list[str]]]:
    """A store before a server that answers like that, and what was sent to it."""
    seen: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Mood", (Moody,), {"moods": list(moods), "seen": seen}))
    Thread(target=server.serve_forever, daemon=True).start()
    store = Rdf(StoreContext(Path("unused"), {"endpoint": f"http://127.0.0.1:{server.server_port}/sparql", **options}))
    try:
        yield store, seen
    finally:
        store.close()
        server.shutdown()
        server.server_close()


def no_pauses() -> AbstractContextManager[object]:
    return mock.patch("fullcircle.graph.stores.transient.LONGEST_PAUSE", 0.01)


def test_failures_in_passing_are_tried_again() -> None:
    conflict = '{"code":"ConcurrentModificationException"}'
    with moody((503, ""), (500, conflict), (429, "")) as (store, seen):
        store.prepare()
        assert len(seen) == 4
    with (
        moody((200, "g\r\n"), *[(503, "")] * 1000, patience_seconds=0.4) as (store, _),
        pytest.raises(StoreUnreachable, match="busy"),
    ):
        store.prepare()
        store.prepare()


@pytest.mark.parametrize("name", [*CROWDED, *PERHAPS, "ReadOnlyViolationException"])
def test_whatever_passes_on_the_websocket_passes_here(name: str) -> None:
    """One table for all that Neptune says."""
    with moody((500, f'{{"code":"{name}"}}')) as (store, seen), no_pauses():
        store.prepare()
        assert len(seen) == 2


def test_after_a_failover_the_name_is_looked_up_again() -> None:
    Moody.lines_seen.clear()
    with moody((200, "g\r\n"), (200, "g\r\n"), (500, '{"code":"ReadOnlyViolationException"}')) as (store, seen):
        for _ in range(3):
            store.prepare()
    assert len(seen) == 4
    assert len(set(Moody.lines_seen[:3])) == 1, "a line is kept"
    assert Moody.lines_seen[3] not in Moody.lines_seen[:3]


def test_what_will_always_be_too_slow_is_asked_twice_only() -> None:
    with moody(*[(500, "TimeLimitExceededException")] * 9) as (store, seen), no_pauses():
        with pytest.raises(StoreError, match="took too long"):
            store.prepare()
        assert len(seen) == 2


def test_patience_begins_with_the_first_failure() -> None:
    with moody((200, "g\r\n"), (503, "", 0.5), patience_seconds=0.4) as (store, seen):
        store.prepare()
        store.prepare()
        assert len(seen) == 3
    assert RdfOptions().patience_seconds >= 150, "a failover takes up to 120 seconds"


def test_late_answers_and_none_at_all() -> None:
    tea = rows("Product", {"id": "product:1", "name": "Tea"})
    with moody((200, "g\r\n", 0.3), timeout_seconds=2) as (store, seen):
        store.write_vertices("Product", tea)
        assert len(seen) == 1
    silent = pytest.raises(StoreUnreachable, match="did not answer within")
    with moody((200, "", 1.0), timeout_seconds=0.2) as (store, _), silent:
        store.write_vertices("Product", tea)
    with moody((200, ""), (200, "", 0.6), timeout_seconds=0.2) as (store, seen):
        store.write_vertices("Product", tea)
        store.write_vertices("Product", tea)
        assert len(seen) == 3
        assert seen[1] == seen[2], "the same again, and it may arrive twice"


@pytest.mark.parametrize(
    ("status", "error", "word"),
    [(401, StoreRefused, "login"), (403, StoreRefused, "login"), (404, StoreError, "does not speak SPARQL"),
     (413, StoreError, "too large"), (400, StoreError, "refused"), (500, StoreError, "refused")],
)  # fmt: skip
def test_refusals_are_told_once_and_without_contents(status: int, error: type[StoreError], word: str) -> None:
    with moody((status, "it was about Ada Müller")) as (store, seen):
        with pytest.raises(error, match=word) as raised:
            store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Ada Müller"}))
        assert "Ada" not in raised.value.message + raised.value.hint
        assert len(seen) == 1


@pytest.mark.parametrize("body", ["", "x,y\r\n1,2\r\n", "<html>Welcome</html>"])
def test_answers_that_are_no_sparql(body: str) -> None:
    with moody((200, body)) as (store, _), pytest.raises(StoreError, match="SPARQL server"):
        store.prepare()


def test_two_edges_between_the_same_two_stay_two() -> None:
    store = in_memory()
    town.settle_in(store)
    twin = {**edge("PURCHASED", ADA, TEA, times=9), "id": "purchased:again"}
    store.write_edges("PURCHASED", rows("PURCHASED", twin))
    assert store.count()["PURCHASED"] == 4
    assert {near.edge.id for near in store.neighbours(ADA, ["PURCHASED"])} == {
        "purchased:again", f"purchased:{ADA}>{CUP}", f"purchased:{ADA}>{TEA}"
    }  # fmt: skip

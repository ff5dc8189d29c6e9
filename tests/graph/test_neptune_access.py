"""How Neptune is dialled: signatures recomputed on what arrived, and one clear error for each thing that is wrong.

The credentials are made up; the listener is tests/servers/fake_neptune.py, real HTTP and WebSockets on loopback.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from fullcircle.errors import ConfigError, QueryError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.base import LogPosition, StoreContext
from fullcircle.graph.stores.aws_access import region_of
from fullcircle.graph.stores.neptune import faults
from fullcircle.graph.stores.neptune.store import Neptune
from fullcircle.graph.stores.neptune.streams import changes, end
from tests.graph import town
from tests.graph.town import ADA, rows
from tests.servers.fake_neptune import KEY, REGION, SECRET, TOKEN, Call, FakeNeptune, Refuse, options
from tests.servers.gremlin import free_port
from tests.servers.unruly import Cut, Say

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("neptune")]
Dial = Callable[..., Neptune]
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})")


@pytest.fixture
def dial(aws: str) -> Iterator[Dial]:
    opened: list[Neptune] = []

    def make(fake: FakeNeptune, read_only: bool = False, **more: object) -> Neptune:
        opened.append(Neptune(StoreContext(Path(), options(fake, **more), read_only)))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def recomputed(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[str, str]:
    """Scope and signature that botocore's own signer gives for what arrived."""
    lower = {name.lower(): value for name, value in headers.items()}
    found = SIGNED.fullmatch(lower["authorization"])
    assert found, "the request is not signed"
    names = set(found[2].split(";")) - {"x-amz-date", "x-amz-security-token", "host"}
    assert lower["x-amz-security-token"] == TOKEN
    request = AWSRequest(method, url, data=body, headers={name: lower[name] for name in names})
    at = datetime.strptime(lower["x-amz-date"], "%Y%m%dT%H%M%SZ")
    with mock.patch("botocore.auth.get_current_datetime", return_value=at):
        SigV4Auth(Credentials(KEY, SECRET, TOKEN), "neptune-db", REGION).add_auth(request)
    ours = SIGNED.fullmatch(request.headers["Authorization"])
    assert ours
    assert (found[1], found[2]) == (ours[1], ours[2])
    return found[3], ours[3]


# -- signatures ---------------------------------------------------------------------------------------------------------


def test_every_connection_is_signed_anew(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune, iam=True)
    store.prepare()
    time.sleep(1.1)  # signatures have seconds
    neptune.proxy.script.append(Cut())
    assert store.vertex(ADA) is None
    met = neptune.proxy.headers
    assert len(met) == 2, "the second connection took the place of the cut one"
    assert met[0]["X-Amz-Date"] != met[1]["X-Amz-Date"]
    for headers in met:
        theirs, ours = recomputed("GET", f"ws://127.0.0.1:{neptune.port}/gremlin", headers, b"")
        assert theirs == ours
        assert headers["Host"] == f"127.0.0.1:{neptune.port}"
        assert f"/{REGION}/neptune-db/aws4_request" in headers["Authorization"]


def test_calls_over_http_are_signed(neptune: FakeNeptune, dial: Dial) -> None:
    neptune.answers = {"RETURN 1 AS n": [{"n": 1}], "ASK {}": {"head": {}, "boolean": True}}
    store = dial(neptune, iam=True)
    store.query("RETURN 1 AS n", "opencypher")
    store.query("ASK {}", "sparql")
    assert {call.path for call in neptune.calls} >= {"/opencypher", "/sparql"}
    for call in neptune.calls:
        theirs, ours = recomputed(call.method, f"http://127.0.0.1:{neptune.port}{call.path}", call.headers, call.body)
        assert theirs == ours, call.path


def test_nothing_is_signed_where_the_cluster_does_not_want_it(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    every: list[dict[str, str]] = [*neptune.proxy.headers, *(call.headers for call in neptune.calls)]
    assert every
    assert not any("Authorization" in headers for headers in every)


def test_a_large_write_goes_over_few_signed_lines(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune, iam=True)
    store.write_vertices(
        "Product", rows("Product", *({"id": f"product:{n}", "name": "x"} for n in range(2000))), insert_only=True
    )
    assert 1 <= len(neptune.proxy.headers) <= 2, "one signature a connection, not one a request"
    assert len(neptune.proxy.requests) > 10


# -- the guard at the start ----------------------------------------------------------------------------------------------


def test_the_status_is_looked_at_once(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    store.count()
    assert len(neptune.called("/status")) == 1


def test_a_reader_takes_no_writes(neptune: FakeNeptune, dial: Dial) -> None:
    neptune.role = "reader"
    with pytest.raises(StoreError, match="is a reader"):
        dial(neptune).prepare()
    assert dial(neptune, read_only=True).count()["Customer"] == 0


@pytest.mark.parametrize("version", ["tinkerpop-3.5.6", "tinkerpop-3.8.0", ""])
def test_an_engine_we_do_not_know(neptune: FakeNeptune, dial: Dial, version: str) -> None:
    neptune.version = version
    with pytest.raises(StoreError, match="does not know") as expected:
        dial(neptune).prepare()
    assert "1.4.8.0" in expected.value.message
    assert "3.7.x" in expected.value.hint


def test_whoever_only_reads_asks_the_reader(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune, read_only=True, endpoint="writer.invalid", reader="127.0.0.1")
    assert store.count()["Customer"] == 0
    with pytest.raises(StoreError, match="for reading only"):
        store.write_vertices("Product", rows("Product", {"id": "product:1"}))


# -- one clear error each ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Credential should be scoped to a valid region, not 'eu-west-1'.", "another region"),
        ("Credential should be scoped to correct service: 'neptune-db'", "another service"),
        ("The security token included in the request is expired", "credentials have expired"),
        ("Signature expired: 20261123T100000Z is now earlier than 20261123T101000Z", "clock of this machine"),
        ("The security token included in the request is invalid.", "credentials are not valid"),
        ("The request signature we calculated does not match the signature you provided.", "signature is wrong"),
        ("Missing Authentication Token", "requires signed requests"),
        ("User: arn:aws:sts::1:x is not authorized to perform: neptune-db:GetEngineStatus", "neptune-db:GetEngineStatus"),
    ],
)
def test_a_refusal_says_why(neptune: FakeNeptune, dial: Dial, said: str, expected: str) -> None:
    neptune.always = Refuse(403, "AccessDeniedException", said)
    with pytest.raises(StoreRefused) as error:
        dial(neptune, iam=True).prepare()
    assert expected in error.value.message
    assert error.value.hint
    assert "arn:aws" not in error.value.message


def test_a_refused_websocket_says_why_too(neptune: FakeNeptune, dial: Dial) -> None:
    """A refused upgrade tells no reason, so the cluster is asked over HTTP."""
    store = dial(neptune, iam=True)
    store.prepare()
    neptune.always = Refuse(403, "AccessDeniedException", "The security token included in the request is expired")
    neptune.proxy.script.append(Cut())
    with pytest.raises(StoreRefused, match="have expired"):
        store.vertex(ADA)


def test_the_missing_action_is_named_for_what_was_tried(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    denied = Say('{"code":"AccessDeniedException","detailedMessage":"no"}', 403)
    neptune.proxy.script.append(denied)
    with pytest.raises(StoreRefused) as read:
        store.vertex(ADA)
    assert "ReadDataViaQuery" in read.value.message
    assert "Write" not in read.value.message
    neptune.proxy.script.append(denied)
    with pytest.raises(StoreRefused, match="WriteDataViaQuery"):
        store.write_vertices("Product", rows("Product", {"id": "product:1", "name": "x"}), insert_only=True)
    neptune.proxy.script.append(denied)
    with pytest.raises(StoreRefused, match="DeleteDataViaQuery"):
        store.forget_vertices("Product", town.ids("product:1"))


def test_no_credentials(neptune: FakeNeptune, dial: Dial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(StoreRefused, match="No AWS credentials") as expected:
        dial(neptune, iam=True).prepare()
    assert "AWS_PROFILE" in expected.value.hint


def test_nobody_there(neptune: FakeNeptune, dial: Dial) -> None:
    for wrong in ({"port": free_port()}, {"endpoint": "cluster.invalid"}):
        with pytest.raises(StoreUnreachable) as expected:
            dial(neptune, **wrong).prepare()
        assert "VPC" in expected.value.hint


def test_a_failover_ends_at_the_new_writer(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    dialled = len(neptune.proxy.headers)
    neptune.proxy.script.extend([Say('{"code":"ReadOnlyViolationException","detailedMessage":"reader"}')] * 2)
    store.write_vertices("Product", rows("Product", {"id": "product:1", "name": "x"}))
    assert len(neptune.proxy.headers) >= dialled + 2, "each time it dialled anew, so that the name is looked up again"
    assert store.count()["Product"] == 1


def test_the_region_of_an_endpoint() -> None:
    host = "db.cluster-abc123.ap-southeast-2.neptune.amazonaws.com"
    assert region_of(host, "") == "ap-southeast-2"
    with pytest.raises(ConfigError, match="ap-southeast-2"):
        region_of(host, "eu-west-1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "wss://host:8182/gremlin"}, {"endpoint": ""}, {"bucket": "s3://b/p"}, {"loader_role": "arn:x"},
        {"bucket": "b/p", "loader_role": "arn:x"}, {"iam": True, "region": ""}, {"buckets": "s3://b"},
    ],
)  # fmt: skip
def test_wrong_options(aws: str, wrong: dict[str, object]) -> None:
    given = {"endpoint": "127.0.0.1", "iam": False, "tls": False, "region": "eu-west-1", **wrong}
    with pytest.raises(ConfigError):
        Neptune(StoreContext(Path(), given))


# -- three languages -----------------------------------------------------------------------------------------------------


def test_queries_in_three_languages(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    town.settle_in(store)
    cypher, sparql = "MATCH (c:Customer) RETURN c.name AS name LIMIT 1", "SELECT ?s {?s ?p ?o}"
    binding = {"s": {"type": "uri", "value": "https://x"}}
    neptune.answers = {cypher: [{"name": "Ada"}], sparql: {"head": {"vars": ["s"]}, "results": {"bindings": [binding]}}}
    assert store.query("g.V().hasLabel('Customer').count()").to_pylist() == [{"value": 3}]
    assert store.query(cypher, "opencypher").to_pylist() == [{"name": "Ada"}]
    assert store.query(sparql, "sparql").to_pylist() == [{"s": "https://x"}]
    assert store.languages() == ["gremlin", "opencypher", "sparql"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("MATCH (n) DETACH DELETE n", "opencypher"), ("MERGE (n:X) RETURN n", "opencypher"), ("RETURN 1; RETURN 2", "opencypher"),
        ("MATCH (n) /* x */ SET n.a = 1", "opencypher"), ("RETURN 'open", "opencypher"), ("g.V().drop()", "gremlin"),
        ("no such text", "opencypher"), ("no such text", "sparql"), ("x", "sql"),
    ],
)  # fmt: skip
def test_what_is_refused(neptune: FakeNeptune, dial: Dial, text: str, language: str) -> None:
    with pytest.raises(QueryError):
        dial(neptune).query(text, language)


@pytest.mark.parametrize(
    "text", ["SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SELECT * { ?a ?b ?c.service silent ?x { ?s ?p ?o } }"]
)
def test_nothing_is_sent_to_other_servers(neptune: FakeNeptune, dial: Dial, text: str) -> None:
    neptune.answers = {text: {"head": {"vars": ["s"]}, "results": {"bindings": []}}}
    with pytest.raises(QueryError, match="another server"):
        dial(neptune).query(text, "sparql")
    assert not neptune.called("/sparql")


def test_words_in_a_text_are_no_keywords(neptune: FakeNeptune, dial: Dial) -> None:
    text = "MATCH (n) WHERE n.name = 'DELETE me; SET' RETURN n.name AS name"
    neptune.answers = {text: [{"name": "x"}]}
    assert dial(neptune).query(text, "opencypher").num_rows == 1


# -- the change log ------------------------------------------------------------------------------------------------------


def entry(commit: int, place: int, **data: Any) -> dict[str, Any]:
    op = data.pop("op", "ADD")
    return {"commitTimestamp": 1_700_000_000_000, "eventId": {"commitNum": commit, "opNum": place}, "data": data, "op": op}


LOG = [
    entry(1, 1, id="customer:1", type="vl", key="label", value={"value": "Customer", "dataType": "String"}),
    entry(1, 2, id="customer:1", type="vp", key="name", value={"value": "A", "dataType": "String"}),
    entry(2, 1, id="customer:1", type="vp", key="name", value={"value": "A", "dataType": "String"}, op="REMOVE"),
    entry(2, 2, id="customer:1", type="vp", key="records", value={"value": 2, "dataType": "Long"}),
    entry(3, 1, id="e:1", type="e", key="label", value={"value": "PLACED", "dataType": "String"}, **{"from": "c", "to": "o"}),
]


def test_changes_behind_our_back(neptune: FakeNeptune, dial: Dial) -> None:
    neptune.stream = LOG
    store = dial(neptune)
    found, cursor = store.changed_ids(LogPosition())
    assert {element: ids.to_pylist() for element, ids in found.items()} == {"vertex": ["customer:1"], "edge": ["e:1"]}
    assert cursor == LogPosition(3, 1)
    assert store.changed_ids(cursor)[1] == cursor, "nothing new"
    neptune.stream = [
        *LOG,
        entry(4, 1, id="customer:2", type="vl", key="label", value={"value": "Customer", "dataType": "String"}),
    ]
    found, cursor = store.changed_ids(cursor)
    assert found["vertex"].to_pylist() == ["customer:2"]
    assert end(store.data) == cursor


def test_changes_come_in_pages_and_in_order(neptune: FakeNeptune, dial: Dial) -> None:
    neptune.stream = LOG
    batches = list(changes(dial(neptune).data, rows=2))
    assert [batch.num_rows for batch in batches] == [2, 2, 1]
    all_rows = [row for batch in batches for row in batch.to_pylist()]
    assert [(row["op"], row["element"], row["property"]) for row in all_rows] == [
        ("add", "vertex", "label"), ("add", "vertex", "name"), ("remove", "vertex", "name"), ("add", "vertex", "records"),
        ("add", "edge", "label"),
    ]  # fmt: skip
    assert (all_rows[3]["value"], all_rows[3]["type"], all_rows[4]["source"]) == ("2", "Long", "c")
    assert [call.query for call in neptune.called("/propertygraph/stream")][1].count("AFTER_SEQUENCE_NUMBER") == 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [("ExpiredStreamException", "no longer reaches back"), ("UnsupportedOperationException", "not enabled")],
)
def test_a_log_that_cannot_be_read(neptune: FakeNeptune, dial: Dial, code: str, expected: str) -> None:
    neptune.always = Refuse(400, code)
    with pytest.raises(StoreError, match=expected):
        dial(neptune).changed_ids(LogPosition(1, 1))


# -- what goes over the wire ---------------------------------------------------------------------------------------------


def test_parameters_go_as_a_text_of_json(neptune: FakeNeptune, dial: Dial) -> None:
    neptune.answers = {"RETURN $a AS a": [{"a": 1}]}
    dial(neptune).data.opencypher("RETURN $a AS a", {"a": 1})
    sent: Call = neptune.called("/opencypher")[0]
    assert json.loads(sent.body) == {"query": "RETURN $a AS a", "parameters": '{"a": 1}'}


def test_writing_by_opencypher_gives_the_same_graph(neptune: FakeNeptune, dial: Dial) -> None:
    """Rows that JSON can carry go as UNWIND batches, the others as Gremlin; nobody can tell them apart afterwards."""
    store = dial(neptune, write_language="opencypher")
    store.prepare()
    town.settle_in(store)
    sent = [json.loads(call.body) for call in neptune.called("/opencypher")]
    assert all(one["query"].startswith("UNWIND $rows AS r ") for one in sent)
    carried = {row["id"] for one in sent for row in json.loads(one["parameters"])["rows"]}
    assert town.BEN in carried
    assert ADA not in carried, "she has a birth date"
    for label, given in {**town.VERTICES, **town.EDGES}.items():
        assert town.everything(store, label) == {row["id"]: row for row in rows(label, *given).to_pylist()}
    store.write_vertices("Customer", rows("Customer", {"id": town.BEN, "name": "Ben"}))
    assert town.everything(store, "Customer")[town.BEN] == rows("Customer", {"id": town.BEN, "name": "Ben"}).to_pylist()[0]
    with pytest.raises(StoreError, match="not in the graph"):
        store.write_edges(
            "IN_CATEGORY", rows("IN_CATEGORY", town.edge("IN_CATEGORY", "product:no", "category:no")), insert_only=True
        )


def test_actions_of_requests() -> None:
    assert faults.actions_of("g.V()") == (faults.READ,)

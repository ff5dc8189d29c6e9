"""Requests that nobody should send: made by schemathesis from the API's description, and texts that mean something to others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.properties import examples
from tests.serve.conftest import Served

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = ("/v1/changes/stream",)  # its own tests are in test_changes.py
TEXTS = (
    "MATCH (n) DETACH DELETE n //", "'}) DETACH DELETE n //", "g.V().drop()", "').drop().V('", "DROP ALL", "} ; DROP GRAPH <x>",
    "' OR '1'='1", "'; DROP TABLE customer_id; --", '" OR ""="', "a* OR b NEAR(c)", "<script>alert(1)</script>", "<img src=x>",
    "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-2", "\x1b[31mred\x1b[0m", "\r\nSet-Cookie: a=b", "x\nINFO: 200 OK", "\u202e",
    "\ufeff", "..", "../../etc/passwd", "%2e%2e", "${jndi:ldap://x}", "{{7*7}}", "\U0001f600" * 40, "a" * 1000, "%", "*",
    "customer:" + "z" * 400, ":::", "record:a:b:c/d?e#f", "9" * 300, "NaN", "null",
)  # fmt: skip
ADA = "crm:contacts:17"


@pytest.fixture(scope="module")
def written(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of the small project: what is tried may change it."""
    with closing(served.copied(tmp_path_factory.mktemp("written") / "apart")) as one:
        yield one


@pytest.fixture(scope="module")
def described(written: Served) -> Any:
    return schemathesis.openapi.from_dict(written.client().get("/openapi.json").json())


def operations(described: Any) -> list[Any]:
    found = [one.ok() for one in described.get_all_operations()]
    return [one for one in found if one.path not in ENDLESS]


def sent(served: Served, case: Any, role: str) -> Any:
    """Send a case by our own client, which keeps one application open."""
    words = case.as_transport_kwargs(base_url="http://testserver")
    words = {
        name: words[name]
        for name in ("method", "url", "params", "headers", "json", "data", "cookies")
        if words.get(name) is not None
    }
    if isinstance(words.get("data"), bytes | str):
        words["content"] = words.pop("data")
    headers = {name: value for name, value in dict(words.pop("headers", {})).items() if name.lower() != "authorization"}
    return served.client(role).request(**words, headers=headers)


@pytest.mark.property
def test_no_request_is_answered_in_a_way_that_is_not_described(written: Served, described: Any) -> None:
    every = operations(described)
    assert len(every) > 30
    cases = st.one_of(
        *(one.as_strategy(generation_mode=mode) for one in every for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))
    )
    tried: set[str] = set()

    @settings(max_examples=examples(150, soak=2000), suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=cases, role=st.sampled_from(("steward", "marketer", "privacy_officer", "blind", "")))
    def try_it(case: Any, role: str) -> None:
        tried.add(case.operation.label)
        case.validate_response(sent(written, case, role), checks=CHECKS)

    try_it()
    assert len(tried) > len(every) // 2


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_only_a_text(served: Served, text: str) -> None:
    client, place = served.client("steward"), quote(text, safe="")
    before = client.get("/v1/status").json()["graph"]
    requests: list[tuple[str, dict[str, str]]] = [
        *(
            (f"/v1/customers/{place}{more}", {})
            for more in ("", "/timeline", "/how", "/related", "/offers", "/sources", "/history")
        ),
        (f"/v1/products/{place}/bought-together", {}),
        ("/v1/customers", {"q": text, "counts": "true"}),
        ("/v1/customers", {"q": "ada", "source": text, "kind": text[:100]}),
        ("/v1/customers", {"q": "ada", "after": text}),
        ("/v1/why", {"a": text, "b": text}),
        ("/v1/why-not", {"a": text, "b": ADA}),
        ("/v1/path", {"a": text, "b": ADA}),
        (f"/v1/customers/{ADA}/timeline", {"kind": text}),
        (f"/v1/customers/{ADA}/timeline", {"source": text, "since": text[:40], "as_of": text[:40]}),
        (f"/v1/customers/{ADA}", {"fields": text}),
        (f"/v1/customers/{ADA}", {"expand": text}),
        ("/v1/status", {text: text}),
    ]
    answers = [client.get(path, params=params or None) for path, params in requests]
    answers.append(client.post("/v1/customers/batch", json={"ids": [text]}))
    for got in answers:
        assert got.status_code < 500, (got.request.url, got.text)
        assert got.headers["content-type"] in ("application/json", "application/problem+json")
        assert "set-cookie" not in got.headers
        json.loads(got.text)
    assert client.get("/v1/status").json()["graph"] == before


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_as_a_key_opens_nothing(served: Served, text: str) -> None:
    key = text.encode().replace(b"\r", b"").replace(b"\n", b"")
    assert served.client().get("/v1/status", headers={"authorization": b"Bearer " + key}).status_code == 401

"""What a stranger may try: names, sizes, paths, wrong keys, a full disk, what an error shows. In this process."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from starlette.testclient import TestClient

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKeys
from fullcircle.serve.http.app import Start, make_app
from tests.serve.conftest import ORIGIN, Served

WHOLE = "/v1/customers/crm:contacts:17"


def settings_with(served: Served, **serve: Any) -> Config:
    settings = served.settings
    return settings.model_copy(update={"serve": settings.serve.model_copy(update=serve)})


@pytest.fixture(scope="module")
def strict(served: Served) -> Iterator[TestClient]:
    """As `fullcircle serve` makes it: asked by its own names alone."""
    app = make_app(settings_with(served, body_bytes=2_000), Start(ORIGIN, any_name=False))

    @app.get("/v1/breaks")
    def breaks() -> None:
        raise RuntimeError("".join(("Ada Quill", "feather lives here")))

    headers = {"authorization": f"Bearer {served.keys['steward']}"}
    with TestClient(app, ORIGIN, raise_server_exceptions=False, headers=headers, follow_redirects=False) as one:
        yield one


@pytest.mark.parametrize(
    ("host", "status"),
    [("testserver", 200), ("TESTSERVER:80", 200), ("127.0.0.1:8360", 200), ("localhost", 200), ("[::1]:9", 200),
     ("evil.example.org", 421), ("testserver.evil.example.org", 421), ("127.0.0.1.evil.example.org", 421), ("", 421),
     ("evil.example.org:80", 421), ("[::1].evil.example.org", 421)],
)  # fmt: skip
def test_the_server_is_asked_by_its_own_names_alone(strict: TestClient, host: str, status: int) -> None:
    answer = strict.get(WHOLE, headers={"host": host})
    assert answer.status_code == status
    assert ("Quillfeather" in answer.text) == (status == 200)
    for path in ("/login", "/openapi.json", "/static/page.css", "/mcp/"):
        assert (strict.get(path, headers={"host": host}).status_code == 421) == (status == 421), path
    assert strict.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/static/../login.py", "/static/..%2flogin.py", "/static/%2e%2e/login.py", "/static/..%5clogin.py", "/static//etc/passwd",
     "/static/%2fetc%2fpasswd", "/static/%00", "/static/....//login.py", "/static/../../../../../../etc/passwd", "/static/"],
)  # fmt: skip
def test_nothing_but_the_page_s_files_is_given_out(strict: TestClient, path: str) -> None:
    answer = strict.get(path)
    assert answer.status_code in (303, 404, 405)
    assert "root:" not in answer.text
    assert "import" not in answer.text


def test_what_is_too_large_is_not_read(strict: TestClient) -> None:
    for body in (b"x" * 2_001, iter([b"x" * 1_500, b"x" * 1_500])):
        answer = strict.post("/login", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        assert answer.status_code == 413
        assert answer.json()["code"] == "too-large"
    assert strict.post("/mcp/", content=b"x" * 2_001).status_code == 413


def test_no_stream_of_the_tools_stays_open_for_ever(strict: TestClient) -> None:
    for method in ("GET", "DELETE"):
        assert strict.request(method, "/mcp/", headers={"accept": "text/event-stream"}).status_code == 405


def test_an_error_shows_no_value_and_no_place(strict: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "fullcircle.serve"):
        for accept in ("application/json", "text/html"):
            answer = strict.get("/v1/breaks", headers={"accept": accept})
            assert answer.status_code == 500
            assert "Quillfeather" not in answer.text
            assert "Traceback" not in answer.text
            assert ".py" not in answer.text
    assert "RuntimeError" in caplog.text
    assert "Quillfeather" not in caplog.text


def test_answers_have_safe_headers_and_a_number(strict: TestClient) -> None:
    numbers = set()
    for path in (WHOLE, "/login", "/static/page.css", "/nowhere", "/mcp/"):
        answer = strict.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
        numbers.add(answer.headers["x-request-id"])
    assert len(numbers) == 5
    assert strict.get(WHOLE, headers={"authorization": ""}).headers["www-authenticate"].startswith("Bearer")


def test_the_log_of_requests_has_routes_and_no_names(strict: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("fullcircle.serve.requests")
    with caplog.at_level(logging.INFO, log.name):
        for path in (WHOLE, "/?q=quillfeather", "/quillfeather", "/static/quillfeather.css", "/v1/customers/quillfeather"):
            strict.get(path)
        strict.request("QUILLFEATHER", "/")
    lines = [record.getMessage() for record in caplog.records if record.name == log.name]
    assert len(lines) == 6
    assert not any("quillfeather" in line.lower() for line in lines)
    assert lines[0].startswith("GET /v1/customers/{which} 200 ")
    assert [line.split()[1] for line in lines[2:4]] == ["elsewhere", "/static/"]


def test_wrong_keys_are_refused_more_and_more_and_good_ones_never(served: Served) -> None:
    app = make_app(settings_with(served, per_minute=500), Start(ORIGIN))
    with TestClient(app, ORIGIN, raise_server_exceptions=False) as client:
        statuses = [client.get(WHOLE, headers={"authorization": f"Bearer c360_{number}"}).status_code for number in range(40)]
        assert statuses == [401] * 30 + [429] * 10
        last = client.get(WHOLE, headers={"authorization": "Bearer x"})
        assert int(last.headers["retry-after"]) >= 1
        assert client.post("/login", data={"key": "c360_guess"}).status_code == 429
        assert client.get(WHOLE, headers={"authorization": f"Bearer {served.keys['agent']}"}).status_code == 200


def test_who_asks_too_often_waits_and_others_do_not(served: Served) -> None:
    app = make_app(settings_with(served, per_minute=3), Start(ORIGIN))
    with TestClient(app, ORIGIN, raise_server_exceptions=False) as client:
        asked = [client.get(WHOLE, headers={"authorization": f"Bearer {served.keys['agent']}"}) for _ in range(4)]
        assert [one.status_code for one in asked] == [200, 200, 200, 429]
        assert int(asked[3].headers["retry-after"]) >= 1
        assert client.post("/mcp/", headers={"authorization": f"Bearer {served.keys['agent']}"}).status_code == 429
        assert client.get(WHOLE, headers={"authorization": f"Bearer {served.keys['steward']}"}).status_code == 200


def test_what_cannot_be_noted_is_not_answered(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(served.settings, Start(ORIGIN))
    with TestClient(app, ORIGIN, raise_server_exceptions=False) as client:
        log = app.state.shared.seats.log

        def full(_log: object, _entry: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(type(log), "note", full)
        answer = client.get(WHOLE, headers={"authorization": f"Bearer {served.keys['steward']}"})
        assert answer.status_code == 503
        assert "Quillfeather" not in answer.text
        assert "retry-after" in answer.headers


def test_a_key_that_was_revoked_opens_nothing_from_the_next_request_on(apart: Served) -> None:
    client = apart.client("agent")
    assert client.get(WHOLE).status_code == 200
    with closing(open_book(read_config(apart.config))) as book:
        keys = ApiKeys(book)
        keys.revoke(next(one.id for one in keys.list() if one.name == "agent"))
    assert client.get(WHOLE).status_code == 401


@pytest.mark.parametrize(("origin", "status"), [("", 200), (ORIGIN, 200), ("https://evil.example.org", 403), ("null", 403)])
def test_a_page_of_another_site_cannot_use_the_tools(strict: TestClient, origin: str, status: int) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}  # fmt: skip
    headers = {"accept": "application/json, text/event-stream"} | ({"origin": origin} if origin else {})
    assert strict.post("/mcp/", json=hello, headers=headers).status_code == status
    nobody = strict.post("/mcp/", json=hello, headers={**headers, "authorization": ""})
    assert nobody.status_code == (401 if status == 200 else 403)
    cookies = strict.post("/mcp/", json=hello, headers={**headers, "authorization": "", "cookie": "fullcircle=x"})
    assert cookies.status_code == nobody.status_code

"""The HTTP core of API connectors, against a server on loopback that misbehaves in all the ways servers do."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fullcircle.connectors.http import deadline, retries
from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import Http, HttpLimits, Service
from fullcircle.connectors.http.retries import Again, SharedRetries, asked_wait, with_retries
from fullcircle.errors import ConfigError, SourceRefused, SourceUnreachable

Reply = Callable[[BaseHTTPRequestHandler], None]
SECRET = "anna@example.org"


@contextmanager
def serving(*replies: Reply) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these replies one after the other, the last one for ever; its address, and the paths asked for."""
    asked: list[str] = []
    over = threading.Event()

    class OneByOne(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            self.over = over
            replies[min(len(asked), len(replies)) - 1](self)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), OneByOne)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def status(code: int, body: bytes = b"{}", **headers: str) -> Reply:
    def reply(to: BaseHTTPRequestHandler) -> None:
        to.send_response(code)
        to.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return reply


def cut(to: BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Content-Length", "100")
    to.end_headers()
    to.wfile.write(b'{"half": ')
    to.close_connection = True


def cut_without_length(to: BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Connection", "close")
    to.end_headers()
    to.wfile.write(b'{"half": ')
    to.close_connection = True


def reset(to: BaseHTTPRequestHandler) -> None:
    to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    to.connection.close()
    to.close_connection = True


def stall(to: BaseHTTPRequestHandler) -> None:
    to.over.wait(20)  # type: ignore[attr-defined]
    to.close_connection = True


def trickle(to: BaseHTTPRequestHandler) -> None:
    """A body that comes byte by byte: no single read of it takes long."""
    to.send_response(200)
    to.send_header("Content-Length", "100000")
    to.end_headers()
    _slowly(to, b"x" * 100_000)


def trickle_of_headers(to: BaseHTTPRequestHandler) -> None:
    _slowly(to, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000)


def _slowly(to: BaseHTTPRequestHandler, text: bytes) -> None:
    to.close_connection = True
    try:
        for place in range(len(text)):
            to.wfile.write(text[place : place + 1])
            to.wfile.flush()
            if to.over.wait(0.02):  # type: ignore[attr-defined]
                return
    except OSError:
        return


@contextmanager
def client(address: str, waits: list[float] | None = None, tries: int = 3, **limits: float) -> Iterator[Http]:
    seconds = {"step_seconds": 0.2, "request_seconds": 5.0, **limits}
    http = Http(Service("Shop", address), HttpLimits(tries=tries, **seconds), [].append if waits is None else waits.append)
    try:
        yield http
    finally:
        http.close()


FAULTS = {
    "429": status(429), "500": status(500), "503": status(503), "cut": cut, "cut without length": cut_without_length,
    "reset": reset, "stall": stall,
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_is_asked_again(fault: str) -> None:
    with serving(FAULTS[fault], status(200, b'{"whole": 1}')) as (address, asked), client(address) as http:
        answer = http.ask(Ask("GET", f"{address}/rows", flaw=not_json))
    assert (answer.status, answer.json(), len(asked)) == (200, {"whole": 1}, 2)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_ends_in_a_message_without_data(fault: str) -> None:
    refused = pytest.raises(SourceUnreachable, match=r"Shop at 127\.0\.0\.1")
    with serving(FAULTS[fault]) as (address, asked), client(address, tries=2) as http, refused as raised:
        http.ask(Ask("GET", f"{address}/rows", {"email": SECRET}, flaw=not_json))
    assert len(asked) == 2
    assert SECRET not in raised.value.message + raised.value.hint
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("slow", [trickle, trickle_of_headers])
def test_a_trickle_runs_out_of_time(slow: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SLOWEST", 1e9)
    with serving(slow, status(200)) as (address, asked), client(address, step_seconds=10, request_seconds=0.3) as http:
        assert http.ask(Ask("GET", address)).status == 200
    assert len(asked) == 2


def test_what_arrives_gives_time_for_more() -> None:
    now = [0.0]
    left = deadline.Deadline(lambda: now[0])
    left.start(10)
    now[0] = 9
    assert left.left(60) == 1
    left.arrived(20 * deadline.SLOWEST)
    assert left.left(60) == 21
    assert left.left(5) == 5


def test_the_pause_is_the_one_that_is_asked_for() -> None:
    waits: list[float] = []
    with serving(status(429, Retry_After="7"), status(503), status(200)) as (address, _), client(address, waits) as http:
        http.ask(Ask("GET", address))
    assert 7 <= waits[0] < 8
    assert waits[1] >= retries.FIRST_WAIT


def test_a_pause_that_is_too_long_is_left_to_the_user() -> None:
    refused = pytest.raises(SourceUnreachable, match="asks to wait 60 minutes")
    with serving(status(429, Retry_After="3600")) as (address, asked), client(address) as http, refused:
        http.ask(Ask("GET", address))
    assert len(asked) == 1


def test_a_server_that_always_fails_uses_up_the_budget_of_all_requests() -> None:
    with serving(status(500)) as (address, asked), client(address, tries=5) as http:
        for _ in range(20):
            with pytest.raises(SourceUnreachable):
                http.ask(Ask("GET", address))
    assert len(asked) == 20 + 20  # one for each, and the budget


def test_success_fills_the_budget_again() -> None:
    budget = SharedRetries(left=0.9)
    assert not budget.take()
    with_retries(lambda: 1, 1, budget)
    assert budget.take()


def test_other_statuses_are_answers() -> None:
    with serving(status(404, b"[]")) as (address, asked), client(address) as http:
        answer = http.ask(Ask("GET", address))
    assert (answer.status, answer.json(), len(asked)) == (404, [], 1)


class Session:
    """A login that says which number it has."""

    def __init__(self) -> None:
        self.number = 1

    def headers(self) -> Mapping[str, str]:
        return {"X-Session": str(self.number)}

    def renew(self) -> None:
        self.number += 1


def test_a_login_that_expires_in_the_middle_is_renewed_once() -> None:
    with serving(status(401), status(200)) as (address, asked), client(address) as http:
        http.login = session = Session()
        assert http.ask(Ask("GET", address)).status == 200
    assert (session.number, len(asked)) == (2, 2)


def test_a_login_that_is_never_accepted_is_not_renewed_for_ever() -> None:
    with serving(status(401)) as (address, asked), client(address) as http:
        http.login = Session()
        with pytest.raises(SourceRefused, match="does not accept a login that it has just given"):
            http.ask(Ask("GET", address))
    assert len(asked) == 3


def test_a_body_goes_to_a_file_and_only_if_it_is_good(tmp_path: Path) -> None:
    rows = b"id,name\n" * 500_000
    packed = gzip.compress(rows, 1)
    file = tmp_path / "rows.csv"
    with serving(status(500, b"sorry"), status(200, packed, Content_Encoding="gzip")) as (address, _), client(address) as http:
        answer = http.ask(Ask("GET", address, into=file))
    assert (answer.body, file.read_bytes() == rows) == (b"", True)
    with serving(status(404, b"gone")) as (address, _), client(address) as http:
        assert http.ask(Ask("GET", address, into=tmp_path / "none")).body == b"gone"
    assert not (tmp_path / "none").exists()


def test_a_flaw_is_asked_again(tmp_path: Path) -> None:
    def too_few(answer: HttpAnswer) -> str:
        return "sends fewer rows than it says" if answer.headers["x-rows"] == "1" else ""

    with serving(status(200, X_Rows="1"), status(200, X_Rows="2")) as (address, asked), client(address) as http:
        http.ask(Ask("GET", address, flaw=too_few))
    assert len(asked) == 2


def test_the_clock_is_that_of_the_server() -> None:
    assert HttpAnswer(200, {"date": "Mon, 30 Nov 2026 10:00:07 GMT"}).clock == datetime(2026, 11, 30, 10, 0, 7)
    assert abs((HttpAnswer(200, {"date": "soon"}).clock - datetime.now(UTC).replace(tzinfo=None)).total_seconds()) < 60


def test_retry_after_is_read_in_both_forms() -> None:
    noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert asked_wait("Mon, 30 Nov 2026 12:01:30 GMT", noon) == 90
    assert asked_wait("Mon, 30 Nov 2026 11:00:00 GMT", noon) == 0
    assert (asked_wait("2.5"), asked_wait("later"), asked_wait(None)) == (2.5, None, None)


def test_only_words_of_machines_are_shown() -> None:
    assert code_word("INVALID_FIELD") == "INVALID_FIELD"
    assert [code_word(text) for text in (SECRET, "No such person: Anna", "", None, "x" * 99, "naïve")] == [""] * 6


def test_an_address_in_the_clear_is_refused() -> None:
    with pytest.raises(ConfigError, match="neither https nor on this machine"):
        Http(Service("Shop", "http://shop.example.org"), HttpLimits())


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with client(address, tries=2) as http, pytest.raises(SourceUnreachable, match="cannot be reached"):
        http.ask(Ask("GET", address))


def test_json_without_words_that_are_none() -> None:
    assert not_json(HttpAnswer(200, {}, json.dumps({"a": 1}).encode())) == ""
    assert not_json(HttpAnswer(200, {}, b'{"a": NaN}')) != ""


def test_again_carries_what_was_asked_for() -> None:
    with pytest.raises(Again) as raised:
        with_retries(lambda: (_ for _ in ()).throw(Again("is busy", 1)), 2, SharedRetries(), [].append)
    assert (raised.value.why, raised.value.after) == ("is busy", 1)

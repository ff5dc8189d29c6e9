"""What changed is found, what did not is not; and who is to learn of failed rules learns it, whatever else is broken."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from fullcircle.book.book import Book
from fullcircle.config.sections import AlertSettings, Config, QualitySettings, ServeSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import QualityStopped
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.drift import drift
from fullcircle.quality.evaluation.dataset import dataset_of
from fullcircle.quality.evaluation.evaluate import Evaluation
from fullcircle.quality.history import QualityHistory
from fullcircle.quality.lineage import event
from fullcircle.quality.snapshot import Snapshot, Snapshots, take
from fullcircle.serve.hooks.alerts import alerting


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    engine = DuckDB(threads=1, memory="500MB")
    engine.run(
        "CREATE TABLE orders AS SELECT 'o' || i AS order_id, ['web', 'app', 'store'][1 + i % 3] AS channel, "
        "CAST(i % 100 AS DECIMAL(18, 4)) AS amount, "
        "CAST(now() AS TIMESTAMP) - INTERVAL 2 HOUR AS updated_at FROM range(1000) r(i)"
    )
    yield engine
    engine.close()


def look(engine: DuckDB, book: Book, name: str = "orders") -> tuple[Snapshot, list[Snapshot]]:
    before = Snapshots(book).of("orders")
    return take(engine, dataset_of(engine, "orders", name), before[0] if before else None), before


def test_what_changed_is_found_and_nothing_else(engine: DuckDB, book: Book) -> None:
    for _ in range(4):
        now, before = look(engine, book)
        assert drift("orders", now, before) == []
        Snapshots(book).keep("orders", now)
    engine.run(
        "CREATE TABLE other AS SELECT order_id, CASE WHEN amount < 90 THEN 'web' END AS channel, "
        "CAST(amount AS DOUBLE) * 3 AS amount, "
        "updated_at - INTERVAL 20 DAY AS updated_at, true AS new FROM orders LIMIT 400"
    )
    now, before = look(engine, book, "other")
    found = {(one.kind, one.column) for one in drift("orders", now, before)}
    assert found == {
        ("schema", "new"), ("schema", "amount"), ("volume", ""), ("freshness", "updated_at"), ("missing", "channel"),
        ("distribution", "channel"), ("distribution", "amount"),
    }  # fmt: skip
    assert "It has 400 rows, and usually 980 to 1,020." in [one.message for one in drift("orders", now, before)]
    assert drift("orders", now, []) == []


def checked(engine: DuckDB, book: Book, rules: str) -> None:
    table = dataset_of(engine, "orders", "orders")
    QualityHistory(book).keep(Evaluation(engine, "mine", read_ruleset(f"Rules = [ {rules} ]"), table).run())


@contextmanager
def listening(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class Hook(BaseHTTPRequestHandler):
    got: list[tuple[dict[str, str], bytes]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Mail(socketserver.StreamRequestHandler):
    got: list[str] = []  # noqa: RUF012

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.wfile.write(b"354 go\r\n")
                lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                self.got.append("\n".join(lines))
            self.wfile.write(b"250 ok\r\n" if line.upper() != "QUIT" else b"221 bye\r\n")


def test_alerts_go_to_all_who_want_them(engine: DuckDB, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "a secret of a test")
    said: list[str] = []
    hook, mail = ThreadingHTTPServer(("127.0.0.1", 0), Hook), socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    with listening(hook) as port, listening(mail) as mail_port:
        alerts = (
            AlertSettings(to="webhook", url=f"http://127.0.0.1:{port}/", secret="env:HOOK_SECRET"),
            AlertSettings(
                to="email", host="127.0.0.1", port=mail_port, tls=False, sender="a@example.org", recipients=("b@example.org",)
            ),
            AlertSettings(to="webhook", url="http://10.0.0.1/", secret="env:HOOK_SECRET"),
            AlertSettings(to="file", path="alerts.jsonl"),
            AlertSettings(to="file", path="all.jsonl", when="always"),
        )  # fmt: skip
        settings = Config(quality=QualitySettings(alerts=alerts), serve=ServeSettings(loopback_webhooks=True), folder=tmp_path)
        with alerting(settings, book, said.append):
            checked(engine, book, "RowCount = 1000")
        assert not (tmp_path / "alerts.jsonl").exists()
        with pytest.raises(QualityStopped), alerting(settings, book, said.append):
            checked(engine, book, "RowCount = 5, ColumnCount = 4")
            raise QualityStopped("stopped")
        with alerting(settings, book, said.append):
            pass  # nothing was checked
    (line,) = (tmp_path / "alerts.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert told["stopped"] is True
    assert [one["rule"] for one in told["checks"][0]["failed"]] == ["RowCount = 5"]
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 2
    ((headers, body),) = Hook.got
    assert json.loads(body)["type"] == "quality"
    assert headers["Fullcircle-Signature"].startswith("t=")
    (letter,) = Mail.got
    assert "the run was stopped" in letter
    assert "FAIL RowCount = 5" in letter
    assert len(said) == 1
    assert "could not be sent" in said[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "webhook", "url": "https://example.org"},
        {"to": "email", "host": "mail.example.org", "sender": "a@example.org", "recipients": ["b@example.org"], "tls": False},
        {"to": "file"},
    ],
)
def test_an_alert_has_what_it_needs(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AlertSettings(**wrong)


def test_a_check_as_an_event_of_openlineage(engine: DuckDB) -> None:
    rules = read_ruleset('Rules = [ RowCount = 5, (IsComplete "channel") and (IsUnique "order_id"), IsComplete "nothing" ]')
    outcome = Evaluation(engine, "mine", rules, dataset_of(engine, "orders", "orders")).run()
    (table,) = event("shop", [outcome])["inputs"]
    assertions = table["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert [(one["success"], one.get("column")) for one in assertions] == [(False, None), (True, None), (False, "nothing")]
    assert table["inputFacets"]["dataQualityMetrics"]["rowCount"] == 1000

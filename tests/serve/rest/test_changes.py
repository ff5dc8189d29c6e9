"""The change feed over HTTP and to webhooks, from a real server: nothing is lost or comes twice, whatever the receiver does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from fullcircle.govern.home_keys import open_book
from fullcircle.govern.principal import Principal
from fullcircle.govern.users import Users, os_user
from fullcircle.graph.feed import Feed
from fullcircle.identity.ledger import Ledger
from fullcircle.serve.hooks.deliver import ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE, pause
from fullcircle.serve.hooks.hooks import Webhooks
from fullcircle.serve.rest import changes
from tests.serve.conftest import Served

SECRET = "a secret of the tests"


class Receiver(ThreadingHTTPServer):
    """A receiver that answers as it is told by `plan`, then with 200. It hangs where the plan says 0."""

    def __init__(self, plan: list[int]) -> None:
        self.plan, self.got, self.released = plan, [], threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers["content-length"]))
        receiver.got.append((dict(self.headers), body))
        status = receiver.plan.pop(0) if receiver.plan else 200
        if status == 0:
            receiver.released.wait(30)
            return
        self.send_response(status)
        if status in (301, 307):
            self.send_header("Location", f"http://127.0.0.1:{receiver.server_port}/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def receiver(*plan: int) -> Iterator[Receiver]:
    one = Receiver(list(plan))
    threading.Thread(target=one.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        one.released.set()
        one.shutdown()
        one.server_close()


def happens(served: Served, *ids: str) -> None:
    """Something for the feed, as a run would leave it."""
    with closing(open_book(served.settings)) as book, book.transaction():
        Ledger(book)
        for id in ids:
            book.write("INSERT INTO customer_event (run, at, event, customer_id) VALUES (9, '', 'create', ?)", (id,))
        Feed(book).publish(lambda _: False)


@contextmanager
def server(config: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "fullcircle.serve.cli.main", "serve", "--port", "0", "-c", str(config)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"HOOK_SECRET": SECRET, "COLUMNS": "200"}
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        yield line.split(" at ")[1].strip().rstrip("/"), process
    finally:
        process.kill()
        process.wait()


def events(lines: Iterator[str], number: int) -> list[tuple[int, str]]:
    """The next events of a stream."""
    found: list[tuple[int, str]] = []
    while len(found) < number:
        line = next(lines)
        if line.startswith("data: "):
            one = json.loads(line[6:])
            found.append((one["number"], one["what"]))
    return found


def until(what: object, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.2)


def test_pages_of_the_feed_are_for_who_may_see_them(apart: Served) -> None:
    happens(apart, "customer:aaaaaaaaaaaaaaaa", "customer:bbbbbbbbbbbbbbbb")
    first = apart.client("agent").get("/v1/changes", params={"limit": 2}).json()
    assert [one["what"] for one in first["events"]] == ["everything", "created"]
    assert (first["next"], first["more"]) == (2, True)
    rest = apart.client("agent").get("/v1/changes", params={"after": first["next"]}).json()
    assert ([one["customer_id"] for one in rest["events"]], rest["more"]) == (["customer:bbbbbbbbbbbbbbbb"], False)
    for role in ("analyst", "admin", "blind"):
        assert apart.client(role).get("/v1/changes").status_code == 403
        assert apart.client(role).get("/v1/changes/stream").status_code == 403
    assert apart.client("agent").get("/v1/changes", params={"after": -1}).status_code == 422


def test_a_stream_and_a_webhook_of_a_server_lose_nothing_and_it_stops_by_itself(apart: Served) -> None:
    apart.config.write_text(apart.config.read_text() + "loopback_webhooks = true\n")
    with closing(open_book(apart.settings)) as book:
        Users(book).add(os_user(), ["admin"], "me")  # who starts the server
    with receiver(500) as good, receiver(301) as moved, server(apart.config) as (origin, process):
        with closing(open_book(apart.settings)) as book:
            hook = Webhooks(book).add(f"http://127.0.0.1:{good.server_port}/x", "env:HOOK_SECRET", "agent", "me")
            Webhooks(book).add(f"http://127.0.0.1:{moved.server_port}/x", "env:HOOK_SECRET", "agent", "me")
        headers = {"authorization": f"Bearer {apart.keys['agent']}"}
        ids = [f"customer:{letter * 16}" for letter in "abcd"]
        with httpx.Client(base_url=origin, headers=headers, timeout=60) as client:
            with client.stream("GET", "/v1/changes/stream") as stream:
                lines = stream.iter_lines()
                assert events(lines, 1) == [(1, "everything")]
                happens(apart, ids[0])
                assert events(lines, 1) == [(2, "created")]
            happens(apart, *ids[1:3])  # while nobody listens
            with client.stream("GET", "/v1/changes/stream", headers={"last-event-id": "2"}) as stream:
                lines = stream.iter_lines()
                assert events(lines, 2) == [(3, "created"), (4, "created")]
                happens(apart, ids[3])
                assert events(lines, 1) == [(5, "created")]

                def arrived() -> list[str]:
                    bodies = {head["Fullcircle-Delivery"]: json.loads(body) for head, body in good.got}
                    return [one["customer_id"] for body in bodies.values() for one in body["events"]]

                until(lambda: sorted(arrived()) == ids and len(good.got) > 1)  # the first time it is refused
                process.send_signal(signal.SIGTERM)
                assert [line for line in lines if line.startswith("data")] == []  # it ends
        assert process.wait(30) == 0
    first, again = good.got[:2]
    assert first[0]["Fullcircle-Delivery"] == again[0]["Fullcircle-Delivery"]  # what was sent twice says so
    assert first[1] == again[1]
    for head, body in good.got:
        at, made = (part.partition("=")[2] for part in head["Fullcircle-Signature"].split(","))
        assert hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest() == made
        assert b"quillfeather" not in body.lower()
    assert all(head for head, _ in moved.got)
    with closing(open_book(apart.settings)) as book:
        assert Webhooks(book).get(hook.id).problem is None


def test_what_is_given_up_can_be_tried_again(apart: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from fullcircle.serve.hooks import deliver, send
    from fullcircle.serve.hooks.deliver import Deliveries
    from fullcircle.serve.http.seats import Seats

    apart.config.write_text(apart.config.read_text() + "loopback_webhooks = true\n")
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setattr(deliver, "ATTEMPTS", 3)
    monkeypatch.setattr(deliver, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(send, "SECONDS", 1.0)
    seats = Seats(apart.settings)
    with closing(seats), receiver(302, 0, 500) as one, closing(open_book(apart.settings)) as book:
        hooks = Webhooks(book)
        hook = hooks.add(f"http://127.0.0.1:{one.server_port}/x", "env:HOOK_SECRET", "agent", "me")
        happens(apart, "customer:aaaaaaaaaaaaaaaa")
        work = Deliveries(apart.settings, seats, threading.Event())
        problems = []
        for _ in range(3):  # it redirects, it hangs, it fails
            work.once()
            problems.append(hooks.get(hook.id).problem)
        assert problems[0] == "answer 302"
        assert str(problems[1]).startswith("no answer")
        assert problems[2] == "answer 500"
        (letter,) = hooks.dead()
        assert (letter.hook, letter.attempts, letter.problem) == (hook.id, 3, "answer 500")
        work.once()
        assert len(one.got) == 3  # it is given up
        happens(apart, "customer:bbbbbbbbbbbbbbbb")
        work.once()  # and what comes then goes on
        assert hooks.retry(hook.id) == 1
        work.once()
        assert hooks.dead() == []
        numbers = [head["Fullcircle-Delivery"] for head, _ in one.got]
        assert len(numbers) == 5
        assert numbers[0] == numbers[1] == numbers[2] == numbers[4] != numbers[3]


def test_pauses_grow_up_to_a_limit_and_are_not_all_alike() -> None:
    assert pause(0, 0.0) == FIRST_PAUSE
    assert pause(3, 1.0) == FIRST_PAUSE * 4
    assert pause(ATTEMPTS * 5, 0.0) == LONGEST_PAUSE
    assert pause(1, 0.2) != pause(1, 0.4)


def test_one_asker_does_not_take_all_streams() -> None:
    """The streams are counted by asker, and those that ended are not."""

    async def begun(name: str, how_many: int) -> list[AsyncIterator[str]]:
        ask: Any = SimpleNamespace(who=Principal(name, frozenset()))
        found = [changes._texts(cast("Any", None), ask, cast("Any", SimpleNamespace(next=0))) for _ in range(how_many)]
        for one in found:
            await anext(one)
        return found

    async def opened() -> tuple[list[int], int]:
        mine, theirs = await begun("many", 3), await begun("one", 1)
        counted = [changes._open["many"], changes._open["one"], changes._open.total()]
        for one in (*mine, *theirs):
            await one.aclose()  # type: ignore[attr-defined]
        return counted, len(changes._open)

    assert asyncio.run(opened()) == ([3, 1, 4], 0)


def test_who_has_enough_streams_is_refused_and_others_are_not(apart: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    client = apart.client("agent")
    me = client.app.state.shared  # type: ignore[attr-defined]
    with me.seats.book() as book:
        name = me.recognition.of_token(apart.keys["agent"], "rest", book).name
    monkeypatch.setattr(changes, "_open", Counter({name: changes.OF_ONE}))
    assert client.get("/v1/changes/stream").json()["code"] == "too-many-streams"
    monkeypatch.setattr(changes, "_open", Counter({"another": changes.STREAMS}))
    assert client.get("/v1/changes/stream").json()["code"] == "too-many-streams"

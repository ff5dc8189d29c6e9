"""Limits of size, time and number, before anything looks at a request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from fullcircle.serve.http.guard import ARRIVING, Bounds, Guard
from tests.serve.conftest import Served


def test_a_body_that_is_too_large_is_not_read(served: Served, client: Callable[[str], TestClient]) -> None:
    body = json.dumps({"ids": ["a" * 1000] * 1100}).encode()
    got = client("steward").post("/v1/customers/batch", content=body)
    assert (got.status_code, got.json()["code"]) == (413, "too-large")
    assert served.client().post("/v1/customers/batch", content=body).status_code in (401, 413)

    def parts() -> Any:
        yield b'{"ids": ['
        for _ in range(1100):
            yield b'"' + b"a" * 1000 + b'",'

    assert client("steward").post("/v1/customers/batch", content=parts()).status_code == 413


async def _reads(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


def _sent_to(guard: Guard, messages: Callable[[], AsyncIterator[dict[str, Any]]], path: str = "/v1/x") -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    coming = messages()

    async def receive() -> Any:
        return await anext(coming)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    asyncio.run(guard(scope, receive, send))
    return sent


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    async def slowly() -> AsyncIterator[dict[str, Any]]:
        while True:
            yield {"type": "http.request", "body": b"x", "more_body": True}
            await asyncio.sleep(0.05)

    sent = _sent_to(Guard(_reads, Bounds(body_seconds=0.3)), slowly)
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "slow-request"


def test_more_than_can_be_answered_are_asked_to_come_again() -> None:
    guard = Guard(_reads, Bounds(at_once=1))
    guard.now = 1

    async def none() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"", "more_body": False}

    sent = _sent_to(guard, none)
    assert sent[0]["status"] == 429
    assert dict(sent[0]["headers"])[b"retry-after"] == b"1"
    guard.now = 0
    assert _sent_to(guard, none)[0]["status"] == 200
    assert guard.now == 0


def test_one_asker_leaves_places_for_the_others() -> None:
    async def none() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    guard, going, first = Guard(_waits, Bounds(at_once=4)), asyncio.Event(), [(b"authorization", b"Bearer one")]

    async def _one(headers: list[tuple[bytes, bytes]], address: str = "192.0.2.1") -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/v1/x", "headers": headers, "client": (address, 1), "going": going}
        await guard(scope, none, send)
        return int(sent[0]["status"])

    async def everybody() -> list[int]:
        many = [asyncio.create_task(_one(first)) for _ in range(5)]
        await asyncio.sleep(0)
        other = [asyncio.create_task(_one([(b"cookie", b"two")]))]
        await asyncio.sleep(0)
        going.set()
        return [await one for one in many + other]

    assert asyncio.run(everybody()) == [200, 200, 200, 429, 429, 200]
    assert (guard.now, guard.of_each) == (0, {})


async def _waits(scope: Scope, receive: Receive, send: Send) -> None:
    await scope["going"].wait()
    await _reads(scope, receive, send)


def test_a_stream_takes_no_place_of_those_who_ask() -> None:
    seen: list[int] = []

    async def none() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"", "more_body": False}

    async def counts(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(guard.now)
        await _reads(scope, receive, send)

    guard = Guard(counts, Bounds(at_once=1))
    for path in ("/v1/changes/stream", "/v1/changes"):
        assert _sent_to(guard, none, path)[0]["status"] == 200
    assert seen == [0, 1]


def test_bodies_that_never_come_keep_nobody_else_out() -> None:
    """Whoever sends them needs no key."""
    guard, body = Guard(_reads, Bounds(at_once=1, body_seconds=1)), {"content-length": "9"}

    async def never() -> Any:
        await asyncio.sleep(60)

    async def all_of_it() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def one(receive: Receive, headers: dict[str, str]) -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "POST", "path": "/v1/x", "headers": given, "query_string": b""}
        await guard(scope, receive, send)
        return int(sent[0]["status"])

    async def everybody() -> tuple[list[int], list[int]]:
        slow = [asyncio.create_task(one(never, body)) for _ in range(ARRIVING + 1)]
        await asyncio.sleep(0)
        beside = [await one(all_of_it, {})]
        guard.arriving -= 1  # there is room for one more that arrives
        beside.append(await one(all_of_it, body))
        guard.now = 1
        beside.append(await one(all_of_it, body))
        guard.now, guard.arriving = 0, guard.arriving + 1
        return beside, [await one for one in slow]

    beside, slow = asyncio.run(everybody())
    assert beside == [200, 200, 429]
    assert sorted(slow) == [408] * ARRIVING + [429]
    assert (guard.now, guard.arriving) == (0, 0)

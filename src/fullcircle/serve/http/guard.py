"""What every request passes before anything looks at it: limits of size, of time and of how many at once, and safe headers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fullcircle.serve.http.problems import problem, unforeseen

STRICT = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": STRICT,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
ARRIVING = 4  # times as many may be arriving as are answered: each keeps its body in memory at most
SECURE = "max-age=31536000"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may take, and how many may be answered at once."""

    body_bytes: int = 1_000_000
    body_seconds: float = 10.0
    at_once: int = 32
    secure: bool = False  # the page is reached by https


STREAM = "/v1/changes/stream"  # it goes on for hours, mostly waits, and has a limit of its own (rest/changes.py)


class Guard:
    """An ASGI application around another. Its refusals are problems like all others."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self.app, self.bounds = app, bounds
        self.now = 0  # requests being answered
        self.of_each = Counter[bytes]()  # the same, of each asker that has any
        self.arriving = 0  # requests whose body is still being sent: they are no work yet, and take no place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, refusals = False, list[_Refused]()

        async def sending(message: Message) -> None:
            nonlocal started
            if refusals and not started:
                return  # what the application makes of a body that it could not read
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message, self.bounds.secure)
            await send(message)

        place = _Place(self, scope)
        if place.is_full():
            await _busy()(scope, receive, sending)
            return
        place.take()
        try:
            await self.app(scope, _limited(receive, self.bounds, refusals, place), sending)
        except Exception as error:
            if started:  # what was sent cannot be taken back: the connection is cut, so that nobody takes it for whole
                raise ConnectionAbortedError from None
            if not refusals:  # a body that was refused is answered below
                await unforeseen(Request(scope), error)(scope, receive, sending)
        finally:
            place.leave()
        if refusals and not started:
            one = refusals.pop()
            refusals.clear()
            await one.answer()(scope, receive, sending)


class _Place:
    """That of one request: it has one from when it has arrived, so that bodies that never come keep nobody else out.

    One asker has three quarters of the places at most, so that whoever floods the server finds the others still answered.
    """

    def __init__(self, guard: Guard, scope: Scope) -> None:
        self.guard = guard
        self.asker = _asker(scope)
        self.counts = scope["path"] != STREAM
        self.is_watched = scope["path"].startswith(("/health", "/ready"))
        self.arrives = any(
            name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in scope["headers"]
        )

    def is_full(self) -> bool:
        """Whether no place is left, for what arrives or for what is answered."""
        guard, most = self.guard, self.guard.bounds.at_once
        full = guard.arriving >= ARRIVING * most if self.arrives else guard.now >= most or self._has_its_share(most)
        return full and not self.is_watched

    def _has_its_share(self, most: int) -> bool:
        return self.guard.of_each[self.asker] >= max(1, most * 3 // 4)

    def take(self) -> None:
        """Take a place; to be left again."""
        if self.arrives:
            self.guard.arriving += 1
        elif self.counts:
            self.guard.now += 1
            self.guard.of_each[self.asker] += 1

    def leave(self) -> None:
        """Leave it."""
        if self.arrives:
            self.guard.arriving -= 1
        elif self.counts:
            self.guard.now -= 1
            self.guard.of_each[self.asker] -= 1
            if not self.guard.of_each[self.asker]:
                del self.guard.of_each[self.asker]

    def arrived(self) -> bool:
        """The request is here, whole: it is answered from now on. False where no place is left for it."""
        if self.arrives:
            self.leave()
            self.arrives = False
            if self.is_full():
                self.counts = False  # it has none to leave
                return False
            self.take()
        return True


def _asker(scope: Scope) -> bytes:
    """Who asks, before anything is known of them: what they show (a key, a cookie), else the address that they ask from."""
    shown = [value for name, value in scope["headers"] if name in (b"authorization", b"cookie")]
    return b" ".join(shown) or str((scope.get("client") or ("",))[0]).encode()


def _busy() -> Response:
    return problem(
        429, "too-many-at-once", "The server is answering as many requests as it can.", "Try again in a moment.",
        retry=True, headers={"Retry-After": "1"},
    )  # fmt: skip


class _Refused(Exception):
    def __init__(self, answer: Callable[[], Response]) -> None:
        super().__init__()
        self.answer = answer


def _limited(receive: Receive, bounds: Bounds, refusals: list[_Refused], place: _Place) -> Receive:
    """The body of a request, up to its limits of size and time."""
    size, whole = 0, False

    def refused(answer: Callable[[], Response]) -> _Refused:
        refusals.append(_Refused(answer))
        return refusals[-1]

    until = asyncio.get_running_loop().time() + bounds.body_seconds

    async def limited() -> Message:
        nonlocal size, whole
        if whole:  # what comes now is only that the client went away, however late
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise refused(
                partial(problem, 408, "slow-request", "The request did not arrive in time.", "Send it again, whole.")
            ) from None
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
        if size > bounds.body_bytes:
            limit = f"At most {bounds.body_bytes:,} bytes are read."
            raise refused(partial(problem, 413, "too-large", f"The request is too large. {limit}", "Send less at a time."))
        if whole and not place.arrived():
            raise refused(_busy)
        return message

    return limited


def _add_headers(message: MutableMapping[str, Any], secure: bool) -> None:
    """What a browser learns with every answer, unless the answer says something else itself."""
    headers = list(message.get("headers", ()))
    there = {name.lower() for name, _ in headers}
    wanted = {**HEADERS, **({"strict-transport-security": SECURE} if secure else {})}
    if message["status"] == 401:
        wanted["www-authenticate"] = 'Bearer realm="fullcircle"'
    message["headers"] = [
        *headers,
        *((name.encode(), value.encode()) for name, value in wanted.items() if name.encode() not in there),
    ]

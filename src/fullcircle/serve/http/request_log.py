"""One line for each request in the server's log: when, what, how it ended. Never an address or a query, which may hold a name."""

from __future__ import annotations

import logging
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fullcircle.serve.http.metrics import ELSEWHERE, route_of

LOG = logging.getLogger("fullcircle.serve.requests")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MOUNTED = ("/static/", "/mcp/")


class RequestLog:
    """An ASGI application around another. Each answer has the number of its line: `X-Request-Id`."""

    def __init__(self, app: ASGIApp, is_written: bool) -> None:
        self.app, self.is_written = app, is_written

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, began, status = secrets.token_hex(8), time.perf_counter(), "aborted"

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", number.encode())]
            await send(message)

        path = scope["path"]
        try:
            await self.app(scope, receive, sending)
        finally:
            if self.is_written:
                method = scope["method"] if scope["method"] in METHODS else "other"
                milliseconds = (time.perf_counter() - began) * 1000
                LOG.info("%s %s %s %.0f ms %s", method, _route(scope, path), status, milliseconds, number)


def _route(scope: Scope, path: str) -> str:
    """The route as it is written in the program."""
    written = route_of(scope)
    return written if written != ELSEWHERE else next((one for one in MOUNTED if path.startswith(one)), ELSEWHERE)

"""The tools at /mcp/ of `fullcircle serve`: streamable HTTP, every request with an API key or a token of the company's login."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcircle.config.sections import Config
from fullcircle.errors import FullcircleError
from fullcircle.serve.http.asking import AskedBy, recognised
from fullcircle.serve.http.problems import of_error, problem
from fullcircle.serve.http.who import bearer
from fullcircle.serve.mcp import proposals, tools
from fullcircle.serve.mcp.server import DOOR, Assistant

PATH = "/mcp"
ASKED = "fullcircle.asked"  # in the scope of a request: who asks


class Entrance:
    """Lets in who is known. A page of another site cannot ask: browsers say where a request comes from."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app, self.origin = app, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        sent_from = request.headers.get("origin")
        if sent_from is not None and sent_from != self.origin:
            foreign = problem(403, "not-allowed", "This request comes from a page of another site.", "Ask from a program.")
            await foreign(scope, receive, send)
            return
        try:
            scope[ASKED] = await run_in_threadpool(lambda: recognised(request, bearer(request), DOOR))
        except FullcircleError as error:
            await of_error(error)(scope, receive, send)
            return
        if scope["method"] != "POST":  # each call is answered by itself: a stream that waits for more would wait for ever
            only = problem(405, "method-not-allowed", "The tools are asked by POST alone.", headers={"Allow": "POST"})
            await only(scope, receive, send)
            return
        await self.app(scope, receive, send)


def add_to(app: FastAPI, settings: Config, origin: str) -> AbstractAsyncContextManager[Any]:
    """Add the tools to an application. What is returned must be open while it answers."""
    server = Assistant(settings, _asked)
    tools.add_to(server)
    if settings.serve.proposals:
        proposals.add_to(server)
    inside = server.streamable_http_app(
        streamable_http_path="/", json_response=True, stateless_http=True, max_request_body_size=settings.serve.body_bytes,
        transport_security=TransportSecuritySettings(allowed_hosts=_hosts(origin), allowed_origins=[origin]),
    )  # fmt: skip
    app.mount(PATH, Entrance(inside, origin))
    return server.session_manager.run()


def _asked(context: Context[Any, Any] | None) -> AskedBy:
    assert context is not None
    request: Any = context.request_context.request
    found: AskedBy = request.scope[ASKED]
    return found


def _hosts(origin: str) -> list[str]:
    """The names by which the server may be asked: those of its address, and of this machine."""
    return [urlsplit(origin).netloc, "127.0.0.1:*", "localhost:*", "[::1]:*"]

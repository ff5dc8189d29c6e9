"""Under which names a server may be asked: those of its own address, and of this machine.

Otherwise a page of another site whose name is made to lead to this machine (DNS rebinding) could read answers in a browser.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcircle.serve.http.problems import problem

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
WATCHED = ("/health", "/ready")  # whoever watches the server asks by its number


class Names:
    """An ASGI application around another, which is asked by its names alone."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.names = {name_of(urlsplit(origin).netloc), *THIS_MACHINE}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] not in WATCHED:
            hosts = Headers(scope=scope).getlist("host")
            if len(hosts) != 1 or name_of(hosts[0]) not in self.names:
                wrong = problem(
                    421, "misdirected", "This server is not asked by this name.",
                    "Use its own address; behind a proxy, [serve] origin says what that is.",
                )  # fmt: skip
                await wrong(scope, receive, send)
                return
        await self.app(scope, receive, send)


def name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower().rstrip(".")

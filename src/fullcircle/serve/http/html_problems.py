"""A problem as a page, for a person with a browser."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response

Draws = Callable[[Request, int, str, str], Response]
_draws: list[Draws] = []  # what draws pages: serve/web says it, if it is there


def drawn_by(draws: Draws) -> None:
    """Say what draws a problem for a browser."""
    _draws[:] = [draws]


def page(request: Request, status: int, message: str, hint: str) -> Response | None:
    """The page, for a request of the web page; None for one of the API."""
    path = request.url.path
    if not _draws or path.startswith(("/v1", "/mcp", "/openapi.json")) or "text/html" not in request.headers.get("accept", ""):
        return None
    return _draws[0](request, status, message, hint)

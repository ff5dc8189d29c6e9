"""Errors as a program reads them: RFC 9457 `application/problem+json`, with the code, the hint and whether to try again.

No answer carries a traceback or a value of the data. What nobody foresaw is noted by its type and its place alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from fullcircle.errors import FullcircleError
from fullcircle.serve.cli.endings import without_values
from fullcircle.serve.http import html_problems
from fullcircle.serve.http.json_text import json_bytes

MEDIA = "application/problem+json"
RETRY_SECONDS = 5
LOG = logging.getLogger("fullcircle.serve")


class Problem(BaseModel):
    """What went wrong, for a program and a person."""

    type: str = Field("about:blank", description="What sort of problem it is: `about:blank`, or `urn:fullcircle:<code>`.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, and to which thing.")
    code: str = Field(description="The sort of error, for programs; it does not change.")
    hint: str = Field("", description="What to do about it.")
    retry: bool = Field(False, description="True where the same request may succeed later.")
    where: list[str] = Field(default_factory=list, description="The parts of the request that are wrong.")


def problem(status: int, code: str, detail: str, hint: str = "", **more: Any) -> Response:
    """An answer with a problem in it. `headers` and fields of Problem may be given, too."""
    headers = dict(more.pop("headers", {}))
    return _sent(_problem(status, code, detail, hint, **more), headers)


def _problem(status: int, code: str, detail: str, hint: str, **more: Any) -> Problem:
    title = HTTPStatus(status).phrase
    return Problem(type=f"urn:fullcircle:{code}", title=title, status=status, detail=detail, code=code, hint=hint, **more)


def _sent(found: Problem, headers: dict[str, str]) -> Response:
    if found.retry:
        headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return Response(json_bytes(found.model_dump()), found.status, headers, MEDIA)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an operation may answer with, for its description. Those of every operation are added by `common`."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def as_problem(error: FullcircleError) -> Problem:
    """One of our errors as a problem."""
    return _problem(error.status, error.code, error.message, error.hint, retry=error.retry)


def of_error(error: FullcircleError) -> Response:
    """One of our errors as an answer."""
    seconds = getattr(error, "seconds", None)  # of one that says when to come again
    return _sent(as_problem(error), {"Retry-After": str(seconds)} if seconds else {})


def install(app: FastAPI) -> None:
    """From now on every error leaves as a problem; for a person who reads a page, as a page."""

    @app.exception_handler(FullcircleError)
    async def ours(request: Request, error: FullcircleError) -> Response:
        return html_problems.page(request, error.status, error.message, error.hint) or of_error(error)

    @app.exception_handler(RequestValidationError)
    async def wrong_request(request: Request, error: RequestValidationError) -> Response:
        where = sorted({_place(one) for one in error.errors()})
        detail = "The request is not valid: " + "; ".join(sorted({f"{_place(one)}: {one['msg']}" for one in error.errors()}))
        hint = "The API's description, /openapi.json, says what each part may be."
        return html_problems.page(request, 422, detail, "") or problem(422, "request", detail, hint, where=where)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        detail = error.detail if isinstance(error.detail, str) else HTTPStatus(error.status_code).phrase
        shown = html_problems.page(request, error.status_code, detail, "")
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return shown or problem(error.status_code, code, detail, headers=error.headers or {})


def unforeseen(request: Request, error: Exception) -> Response:
    """The answer for an error that nobody foresaw: its place is in the server's log, its text, which may hold data, nowhere."""
    LOG.error("%s %s: %s", request.method, _route(request), without_values(error))
    detail = f"Something unexpected happened ({type(error).__name__})."
    hint = "The server's log says where, without any values: please send it with a report of this error."
    return html_problems.page(request, 500, detail, hint) or problem(500, "unexpected", detail, hint)


def _place(one: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in one.get("loc", ())) or "body"


def _route(request: Request) -> str:
    """The route of a request as it is written in the program: the address itself may hold a name."""
    return str(getattr(request.scope.get("route"), "path", "an unknown address"))

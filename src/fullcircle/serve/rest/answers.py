"""What all reading operations share: a router that knows its parameters, answers written once, and their description."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from fullcircle.errors import did_you_mean
from fullcircle.serve.http.json_text import json_bytes
from fullcircle.serve.http.problems import described
from fullcircle.serve.rest.models import model_of

WHOLE = r"^[^\u0000]*$"  # any text without the character that ends texts in some stores
LONGEST = 1000  # characters of what names or describes something

Which = Annotated[
    str,
    Path(
        min_length=1, max_length=LONGEST, pattern=WHOLE,
        description="A customer: its id (old ones too), a record's, an order's number, an e-mail address, or words that fit one "
        "customer only.",
        examples=["customer:4q2mx8d5n0c7t1rz"],
    ),
]  # fmt: skip
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]
After = Annotated[str, Query(max_length=4000, pattern=WHOLE, description="Where the page before ended: its `next`.")]


def router(tag: str) -> APIRouter:
    """A router whose operations refuse parameters that they do not have: a misspelt filter must not filter nothing."""
    return APIRouter(tags=[tag], dependencies=[Depends(_only_known)])


async def _only_known(request: Request) -> None:  # a thread of its own would cost more than it does
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = _names(route.dependant)
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        hint = did_you_mean(unknown[0], sorted(known)) if known else "There are none."
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": f"There is no such parameter. {hint}", "type": "unknown"} for name in unknown]
        )


def _names(of: Dependant) -> set[str]:
    """The names of the parameters that an operation has in its address."""
    return {one.alias for one in of.query_params}.union(*map(_names, of.dependencies))


def answer(data: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer, as the reading room gave it."""
    return Response(json_bytes(data), 200, dict(headers or {}), "application/json")


def tagged(request: Request, data: Any) -> Response:
    """An answer with its ETag, or only that it is still the same. The tag is of what this asker sees."""
    content = json_bytes(data)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache, no-store", "Vary": "Authorization"}
    if _is_known(request.headers.getlist("if-none-match"), tag):
        return Response(None, 304, headers)
    return Response(content, 200, headers, "application/json")


def _is_known(said: list[str], tag: str) -> bool:
    tags = [one.strip().removeprefix("W/") for line in said for one in line.split(",")]
    return tag in tags or "*" in tags


def answers(kind: Any, example: Any, *problems: int, **headers: str) -> dict[str, Any]:
    """How an operation is described: what it answers (a class, or [class] for a list), an example, and its problems."""
    model = list[model_of(kind[0])] if isinstance(kind, list) else model_of(kind)  # type: ignore[misc]
    ok: dict[str, Any] = {"content": {"application/json": {"example": json.dumps(example)}}}  # as text: see routes.py
    if headers:
        ok["headers"] = {
            name.replace("_", "-"): {"description": meaning, "schema": {"type": "string"}} for name, meaning in headers.items()
        }
    return {"response_model": model, "responses": {200: ok, **described(*problems)}}

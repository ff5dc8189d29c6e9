"""Two records: why they are one customer, or why not, weight by weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from fullcircle.ask.reader import Reader
from fullcircle.errors import ConfigError, NotFound
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.web.login import Visit, Visited
from fullcircle.serve.web.page import draw
from fullcircle.serve.web.waterfall import waterfall

router = APIRouter(include_in_schema=False)
Named = Annotated[str, Query(max_length=2000)]


@router.get("/why")
@waits
def why(visit: Visit, a: Named = "", b: Named = "") -> Response:
    """The match weights of two records, and through which others they are joined."""
    return _asked(visit, "why.html", a, b, lambda reader: reader.why(a.strip(), b.strip()))


@router.get("/why-not")
@waits
def why_not(visit: Visit, a: Named = "", b: Named = "") -> Response:
    """What keeps two records apart, what is missing, and what would have made them meet."""
    return _asked(visit, "why_not.html", a, b, lambda reader: reader.why_not(a.strip(), b.strip()))


def _asked(visit: Visited, template: str, a: str, b: str, ask: Callable[[Reader], Any]) -> Response:
    """The form, with the answer if two records are named. What cannot be found is said beside it."""
    shown: dict[str, Any] = {"found": None, "chart": None}
    status = 200
    with visit.reader() as reader:
        reader.door.check("why")
        if a.strip() and b.strip():
            try:
                shown["found"] = ask(reader)
                shown["chart"] = waterfall(shown["found"].explanation)
            except (NotFound, ConfigError) as error:
                status = error.status
                shown.update(problem=error.message, hint=error.hint)
    return draw(visit.request, template, status, visit=visit, a=a, b=b, **shown)

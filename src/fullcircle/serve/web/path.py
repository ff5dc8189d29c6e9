"""How two customers are connected: a shortest way through the graph, stop by stop."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from fullcircle.errors import Ambiguous, ConfigError, NotFound
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
MOST_HOPS = 10
Named = Annotated[str, Query(max_length=2000)]


@router.get("/path")
def path(visit: Visit, a: Named = "", b: Named = "", hops: Annotated[int, Query(ge=1, le=MOST_HOPS)] = 6) -> Response:
    """The form, with the way if two ends are named. What cannot be found is said beside it."""
    shown: dict[str, Any] = {"steps": None}
    status = 200
    with visit.reader() as reader:
        reader.door.check("path")
        if a.strip() and b.strip():
            try:
                shown["steps"] = reader.path(a.strip(), b.strip(), hops)
            except (NotFound, Ambiguous, ConfigError) as error:
                status = error.status
                shown.update(problem=error.message, hint=error.hint)
    return draw(visit.request, "path.html", status, visit=visit, a=a, b=b, hops=hops, most=MOST_HOPS, **shown)

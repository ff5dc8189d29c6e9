"""The data's quality: the rules of the last check, the quarantine with its reasons, the trend of runs, the sizes of customers."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.serve.http.waiting import waits
from fullcircle.serve.web.deciding import retried
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
RUNS = 30


@router.get("/quality")
@waits
def quality(visit: Visit) -> Response:
    """What the rules found, what waits in quarantine and why, and how that was in the runs before."""
    with visit.reader() as reader:
        found = retried(lambda: reader.quality(RUNS))
        health = reader.health(RUNS) if visit.may("health") else None
    trend = list(reversed(found.history))
    return draw(visit.request, "quality.html", visit=visit, quality=found, health=health, trend=trend)

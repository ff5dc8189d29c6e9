"""The runs with their stages, as the book has them; one that is going on is shown as it goes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.pipeline import STAGES
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
MOST = 30


@router.get("/runs")
def runs(visit: Visit) -> Response:
    """The last runs, newest first."""
    with visit.reader() as reader:
        found = reader.runs(MOST)
    going = found[0] if found and found[0].state == "running" else None
    done = {one.stage: one for one in going.stages} if going else {}
    stages = [(one.name, one.meaning, done.get(one.name)) for one in STAGES]
    return draw(visit.request, "runs.html", visit=visit, runs=found, going=going, stages=stages)

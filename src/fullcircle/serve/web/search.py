"""The first screen: one box, and what it finds."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
MOST = 50


@router.get("/")
def search(visit: Visit, q: str = "") -> Response:
    """Customers that have all of these words in any of their records."""
    found = None
    if q.strip():
        with visit.reader() as reader:
            found = reader.search(q, MOST)
    return draw(visit.request, "search.html", visit=visit, q=q, found=found)

"""The graph explorer: a picture that is drawn here, its neighbour lists as tables, a path, and both to take away."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from fullcircle.serve.web.csv_list import csv_answer
from fullcircle.serve.web.explore_view import MOST_OPEN, PAGE, ExplorerView, view_of
from fullcircle.serve.web.login import Visit, Visited
from fullcircle.serve.web.page import draw, environment
from fullcircle.serve.web.picture import Picture, picture, title_of, words_of

router = APIRouter(include_in_schema=False)
Texts = Annotated[list[str], Query(max_length=MOST_OPEN + 10)]
LISTED = 50


def _asked(at: str = "", open: Texts = [], on: str = "", pin: Texts = [], to: str = "") -> ExplorerView:  # noqa: B006
    return view_of(at, open, on, pin, to)


Asked = Annotated[ExplorerView, Depends(_asked)]


@router.get("/explore")
def explore(visit: Visit, view: Asked) -> Response:
    """The picture, with the list of what is around the thing that is looked at."""
    if not view.at:
        visit.asked.door().check("path", "explore")
        return draw(visit.request, "explore_start.html", visit=visit)
    found = _picture(visit, view)
    return draw(visit.request, "explore.html", picture=found, view=found.view, page=PAGE, standalone=False, **_drawing(visit))


@router.get("/explore/list")
def neighbours(visit: Visit, at: str, group: str, after: str = "") -> Response:
    """All neighbours of one group, page by page."""
    with visit.reader() as reader:
        found = reader.around(at, group, after, LISTED)
    one = found.groups[0] if found.groups else None
    return draw(visit.request, "explore_list.html", found=found, group=one, at=at, name=group, **_drawing(visit))


@router.get("/explore.svg")
def as_picture(visit: Visit, view: Asked) -> Response:
    """The picture as a file."""
    found = _picture(visit, view)
    text = environment().get_template("picture.svg").render(picture=found, view=found.view, standalone=True, visit=visit)
    headers = {"content-disposition": 'attachment; filename="graph.svg"'}
    return Response(text, media_type="image/svg+xml", headers=headers)


@router.get("/explore.csv")
def as_list(visit: Visit, view: Asked) -> Response:
    """The edges of the picture as a file for spreadsheets."""
    found = _picture(visit, view)
    rows: list[list[Any]] = [["from", "from_kind", "from_name", "edge", "to", "to_kind", "to_name"]]
    for line in found.lines.values():
        a, b = found.things[line.source], found.things[line.target]
        if not (a.more or b.more):
            rows.append([a.id, a.label, a.title, line.label, b.id, b.label, b.title])
    return csv_answer(rows, "graph.csv")


def _drawing(visit: Visited) -> dict[str, Any]:
    return {"visit": visit, "title_of": title_of, "words_of": words_of, "may_name": visit.asked.door().mask.may_name}


def _picture(visit: Visited, view: ExplorerView) -> Picture:
    with visit.reader() as reader:
        return picture(reader, view, visit.asked.door().mask.may_name)

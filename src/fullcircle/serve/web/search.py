"""The first screen: one box, and whom it finds, by source, kind and city."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from fullcircle.ask.search_page import SearchFilter
from fullcircle.errors import ConfigError
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw, link

router = APIRouter(include_in_schema=False)
A_PAGE = 30
Words = Annotated[str, Query(max_length=1000)]


@router.get("/")
def search(visit: Visit, q: Words = "", source: Words = "", kind: Words = "", city: Words = "", after: Words = "") -> Response:
    """Customers that have all of these words in any of their records, or a number, or an id."""
    if not visit.may("search") and not q and visit.screens:
        return RedirectResponse(visit.screens[0][1][0][0], 303)  # what they may open instead
    page, there, problem, hint, status = None, [], "", "", 200
    words, chosen = q.strip(), {"source": source, "kind": kind, "city": city}
    with visit.reader() as reader:
        if not words:
            reader.door.check("search")
        else:
            try:
                page = reader.search_page(words, SearchFilter(source, kind, city, counts=True), after, A_PAGE)
                there = reader.of_nobody(words) if not page.hits and not after else []
            except ConfigError as error:  # a place in another search
                problem, hint, status = error.message, error.hint, error.status
    following = link("/", q=words, **chosen, after=page.next) if page and page.next else ""
    return draw(
        visit.request, "search.html", status, visit=visit, q=q, page=page, there=there, following=following, first=not after,
        chosen=chosen, problem=problem, hint=hint,
    )  # fmt: skip

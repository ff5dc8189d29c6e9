"""Who is like a customer, what they may like next, how they buy, and what goes together: each with its reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from fullcircle.errors import NotFound
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw
from fullcircle.serve.web.profile import spent

router = APIRouter(include_in_schema=False)
MOST = 20


@router.get("/customers/{which}/related")
def related(visit: Visit, which: str) -> Response:
    """Related customers, offers and habits of a customer, as far as the visitor may ask for them."""
    with visit.reader() as reader:
        like = reader.related(which, MOST)
        view = reader.show(which, ("customer", "may_like", "may_buy", "habits")) if visit.may("show") else None
    id = view.customer["id"] if view else which
    name = view.customer.get("name") if view else None
    offers, basket, habits = (view.may_like[:MOST], view.may_buy[:MOST], view.habits) if view else ([], [], {})
    return draw(
        visit.request,
        "related.html",
        visit=visit,
        id=id,
        name=name,
        like=like,
        offers=offers,
        basket=basket,
        habits=habits,
        spent=spent(habits),
    )


@router.get("/together")
def together(visit: Visit, of: Annotated[str, Query(max_length=500)] = "") -> Response:
    """What goes into the same order as a product, named by its id, its number or its name."""
    found, problem, hint, status = None, "", "", 200
    with visit.reader() as reader:
        if of.strip():
            try:
                found = reader.bought_together(of, MOST)
            except NotFound as error:
                problem, hint, status = error.message, error.hint, error.status
        else:
            reader.door.check("bought_together")
    return draw(visit.request, "together.html", status, visit=visit, of=of, found=found, problem=problem, hint=hint)

"""Households and accounts of a customer, each with its people: who lives at one address, who works for one company."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)


@router.get("/customers/{which}/people")
def people(visit: Visit, which: str, after: str = "") -> Response:
    """The groups of a customer; `after`: the next page of one of them."""
    with visit.reader() as reader:
        found = reader.people(which, after)
    return draw(
        visit.request, "people.html", visit=visit, id=found.customer_id, name=found.name, groups=found.groups, first=not after
    )

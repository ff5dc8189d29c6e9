"""What happened to the ids of a customer, and what people decided about its records, with the way to take a decision back."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.errors import NotFound
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)


@router.get("/customers/{which}/history")
def history(visit: Visit, which: str) -> Response:
    """The history of a customer, the oldest first; an id that became another one has its own, too."""
    with visit.reader() as reader:
        entries = reader.history(which)
        view = None
        with suppress(NotFound):  # an id that went away has a history, and no customer
            view = reader.show(which, ("customer",)) if visit.may("show") else None
    id = view.customer["id"] if view else which
    name = view.customer.get("name") if view else None
    withdrawn = {one.decision for one in entries if one.decision is not None and "was withdrawn" in one.what}
    return draw(
        visit.request, "history.html", visit=visit, id=id, asked=which if which != id else "", name=name, entries=entries,
        withdrawn=withdrawn,
    )  # fmt: skip

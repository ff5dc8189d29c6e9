"""Who may ask: users, roles and keys, to read. They are changed at the command line."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.govern.keys import ApiKeys
from fullcircle.govern.policy import ROLES
from fullcircle.govern.users import Users
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)


@router.get("/access")
def access(visit: Visit) -> Response:
    """The users and keys of the project."""
    visit.asked.door().enter("configure", "access")
    with visit.asked.shared.seats.book() as book:
        users, keys = Users(book).list(), ApiKeys(book).list()
    return draw(visit.request, "access.html", visit=visit, users=users, keys=keys, roles=ROLES)

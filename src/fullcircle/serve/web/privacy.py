"""What a person may ask for: what they agreed to, a copy of all that is kept, and that it is not used for a while."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from fullcircle.config.sections import Config
from fullcircle.errors import NotFound
from fullcircle.serve.http.apart import apart
from fullcircle.serve.web.login import Sending, Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
ALL_SHOWN = "It is for roles that see every class of fields."
Reference = Annotated[str, Form(max_length=200)]


@router.get("/customers/{which}/privacy")
def privacy(visit: Visit, which: str) -> Response:
    """Consents, the restriction, and the forms for what the visitor may do about it."""
    with visit.reader() as reader:
        view = reader.show(which, ("customer", "consents", "agreed"))
    return draw(visit.request, "privacy.html", visit=visit, view=view, id=view.customer["id"], name=view.customer.get("name"))


@router.post("/customers/{which}/export")
def export(visit: Sending, which: str, form: Annotated[str, Form(pattern="^(json|html)$")] = "json") -> Response:
    """All that is kept about a person, as a file: JSON for machines, HTML for people."""
    from fullcircle.privacy.export_html import as_html

    named_by_id(which)
    door = visit.asked.door()
    door.check("export", "person export")
    door.check_whole("person export", ALL_SHOWN)
    door.enter("export", "person export")
    found = _person(visit.asked.settings, which)
    text = as_html(found) if form == "html" else json.dumps(found, indent=2, ensure_ascii=False, default=str)
    name = found["about"]["customer_id"].replace(":", "-")
    media = "text/html" if form == "html" else "application/json"
    disposition = f'attachment; filename="{name}.{form}"'
    return Response(text.encode("utf-8", "replace"), media_type=media, headers={"content-disposition": disposition})


def named_by_id(which: str) -> None:
    """NotFound for anything but a customer's id: words would be looked for in what the visitor may not see."""
    if not which.startswith("customer:"):
        raise NotFound("Here a customer is named by its id alone.", "Open the customer's page, and go on from there.")


def _person(settings: Config, which: str) -> dict[str, Any]:
    from fullcircle.govern.home_keys import open_book
    from fullcircle.home.tables_file import tables_for_reading
    from fullcircle.privacy.export import person
    from fullcircle.steward.who import customer_named

    with tables_for_reading(settings) as engine, closing(open_book(settings, read_only=True)) as book:
        return person(settings, engine, book, customer_named(engine, book, which))


@router.post("/customers/{which}/restrict")
def restrict(visit: Sending, which: str, reference: Reference = "") -> Response:
    """Keep the data of a person, but do not use them."""
    named_by_id(which)
    visit.asked.door().enter("restrict", "restrict")
    return _back(apart(_restrict, visit.asked.settings, which, visit.decides, reference.strip()))


@router.post("/customers/{which}/lift")
def lift(visit: Sending, which: str) -> Response:
    """Use the data of a person again."""
    named_by_id(which)
    visit.asked.door().enter("restrict", "restrict")
    return _back(apart(_lift, visit.asked.settings, which))


def _restrict(settings: Config, which: str, by: str, reference: str) -> str:
    from fullcircle.privacy.restrict import restrict
    from fullcircle.steward.who import customer_named

    return restrict(settings, which, customer_named, by, reference).customer_id


def _lift(settings: Config, which: str) -> str:
    from fullcircle.privacy.restrict import lift
    from fullcircle.steward.who import customer_named

    return lift(settings, which, customer_named).customer_id


def _back(id: str) -> Response:
    return RedirectResponse(f"/customers/{id}/privacy", 303)

"""Erasing a person: first what it would erase, then, when the id was typed, for good; the certificate says what was reached."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from fullcircle.config.sections import Config
from fullcircle.errors import NotFound
from fullcircle.privacy.erase import PlannedErasure
from fullcircle.serve.http.apart import apart
from fullcircle.serve.web.login import Sending, Visit, Visited
from fullcircle.serve.web.page import draw
from fullcircle.serve.web.privacy import Reference, named_by_id

router = APIRouter(include_in_schema=False)


@router.get("/customers/{which}/erase")
def plan(visit: Visit, which: str) -> Response:
    """What an erasure would erase, by place; nothing is changed."""
    named_by_id(which)
    visit.asked.door().enter("erase", "erase")
    return _drawn(visit, _planned(visit, which))


@router.post("/customers/{which}/erase")
def erase(visit: Sending, which: str, typed: Annotated[str, Form()] = "", reference: Reference = "") -> Response:
    """Erase the person for good, if the id was typed as it is."""
    named_by_id(which)
    visit.asked.door().enter("erase", "erase")
    if typed.strip() != which:
        problem = "Nothing was erased: what was typed is not the id of this customer."
        return _drawn(visit, _planned(visit, which), 422, problem, reference)
    number = apart(_erase, visit.asked.settings, which, visit.decides, reference.strip())
    return RedirectResponse(f"/erased/{number}", 303)


@router.get("/erased")
def erased(visit: Visit) -> Response:
    """All erasures, as keyed hashes of persons."""
    from fullcircle.privacy.listed import erasures

    visit.asked.door().enter("erase", "erased list")
    return draw(visit.request, "erased.html", visit=visit, found=erasures(visit.asked.settings))


@router.get("/erased/{number}")
def certificate(visit: Visit, number: str) -> Response:
    """The certificate of an erasure."""
    from fullcircle.privacy.listed import certificate_of

    visit.asked.door().enter("erase", "erased show")
    return draw(visit.request, "certificate.html", visit=visit, one=certificate_of(visit.asked.settings, number))


def _planned(visit: Visited, which: str) -> PlannedErasure:
    return apart(_plan, visit.asked.settings, which)


def _drawn(visit: Visited, planned: PlannedErasure, status: int = 200, problem: str = "", reference: str = "") -> Response:
    with visit.reader() as reader:
        name = visit.name_of(reader, planned.customer_id)
    return draw(
        visit.request, "erase.html", status, visit=visit, planned=planned, id=planned.customer_id, problem=problem,
        reference=reference, name=name,
    )  # fmt: skip


def _plan(settings: Config, which: str) -> PlannedErasure:
    from fullcircle.privacy.erase import plan
    from fullcircle.steward.who import customer_named

    return plan(settings, [which], customer_named)[0]


def _erase(settings: Config, which: str, by: str, reference: str) -> str:
    """The number of the erasure."""
    from fullcircle.privacy.erase import erase
    from fullcircle.steward.who import customer_named

    made = erase(settings, [which], customer_named, by, reference)
    if not made:
        raise NotFound("The erasure is noted, but has no certificate yet.", "`fullcircle erased resume` goes on with it.")
    return made[-1].erasure

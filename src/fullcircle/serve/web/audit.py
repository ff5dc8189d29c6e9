"""The audit log: who was shown which fields of whom, and whether the log is whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from fullcircle.ask.audit import audit_entries, audit_verify
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.web.login import Sending, Visit, Visited
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
MOST = 200
OUTCOMES = ("answered", "refused", "failed")


@router.get("/audit")
def audit(
    visit: Visit, customer: str = "", who: str = "", question: str = "", since: str = "", until: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:  # fmt: skip
    """The entries that fit, the newest first."""
    _enter(visit, "audit show")
    entries, problem, hint = None, "", ""
    try:
        entries = audit_entries(visit.asked.settings, customer.strip(), who.strip(), question.strip(), since, until, limit)
    except NotFound as error:
        problem, hint = error.message, error.hint
    asked = {"customer": customer, "who": who, "question": question, "since": since, "until": until, "limit": limit}
    return draw(
        visit.request, "audit.html", visit=visit, entries=entries, asked=asked, report=None, problem=problem, hint=hint, most=MOST
    )


@router.post("/audit/verify")
@waits
def verify(visit: Sending) -> Response:
    """Read the whole log, and say whether anything was done to it."""
    _enter(visit, "audit verify")
    report, problem, hint = None, "", ""
    try:
        report = audit_verify(visit.asked.settings)
    except FullcircleError as error:
        problem, hint = error.message, error.hint
    return draw(visit.request, "verified.html", visit=visit, report=report, problem=problem, hint=hint)


def _enter(visit: Visited, question: str) -> None:
    visit.asked.door().enter("audit", question)

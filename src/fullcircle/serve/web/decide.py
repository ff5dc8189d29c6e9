"""Deciding about a customer (merge, split, never the same), the list of decisions with undo, and how work stands."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from fullcircle.ask.reader import Reader
from fullcircle.ask.side_by_side import RecordBeside
from fullcircle.errors import ConfigError
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.web.deciding import EVERY, Aboutness, errands, note, permitted, retried, state_of, who
from fullcircle.serve.web.login import Sending, Visit
from fullcircle.serve.web.page import draw
from fullcircle.serve.web.sent import Sent
from fullcircle.steward.wish import Wish

router = APIRouter(include_in_schema=False)
PAIRS = ("merge", "never", "always")
VERBS = (*PAIRS, "split", "undo")
BACK = ("/review", "/decide", "/customers/")  # pages to which a form may lead back
SHOWN = 50  # records of a customer to choose from


@router.get("/decide")
@waits
def form(visit: Visit, customer: str = "", other: str = "") -> Response:
    """The forms for a customer: take records off, make it one with another, or never."""
    permitted(visit, "decide")
    with visit.reader() as reader:
        records, seen = _records(reader, customer) if customer else ((), "")
    return draw(
        visit.request, "decide.html", visit=visit, customer=customer, other=other, records=records, seen=seen,
        about=[one.id for one in records],
    )  # fmt: skip


@router.post("/decide")
@waits
def decide(visit: Sending, sent: Sent) -> Response:
    """Try a decision out, note it, or note it and apply it at once."""
    verb, act, back = sent.text("verb"), sent.text("act", "preview"), sent.text("back", "/decisions")
    wish = Wish(verb, tuple(one.strip() for one in sent.texts("name") if one.strip()), sent.on("every"))
    back = back if back.startswith(BACK) else "/decisions"
    if verb not in VERBS or not wish.names or (verb in PAIRS and len(wish.names) < 2):
        raise ConfigError("This needs another customer or record.", "Name both.")
    if act == "preview":
        permitted(visit, verb)
        return RedirectResponse(f"/errands/{errands(visit.request).preview(wish, who(visit), back).number}", 303)
    records = tuple(sent.texts("record"))
    note(visit, wish, sent.text("reason", ""), Aboutness(records, sent.text("seen", "")) if records else None)
    if act == "apply":
        errands(visit.request).apply(who(visit), back)
    return RedirectResponse(back, 303)


@router.get("/decisions")
def decisions(visit: Visit) -> Response:
    """What was decided, the newest first."""
    with visit.reader() as reader:
        found = reader.decisions(limit=200)
    going = errands(visit.request).applying()
    waiting = sum(one.waiting for one in found)
    return draw(visit.request, "decisions.html", visit=visit, decisions=found, going=going, waiting=waiting)


@router.post("/decisions/apply")
def apply(visit: Sending) -> Response:
    """Apply everything that is noted."""
    permitted(visit, "apply")
    return RedirectResponse(f"/errands/{errands(visit.request).apply(who(visit), '/decisions').number}", 303)


@router.get("/errands/{number}")
def work(visit: Visit, number: int) -> Response:
    """How an errand stands, and what it found."""
    permitted(visit, "preview")
    one = errands(visit.request).of(number, who(visit))
    seen, about = "", []
    if one.effect:
        about = [record for each in one.effect.before for record in each.records][:200]
        with visit.reader() as reader:
            seen = state_of(reader.decisions(about, EVERY)) if about else ""
    return draw(visit.request, "work.html", visit=visit, work=one, seen=seen, about=about)


def _records(reader: Reader, customer: str) -> tuple[list[RecordBeside], str]:
    found = reader.around(customer, "RESOLVES_TO:in", limit=SHOWN)
    ids = [str(one.vertex["id"]) for group in found.groups for one in group.neighbours]
    if not ids:
        return [], ""
    return list(retried(lambda: reader.side_by_side(*ids)).records), state_of(reader.decisions(ids, EVERY))

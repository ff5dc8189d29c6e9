"""The review queue: one item at a time, side by side, decided by keyboard or buttons; or many at once from the list."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from fullcircle.ask.reader import Reader
from fullcircle.ask.review import ReviewItem
from fullcircle.ask.side_by_side import RecordBeside
from fullcircle.errors import Busy, FullcircleError, NotFound
from fullcircle.identity.model import MISSING
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.web.deciding import (
    EVERY,
    Aboutness,
    carry,
    choices_of,
    errands,
    permitted,
    refuse_late,
    retried,
    state_of,
    who,
    wish_of,
)
from fullcircle.serve.web.login import Sending, Visit, Visited
from fullcircle.serve.web.page import draw
from fullcircle.serve.web.sent import Sent

router = APIRouter(include_in_schema=False)
LISTED = 100
SKIPPED = 60  # skips that an address keeps
NOTHING: dict[str, Any] = {"item": None, "key": "", "left": None, "mine": None, "waiting": 0, "rows": ()}  # before it is known
Skipped = Annotated[list[str], Query(max_length=SKIPPED)]


@router.get("/review")
@waits
def one(visit: Visit, skip: Skipped = [], blind: bool = False, at_once: bool = False) -> Response:  # noqa: B006  # FastAPI copies it
    """The item of most worth that was not skipped. While a run has the tables, the page says so and comes back by itself."""
    going = errands(visit.request).applying()
    data: dict[str, Any] = {"visit": visit, "skip": skip, "blind": blind, "at_once": at_once, "going": going}
    if going and going.state == "working":
        return draw(visit.request, "review.html", **data, **NOTHING)
    try:
        with visit.reader() as reader:
            found = _queued(visit, reader, skip, blind)
    except Busy as error:
        return draw(visit.request, "review.html", error.status, **data, **NOTHING)
    return draw(visit.request, "review.html", **data, **found)


def _queued(visit: Visited, reader: Reader, skip: list[str], blind: bool) -> dict[str, Any]:
    """The item to decide, with both records, and how the decisions so far stand."""
    queue = retried(lambda: reader.review(LISTED, evidence=False))
    left = [each for each in queue if key_of(each) not in skip]
    taken = reader.decisions() if visit.may("history") else ()
    mine = next((each for each in taken if each.by == who(visit) and not each.undone_at), None)
    found = {**NOTHING, "left": len(left), "mine": mine, "waiting": sum(each.waiting for each in taken)}
    if not left:
        return found
    item = left[0]
    may_name = visit.asked.door().mask.may_name
    is_pair = item.record_a and item.kind != "not met" and may_name(item.record_a) and may_name(item.record_b)
    beside = retried(lambda: reader.side_by_side(item.record_a, item.record_b)).records if is_pair else ()
    about = list(filter(may_name, records_of(item)))
    return found | {
        "item": item, "key": key_of(item), "choices": choices_of(item), "about": about,
        "seen": state_of(reader.decisions(about, EVERY)), "rows": rows_of(beside), "question": question_of(item, blind),
    }  # fmt: skip


@router.get("/review/list")
@waits
def many(visit: Visit, blind: bool = False) -> Response:
    """The queue as a list, to decide several at once."""
    with visit.reader() as reader:
        queue = retried(lambda: reader.review(LISTED, evidence=False))
    items = [(key_of(each), each, question_of(each, blind)) for each in queue]
    return draw(visit.request, "review_list.html", visit=visit, items=items, blind=blind)


@router.get("/review/why")
@waits
def why(visit: Visit, a: str, b: str) -> Response:
    """What the model compared of two records: for the queue, which shows it when it is there."""
    with visit.reader() as reader:
        found = retried(lambda: reader.why(a, b)).explanation
    parts = [(one, min(one.against_strangers, one.against_kin)) for one in found.parts if one.level != MISSING]
    return draw(visit.request, "review_why.html", visit=visit, parts=parts, weight=found.weight, a=a, b=b)


@router.post("/review/decide")
@waits
def decide(visit: Sending, sent: Sent) -> Response:
    """Note the decision about an item; or skip it, or try it out first."""
    choice, item, skip = sent.text("choice"), sent.text("item"), sent.texts("skip")[-SKIPPED:]
    blind, at_once = sent.on("blind"), sent.on("at_once")
    if choice == "skip":
        return _back([*skip, item][-SKIPPED:], blind, at_once)
    about = Aboutness(tuple(sent.texts("record")), sent.text("seen", ""))
    permitted(visit, choice)
    wish = wish_of(_item(visit, item, about), choice.removeprefix("try-"))
    if choice.startswith("try-"):
        begun = errands(visit.request).preview(wish, who(visit), _queue(skip, blind, at_once))
        return RedirectResponse(f"/errands/{begun.number}", 303)
    carry(visit, wish, sent.text("reason", ""), about)
    if at_once:
        errands(visit.request).apply(who(visit), "/review")
    return _back(skip, blind, at_once)


@router.post("/review/decide-many")
@waits
def decide_many(visit: Sending, sent: Sent) -> Response:
    """One decision for each of the items. What cannot be is said, and the others are decided."""
    choice, reason = sent.text("choice"), sent.text("reason", "")
    permitted(visit, choice)
    with visit.reader() as reader:
        queue = {key_of(each): each for each in retried(lambda: reader.review(LISTED, evidence=False))}
    outcomes: list[tuple[str, str]] = []
    for key in dict.fromkeys(sent.texts("item")):
        if key not in queue:
            outcomes.append(("", "This item is not in the queue any more: somebody decided it, or a run changed it."))
            continue
        names = " and ".join(each.name or each.id for each in queue[key].customers)
        try:
            outcomes.append((names, carry(visit, wish_of(queue[key], choice), reason)))
        except Busy:
            raise
        except FullcircleError as error:
            outcomes.append((names, f"{error.message} {error.hint}"))
    return draw(visit.request, "review_done.html", visit=visit, outcomes=outcomes)


def key_of(item: ReviewItem) -> str:
    """A short name of an item; the same as long as it is about the same."""
    return hashlib.sha256("\n".join((item.kind, item.record_a, item.record_b, str(item.proposal or ""))).encode()).hexdigest()[
        :12
    ]


def records_of(item: ReviewItem) -> list[str]:
    """The records of the customers that an item is about."""
    found = [record for one in item.customers for record in one.records]
    return list(dict.fromkeys(filter(None, [item.record_a, item.record_b, *found])))[:200]


def question_of(item: ReviewItem, blind: bool) -> str:
    """What is asked; blind, without how the model sees it."""
    if not blind or item.kind in ("not met", "proposed"):
        return item.question
    return "One customer or two?" if len(item.customers) > 1 else "Do these two records belong together?"


def rows_of(records: Any) -> list[tuple[str, tuple[Any, ...], bool]]:
    """field -> the values of both, and whether they are the same; those of the source where they are written differently."""
    if not records:
        return []
    found = []
    sides = [_fields(one) for one in records]
    for name in dict.fromkeys(name for side in sides for name in side):
        values = tuple(side.get(name) for side in sides)
        found.append((name, values, values[0] is not None and all(value == values[0] for value in values)))
    return found


def _fields(one: RecordBeside) -> dict[str, Any]:
    fields = {name: value for name, value in one.fields.items() if name != "id" and not _is_repeated(one.fields, name)}
    for each in one.identifiers:
        if each.get("value") not in fields.values():
            before = fields.get(str(each.get("kind")))
            fields[str(each.get("kind"))] = f"{before}, {each['value']}" if before else each.get("value")
    places = [", ".join(str(value) for value in place.values()) for place in one.addresses]
    more = {"addresses": "; ".join(places) or None, "first": one.first, "last": one.last}
    return {**fields, **one.has, **{name: value for name, value in more.items() if value is not None}}


def _is_repeated(fields: dict[str, Any], name: str) -> bool:
    return name.endswith("_raw") and fields.get(name) == fields.get(name.removesuffix("_raw"))


def _item(visit: Visited, key: str, about: Aboutness) -> ReviewItem:
    with visit.reader() as reader:
        found = next((one for one in retried(lambda: reader.review(LISTED, evidence=False)) if key_of(one) == key), None)
    if found is None:
        if about.records:
            refuse_late(visit, about)
        raise NotFound("This item is not in the queue any more.", "A run changed what it is about. Open the queue again.")
    return found


def _back(skip: list[str], blind: bool, at_once: bool) -> Response:
    return RedirectResponse(_queue(skip, blind, at_once), 303)


def _queue(skip: list[str], blind: bool, at_once: bool) -> str:
    query = [("skip", one) for one in skip] + [(name, "1") for name, on in (("blind", blind), ("at_once", at_once)) if on]
    return f"/review?{urlencode(query)}" if query else "/review"

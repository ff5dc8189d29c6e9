"""Who is who, and why: the evidence, how records hold together, what was decided, and what a person should decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from fullcircle.ask.history import HistoryEntry
from fullcircle.ask.how import HowAnswer
from fullcircle.ask.path import PathStep
from fullcircle.ask.review import ReviewItem
from fullcircle.ask.sources import GoldenSource
from fullcircle.ask.why import WhyAnswer
from fullcircle.ask.why_not import WhyNotAnswer
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import LONGEST, WHOLE, Limit, Which, answer, answers, router

router_of_identity = router("identity")
RecordId = Annotated[
    str,
    Query(min_length=1, max_length=LONGEST, pattern=WHOLE, description="A record: `crm:contacts:17`."),
]  # fmt: skip
End = Annotated[
    str,
    Query(min_length=1, max_length=LONGEST, pattern=WHOLE, description="Whatever names a customer; or the id of a product ..."),
]


@router_of_identity.get("/customers/{which:path}/sources", **answers([GoldenSource], examples.SOURCES, 404, 409))
def sources(which: Which, ask: Ask) -> Response:
    """Where each golden value comes from: the record, the rule that chose it, and the values that lost."""
    with ask.reader() as reader:
        return answer(reader.sources(which).to_pylist())


@router_of_identity.get("/customers/{which:path}/history", **answers([HistoryEntry], examples.HISTORY, 404, 409))
def history(which: Which, ask: Ask) -> Response:
    """What happened to a customer's id, and what people decided about its records, oldest first."""
    with ask.reader() as reader:
        return answer(reader.history(which).to_pylist())


@router_of_identity.get("/customers/{which:path}/how", **answers(HowAnswer, examples.HOW, 404, 409))
def how(which: Which, ask: Ask) -> Response:
    """How the records of a customer hold together, as a tree, and the link that would break first. 503 while a run is at work."""
    with ask.reader() as reader:
        return answer(reader.how(which).to_dict())


@router_of_identity.get("/why", **answers(WhyAnswer, examples.WHY, 404))
@waits
def why(a: RecordId, b: RecordId, ask: Ask) -> Response:
    """Why two records are, or are not, one customer: match weights field by field."""
    with ask.reader() as reader:
        return answer(reader.why(a, b).to_dict())


@router_of_identity.get("/why-not", **answers(WhyNotAnswer, examples.WHY_NOT, 404))
@waits
def why_not(a: RecordId, b: RecordId, ask: Ask) -> Response:
    """Why two records are not one customer: what kept them apart, and what would have made them meet."""
    with ask.reader() as reader:
        return answer(reader.why_not(a, b).to_dict())


@router_of_identity.get("/path", **answers([PathStep], examples.PATH, 404, 409))
def path(a: End, b: End, ask: Ask, max_hops: Annotated[int, Query(ge=1, le=10)] = 6) -> Response:
    """How two customers are connected: a shortest path through the graph, vertices and edges in turn."""
    with ask.reader() as reader:
        return answer(reader.path(a, b, max_hops).to_pylist())


@router_of_identity.get("/history", **answers([HistoryEntry], examples.HISTORY))
def decisions(ask: Ask) -> Response:
    """All decisions of people, oldest first."""
    with ask.reader() as reader:
        return answer(reader.history().to_pylist())


@router_of_identity.get("/review", **answers([ReviewItem], examples.REVIEW, 404))
@waits
def review(ask: Ask, limit: Limit = 10) -> Response:
    """What a person should decide, in order of worth, with the evidence. 503 while a run is at work."""
    with ask.reader() as reader:
        return answer(reader.review(limit).to_pylist())

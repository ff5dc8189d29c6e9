"""Proposals for the review queue: they change nothing until a steward decides."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from fullcircle.book.book import Book
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.problems import described
from fullcircle.serve.rest.writing import IdempotencyKey, decides, in_one, json_answer, key_of, shown
from fullcircle.steward.propose import MOST_NAMES, REASON, Proposals, permitted

router = APIRouter(tags=["deciding"])
Number = Annotated[int, Path(ge=1, le=2**53, description="The number of the proposal, as the review queue shows it.")]


class ProposalRequest(BaseModel):
    """What to propose."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"verb": "merge", "names": ["customer:4q2mzk1v0d8s7h3n", "customer:9k1zt5c2r6w8x0ab"], "reason": "one address"}
            ]
        },
    )
    verb: Literal["merge", "split"]
    names: list[str] = Field(
        min_length=2, max_length=MOST_NAMES, description="Ids: of a split the customer, then the records that should leave it."
    )
    reason: str = Field("", max_length=REASON, description="Why: whoever decides reads it.")


class DeclineRequest(BaseModel):
    """Why a proposal is declined."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "two brothers"}]})
    reason: str = Field("", max_length=REASON)


@router.post("/proposals", status_code=201, responses=described(400, 403, 404, 409))
def propose(wanted: ProposalRequest, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Propose to merge customers, or to split records off one. It is first in the review queue, with your name and reason."""
    door = ask.door()
    names = permitted(door, wanted.verb, wanted.names)

    def add(book: Book) -> object:
        made = Proposals(book).add(wanted.verb, names, decides(door), wanted.reason)
        return shown(door, "propose", "propose", lambda: made)

    return json_answer(in_one(ask, key_of(ask, key, "proposals", wanted.model_dump()), add), 201)


@router.post("/proposals/{number}/decline", responses=described(400, 403, 404, 409))
def decline(number: Number, wanted: DeclineRequest, ask: Ask, key: IdempotencyKey = None) -> Response:
    """Take a proposal out of the review queue without doing it."""
    door = ask.door()
    door.enter("decide", "decline")

    def take_out(book: Book) -> object:
        made = Proposals(book).decline(number, decides(door), wanted.reason)
        return shown(door, "decide", "decline", lambda: made)

    return json_answer(in_one(ask, key_of(ask, key, f"decline {number}", wanted.model_dump()), take_out))

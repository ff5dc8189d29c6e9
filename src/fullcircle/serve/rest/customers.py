"""One customer, whole; and several at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints

from fullcircle.ask.customer import CustomerView, check_parts
from fullcircle.ask.history import HistoryEntry
from fullcircle.ask.how import HowAnswer
from fullcircle.ask.reader import Reader
from fullcircle.ask.sources import GoldenSource
from fullcircle.ask.timeline import Timeline
from fullcircle.errors import ConfigError, FullcircleError, NotAllowed, NotAudited, did_you_mean
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.problems import Problem, as_problem
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import LONGEST, WHOLE, Which, answer, answers, router, tagged
from fullcircle.serve.rest.models import with_more

router_of_customers = router("customers")
MOST = 100  # customers of a batch
EXPANDED: dict[str, Callable[[Reader, str], Any]] = {  # what can be had beside the view -> its question
    "timeline": lambda reader, id: reader.timeline(id).to_dict(),
    "sources": lambda reader, id: reader.sources(id).to_pylist(),
    "history": lambda reader, id: reader.history(id).to_pylist(),
    "how": lambda reader, id: reader.how(id).to_dict(),
}
Whole = with_more(
    "Customer360", CustomerView, {"timeline": Timeline, "sources": [GoldenSource], "history": [HistoryEntry], "how": HowAnswer}
)
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=WHOLE)]
Listed = Annotated[str, Query(max_length=LONGEST, pattern=WHOLE)]


class BatchWish(BaseModel, extra="forbid"):
    """Customers to read at once."""

    ids: list[Text] = Field(min_length=1, max_length=MOST, description="Ids, or whatever names a customer.")
    fields: list[Text] = Field([], max_length=50, description="Only these parts of each view.")


class BatchAnswer(BaseModel):
    """What was asked for, and its view or what was wrong with it."""

    asked: str
    status: int = Field(description="As the HTTP status of a request of its own.")
    customer: Whole | None = None  # type: ignore[valid-type]  # made from the answer
    problem: Problem | None = None


class BatchAnswers(BaseModel):
    """The answers, in the order of what was asked."""

    answers: list[BatchAnswer]


@router_of_customers.post("/customers/batch", **answers(BatchAnswers, examples.BATCH, 400))
def batch(wish: BatchWish, ask: Ask) -> Response:
    """Up to 100 customers at once: each has its view, or its problem."""
    check_parts(wish.fields)
    with ask.reader() as reader:
        reader.door.check("show")
        return answer({"answers": [_one(reader, one, wish.fields) for one in wish.ids]})


def _one(reader: Reader, asked: str, parts: list[str]) -> dict[str, Any]:
    try:
        return {"asked": asked, "status": 200, "customer": reader.show(asked, parts).to_dict()}
    except (NotAllowed, NotAudited):
        raise  # it is the same for all of them
    except FullcircleError as error:
        return {"asked": asked, "status": error.status, "problem": as_problem(error).model_dump()}


# The last of the routes: what names a customer may have slashes in it.
router_of_customer = router("customers")


@router_of_customer.get(
    "/customers/{which:path}",
    **answers(Whole, examples.CUSTOMER, 304, 400, 404, 409, ETag="Of what this asker sees; send it as `If-None-Match`."),
)
def show(which: Which, request: Request, ask: Ask, fields: Listed = "", expand: Listed = "") -> Response:
    """The customer 360 view: golden values, records, orders, tickets, habits, related customers, offers.

    `fields`: only these parts (`customer,orders`). `expand`: also `timeline` (its first page), `sources`, `history`, `how`.
    """
    parts, more = _names(fields), _names(expand)
    for name in more:
        if name not in EXPANDED:
            raise ConfigError(f'A customer cannot be expanded by "{name}".', did_you_mean(name, EXPANDED))
    with ask.reader() as reader:
        for name in more:
            reader.door.check(getattr(Reader, name).action, name)
        found = reader.show(which, parts).to_dict()
        for name in more:
            found[name] = EXPANDED[name](reader, found["customer"]["id"])
    return tagged(request, found)


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))

"""Why the records of a customer are one: the strongest links that join them all, as a tree, with the weakest of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.ask.how import RecordLine
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)


@dataclass(slots=True)
class Branch:
    """A record with those that hang on it."""

    line: RecordLine
    below: list[Branch] = field(default_factory=list)


@router.get("/customers/{which}/how")
def how(visit: Visit, which: str) -> Response:
    """The tree of a customer's records."""
    with visit.reader() as reader:
        found = reader.how(which)
        name = visit.name_of(reader, found.customer_id)
    return draw(
        visit.request, "how.html", visit=visit, id=found.customer_id, name=name, roots=branches(found.lines),
        count=len(found.lines), weakest=found.weakest,
    )  # fmt: skip


def branches(lines: Sequence[RecordLine]) -> list[Branch]:
    """Lines in the order to draw them, as a tree by their depth."""
    roots: list[Branch] = []
    last: list[Branch] = []  # the last branch of each depth
    for line in lines:
        one = Branch(line)
        del last[line.depth :]
        (last[-1].below if last else roots).append(one)
        last.append(one)
    return roots

"""What happened with a customer, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from fullcircle.ask.moment import moment
from fullcircle.ask.timeline import MOST, Timeline, TimelineFilter
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import LONGEST, WHOLE, After, Which, answer, answers, router
from fullcircle.serve.rest.pages import next_page
from fullcircle.serve.rest.search import LINK

router_of_timeline = router("customers")
Text = Annotated[str, Query(max_length=LONGEST, pattern=WHOLE)]
Moment = Annotated[
    str, Query(max_length=40, pattern=WHOLE, description='"2026-11-30", "2026-11-30T14:00", or how long ago: "90d".')
]
Kinds = Annotated[list[str] | None, Query(max_length=50, description="Only: order, ticket, interaction, consent, identity ...")]


@router_of_timeline.get("/customers/{which:path}/timeline", **answers(Timeline, examples.TIMELINE, 400, 404, 409, Link=LINK))
def timeline(
    which: Which,
    request: Request,
    ask: Ask,
    kind: Kinds = None,
    source: Text = "",
    since: Moment = "",
    as_of: Moment = "",
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="So many on a page.")] = 50,
) -> Response:
    """What happened with a customer, newest first: orders, tickets, interactions, consents, and who it is.

    With `since` or `as_of`, events without a time are left out.
    """
    wanted = TimelineFilter(tuple(kind or ()), source, moment(since, "since"), moment(as_of, "as_of"))
    with ask.reader() as reader:
        found = reader.timeline(which, wanted, after, limit)
    return answer(found.to_dict(), next_page(request, found.next))

"""The timeline of a customer: all that happened, by type, source and date, as it is or as it was on a day.

It is of all records that ever became the customer: a merge loses nothing of what the other one did.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from fullcircle.ask.moment import moment
from fullcircle.ask.timeline import KINDS, TimelineFilter
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw, link

router = APIRouter(include_in_schema=False)
A_PAGE = 40
Text = Annotated[str, Query(max_length=4000)]
Kinds = Annotated[tuple[str, ...], Query()]


@router.get("/customers/{which}/timeline")
def timeline(
    visit: Visit, which: str, kind: Kinds = (), source: Text = "", since: Text = "", as_of: Text = "", after: Text = ""
) -> Response:  # fmt: skip
    """A page of what happened, the newest first."""
    kinds = tuple(filter(None, kind))
    wanted = TimelineFilter(kinds, source, moment(since, "Since"), moment(as_of, "As of"))
    with visit.reader() as reader:
        page = reader.timeline(which, wanted, after, A_PAGE)
        name = visit.name_of(reader, page.customer_id)
    here = f"/customers/{page.customer_id}/timeline"
    filters = {"kind": kinds, "source": source, "since": since, "as_of": as_of}
    return draw(
        visit.request, "timeline.html", visit=visit, id=page.customer_id, name=name, page=page, kinds=KINDS, filters=filters,
        sources=sorted(visit.asked.settings.sources), newest=not after,
        older=link(here, **filters, after=page.next) if page.next else "",
    )  # fmt: skip

"""All customers as a stream of lines, each a JSON object. Each page is permitted, masked and noted as an answer of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response, StreamingResponse

from fullcircle.ask.customers_page import CustomersPage
from fullcircle.serve.http.asking import Ask, AskedBy, is_still_known
from fullcircle.serve.http.json_text import json_bytes
from fullcircle.serve.http.problems import described
from fullcircle.serve.http.who import Unknown
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import LONGEST, WHOLE, router

router_of_export = router("customers")
MEDIA = "application/x-ndjson"
ROWS = 500  # of a page


@router_of_export.get(
    "/export/customers",
    response_class=StreamingResponse,
    responses={
        200: {"content": {MEDIA: {"schema": {"type": "string"}, "example": examples.EXPORT}}},
        **described(400, 404),
    },
)
def export(
    request: Request,
    ask: Ask,
    after: Annotated[
        str,
        Query(max_length=LONGEST, pattern=WHOLE, description="Only customers with ids after this one: where a stream was cut."),
    ] = "",
) -> Response:
    """Every customer whose data may be used, in the order of their ids, a line each: golden values and where they come from.

    It takes the right to export. A stream that ends early was cut: go on with `after`, the last id that arrived.
    """
    first = _page(ask, after)  # what is wrong is a problem, as long as nothing was sent
    return StreamingResponse(_lines(request, ask, first), 200, media_type=MEDIA)


def _page(ask: AskedBy, after: str) -> CustomersPage:
    with ask.reader() as reader:
        return reader.customers(after, ROWS)


def _lines(request: Request, ask: AskedBy, page: CustomersPage) -> Iterator[bytes]:
    while True:
        rows = page.to_dict()["customers"]
        yield b"".join(json_bytes(row) + b"\n" for row in rows)
        if not page.next:
            return
        if not is_still_known(request, ask):  # the connection is cut: nobody takes what arrived for all
            raise Unknown("The key that this stream was opened with is not good any more.", "Ask again with another.")
        page = _page(ask, page.next)

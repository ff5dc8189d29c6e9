"""Who could that be: customers by words, numbers and ids."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from fullcircle.ask.search_page import SearchFilter, SearchPage
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import LONGEST, WHOLE, After, Limit, answer, answers, router
from fullcircle.serve.rest.pages import next_page

router_of_search = router("customers")
LINK = "The next page, `rel=next`; absent on the last one."


@router_of_search.get("/customers", **answers(SearchPage, examples.SEARCH, 400, 403, Link=LINK))
def search(
    request: Request,
    ask: Ask,
    q: Annotated[
        str, Query(min_length=1, max_length=LONGEST, pattern=WHOLE, description="Words of a name, an e-mail, a number, an id.")
    ],
    source: Annotated[str, Query(max_length=LONGEST, pattern=WHOLE, description="Only who is known to this source.")] = "",
    kind: Annotated[str, Query(max_length=100, pattern=WHOLE, description="Only persons, or organisations.")] = "",
    city: Annotated[
        str, Query(max_length=LONGEST, pattern=WHOLE, description="Only who lives in this city, as it is shown.")
    ] = "",
    counts: Annotated[
        bool, Query(description="Also how many there are by source, by kind and, for who sees cities in full, by city.")
    ] = False,
    limit: Limit = 20,
    after: After = "",
) -> Response:
    """Customers who have all the words in any of their records, and those that a number or an id leads to, best first."""
    with ask.reader() as reader:
        found = reader.search_page(q, SearchFilter(source, kind, city, counts), after, limit)
    return answer(found.to_dict(), next_page(request, found.next))

"""What customers buy: habits, who is like them, what they may like, and what goes together."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from fullcircle.ask.bought_together import BoughtWith
from fullcircle.ask.customer import CustomerView
from fullcircle.ask.habits import HabitsAnswer
from fullcircle.ask.related import RelatedCustomer
from fullcircle.ask.worth import WorthAnswer
from fullcircle.serve.http.asking import Ask
from fullcircle.serve.rest import examples
from fullcircle.serve.rest.answers import Limit, Which, answer, answers, router

router_of_buying = router("buying")
Live = Annotated[bool, Query(description="As the graph server computes it now; 400 where the graph is not on one.")]


@router_of_buying.get("/customers/{which:path}/related", **answers([RelatedCustomer], examples.RELATED, 400, 404, 409))
def related(which: Which, ask: Ask, limit: Limit = 10, live: Live = False) -> Response:
    """The customers most like this one, by what they bought, best first, and why."""
    with ask.reader() as reader:
        return answer(reader.related(which, limit, live).to_pylist())


@router_of_buying.get("/customers/{which:path}/habits", **answers(HabitsAnswer, examples.HABITS, 400, 404, 409))
def habits(which: Which, ask: Ask, live: Live = False) -> Response:
    """How a customer buys: how often, how much, in what, and when next; 404 where nothing was ordered."""
    with ask.reader() as reader:
        return answer(reader.habits(which, live).to_dict())


@router_of_buying.get("/customers/{which:path}/worth", **answers(WorthAnswer, examples.WORTH, 404, 409))
def worth(which: Which, ask: Ask) -> Response:
    """Orders and value expected of a customer in the next days, and the chance that none comes; 404 where nothing is foreseen."""
    with ask.reader() as reader:
        return answer(reader.worth(which).to_dict())


@router_of_buying.get("/customers/{which:path}/offers", **answers(CustomerView, examples.OFFERS, 404, 409))
def offers(which: Which, ask: Ask) -> Response:
    """What to offer a customer, best first, and why: something new (`may_like`) and the next basket (`may_buy`)."""
    with ask.reader() as reader:
        return answer(reader.show(which, ("may_like", "may_buy")).to_dict())


@router_of_buying.get("/products/{which:path}/bought-together", **answers([BoughtWith], examples.BOUGHT_TOGETHER, 400, 404, 409))
def bought_together(which: Which, ask: Ask, limit: Limit = 10, live: Live = False) -> Response:
    """What goes into the same order as a product more often than by chance. A product is named by its id or words of its name."""
    with ask.reader() as reader:
        return answer(reader.bought_together(which, limit, live).to_pylist())

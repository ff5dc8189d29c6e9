"""How an endpoint asks: `ask: Ask` gives it the reader of whoever sent the request, checked and counted.

    @router.get("/customers/{which}")
    def show(which: str, ask: Ask) -> ...:
        with ask.reader() as reader:
            return answer(reader.show(which))

Endpoints are plain functions: they run in threads, and a reader is for one request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from fullcircle.ask.reader import Reader
from fullcircle.config.sections import Config
from fullcircle.errors import FullcircleError
from fullcircle.govern.door import Door
from fullcircle.govern.principal import Principal
from fullcircle.serve.http.company import CompanyLogin
from fullcircle.serve.http.rates import Rates
from fullcircle.serve.http.seats import Seats
from fullcircle.serve.http.who import OURS, Recognition, Unknown, bearer


@dataclass(frozen=True, slots=True)
class Shared:
    """What all requests of one server share; it is `request.app.state.shared`."""

    settings: Config
    seats: Seats
    recognition: Recognition
    rates: Rates
    origin: str  # where browsers find the server: "http://127.0.0.1:8360"
    company: CompanyLogin | None = None  # whose tokens are accepted, too


@dataclass(frozen=True, slots=True)
class AskedBy:
    """One request: who asks, and of what."""

    shared: Shared
    who: Principal

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """The reading room, as they may see it."""
        with self.shared.seats.reader(self.who) as reader:
            yield reader

    def door(self) -> Door:
        """The door at which they are, for what opens no reader."""
        return self.shared.seats.door(self.who)

    @property
    def settings(self) -> Config:
        """The settings of the project."""
        return self.shared.settings


def shared(request: Request) -> Shared:
    """What the requests of this server share."""
    found: Shared = request.app.state.shared
    return found


def recognised(request: Request, token: str, door: str) -> AskedBy:
    """The request of whoever has this token, counted. Unknown or TooOften otherwise."""
    of = shared(request)
    if not hasattr(request.state, "asked"):
        try:
            with of.seats.kept_book() as book:
                who = of.recognition.of_token(token, door, book)
        except Unknown:
            of.rates.wrong(request.client.host if request.client else "")
            raise
        of.rates.count(who.name)
        request.state.asked = AskedBy(of, who)
    found: AskedBy = request.state.asked
    return found


def known_person(request: Request, person: Principal, door: str) -> AskedBy:
    """The request of somebody whom the company's login knows, counted."""
    of = shared(request)
    if not hasattr(request.state, "asked"):
        of.rates.count(person.name)
        request.state.asked = AskedBy(of, replace(person, door=door))
    found: AskedBy = request.state.asked
    return found


def is_still_known(request: Request, ask: AskedBy) -> bool:
    """Whether what opened a stream still says that it is the same one, with the same roles."""
    with ask.shared.seats.kept_book() as book:
        try:
            return ask.shared.recognition.of_token(bearer(request), "rest", book) == ask.who
        except FullcircleError:
            return False


BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="An API key, or a token of the company's login.")


async def _by_key(request: Request, _: Annotated[object, Security(BEARER)]) -> AskedBy:
    token = bearer(request)
    if token.startswith(OURS):  # a look into the book: a thread of its own would cost more
        return recognised(request, token, "rest")
    return await run_in_threadpool(recognised, request, token, "rest")  # the company's login may have to be asked for its keys


Ask = Annotated[AskedBy, Depends(_by_key)]

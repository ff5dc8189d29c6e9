"""The application: the API, the page and the tools for assistants on one set of seats. `make_app` is all a server needs."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from fullcircle import __version__
from fullcircle.ask.looking_up import LookingUp
from fullcircle.config.sections import Config
from fullcircle.serve.hooks.deliver import Deliveries
from fullcircle.serve.http import problems
from fullcircle.serve.http.asking import Shared
from fullcircle.serve.http.company import CompanyLogin
from fullcircle.serve.http.guard import Bounds, Guard
from fullcircle.serve.http.heads import Heads
from fullcircle.serve.http.metrics import Measured, Metrics
from fullcircle.serve.http.names import Names
from fullcircle.serve.http.rates import Rates
from fullcircle.serve.http.request_log import RequestLog
from fullcircle.serve.http.seats import Seats
from fullcircle.serve.http.who import Recognition
from fullcircle.serve.mcp import mounted as mcp
from fullcircle.serve.rest import routes as rest
from fullcircle.serve.web import routes as web

MEANING = "One customer, whole: who they are, what they did, who is like them. Every answer is masked for who asks, and noted."


@dataclass(frozen=True, slots=True)
class Start:
    """How a server was started."""

    origin: str = "http://127.0.0.1:8360"
    local_key: str = ""  # without [govern]: the key that the server printed
    any_name: bool = True  # it may be asked by any name: in this process alone


def make_app(settings: Config, start: Start | None = None) -> FastAPI:
    """The application of a project. Its seats are open from here on until its lifespan ends."""
    start = start or Start()
    seats = Seats(settings)
    company = CompanyLogin(settings.serve.oidc) if settings.serve.oidc else None
    recognition = Recognition(seats.policy, start.local_key, (company.of_access_token,) if company else ())
    bounds = Bounds(
        body_bytes=settings.serve.body_bytes, at_once=settings.serve.at_once, secure=start.origin.startswith("https:")
    )

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            current_default_thread_limiter().total_tokens = settings.serve.threads
            opened.callback(seats.close)
            opened.callback(app.state.looking.close)
            deliveries = Deliveries(settings, seats, app.state.stopping)
            opened.callback(deliveries.wait)
            opened.callback(app.state.stopping.set)
            deliveries.start()
            await opened.enter_async_context(answering)
            yield

    app = FastAPI(title="fullcircle", version=__version__, description=MEANING, lifespan=life, docs_url=None, redoc_url=None)
    app.state.shared = Shared(settings, seats, recognition, Rates(settings.serve.per_minute), start.origin, company)
    app.state.looking, app.state.stopping = LookingUp(settings), threading.Event()
    problems.install(app)
    rest.add_to(app)
    web.add_to(app)
    answering = mcp.add_to(app, settings, start.origin)
    app.state.metrics = Metrics()
    app.add_middleware(Heads)
    if not start.any_name:
        app.add_middleware(Names, origin=start.origin)
    app.add_middleware(Guard, bounds=bounds)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(RequestLog, is_written=settings.serve.request_log)
    return app

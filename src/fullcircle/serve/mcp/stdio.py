"""The tools on stdin and stdout, for an assistant on the same machine. Only the protocol is written to stdout."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

from mcp.server.mcpserver import Context

from fullcircle.config.sections import Config
from fullcircle.govern.open import principal_of
from fullcircle.serve.http.asking import AskedBy, Shared
from fullcircle.serve.http.rates import Rates
from fullcircle.serve.http.seats import Seats
from fullcircle.serve.http.who import Recognition
from fullcircle.serve.mcp import proposals, tools
from fullcircle.serve.mcp.server import DOOR, Assistant


def run(settings: Config, token: str | None) -> None:
    """Answer until stdin ends, as the user of the operating system, or as whoever has this API key."""
    with closing(Seats(settings)) as seats:
        shared = Shared(settings, seats, Recognition(seats.policy), Rates(0), "")

        def who(_: Context[Any, Any] | None) -> AskedBy:
            with seats.book() as book:  # with every call: a key may have been revoked
                return AskedBy(shared, replace(principal_of(book, token, DOOR, seats.policy), door=DOOR))

        who(None)  # a key that is not valid is refused before anything is asked
        server = Assistant(settings, who)
        tools.add_to(server)
        if settings.serve.proposals:
            proposals.add_to(server)
        server.run("stdio")

"""Which errors of a Gremlin server pass by waiting, which need a new connection, and which are final.

A server tells its errors as text; the names are those Neptune documents, and what the drivers raise around them.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from gremlin_python.driver.protocol import ConfigurationError, GremlinServerError

from fullcircle.errors import StoreError, StoreRefused, StoreUnreachable

# name in the error -> the first pause in seconds. Each of these passes when fewer ask at the same time.
CROWDED = {
    "ConcurrentModificationException": 0.1,
    "ConstraintViolationException": 0.1,
    "element modified in another transaction": 0.05,  # TinkerGraph's words for the same
    "with id already exists": 0.05,  # ... when another writer inserted it between our look and our insert
    "ThrottlingException": 0.5,
    "TooManyRequestsException": 0.5,
    "QueryLimitExceededException": 0.5,
    "MemoryLimitExceededException": 5.0,
}
# Worth one more try each: a slow moment, or a request that will always be too slow.
PERHAPS = ("TimeLimitExceededException", "FailureByQueryException", "evaluationTimeout")
# The connection is of no use any more; ReadOnlyViolation: after a failover the old writer is a reader.
BROKEN = (
    "ReadOnlyViolationException",
    "Server disconnected",
    "Connection was closed by server",
    "Connection was already closed",
    "Received error on read",
    "Event loop is closed",
    "closing transport",
)
REFUSED = ("AccessDeniedException", "MissingAuthenticationTokenException", "403 - Forbidden", "InvalidSignatureException")
NAMED = re.compile(r"\b[A-Z]\w+(?:Exception|Error)\b")
LONGEST_PAUSE = 10.0  # seconds
ADDRESS = "Check url in [graph] and that the server runs."
LOGIN = "Check user and password (or the IAM policy) of [graph]."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an error: try again (how often at most, after which first pause), with a new connection or not."""

    error: StoreError
    tries: int = 0
    pause: float = 0.1
    redial: bool = False


FOREVER = 1_000_000  # until patience ends


def judge(error: BaseException, where: str) -> Verdict:
    """What an error of the driver means; `where` names the server in the message. Texts of the server are not repeated."""
    text = str(error)
    if isinstance(error, ConfigurationError) or _is_refusal(error, text):
        return Verdict(StoreRefused(f"The graph server {where} refuses the login.", LOGIN), redial=True)
    if isinstance(error, aiohttp.WSServerHandshakeError):
        unfit = StoreError(f"{where} answers, but not as a Gremlin server (HTTP {error.status}).", "Check the path: /gremlin.")
        busy = error.status >= 500
        return Verdict(unfit, FOREVER if busy else 0, 0.5, redial=True)
    if isinstance(error, aiohttp.InvalidURL):
        return Verdict(StoreError(f"{where} is not an address.", ADDRESS), redial=True)
    if any(sign in text for sign in BROKEN) or isinstance(error, OSError | aiohttp.ClientError | asyncio.TimeoutError):
        return Verdict(StoreUnreachable(f"The graph server {where} does not answer.", ADDRESS), FOREVER, 0.2, redial=True)
    return _said_by_server(error, text, where)


def _is_refusal(error: BaseException, text: str) -> bool:
    status = getattr(error, "status", 0) or getattr(error, "status_code", 0)
    return status in (401, 403) or any(sign in text for sign in REFUSED)


def _said_by_server(error: BaseException, text: str, where: str) -> Verdict:
    for sign, pause in CROWDED.items():
        if sign in text:
            crowd = StoreError(f"The graph server {where} is too busy: {sign}.", "Lower workers in [graph], or try again later.")
            return Verdict(crowd, FOREVER, pause)
    code = getattr(error, "status_code", 0)
    if code == 598 or any(sign in text for sign in PERHAPS):
        slow = StoreError(
            f"The graph server {where} gave up on a request: it took too long.", "Raise timeout_seconds in [graph]."
        )
        return Verdict(slow, 1, 1.0)
    if isinstance(error, GremlinServerError):
        name = NAMED.search(text)
        what = name.group() if name else f"code {code}"
        return Verdict(StoreError(f"The graph server {where} refused a request ({what}).", "Its log says more."))
    # The driver ended in a state nobody foresaw: its connection is not to be trusted.
    return Verdict(StoreError(f"The connection to {where} failed ({type(error).__name__}).", ADDRESS), 2, 0.2, redial=True)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request is tried again, with pauses that grow and differ between workers."""

    seconds: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def pause(self, verdict: Verdict, tried: int, started: float) -> bool:
        """Wait before the next try; False if there should be none. `tried`: tries that failed so far."""
        if tried > verdict.tries or self.clock() - started > self.seconds:
            return False
        self.sleep(min(LONGEST_PAUSE, verdict.pause * 2 ** (tried - 1)) * random.uniform(0.5, 1.5))
        return True

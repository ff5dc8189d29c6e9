"""When a request is sent again, and when not: growing pauses with jitter, the pause that the server asks for, and a budget.

The budget is of all requests of a client together: each retry takes from it, each success gives a little back. A server that
fails now and then is asked again; one that fails all the time is not asked five times for each of a thousand pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

FIRST_WAIT = 0.5  # seconds; doubles each time
LONGEST_WAIT = 60.0
LONGEST_ASKED = 300.0  # a server that asks for a longer pause is left alone: the next pull continues
T = TypeVar("T")


class Again(Exception):
    """An attempt failed in a way that may pass. `why` continues "The server ...", without anything of the request."""

    def __init__(self, why: str, after: float | None = None, done_nothing: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.after = after  # seconds that the server asks to wait
        self.done_nothing = done_nothing  # it is sure that the server did not carry out what was asked


@dataclass(slots=True)
class SharedRetries:
    """How many retries are left for all requests together."""

    left: float = 20.0
    most: float = 20.0
    given_back: float = 0.2  # by each success

    def take(self) -> bool:
        """One more retry; False if there is none."""
        if self.left < 1:
            return False
        self.left -= 1
        return True

    def succeeded(self) -> None:
        """A request was answered."""
        self.left = min(self.most, self.left + self.given_back)


def with_retries(attempt: Callable[[], T], tries: int, budget: SharedRetries, sleep: Callable[[float], None] = time.sleep) -> T:
    """What `attempt` returns. Raises its last Again if it fails too often, or is asked to wait too long."""
    growing = wait_exponential_jitter(initial=FIRST_WAIT, max=LONGEST_WAIT, jitter=FIRST_WAIT)

    def pause(state: RetryCallState) -> float:
        asked = _failure(state).after
        return growing(state) if asked is None else asked + growing(state) / 10

    def give_up(state: RetryCallState) -> bool:
        return (_failure(state).after or 0) > LONGEST_ASKED or not budget.take()

    again = Retrying(
        retry=retry_if_exception_type(Again),
        stop=lambda state: stop_after_attempt(tries)(state) or give_up(state),
        wait=pause,
        sleep=sleep,
        reraise=True,
    )
    found = again(attempt)
    budget.succeeded()
    return found


def _failure(state: RetryCallState) -> Again:
    failed = state.outcome.exception() if state.outcome else None
    return failed if isinstance(failed, Again) else Again("does not answer")


def asked_wait(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for: a number, or a moment. None if it says neither."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())

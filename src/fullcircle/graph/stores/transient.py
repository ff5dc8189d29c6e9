"""Errors that pass if a request is tried again later, over any protocol: their names, and how long to keep trying.

The names are those that Neptune documents, and what TinkerPop's own server says instead. This file needs no library, so every
store may use it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from fullcircle.errors import StoreError

# name in the error -> the first pause in seconds. Each of these passes when fewer requests arrive at the same time.
CROWDED = {
    "ConcurrentModificationException": 0.1,
    "ConstraintViolationException": 0.1,
    "element modified in another transaction": 0.05,  # how TinkerGraph says the same
    "with id already exists": 0.05,  # ... when another writer inserted it between our check and our insert
    "ThrottlingException": 0.5,
    "TooManyRequestsException": 0.5,
    "QueryLimitExceededException": 0.5,
    "MemoryLimitExceededException": 5.0,
}
# Worth one more try: the server was slow for a moment, or the request is always too slow, or somebody cancelled it.
PERHAPS = ("TimeLimitExceededException", "FailureByQueryException", "evaluationTimeout", "CancelledByUserException")
FAILED_OVER = "ReadOnlyViolationException"  # the old writer is a reader now: connect again, its name leads to the new writer
LONGEST_PAUSE = 10.0  # seconds
FOREVER = 1_000_000  # tries: until the time of the retry budget is used up


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an error: whether to try again (at most how often, after which first pause), and on a new connection."""

    error: StoreError
    tries: int = 0
    pause: float = 0.1
    redial: bool = False


def said(text: str, where: str) -> Verdict | None:
    """What a server's error means, by the name in it; None: it does not pass. Messages do not repeat the server's text."""
    for sign, pause in CROWDED.items():
        if sign in text:
            crowd = StoreError(
                f"{where} is too busy: {sign}.", "Try again later. If several processes write, lower workers in [graph]."
            )
            return Verdict(crowd, FOREVER, pause)
    for sign in PERHAPS:
        if sign in text:
            slow = StoreError(
                f"{where} did not complete a request: it took too long ({sign}).", "Raise timeout_seconds in [graph]."
            )
            return Verdict(slow, 1, 1.0)
    return None


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """How long a request is tried again, with growing, random pauses.

    Time counts from the first failure of a request, not from its start: the server may have worked on it for long before it
    failed. A failover of Neptune takes up to 120 seconds.
    """

    seconds: float = 180.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def begin(self) -> Tries:
        """The tries of one request."""
        return Tries(self)


class Tries:
    """The failed tries of one request."""

    def __init__(self, budget: RetryBudget) -> None:
        self._budget, self._failed, self._since = budget, 0, 0.0

    def pause(self, verdict: Verdict) -> bool:
        """After a failure, wait until the next try; False, at once, if there should be none."""
        budget = self._budget
        self._since = self._since if self._failed else budget.clock()
        self._failed += 1
        if self._failed > verdict.tries or budget.clock() - self._since >= budget.seconds:
            return False
        budget.sleep(min(LONGEST_PAUSE, verdict.pause * 2 ** (self._failed - 1)) * random.uniform(0.5, 1.5))
        return True

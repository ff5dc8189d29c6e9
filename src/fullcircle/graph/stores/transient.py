"""What goes away by waiting, whatever protocol a server speaks: names of errors, and how long to be patient.

The names are those Neptune documents, and what TinkerPop's own server says instead. No library is needed here, so every
store may use it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from fullcircle.errors import StoreError

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
# Worth one more try each: a slow moment, or a request that will always be too slow, or that somebody does not want to run.
PERHAPS = ("TimeLimitExceededException", "FailureByQueryException", "evaluationTimeout", "CancelledByUserException")
FAILED_OVER = "ReadOnlyViolationException"  # the old writer is a reader now: dial anew, its name leads to the new one
LONGEST_PAUSE = 10.0  # seconds
FOREVER = 1_000_000  # tries: until patience ends


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an error: try again (how often at most, after which first pause), with a new connection or not."""

    error: StoreError
    tries: int = 0
    pause: float = 0.1
    redial: bool = False


def said(text: str, where: str) -> Verdict | None:
    """What a server's error means, by the name in it; None: it does not pass. Texts of the server are not repeated."""
    for sign, pause in CROWDED.items():
        if sign in text:
            crowd = StoreError(f"{where} is too busy: {sign}.", "Try again later; where many write, lower workers in [graph].")
            return Verdict(crowd, FOREVER, pause)
    for sign in PERHAPS:
        if sign in text:
            slow = StoreError(f"{where} gave up on a request: it took too long ({sign}).", "Raise timeout_seconds in [graph].")
            return Verdict(slow, 1, 1.0)
    return None


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """How long a request is tried again, with pauses that grow and differ between workers.

    Time counts from a request's first failure on: how long the server worked before it failed is not ours to judge. A
    failover of Neptune takes up to 120 seconds.
    """

    seconds: float = 180.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def begin(self) -> Tries:
        """For one request."""
        return Tries(self)


class Tries:
    """The tries of one request that have failed."""

    def __init__(self, patience: RetryBudget) -> None:
        self._patience, self._failed, self._since = patience, 0, 0.0

    def pause(self, verdict: Verdict) -> bool:
        """After a failure: wait before the next try; False if there should be none."""
        patience = self._patience
        self._since = self._since if self._failed else patience.clock()
        self._failed += 1
        if self._failed > verdict.tries or patience.clock() - self._since >= patience.seconds:
            return False
        patience.sleep(min(LONGEST_PAUSE, verdict.pause * 2 ** (self._failed - 1)) * random.uniform(0.5, 1.5))
        return True

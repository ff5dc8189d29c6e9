"""How many requests somebody may make in a minute."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from fullcircle.errors import FullcircleError

SET_BACK = 5.0  # seconds: smaller steps are corrections
MOST_WRONG = 30  # keys that are not valid, of one address in a minute


class TooOften(FullcircleError):
    """More requests than one may make in a minute."""

    code, status, retry = "too-many", 429, True

    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(f"More than {limit:,} requests in a minute.", f"Try again in {seconds} s.")
        self.seconds = seconds


class TooManyWrong(TooOften):
    """More keys that are not valid than one address may try in a minute."""

    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(limit, seconds)
        self.message = f"More than {limit:,} keys that are not valid in a minute, from one address."


class Rates:
    """Counts the requests of each asker, in memory. 0 a minute: as many as they like."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._item = RateLimitItemPerMinute(max(per_minute, 1))
        self._wrong = RateLimitItemPerMinute(MOST_WRONG)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._last = time.time()

    def count(self, who: str) -> None:
        """Count one request; TooOften if the minute has had enough of them."""
        self._look_at_clock()
        if not self.per_minute or self._limiter.hit(self._item, who):
            return
        raise TooOften(self.per_minute, self._seconds(self._item, who))

    def wrong(self, address: str) -> None:
        """Count a key that is not valid; TooManyWrong if this address has tried enough of them.

        Who has a good key is not kept out by others at the same address, as behind a proxy.
        """
        self._look_at_clock()
        if self.per_minute and not self._limiter.hit(self._wrong, "wrong", address):
            raise TooManyWrong(MOST_WRONG, self._seconds(self._wrong, "wrong", address))

    def _look_at_clock(self) -> None:
        """Where the clock was set back, begin to count anew: else nobody would get in until it is as late as it was."""
        last, self._last = self._last, time.time()
        if self._last < last - SET_BACK:
            self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def _seconds(self, item: RateLimitItemPerMinute, *who: str) -> int:
        again = self._limiter.get_window_stats(item, *who).reset_time
        return max(1, math.ceil(again - time.time()))

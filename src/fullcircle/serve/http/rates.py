"""How many requests somebody may make in a minute."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from fullcircle.errors import FullcircleError


class TooOften(FullcircleError):
    """More requests than one may make in a minute."""

    code, status, retry = "too-many", 429, True

    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__(f"More than {limit:,} requests in a minute.", f"Try again in {seconds} s.")
        self.seconds = seconds


class Rates:
    """Counts the requests of each asker, in memory. 0 a minute: as many as they like."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._item = RateLimitItemPerMinute(max(per_minute, 1))
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, who: str) -> None:
        """Count one request; TooOften if the minute has had enough of them."""
        if not self.per_minute or self._limiter.hit(self._item, who):
            return
        again = self._limiter.get_window_stats(self._item, who).reset_time
        raise TooOften(self.per_minute, max(1, math.ceil(again - time.time())))

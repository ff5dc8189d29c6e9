"""The time by which keys and logins end. It goes on even where the clock of the machine is set back.

What has ended would else be good again for as long as the clock was set back by. It is the time when this process began, and what
went by since then by a clock that nobody sets; the machine's clock where that is ahead, as after sleep.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """The time of one process."""

    def __init__(self) -> None:
        self._began = time.time() - time.monotonic()

    def now(self) -> float:
        """Seconds since 1970."""
        return max(time.time(), self._began + time.monotonic())

    def text(self) -> str:
        """The time as it is kept in the book: ISO, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds")


CLOCK = Clock()

"""Who is logged in at the web page. The browser has a random number in a cookie; what it means is only in the server's memory.

The key itself is kept here and tried again with every request, so one that was revoked or has ended is out at once.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, field

from fullcircle.govern.clock import CLOCK
from fullcircle.govern.principal import Principal

HOURS = 12
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """One login. `token`: the API key that was given; `person`: whom the company's login knows, if it was that."""

    token: str = field(repr=False)
    until: float
    form: str = field(repr=False)  # what every form sends back: a page of another site does not know it
    person: Principal | None = None


class Sessions:
    """All logins of one server."""

    def __init__(self) -> None:
        self._all: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self, token: str, person: Principal | None = None) -> str:
        """Log in; returns what the cookie holds."""
        number, now = secrets.token_urlsafe(32), CLOCK.now()
        with self._lock:
            for one in [key for key, session in self._all.items() if session.until < now]:
                del self._all[one]
            while len(self._all) >= MOST:
                del self._all[next(iter(self._all))]
            self._all[_hash(number)] = Session(token, now + HOURS * 3600, secrets.token_urlsafe(24), person)
        return number

    def of(self, number: str) -> Session | None:
        """The login of a cookie."""
        found = self._all.get(_hash(number))
        return found if found and found.until > CLOCK.now() else None

    def end(self, number: str) -> None:
        """Log out."""
        with self._lock:
            self._all.pop(_hash(number), None)


def _hash(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()

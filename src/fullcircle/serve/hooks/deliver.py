"""Delivers the change feed to webhooks, in a thread of the server: in order, again with longer pauses, and at last given up.

Each delivery has a number that is kept before it is first sent, so a receiver that sees the number twice knows that it is the
same: what was sent just before a crash is sent again.
"""

from __future__ import annotations

import fcntl
import json
import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from fullcircle.ask.changes import ChangeEvent
from fullcircle.book.book import Book
from fullcircle.config.secrets import secret
from fullcircle.config.sections import Config
from fullcircle.errors import FullcircleError
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.principal import Principal
from fullcircle.graph.feed import Feed
from fullcircle.home.folder import private
from fullcircle.serve.hooks.hooks import DeadLetter, Webhook, Webhooks
from fullcircle.serve.hooks.send import send
from fullcircle.serve.http.seats import Seats

LOG = logging.getLogger("fullcircle.serve")
LOCK = ".webhooks.lock"  # of several servers of a project one delivers
LOOK = 1.0  # seconds between two looks into the book
EVENTS = 100  # of a delivery
ATTEMPTS = 10  # then it is given up
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 900.0  # seconds; about an hour in all


def pause(attempts: int, drawn: float) -> float:
    """Seconds until the next attempt: twice as long each time, and by chance up to half of that shorter (`drawn`: 0 to 1)."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempts) * (1 - drawn / 2))


class Deliveries:
    """What delivers, until `stopping` is set."""

    def __init__(self, settings: Config, seats: Seats, stopping: threading.Event) -> None:
        self._settings, self._seats, self._stopping = settings, seats, stopping
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self) -> None:
        """Wait until the delivery that is being sent is over."""
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _work(self) -> None:
        while not self._stopping.wait(LOOK):
            try:
                self.once()
            except Exception as error:  # the next look may succeed: the thread must not end
                LOG.error("webhooks: %s", error.message if isinstance(error, FullcircleError) else type(error).__name__)

    def once(self) -> None:
        """One look: for each webhook what is due now."""
        with self._seats.book() as book:
            hooks, newest = Webhooks(book), Feed(book).newest()
            due = [one for one in hooks.all() if one.reached < newest or one.first is not None]
            due = [one for one in due if (one.again_at or 0.0) <= time.time()]
            again = [one for one in hooks.dead() if one.again]
        if not due and not again:
            return
        with self._alone() as mine:
            for letter in again if mine else ():
                self._again(letter)
            for one in due if mine else ():
                if not self._stopping.is_set():
                    self._deliver(one)

    def _deliver(self, one: Webhook) -> None:
        first, last = one.first, one.last
        if first is None or last is None:
            events = self._events(one, one.reached, EVENTS)
            if not events:
                return
            first, last = one.reached + 1, max(one.reached + 1, events[-1].number)
            with self._book() as book:
                Webhooks(book).begin(one, first, last)
        attempts = one.attempts if one.first is not None else 0
        problem = self._send(one, first, last)
        with self._book() as book:
            if not problem:
                Webhooks(book).delivered(one)
            else:
                is_last = attempts + 1 >= ATTEMPTS
                again_at = None if is_last else time.time() + pause(attempts, random.random())
                Webhooks(book).failed(one, problem, again_at)
                LOG.warning("webhook %s: %s%s", one.id, problem, ", given up" if is_last else "")

    def _again(self, letter: DeadLetter) -> None:
        with self._seats.book() as book:
            one = Webhooks(book).get(letter.hook)
        problem = self._send(one, letter.first, letter.last)
        with self._book() as book:
            if problem:
                Webhooks(book).failed_again(letter, problem)
            else:
                Webhooks(book).revived(letter)

    def _send(self, one: Webhook, first: int, last: int) -> str:
        """Send these events, as they are seen by the webhook's role; returns what went wrong."""
        number = f"{one.id}-{first}-{last}"
        try:
            events = [event for event in self._events(one, first - 1, last - first + 2) if event.number <= last]
            body = json.dumps({"delivery": number, "webhook": one.id, "events": [asdict(event) for event in events]}).encode()
            key = secret(one.secret, f"The secret of the webhook {one.id}", self._settings.folder).reveal().encode()
            return send(one.url, body, number, key, self._settings.serve.loopback_webhooks)
        except FullcircleError as error:
            return error.message
        except Exception as error:  # its text may hold what was sent
            return type(error).__name__

    def _events(self, one: Webhook, after: int, limit: int) -> tuple[ChangeEvent, ...]:
        roles = frozenset([one.role] if one.role else [])
        with self._seats.reader(Principal(f"webhook:{one.id}", roles, "webhook", "key")) as reader:
            return reader.changes(after, limit).events

    @contextmanager
    def _book(self) -> Iterator[Book]:
        with private():
            book = open_book(self._settings)
            try:
                yield book
            finally:
                book.close()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        with (self._settings.home / LOCK).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

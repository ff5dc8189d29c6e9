"""The open graph and book of a server: every thread has a seat of its own, and each request asks from one, as whoever asks.

A seat is opened again when the graph or the book became another file (they were made anew); otherwise what a finished run
wrote is seen by the next request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from fullcircle.ask.reader import Reader, open_reader
from fullcircle.book.book import FILE_NAME as BOOK
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import FullcircleError
from fullcircle.govern.door import Closes, Door
from fullcircle.govern.entry import AuditLog
from fullcircle.govern.log import NullLog, open_audit
from fullcircle.govern.mask_key import mask_key
from fullcircle.govern.open import policy_of
from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from fullcircle.graph.open import graph_path
from fullcircle.home.book_file import book_for_reading

Files = tuple[object, ...]


@dataclass(slots=True)
class Seat:
    """What one thread has open."""

    reader: Reader  # of nobody: only its graph and book are used
    files: Files


class Seats:
    """All that the doors of one server share: seats, the policy, the audit log."""

    def __init__(self, settings: Config) -> None:
        self.settings = settings
        with self.book() as book:
            self.policy: Policy | None = policy_of(settings, book)
        self.log: AuditLog = open_audit(settings)
        self._mine = threading.local()
        self._all: list[Seat] = []
        self._adding = threading.Lock()

    @contextmanager
    def book(self) -> Iterator[Book]:
        """The book, for reading, of this call alone."""
        with ExitStack() as opened:
            book = book_for_reading(self.settings)
            opened.callback(book.close)
            yield book

    def door(self, who: Principal) -> Door:
        """The door at which somebody is, for what opens no reader."""
        return Door(who, self.policy, self.log, lambda: self._mask_key)

    @contextmanager
    def reader(self, who: Principal) -> Iterator[Reader]:
        """The graph and book, as this principal may see them. It is for one thread, and for this request."""
        seat = self._seat()
        yield Reader(seat.reader.store, seat.reader.book, self.settings, None, self.door(who))

    def close(self) -> None:
        """Close everything. Nobody asks any more."""
        with self._adding:
            seats, self._all = self._all, []
        for seat in seats:
            with suppress(FullcircleError):
                seat.reader.close()
        if isinstance(self.log, Closes):
            self.log.close()

    @cached_property
    def _mask_key(self) -> bytes:
        return mask_key(self.settings.home)

    def _seat(self) -> Seat:
        files = self._files()
        seat = cast(Seat | None, getattr(self._mine, "seat", None))
        if seat is None or seat.files != files:
            if seat is not None:
                self._drop(seat)
            seat = Seat(open_reader(self.settings, Principal("server", frozenset(), "server"), log=NullLog()), files)
            self._mine.seat = seat
            with self._adding:
                self._all.append(seat)
        return seat

    def _drop(self, seat: Seat) -> None:
        self._mine.seat = None
        with self._adding:
            self._all.remove(seat)
        seat.reader.close()

    def _files(self) -> Files:
        """Which files the graph and the book are now; a graph on a server has none."""
        found: list[object] = []
        for path in (graph_path(self.settings), self.settings.home / BOOK):
            try:
                about = path.stat()
                found.append((about.st_dev, about.st_ino))
            except OSError:
                found.append(None)
        return tuple(found)

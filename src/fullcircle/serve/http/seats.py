"""The open graph and book of a server: every thread has a seat, and each request asks from one, as whoever asks.

A store keeps a connection for each thread that reads it, so seats are not passed from thread to thread; the seat of a thread that
ended is closed. So is one at files that were made anew; otherwise what a finished run wrote is seen by the next request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property

from fullcircle.ask.reader import Reader, open_reader
from fullcircle.book.book import FILE_NAME as BOOK
from fullcircle.book.book import Book
from fullcircle.book.kept_file import file_identity
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


@dataclass(slots=True, eq=False)
class Seat:
    """What one thread has open, for one request at a time."""

    reader: Reader  # of nobody: only its graph and book are used
    files: Files
    thread: threading.Thread


class Seats:
    """All that the doors of one server share: seats, the policy, the audit log."""

    def __init__(self, settings: Config) -> None:
        self.settings = settings
        self._paths = (graph_path(settings), settings.home / BOOK)
        with self.book() as book:
            self.policy: Policy | None = policy_of(settings, book)
        self.log: AuditLog = open_audit(settings)
        self._free: list[Seat] = []
        self._lock, self._book_lock = threading.Lock(), threading.Lock()
        self._kept: tuple[object, Book] | None = None
        self._is_closed = False

    @contextmanager
    def book(self) -> Iterator[Book]:
        """The book, for reading, of this call alone."""
        with ExitStack() as opened:
            book = book_for_reading(self.settings)
            opened.callback(book.close)
            yield book

    @contextmanager
    def kept_book(self) -> Iterator[Book]:
        """The book, for reading, which stays open: for what every request asks, in no time. One thread has it at a time."""
        with self._book_lock:
            file = file_identity(self._paths[1])
            if self._kept and self._kept[0] != file:
                self._kept[1].close()
                self._kept = None
            if self._kept is None:
                self._kept = (file, book_for_reading(self.settings))
            yield self._kept[1]

    def door(self, who: Principal) -> Door:
        """The door at which somebody is, for what opens no reader."""
        return Door(who, self.policy, self.log, lambda: self._mask_key)

    @contextmanager
    def reader(self, who: Principal) -> Iterator[Reader]:
        """The graph and book, as this principal may see them, for this request alone."""
        seat = self._take()
        try:
            yield seat.reader.at(self.door(who))
        finally:
            self._leave(seat)

    def close(self) -> None:
        """Close everything. Nobody asks any more; who still does has a seat that closes when it is left."""
        with self._lock:
            self._is_closed = True
            seats, self._free = self._free, []
        for seat in seats:
            _close(seat)
        with self._book_lock:
            if self._kept:
                self._kept[1].close()
                self._kept = None
        if isinstance(self.log, Closes):
            self.log.close()

    @cached_property
    def _mask_key(self) -> bytes:
        return mask_key(self.settings.home)

    def _take(self) -> Seat:
        """A seat at the files that are there now."""
        files, me = self._files(), threading.current_thread()
        with self._lock:
            old = [one for one in self._free if one.files != files or not one.thread.is_alive()]
            mine = next((one for one in self._free if one.thread is me and one not in old), None)
            self._free = [one for one in self._free if one not in old and one is not mine]
        for one in old:
            _close(one)
        if mine is None:
            reader = open_reader(self.settings, Principal("server", frozenset(), "server"), log=NullLog())
            mine = Seat(reader, files, me)
        return mine

    def _leave(self, seat: Seat) -> None:
        with self._lock:
            if not self._is_closed:
                self._free.append(seat)
                return
        _close(seat)

    def _files(self) -> Files:
        """Which files the graph and the book are now; a graph on a server has none."""
        return tuple(map(file_identity, self._paths))


def _close(seat: Seat) -> None:
    with suppress(FullcircleError):
        seat.reader.close()

"""The index of look-ups that all askers of one server share: made at the first one, and made again after a run.

One record is compared at a time. While it is made again, look-ups go on with the one that there is; the tables are read while it
is made, so a run that begins in that moment is asked to wait.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import Busy
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.identity.look_up import LookUpIndex

LOG = logging.getLogger("fullcircle.serve")


class LookingUp:
    """An index, and what cleans the records that are looked up."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._index: LookUpIndex | None = None
        self._cleaner: Engine | None = None
        self._state = ""
        self._using, self._making = threading.Lock(), threading.Lock()

    @contextmanager
    def index(self, book: Book) -> Iterator[tuple[LookUpIndex, Engine]]:
        """The index as of the last run, for one look-up. Busy where there is none yet and a run has the tables."""
        self._bring_up(book)
        with self._using:
            if self._index is None or self._cleaner is None:
                raise Busy("The index for look-ups was closed.", "Try again.")
            yield self._index, self._cleaner

    @property
    def bytes(self) -> int:
        """The memory that the index takes, about."""
        with self._using:
            return self._index.bytes if self._index else 0

    def close(self) -> None:
        """Free its memory; the next look-up makes it again. Nothing of it is left afterwards: for an erasure, too."""
        with self._making, self._using:
            self._drop()
            self._state = ""

    def _drop(self) -> None:
        for one in (self._index, self._cleaner):
            if one is not None:
                one.close()
        self._index = self._cleaner = None

    def _bring_up(self, book: Book) -> None:
        """Make the index if there is none, or one of before the last run. One thread makes it; the others take the old one."""
        if self._is_current(book):
            return
        if not self._making.acquire(blocking=self._index is None):
            return
        try:
            if not self._is_current(book):
                self._make(book)
        except Busy:
            if self._index is None:
                raise
        finally:
            self._making.release()

    def _is_current(self, book: Book) -> bool:
        """While a run is at it, what there is counts as current."""
        return self._index is not None and _state_of(book) in ("", self._state)

    def _make(self, book: Book) -> None:
        began, state = time.monotonic(), _state_of(book)
        with ExitStack() as opened:
            with tables_for_reading(self._settings) as tables:
                index = LookUpIndex(tables, book, self._settings.identity)
            opened.callback(index.close)
            cleaner = open_engine(None, memory="100MB", threads=1)
            with self._using:
                self._drop()
                self._index, self._cleaner = index, cleaner
                self._state = state
            opened.pop_all()
        LOG.info("look-up index: %d MB, made in %.1f s", index.bytes >> 20, time.monotonic() - began)


def _state_of(book: Book) -> str:
    """When it was last found out who is who; empty while a run is at it."""
    there = book.read("SELECT 1 FROM sqlite_master WHERE name = 'stage_done'")
    last = RunLog(book).last("resolve") if there else None
    return f"{last.fingerprint} {last.finished_at}" if last else ""

"""What became of the last pulls, in the book: when each object was last read to its end, and why a source was not.

An object that is read from the start again, after what was landed of it was lost or dropped, is noted until it is whole: what is
not read yet must not count as deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book

DDL = """
CREATE TABLE IF NOT EXISTS pulled_object (
    source TEXT NOT NULL, object TEXT NOT NULL, ended_at TEXT, rows INTEGER NOT NULL, deleted INTEGER NOT NULL,
    again INTEGER NOT NULL, PRIMARY KEY (source, object)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pulled_source (source TEXT PRIMARY KEY, ended_at TEXT, failed_at TEXT, error TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class LastPull:
    """The last pull of an object that came to its end: when ("" for never), and how many rows it brought and deleted."""

    ended_at: str
    rows: int
    deleted: int
    again: bool  # it is being read from the start


@dataclass(frozen=True, slots=True)
class LastOfSource:
    """When a source was last pulled to its end ("" for never), and the error of a later pull."""

    ended_at: str
    failed_at: str
    error: str


class PullLog:
    """The pulls of all sources."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def begins_anew(self, source: str, object: str) -> None:
        """What was landed of an object no longer counts: it is not whole until it has been read to its end."""
        with self._book.transaction():
            self._book.write("INSERT OR REPLACE INTO pulled_object VALUES (?, ?, NULL, 0, 0, 1)", (source, object))

    def ended(self, source: str, object: str, rows: int, deleted: int) -> None:
        """An object was read to its end."""
        with self._book.transaction():
            self._book.write(
                "INSERT OR REPLACE INTO pulled_object VALUES (?, ?, ?, ?, ?, 0)", (source, object, _now(), rows, deleted)
            )

    def source_ended(self, source: str) -> None:
        """A source was read to its end."""
        with self._book.transaction():
            self._book.write("INSERT OR REPLACE INTO pulled_source VALUES (?, ?, NULL, NULL)", (source, _now()))

    def source_failed(self, source: str, error: str) -> None:
        """A source could not be read, or not to its end. `error` is the message, which holds no values."""
        with self._book.transaction():
            before = self.of_source(source).ended_at or None
            self._book.write("INSERT OR REPLACE INTO pulled_source VALUES (?, ?, ?, ?)", (source, before, _now(), error))

    def in_pieces(self, source: str) -> bool:
        """True if an object of a source is being read from the start, and is not whole yet."""
        return bool(self._book.read("SELECT 1 FROM pulled_object WHERE source = ? AND again = 1 LIMIT 1", (source,)))

    def of(self, source: str, object: str) -> LastPull:
        """The last pull of an object."""
        found = self._book.read(
            "SELECT ended_at, rows, deleted, again FROM pulled_object WHERE source = ? AND object = ?", (source, object)
        )
        return LastPull(found[0][0] or "", found[0][1], found[0][2], bool(found[0][3])) if found else LastPull("", 0, 0, False)

    def of_source(self, source: str) -> LastOfSource:
        """The last pull of a source."""
        found = self._book.read("SELECT ended_at, failed_at, error FROM pulled_source WHERE source = ?", (source,))
        return LastOfSource(*(text or "" for text in found[0])) if found else LastOfSource("", "", "")


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0).isoformat(sep=" ")

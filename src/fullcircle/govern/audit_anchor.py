"""How one notices that the audit log is gone, was put back from an old copy, or is another one.

The book keeps how far the log went (`LogAnchor`), from the time it was begun and again at each run. A file of its own says that
there was a log even where there is no book.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.govern.home_keys import book_as_it_is

BEGUN = "audit.begun"
DDL = "CREATE TABLE IF NOT EXISTS audit_anchor (origin TEXT NOT NULL, size INTEGER NOT NULL, head BLOB NOT NULL)"


@dataclass(frozen=True, slots=True)
class LogAnchor:
    """How far a log went at a moment."""

    origin: str
    size: int
    head: bytes


def anchor_in(book: Book) -> LogAnchor | None:
    """What the book says about the log, if anything."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'audit_anchor'"):
        return None
    found = book.read("SELECT origin, size, head FROM audit_anchor")
    return LogAnchor(*found[0]) if found else None


def anchor_of(settings: Config) -> LogAnchor | None:
    """What the book of a project says, if there is one."""
    with closing(book_as_it_is(settings)) as opened:
        return anchor_in(opened)


def put_anchor(book: Book, anchor: LogAnchor) -> None:
    """Write down how far the log goes; what was written before is replaced."""
    with book.transaction():
        book.define(DDL)
        book.write("DELETE FROM audit_anchor")
        book.write("INSERT INTO audit_anchor VALUES (?, ?, ?)", (anchor.origin, anchor.size, anchor.head))

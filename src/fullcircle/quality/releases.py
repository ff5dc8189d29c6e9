"""Rows that a person let pass although they break a rule: kept in the book, by source, object, key and rule, with the reason.

Only rules of the config can be overruled: a row without its key, or without the order it belongs to, could not be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book

DDL = """
CREATE TABLE IF NOT EXISTS quality_release (
    source TEXT NOT NULL, object TEXT NOT NULL, key TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL,
    decided_by TEXT NOT NULL, at TEXT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (source, object, key, rule)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Release:
    """One row that a rule no longer keeps out."""

    source: str
    object: str
    key: str
    rule: str
    reason: str
    decided_by: str
    at: str


class Releases:
    """The rows that were released."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def add(self, rows: Sequence[tuple[str, str, str, str]], reason: str, by: str) -> None:
        """Release rows (source, object, key, rule); they pass with the next run."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._book.write_many(
            "INSERT OR REPLACE INTO quality_release VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(*row, reason, by, at, f"record:{row[0]}:{row[1]}:{row[2]}") for row in rows],  # the id by which a person is erased
        )

    def take_back(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        """From the next run on the rules hold for these rows again."""
        self._book.write_many("DELETE FROM quality_release WHERE source = ? AND object = ? AND key = ? AND rule = ?", rows)

    def all(self) -> list[Release]:
        """All of them, in a fixed order."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'quality_release'"):
            return []
        rows = self._book.read(
            "SELECT source, object, key, rule, reason, decided_by, at FROM quality_release ORDER BY rule, source, object, key"
        )
        return [Release(*row) for row in rows]

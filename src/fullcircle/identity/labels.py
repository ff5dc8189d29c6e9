"""Labels: what people answered about pairs of records, to measure with. Unlike judgements they change nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from fullcircle.book.book import Book

DDL = """
CREATE TABLE IF NOT EXISTS identity_label (
    record_a TEXT NOT NULL, record_b TEXT NOT NULL, answer TEXT NOT NULL CHECK (answer IN ('same', 'different', 'unsure')),
    by TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (record_a, record_b)) WITHOUT ROWID;
"""
Answer = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class PairLabel:
    """An answer about two records (record_a < record_b)."""

    record_a: str
    record_b: str
    answer: str
    by: str
    at: str


class Labels:
    """The labels stored in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def put(self, record_a: str, record_b: str, answer: Answer, by: str) -> None:
        """Keep an answer; a later one about the same two replaces it."""
        a, b = sorted((record_a, record_b))
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._book.write("INSERT OR REPLACE INTO identity_label VALUES (?, ?, ?, ?, ?)", (a, b, answer, by, at))

    def list(self) -> list[PairLabel]:
        """All labels, by the ids of their records."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'identity_label'"):
            return []
        rows = self._book.read("SELECT record_a, record_b, answer, by, at FROM identity_label ORDER BY record_a, record_b")
        return [PairLabel(*row) for row in rows]

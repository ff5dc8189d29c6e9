"""Decisions by people about two records: always one customer, or never. They apply to every later run until withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.errors import FullcircleError, NotFound

DDL = """
CREATE TABLE IF NOT EXISTS judgement (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL CHECK (kind IN ('together', 'apart')),
    record_a TEXT NOT NULL, record_b TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL,
    withdrawn_by TEXT, withdrawn_at TEXT);
"""
Kind = Literal["together", "apart"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision about two records (record_a < record_b)."""

    id: int
    kind: str
    record_a: str
    record_b: str
    by: str
    note: str
    at: str


class Judgements:
    """The judgements stored in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def add(self, kind: Kind, record_a: str, record_b: str, by: str, note: str = "") -> int:
        """Store a judgement about two records and return its number. An earlier one about the same two is withdrawn."""
        if record_a == record_b:
            raise FullcircleError("A judgement needs two different records.", "Give the ids of two records.")
        a, b = sorted((record_a, record_b))
        with self._book.transaction():
            self._book.write(
                "UPDATE judgement SET withdrawn_by = ?, withdrawn_at = ? "
                "WHERE record_a = ? AND record_b = ? AND withdrawn_at IS NULL",
                (by, _now(), a, b),
            )
            self._book.write(
                "INSERT INTO judgement (kind, record_a, record_b, by, note, at) VALUES (?, ?, ?, ?, ?, ?)",
                (kind, a, b, by, note, _now()),
            )
            return int(self._book.read("SELECT max(id) FROM judgement")[0][0])

    def withdraw(self, id: int, by: str) -> None:
        """Withdraw a judgement. It stays in the book but no longer applies."""
        if not self._book.read("SELECT 1 FROM judgement WHERE id = ? AND withdrawn_at IS NULL", (id,)):
            raise NotFound(f"Judgement {id} does not exist or was withdrawn.", "List the judgements to see the valid numbers.")
        self._book.write("UPDATE judgement SET withdrawn_by = ?, withdrawn_at = ? WHERE id = ?", (by, _now(), id))

    def list(self) -> list[Judgement]:
        """The judgements that apply, oldest first."""
        rows = self._book.read(
            "SELECT id, kind, record_a, record_b, by, note, at FROM judgement WHERE withdrawn_at IS NULL ORDER BY id"
        )
        return [Judgement(*row) for row in rows]

    def about(self, record_a: str, record_b: str) -> Judgement | None:
        """The judgement that applies to two records."""
        a, b = sorted((record_a, record_b))
        return next((judgement for judgement in self.list() if (judgement.record_a, judgement.record_b) == (a, b)), None)

    def table(self) -> pa.Table:
        """The judgements that apply: kind, record_a, record_b."""
        found = self.list()
        return pa.table(
            {
                name: pa.array([getattr(judgement, name) for judgement in found], pa.string())
                for name in ("kind", "record_a", "record_b")
            }
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

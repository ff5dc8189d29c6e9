"""Decisions by people about two records: always one customer, or never. They apply to every later run until withdrawn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.errors import Contradiction, FullcircleError, NotFound

DDL = """
CREATE TABLE IF NOT EXISTS judgement (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL CHECK (kind IN ('together', 'apart')),
    record_a TEXT NOT NULL, record_b TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL,
    withdrawn_by TEXT, withdrawn_at TEXT);
"""
Kind = Literal["together", "apart"]
NEW = 0  # the number of a judgement that is not stored yet


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

    def __str__(self) -> str:
        """As an error names it."""
        name = f"judgement {self.id}" if self.id else "the new judgement"
        return f"{name} ({self.kind}: {self.record_a}, {self.record_b}; by {self.by}, {self.at[:10]})"


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
        """The judgements that apply: kind, record_a, record_b. Contradiction if they cannot all be true."""
        found = self.list()
        refuse_contradictions(found)
        return pa.table(
            {
                name: pa.array([getattr(judgement, name) for judgement in found], pa.string())
                for name in ("kind", "record_a", "record_b")
            }
        )


def refuse_contradictions(judgements: Sequence[Judgement]) -> None:
    """Contradiction if a chain of judgements makes two records one customer that another judgement keeps apart."""
    apart = [judgement for judgement in judgements if judgement.kind == "apart"]
    group_of = together_groups((one.record_a, one.record_b) for one in judgements if one.kind == "together")
    for one in apart:
        if one.record_a not in group_of or group_of[one.record_a] != group_of.get(one.record_b):
            continue
        chain = _chain(judgements, one.record_a, one.record_b)
        others = " and ".join(map(str, chain))
        raise Contradiction(
            f"Judgements contradict each other. Two customers: {one}. One customer: {others}.",
            "Decide which of them is right and withdraw what is wrong with `fullcircle undo NUMBER`. `fullcircle history` lists "
            "all decisions with their numbers.",
        )


def together_groups(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The records that are one customer by these pairs, also over several steps: record -> the smallest record of its group."""
    group_of: dict[str, str] = {}

    def first(record: str) -> str:
        while (above := group_of.setdefault(record, record)) != record:
            group_of[record] = group_of[above]
            record = above
        return record

    for pair in pairs:
        a, b = sorted(map(first, pair))
        group_of[b] = a
    return {record: first(record) for record in group_of}


def _chain(judgements: Iterable[Judgement], start: str, end: str) -> list[Judgement]:
    """The fewest judgements that join two records."""
    near: dict[str, list[tuple[str, Judgement]]] = {}
    for one in judgements:
        if one.kind == "together":
            near.setdefault(one.record_a, []).append((one.record_b, one))
            near.setdefault(one.record_b, []).append((one.record_a, one))
    found: dict[str, list[Judgement]] = {start: []}
    waiting = deque([start])
    while end not in found:
        here = waiting.popleft()
        for there, judgement in near.get(here, ()):
            if there not in found:
                found[there] = [*found[here], judgement]
                waiting.append(there)
    return found[end]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""Decisions: what a person did with one verb (merge, split, never, always). Each is one judgement or several, undone together.

A decision has the number of its first judgement. A judgement that was added without a decision is one by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fullcircle.book.book import Book
from fullcircle.errors import NotFound
from fullcircle.identity.judgements import NEW, Judgement, Judgements, Kind, refuse_contradictions

DDL = """
CREATE TABLE IF NOT EXISTS decision (
    id INTEGER PRIMARY KEY, verb TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    undone_by TEXT, undone_at TEXT, undone_reason TEXT);
CREATE TABLE IF NOT EXISTS decision_judgement (judgement INTEGER PRIMARY KEY, decision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS decision_judgement_of ON decision_judgement (decision);
"""
_SELECT = """
SELECT coalesce(d.id, j.id), coalesce(d.verb, CASE j.kind WHEN 'together' THEN 'always' ELSE 'never' END), coalesce(d.by, j.by),
    coalesce(d.reason, j.note), coalesce(d.at, j.at), CASE WHEN d.id IS NULL THEN j.withdrawn_by ELSE d.undone_by END,
    CASE WHEN d.id IS NULL THEN j.withdrawn_at ELSE d.undone_at END, coalesce(d.undone_reason, ''), j.kind, j.record_a, j.record_b
FROM judgement j LEFT JOIN decision_judgement p ON p.judgement = j.id LEFT JOIN decision d ON d.id = p.decision
"""
Pair = tuple[Kind, str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided with one verb, and who withdrew it, if anybody did."""

    id: int
    verb: str
    by: str
    reason: str
    at: str
    undone_by: str | None
    undone_at: str | None
    undone_reason: str
    pairs: tuple[Pair, ...]  # together or apart, and the two records

    @property
    def records(self) -> list[str]:
        """The records it is about, each once."""
        return list(dict.fromkeys(record for _, *two in self.pairs for record in two))

    def __str__(self) -> str:
        """As a message names it."""
        return f"{self.id} ({self.verb}, by {self.by}, {self.at[:10]}{f': {self.reason}' if self.reason else ''})"


class Decisions:
    """The decisions stored in the book, beside their judgements."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._judgements = Judgements(book)
        book.define(DDL)

    def take(self, verb: str, pairs: Sequence[Pair], by: str, reason: str = "") -> Decision:
        """Store a decision; Contradiction, and nothing stored, if it cannot be true together with those that apply."""
        ordered: list[Pair] = [(kind, min(a, b), max(a, b)) for kind, a, b in dict.fromkeys(pairs)]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.refuse(ordered, by, reason)
        with self._book.transaction():
            first = int(self._book.read("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'judgement'")[0][0])
            self._book.write(
                "INSERT INTO decision (id, verb, by, reason, at) VALUES (?, ?, ?, ?, ?)", (first, verb, by, reason, now)
            )
            numbers = range(first, first + len(ordered))
            self._book.write_many(
                "INSERT INTO judgement (id, kind, record_a, record_b, by, note, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((number, *pair, by, reason, now) for number, pair in zip(numbers, ordered, strict=True)),
            )
            self._book.write_many("INSERT INTO decision_judgement VALUES (?, ?)", ((number, first) for number in numbers))
        return self.get(first)

    def refuse(self, pairs: Iterable[Pair], by: str, reason: str = "") -> None:
        """Contradiction if these cannot be true together with the judgements that apply; nothing is stored."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        known = self._judgements.list()
        new = [Judgement(NEW, kind, min(a, b), max(a, b), by, reason, now) for kind, a, b in pairs]
        refuse_contradictions([*known, *new])

    def undo(self, id: int, by: str, reason: str = "") -> Decision:
        """Withdraw all judgements of a decision. They stay in the book but no longer apply."""
        found = self.get(id)
        id = found.id
        if found.undone_at:
            raise NotFound(
                f"Decision {id} was withdrawn by {found.undone_by}, {found.undone_at[:10]}.", "`fullcircle history` lists all."
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._book.transaction():
            self._book.write(
                "UPDATE decision SET undone_by = ?, undone_at = ?, undone_reason = ? WHERE id = ?", (by, now, reason, id)
            )
            self._book.write(
                "UPDATE judgement SET withdrawn_by = ?, withdrawn_at = ? WHERE withdrawn_at IS NULL "
                "AND (id = ? OR id IN (SELECT judgement FROM decision_judgement WHERE decision = ?))",
                (by, now, id, id),
            )
        return self.get(id)

    def get(self, id: int) -> Decision:
        """One decision by its number, or that of one of its judgements; NotFound if there is none."""
        found = self._read(
            "WHERE coalesce(d.id, j.id) = coalesce((SELECT decision FROM decision_judgement WHERE judgement = ?), ?)", (id, id)
        )
        if not found:
            raise NotFound(f"There is no decision {id}.", "`fullcircle history` lists all decisions with their numbers.")
        return found[0]

    def all(self) -> list[Decision]:
        """All decisions, oldest first, also those that were withdrawn."""
        return self._read("", ())

    def about(self, records: Iterable[str]) -> list[Decision]:
        """The decisions about any of these records, oldest first."""
        wanted = set(records)
        return [decision for decision in self.all() if wanted & set(decision.records)]

    def _read(self, where: str, params: Sequence[object]) -> list[Decision]:
        there = self._book.read("SELECT count(*) FROM sqlite_master WHERE name IN ('decision', 'judgement')")[0][0]
        if there < 2:
            return []  # a book that is only read, from before anybody decided anything
        facts: dict[int, list[Any]] = {}
        pairs: dict[int, list[Pair]] = {}
        for *decision, kind, a, b in self._book.read(f"{_SELECT} {where} ORDER BY j.id", params):
            facts[decision[0]] = decision
            pairs.setdefault(decision[0], []).append((kind, a, b))
        return [Decision(*(*facts[id], tuple(pairs[id]))) for id in sorted(facts)]

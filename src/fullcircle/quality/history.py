"""What checks found before, in the book: the checks, what became of their rules, and every metric by its key.

Rules over history (`last(10)`), drift and the report read it. It holds numbers and the text of rules, no values of the data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book
from fullcircle.quality.evaluation.evaluate import History
from fullcircle.quality.evaluation.outcome import RulesetOutcome

DDL = """
CREATE TABLE IF NOT EXISTS quality_check (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, ruleset TEXT NOT NULL, table_name TEXT NOT NULL,
    rows INTEGER NOT NULL, score REAL, passed INTEGER NOT NULL, failed INTEGER NOT NULL, errors INTEGER NOT NULL,
    seconds REAL NOT NULL);
CREATE INDEX IF NOT EXISTS quality_check_of ON quality_check (ruleset, table_name, id);
CREATE TABLE IF NOT EXISTS quality_outcome (
    check_id INTEGER NOT NULL, place INTEGER NOT NULL, rule TEXT NOT NULL, result TEXT NOT NULL, message TEXT NOT NULL,
    failed INTEGER, labels TEXT NOT NULL, action TEXT NOT NULL, PRIMARY KEY (check_id, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quality_metric (
    check_id INTEGER NOT NULL, key TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (check_id, key)) WITHOUT ROWID;
"""
KEPT = 1_000  # checks of one ruleset on one table


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """One check of a ruleset on a table."""

    id: int
    at: str  # ISO, in UTC
    ruleset: str
    table: str
    rows: int
    score: float | None
    passed: int
    failed: int
    errors: int
    seconds: float


@dataclass(frozen=True, slots=True)
class KeptOutcome:
    """What became of one rule in a check."""

    rule: str
    result: str
    message: str
    failed: int | None  # rows
    labels: dict[str, str]
    action: str  # warn, quarantine or stop; "" of checks outside a run


class QualityHistory:
    """The checks of a project."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def keep(self, outcome: RulesetOutcome, actions: Sequence[str] = ()) -> int:
        """Keep a check, and forget the oldest ones; returns its id. `actions`: one for each rule."""
        counts = [len(outcome.of(result)) for result in ("PASS", "FAIL", "ERROR")]
        with self._book.transaction():
            self._book.write(
                "INSERT INTO quality_check (at, ruleset, table_name, rows, score, passed, failed, errors, seconds) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_now(), outcome.ruleset, outcome.table, outcome.rows, outcome.score, *counts, outcome.seconds),
            )
            id = int(self._book.read("SELECT max(id) FROM quality_check")[0][0])
            rows = [
                (id, place, one.rule, one.result, one.message, one.failed, json.dumps(dict(one.labels)), action)
                for place, (one, action) in enumerate(zip(outcome.rules, actions or [""] * len(outcome.rules), strict=True), 1)
            ]
            self._book.write_many("INSERT INTO quality_outcome VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            metrics = [(id, key, value) for key, value in outcome.keys.items()]
            self._book.write_many("INSERT INTO quality_metric VALUES (?, ?, ?)", metrics)
            self._forget(outcome.ruleset, outcome.table)
        return id

    def _forget(self, ruleset: str, table: str) -> None:
        old = (
            "SELECT id FROM quality_check WHERE ruleset = ? AND table_name = ? ORDER BY id DESC LIMIT -1 OFFSET ?",
            (ruleset, table, KEPT),
        )
        for (id,) in self._book.read(*old):
            for name, column in (("quality_metric", "check_id"), ("quality_outcome", "check_id"), ("quality_check", "id")):
                self._book.write(f"DELETE FROM {name} WHERE {column} = ?", (id,))

    def past(self, ruleset: str, table: str) -> History:
        """The values of a metric in the last checks of a ruleset on a table, newest first."""

        def values(key: str, back: int) -> Sequence[float]:
            return [value for _, value in self.metric(key, table, ruleset, back)]

        return values

    def metric(self, key: str, table: str, ruleset: str, back: int = 100) -> list[tuple[str, float]]:
        """When, and the value, of a metric in the last checks, newest first."""
        if not self._there():
            return []
        rows = self._book.read(
            "SELECT at, value FROM quality_metric JOIN quality_check ON id = check_id "
            "WHERE ruleset = ? AND table_name = ? AND key = ? ORDER BY id DESC LIMIT ?",
            (ruleset, table, key, back),
        )
        return [(at, value) for at, value in rows]

    def metrics(self, check: int) -> dict[str, float]:
        """All metrics of a check."""
        return dict(self._book.read("SELECT key, value FROM quality_metric WHERE check_id = ? ORDER BY key", (check,)))

    def checks(self, limit: int = 20, ruleset: str = "", table: str = "") -> list[KeptCheck]:
        """The last checks, newest first."""
        if not self._there():
            return []
        rows = self._book.read(
            "SELECT id, at, ruleset, table_name, rows, score, passed, failed, errors, seconds FROM quality_check "
            "WHERE ? IN ('', ruleset) AND ? IN ('', table_name) ORDER BY id DESC LIMIT ?",
            (ruleset, table, limit),
        )
        return [KeptCheck(*row) for row in rows]

    def outcomes(self, check: int) -> list[KeptOutcome]:
        """What became of the rules of a check, in their order."""
        rows = self._book.read(
            "SELECT rule, result, message, failed, labels, action FROM quality_outcome WHERE check_id = ? ORDER BY place",
            (check,),
        )
        return [
            KeptOutcome(rule, result, message, failed, json.loads(labels), action)
            for rule, result, message, failed, labels, action in rows
        ]

    def _there(self) -> bool:
        """False in a book of a version before, that is only read."""
        return bool(self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'quality_check'"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

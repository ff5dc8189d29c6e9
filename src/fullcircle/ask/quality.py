"""How good the data is: what each rule found in the last check, what waits in quarantine and why, and how that was before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.engine.base import Engine
from fullcircle.model.tables import CONFORMED


@dataclass(frozen=True, slots=True)
class QualityResult(ReaderAnswer):
    """What one rule found in the last check."""

    rule: str  # its id
    table: str
    column: str
    kind: str  # complete, unique, matches, in_set, range, references
    action: str  # quarantine or warn
    checked: int  # rows
    failed: int  # rows that break it
    passed: float | None  # the share of the others; None without rows


@dataclass(frozen=True, slots=True)
class QuarantineGroup(ReaderAnswer):
    """Rows of one object of a source that wait in quarantine for the same reason."""

    source: str
    object: str
    stage: str  # landing, conform, quality
    rule: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class QualityOfRun(ReaderAnswer):
    """What the check of one run let pass."""

    run: int
    at: str  # ISO, in UTC
    rows: int  # that passed, of all tables
    quarantined: int


@dataclass(frozen=True, slots=True)
class Quality(ReaderAnswer):
    """The quality of the data."""

    results: Answers[QualityResult]  # those that found most first
    quarantine: Answers[QuarantineGroup]  # the largest groups first
    quarantined: int  # rows in all
    history: Answers[QualityOfRun]  # of the last runs that checked anew, newest first

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {
            "results": self.results.to_pylist(),
            "quarantine": self.quarantine.to_pylist(),
            "quarantined": self.quarantined,
            "history": self.history.to_pylist(),
        }


def quality(tables: Engine, book: Book, limit: int = 20) -> Quality:
    """What the last check found. `limit`: at most so many groups of the quarantine, and runs of the history."""
    return Quality(_results(tables), _quarantine(tables, limit), _count(tables), _history(book, limit))


def _results(tables: Engine) -> Answers[QualityResult]:
    if not tables.has("quality_results"):
        return Answers(QualityResult, ())
    rows = tables.rows("""
        SELECT rule_id, table_name, column_name, rule, action, checked, failed, 1 - failed / nullif(checked, 0)
        FROM quality_results ORDER BY failed DESC, rule_id, table_name, column_name""")
    return Answers(QualityResult, tuple(QualityResult(*row) for row in rows))


def _quarantine(tables: Engine, limit: int) -> Answers[QuarantineGroup]:
    if not tables.has("quarantine"):
        return Answers(QuarantineGroup, ())
    rows = tables.rows(
        "SELECT source, object, stage, rule, reason, count(*) AS n FROM quarantine GROUP BY ALL "
        "ORDER BY n DESC, source, object, stage, rule, reason LIMIT $limit",
        {"limit": limit},
    )
    return Answers(QuarantineGroup, tuple(QuarantineGroup(*row) for row in rows))


def _count(tables: Engine) -> int:
    return tables.count("quarantine") if tables.has("quarantine") else 0


def _history(book: Book, limit: int) -> Answers[QualityOfRun]:
    checks = [one for one in RunLog(book).stages_of(0, 2**62, "check") if one.state == "done"]
    return Answers(
        QualityOfRun,
        tuple(
            QualityOfRun(one.run, one.at, sum(one.counts.get(name, 0) for name in CONFORMED), one.counts.get("quarantine", 0))
            for one in checks[:limit]
        ),
    )

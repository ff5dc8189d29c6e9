"""The decisions of people, the newest first: what, by whom, whether it was taken back, whether a run has applied it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.identity.decisions import Decision, Decisions


@dataclass(frozen=True, slots=True)
class DecisionTaken(ReaderAnswer):
    """One decision."""

    decision: int  # its number, for `undo`
    verb: str
    by: str
    at: str  # ISO, in UTC
    reason: str
    records: tuple[str, ...]  # that it is about
    judgements: int
    undone_by: str | None
    undone_at: str | None
    undone_reason: str
    waiting: bool  # it was taken, or taken back, since it was last found out who is who: the next run applies that


def decisions(book: Book, about: Collection[str] = (), limit: int = 100) -> Answers[DecisionTaken]:
    """All decisions, or those about any of these records."""
    known = Decisions(book)
    found = known.about(about) if about else known.all()
    resolved = applied_until(book)
    return Answers(DecisionTaken, tuple(_taken(one, resolved) for one in found[::-1][:limit]))


def applied_until(book: Book) -> str:
    """Up to when decisions have taken effect: when it was last found out who is who. ISO, in UTC, whole seconds."""
    done = RunLog(book).last("resolve") if book.read("SELECT 1 FROM sqlite_master WHERE name = 'stage_done'") else None
    return done.finished_at if done else ""


def _taken(one: Decision, resolved: str) -> DecisionTaken:
    waiting = (one.undone_at or one.at) >= resolved and not (one.undone_at and one.at >= resolved)
    return DecisionTaken(
        one.id, one.verb, one.by, one.at, one.reason, tuple(one.records), len(one.pairs), one.undone_by, one.undone_at,
        one.undone_reason, waiting,
    )  # fmt: skip

"""What happened to a customer: the events of its ids, and what people decided about its records."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import NotFound
from fullcircle.identity.decisions import Decision, Decisions
from fullcircle.identity.ledger import Ledger

MEANING = {
    "create": "created",
    "absorb": "absorbed {other}",
    "split": "{other} was split off",
    "retire": "retired: all its records are gone",
    "revive": "came back",
}
SEEN_FROM_THE_OTHER = {
    "absorb": "absorbed by {other}",
    "split": "split off from {other}",
    "revive": "{other} came back out of it",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry(ReaderAnswer):
    """One event of an id, or one decision of a person, or its withdrawal."""

    at: str  # ISO, in UTC
    what: str
    decision: int | None  # its number, for `undo`
    by: str | None
    reason: str | None
    records: tuple[str, ...]  # of a decision: the records it is about


def history(book: Book, customer_id: str = "") -> Answers[HistoryEntry]:
    """The history of a customer id (old ids too), oldest first; without one, the decisions about all customers."""
    decisions = Decisions(book)
    if not customer_id:
        return _answers([entry for one in decisions.all() for entry in _decided(one)])
    ledger = Ledger(book)
    if ledger.resolve(customer_id) is None:
        raise NotFound(f"There is no {customer_id}, and there never was.", "`fullcircle search WORDS` finds customers.")
    entries = []
    for event in ledger.history(customer_id):
        mine = event.customer_id == customer_id
        words = MEANING if mine else SEEN_FROM_THE_OTHER
        other = (event.other_id if mine else event.customer_id) or ""
        entries.append(HistoryEntry(event.at, words[event.event].format(other=other), None, None, None, ()))
    about = decisions.about(ledger.records_of(customer_id))
    return _answers(entries + [entry for one in about for entry in _decided(one)])


def _decided(one: Decision) -> list[HistoryEntry]:
    records = tuple(one.records)
    found = [HistoryEntry(one.at, one.verb, one.id, one.by, one.reason or None, records)]
    if one.undone_at:
        what = f"decision {one.id} ({one.verb}) was withdrawn"
        found.append(HistoryEntry(one.undone_at, what, one.id, one.undone_by, one.undone_reason or None, records))
    return found


def _answers(entries: list[HistoryEntry]) -> Answers[HistoryEntry]:
    return Answers(HistoryEntry, tuple(sorted(entries, key=lambda one: one.at)))

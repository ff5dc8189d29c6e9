"""The change feed: what changed for whom, in order, with a number for each event and no values. It is kept in the book.

Before the graph is written, whose content changes is noted as waiting; the events are made in the transaction that ends the
stage, from what waits and from the id ledger. So a run that is killed loses none: at worst somebody is named as changed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book

DDL = """
CREATE TABLE IF NOT EXISTS change_event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, what TEXT NOT NULL, customer_id TEXT, other_id TEXT);
CREATE TABLE IF NOT EXISTS change_waiting (customer_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS change_place (one INTEGER PRIMARY KEY CHECK (one = 1), ledger INTEGER NOT NULL);
"""
EVERYTHING = "everything"  # read all customers again: the graph was made anew, or too many changed to name them
MOST = 50_000  # events of one run; more are one `everything`
KEPT = 1_000_000  # events
_WAITS = "*"  # in place of a customer: everything


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event. `what`: created, changed, merged (into the other), split (the other is new), back (out of the other), gone,
    erased, or everything."""

    number: int
    at: str
    what: str
    customer_id: str | None
    other_id: str | None


class Feed:
    """The feed in the book; in one that is only read, and has none, there are no events."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)
        self._there = bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'change_event'"))

    def wait_for(self, customers: Iterable[str] | None) -> None:
        """These customers will have changed when the stage has ended; None: everything."""
        waiting = [_WAITS] if customers is None else customers
        self._book.write_many("INSERT OR IGNORE INTO change_waiting VALUES (?)", ((one,) for one in waiting))

    def publish(self, is_erased: Callable[[str], bool]) -> None:
        """Make the events of what waits and of what the ledger has seen since; in the caller's transaction."""
        book = self._book
        place = book.read("SELECT ledger FROM change_place")
        if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_event'"):
            return
        newest = int(book.read("SELECT coalesce(max(number), 0) FROM customer_event")[0][0])
        waiting = [row[0] for row in book.read("SELECT customer_id FROM change_waiting ORDER BY 1")]
        events = self._of_ledger(place[0][0], is_erased) if place else []
        if not place or _WAITS in waiting or len(events) + len(waiting) > MOST:
            events = [event for event in events if event[0] == "erased"] + ([(EVERYTHING, None, None)] if newest else [])
        else:
            named = {id for what, *ids in events for id in (ids if what == "split" else ids[:1])}
            live = {row[0] for row in book.read("SELECT id FROM customer_id WHERE state = 'live'")} if waiting else set()
            events += [("changed", id, None) for id in waiting if id in live and id not in named]
        now = _now()
        book.write_many(
            "INSERT INTO change_event (at, what, customer_id, other_id) VALUES (?, ?, ?, ?)", ((now, *event) for event in events)
        )
        book.write("DELETE FROM change_waiting")
        book.write("INSERT OR REPLACE INTO change_place VALUES (1, ?)", (newest,))
        book.write("DELETE FROM change_event WHERE number <= (SELECT max(number) FROM change_event) - ?", (KEPT,))

    def _of_ledger(self, place: int, is_erased: Callable[[str], bool]) -> list[tuple[str, str | None, str | None]]:
        rows = self._book.read(
            "SELECT event, customer_id, other_id FROM customer_event WHERE number > ? ORDER BY number LIMIT ?", (place, MOST + 1)
        )
        return [_event(event, id, other, is_erased) for event, id, other in rows]

    def newest(self) -> int:
        """The number of the newest event; 0 if there is none."""
        return int(self._book.read("SELECT coalesce(max(number), 0) FROM change_event")[0][0]) if self._there else 0

    def after(self, number: int, limit: int) -> list[FeedEvent]:
        """The next events. Who is before the oldest one, or after the newest, gets `everything` first, to begin from there."""
        if not self._there:  # who has read further than there is begins anew
            return [FeedEvent(0, _now(), EVERYTHING, None, None)] if number > 0 else []
        oldest, newest = self._book.read("SELECT coalesce(min(number), 1), coalesce(max(number), 0) FROM change_event")[0]
        now = _now()
        if number > newest:  # the book was restored from a backup, or begun anew
            return [FeedEvent(newest, now, EVERYTHING, None, None)]
        missed = [FeedEvent(oldest - 1, now, EVERYTHING, None, None)] if number < oldest - 1 else []
        rows = self._book.read(
            "SELECT number, at, what, customer_id, other_id FROM change_event WHERE number > ? ORDER BY number LIMIT ?",
            (number, limit - len(missed)),
        )
        return [*missed, *(FeedEvent(*row) for row in rows)]


def _event(event: str, id: str, other: str | None, is_erased: Callable[[str], bool]) -> tuple[str, str | None, str | None]:
    """An event of the ledger as one of the feed."""
    if event == "absorb":
        return "merged", other, id
    if event == "retire":
        return ("erased" if is_erased(id) else "gone"), id, None
    return {"create": "created", "split": "split", "revive": "back"}[event], id, other


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""What was written into CRMs, in the book: each value with the one before it, so that it can be undone, and what we wrote last.

A value is noted as `sent` before its request leaves. Killed at any point, or without an answer, the next run looks at the rows
that were sent: what is there now says whether they were written. So nothing is written that is not known.

    writeback_run    each run and each undo
    writeback_cell   each value that one of them sent: before, after, and what became of it
    writeback_last   what we wrote last into a field of a row, and what the CRM showed after that
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from fullcircle.book.book import Book

DDL = """
CREATE TABLE IF NOT EXISTS writeback_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, source TEXT NOT NULL, object TEXT NOT NULL,
    undoes INTEGER, actor TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, counts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS writeback_cell (
    run INTEGER NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, record_id TEXT NOT NULL, before TEXT, after TEXT,
    last_before TEXT, last_after TEXT, state TEXT NOT NULL, PRIMARY KEY (run, key, field)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS writeback_sent ON writeback_cell (run) WHERE state = 'sent';
CREATE TABLE IF NOT EXISTS writeback_last (
    source TEXT NOT NULL, object TEXT NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, record_id TEXT NOT NULL,
    last TEXT NOT NULL, PRIMARY KEY (source, object, key, field)) WITHOUT ROWID;
"""
KEPT = timedelta(days=90)  # how long a run can be undone
# What became of a value: sent (nobody knows yet), written, refused, not written (the request was not carried out), changed (by
# somebody else, in the moment when it was sent).
REFUSED, NOT_WRITTEN, CHANGED = "refused", "not written", "changed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a field of a row that is written. `last_before` and `last_after`: what counts as ours, before it and after."""

    key: str
    field: str
    record_id: str
    before: str | None
    after: str | None
    last_before: str | None
    last_after: str | None
    run: int = 0

    def saved_as(self, shown: str | None) -> Cell:
        """The same, where the CRM made something else of it when it was saved."""
        return replace(self, last_after=last_text(json.loads(self.last_after)[0], shown) if self.last_after else None)

    @property
    def shown(self) -> str | None:
        """What the CRM showed after it was written."""
        return json.loads(self.last_after)[1] if self.last_after else self.after


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run or an undo."""

    number: int
    name: str
    source: str
    object: str
    undoes: int | None
    actor: str
    started_at: str
    ended_at: str | None
    counts: Mapping[str, Any]


def last_text(value: str | None, shown: str | None) -> str:
    """How what we wrote last is kept: the value, and what the CRM made of it when it was saved."""
    return json.dumps([value, shown], ensure_ascii=False)


class Journal:
    """The journal of one object of a source."""

    def __init__(self, book: Book, source: str, object: str) -> None:
        self._book, self.source, self.object = book, source, object
        book.define(DDL)

    # -- runs ------------------------------------------------------------------------------------------------------------
    def begin(self, name: str, actor: str, undoes: int | None = None) -> int:
        """A run begins; returns its number. Values of runs that are too old to be undone are forgotten."""
        old = (datetime.now(UTC) - KEPT).isoformat(timespec="seconds")
        with self._book.transaction():
            self._book.write(
                "DELETE FROM writeback_cell WHERE state <> 'sent' "
                "AND run IN (SELECT number FROM writeback_run WHERE started_at < ?)",
                (old,),
            )
            self._book.write(
                "INSERT INTO writeback_run (name, source, object, undoes, actor, started_at, counts) "
                "VALUES (?, ?, ?, ?, ?, ?, '{}')",
                (name, self.source, self.object, undoes, actor, _now()),
            )
            return int(self._book.read("SELECT last_insert_rowid()")[0][0])

    def end(self, run: int, counts: Mapping[str, Any]) -> None:
        """A run has come to its end."""
        self._book.write("UPDATE writeback_run SET ended_at = ?, counts = ? WHERE number = ?", (_now(), json.dumps(counts), run))

    # -- values ------------------------------------------------------------------------------------------------------------
    def send(self, run: int, cells: Iterable[Cell]) -> None:
        """These are about to be sent: durable when this returns."""
        self._book.write_many(
            "INSERT OR REPLACE INTO writeback_cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'sent')",
            ((run, one.key, one.field, one.record_id, one.before, one.after, one.last_before, one.last_after) for one in cells),
        )

    def sent(self) -> list[Cell]:
        """What was sent and of which nobody knows whether it was written."""
        rows = self._book.read(
            "SELECT c.key, c.field, c.record_id, c.before, c.after, c.last_before, c.last_after, c.run FROM writeback_cell c "
            "JOIN writeback_run r ON r.number = c.run WHERE c.state = 'sent' AND r.source = ? AND r.object = ? ORDER BY c.run",
            (self.source, self.object),
        )
        return [Cell(*row) for row in rows]

    def written(self, cells: Sequence[Cell]) -> None:
        """These were written: from now on they count as ours, or no longer do."""
        with self._book.transaction():
            self._book.write_many(
                "UPDATE writeback_cell SET state = 'written', last_after = ? WHERE run = ? AND key = ? AND field = ?",
                ((one.last_after, one.run, one.key, one.field) for one in cells),
            )
            self.ours(cells)

    def ours(self, cells: Sequence[Cell]) -> None:
        """What counts as ours now, whether it was written or was there already."""
        at = [(self.source, self.object, one.key, one.field) for one in cells if one.last_after is None]
        kept = [
            (self.source, self.object, one.key, one.field, one.record_id, one.last_after)
            for one in cells
            if one.last_after is not None
        ]
        with self._book.transaction():
            self._book.write_many("DELETE FROM writeback_last WHERE source = ? AND object = ? AND key = ? AND field = ?", at)
            self._book.write_many("INSERT OR REPLACE INTO writeback_last VALUES (?, ?, ?, ?, ?, ?)", kept)

    def become(self, cells: Iterable[Cell], state: str) -> None:
        """What became of these."""
        self._book.write_many(
            "UPDATE writeback_cell SET state = ? WHERE run = ? AND key = ? AND field = ?",
            ((state, one.run, one.key, one.field) for one in cells),
        )

    def last(self, keys: Sequence[str] | None = None) -> pa.Table:
        """What we wrote last, into these rows or all: key, field, and `last` as `last_text` has it."""
        of = "source = ? AND object = ?"
        given: tuple[str, ...] = (self.source, self.object)
        if keys is not None:
            of, given = f"{of} AND key IN (SELECT value FROM json_each(?))", (*given, json.dumps(list(keys)))
        rows = self._book.read(f"SELECT key, field, last FROM writeback_last WHERE {of}", given)
        names = ("key", "field", "last")
        return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})

    def of_run(self, run: int) -> list[Cell]:
        """What a run has written."""
        rows = self._book.read(
            "SELECT key, field, record_id, before, after, last_before, last_after, run FROM writeback_cell "
            "WHERE run = ? AND state = 'written' ORDER BY key, field",
            (run,),
        )
        return [Cell(*row) for row in rows]


def kept_runs(book: Book, name: str = "") -> list[KeptRun]:
    """All runs, newest first; or those of one write-back."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'writeback_run'"):
        return []
    rows = book.read(
        "SELECT number, name, source, object, undoes, actor, started_at, ended_at, counts FROM writeback_run "
        "WHERE ? IN ('', name) ORDER BY number DESC",
        (name,),
    )
    return [KeptRun(*(*row[:8], json.loads(row[8]))) for row in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

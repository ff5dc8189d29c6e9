"""The run log: which stage was finished with which input, so that `run` can continue and skip finished stages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book

DDL = """
CREATE TABLE IF NOT EXISTS stage_done (
    stage TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, counts TEXT NOT NULL, seconds REAL NOT NULL, finished_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY AUTOINCREMENT, started_at TEXT NOT NULL, finished_at TEXT, state TEXT NOT NULL, error TEXT);
"""


@dataclass(frozen=True, slots=True)
class StageDone:
    """The log entry of the last time a stage was finished."""

    stage: str
    fingerprint: str
    counts: dict[str, int]
    seconds: float
    finished_at: str


class RunLog:
    """The runs and their stages, stored in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def begin(self) -> int:
        """Record that a run starts, and return its id. A run that never ended is set to interrupted."""
        with self._book.transaction():
            self._book.write("UPDATE run SET state = 'interrupted' WHERE state = 'running'")
            self._book.write("INSERT INTO run (started_at, state) VALUES (?, 'running')", (_now(),))
            return int(self._book.read("SELECT max(id) FROM run")[0][0])

    def end(self, run: int, error: str = "") -> None:
        """Record how a run ended: `error` is the code of the error, empty if there was none."""
        state = "failed" if error else "finished"
        self._book.write("UPDATE run SET finished_at = ?, state = ?, error = ? WHERE id = ?", (_now(), state, error, run))

    def last(self, stage: str) -> StageDone | None:
        """The last time this stage was finished."""
        found = self._book.read("SELECT fingerprint, counts, seconds, finished_at FROM stage_done WHERE stage = ?", (stage,))
        if not found:
            return None
        print_, counts, seconds, at = found[0]
        return StageDone(stage, print_, json.loads(counts), seconds, at)

    def done(self, stage: str, fingerprint: str, counts: dict[str, int], seconds: float) -> None:
        """Record that a stage is finished for the input with this fingerprint."""
        self._book.write(
            "INSERT OR REPLACE INTO stage_done VALUES (?, ?, ?, ?, ?)",
            (stage, fingerprint, json.dumps(counts), seconds, _now()),
        )

    def undo(self, stage: str) -> None:
        """Record that a stage has started: until `done`, its output is not valid."""
        self._book.write("DELETE FROM stage_done WHERE stage = ?", (stage,))

    def runs(self, limit: int = 20) -> list[tuple[int, str, str | None, str, str | None]]:
        """The newest runs: id, started, finished, state, error code."""
        return [
            (row[0], row[1], row[2], row[3], row[4])
            for row in self._book.read(
                "SELECT id, started_at, finished_at, state, error FROM run ORDER BY id DESC LIMIT ?", (limit,)
            )
        ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

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
CREATE TABLE IF NOT EXISTS run_stage (
    run INTEGER NOT NULL, place INTEGER NOT NULL, stage TEXT NOT NULL, state TEXT NOT NULL, counts TEXT NOT NULL,
    seconds REAL NOT NULL, at TEXT NOT NULL, PRIMARY KEY (run, stage)) WITHOUT ROWID;
"""
KEPT_RUNS = 10_000  # of so many runs the stages are kept


@dataclass(frozen=True, slots=True)
class RunStage:
    """One stage of one run. `state`: done, skipped (nothing had changed), or begun: the run ended in it."""

    run: int
    stage: str
    state: str
    counts: dict[str, int]
    seconds: float
    at: str


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
        self._run: int | None = None  # the run that is being recorded
        book.define(DDL)

    def begin(self) -> int:
        """Record that a run starts, and return its id. A run that never ended is set to interrupted."""
        with self._book.transaction():
            self._book.write("UPDATE run SET state = 'interrupted' WHERE state = 'running'")
            self._book.write("INSERT INTO run (started_at, state) VALUES (?, 'running')", (_now(),))
            self._run = int(self._book.read("SELECT max(id) FROM run")[0][0])
            self._book.write("DELETE FROM run_stage WHERE run <= ?", (self._run - KEPT_RUNS,))
            return self._run

    def end(self, run: int, error: str = "") -> None:
        """Record how a run ended: `error` is the code of the error, empty if there was none."""
        state = "failed" if error else "finished"
        self._book.write("UPDATE run SET finished_at = ?, state = ?, error = ? WHERE id = ?", (_now(), state, error, run))
        self._run = None

    def last(self, stage: str) -> StageDone | None:
        """The last time this stage was finished."""
        found = self._book.read("SELECT fingerprint, counts, seconds, finished_at FROM stage_done WHERE stage = ?", (stage,))
        if not found:
            return None
        print_, counts, seconds, at = found[0]
        return StageDone(stage, print_, json.loads(counts), seconds, at)

    def done(self, stage: str, fingerprint: str, counts: dict[str, int], seconds: float) -> None:
        """Record that a stage is finished for the input with this fingerprint."""
        with self._book.transaction():
            self._book.write(
                "INSERT OR REPLACE INTO stage_done VALUES (?, ?, ?, ?, ?)",
                (stage, fingerprint, json.dumps(counts), seconds, _now()),
            )
            self._of_run(stage, "done", counts, seconds)

    def skipped(self, stage: str, counts: dict[str, int]) -> None:
        """Record that a stage had nothing to do; the counts are those of the last time it was finished."""
        self._of_run(stage, "skipped", counts, 0.0)

    def undo(self, stage: str) -> None:
        """Record that a stage has started: until `done`, its output is not valid."""
        with self._book.transaction():
            self._book.write("DELETE FROM stage_done WHERE stage = ?", (stage,))
            self._of_run(stage, "begun", {}, 0.0)

    def _of_run(self, stage: str, state: str, counts: dict[str, int], seconds: float) -> None:
        """The stage in the run that is being recorded, if one is."""
        if self._run is None:
            return
        self._book.write(
            "INSERT INTO run_stage VALUES (?, (SELECT count(*) FROM run_stage WHERE run = ?), ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET state = excluded.state, counts = excluded.counts, seconds = excluded.seconds, "
            "at = excluded.at",
            (self._run, self._run, stage, state, json.dumps(counts), seconds, _now()),
        )

    def runs(self, limit: int = 20) -> list[tuple[int, str, str | None, str, str | None]]:
        """The newest runs: id, started, finished, state, error code."""
        return [
            (row[0], row[1], row[2], row[3], row[4])
            for row in self._book.read(
                "SELECT id, started_at, finished_at, state, error FROM run ORDER BY id DESC LIMIT ?", (limit,)
            )
        ]

    def stages_of(self, first: int, last: int, stage: str = "") -> list[RunStage]:
        """The stages of these runs, those of the newest run first, each in the order in which they were run."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'run_stage'"):
            return []  # a book that is only read, of a version before
        rows = self._book.read(
            "SELECT run, stage, state, counts, seconds, at FROM run_stage WHERE run BETWEEN ? AND ? AND ? IN ('', stage) "
            "ORDER BY run DESC, place",
            (first, last, stage),
        )
        return [RunStage(run, name, state, json.loads(counts), seconds, at) for run, name, state, counts, seconds, at in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

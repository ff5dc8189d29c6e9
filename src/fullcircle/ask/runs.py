"""The last runs, each with its stages: what was done, what was skipped, what it ended in, and how long it took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog, RunStage


@dataclass(frozen=True, slots=True)
class StageOfRun(ReaderAnswer):
    """One stage of a run."""

    stage: str
    state: str  # done, skipped (nothing had changed), or begun: the run ended in it
    at: str  # when it was finished; for `begun`, when it began; ISO, in UTC
    seconds: float
    counts: dict[str, int]  # what it made; of a skipped stage, what it made the last time


@dataclass(frozen=True, slots=True)
class RunWithStages(ReaderAnswer):
    """One run, how it ended, and its stages in their order."""

    run: int
    started_at: str  # ISO, in UTC
    finished_at: str | None
    seconds: float | None
    state: str  # running, finished, failed or interrupted
    error: str | None  # the error's code
    stages: tuple[StageOfRun, ...]  # empty for runs of a version that did not keep them


def runs(book: Book, limit: int = 20) -> Answers[RunWithStages]:
    """The last runs, newest first."""
    log = RunLog(book)
    found = log.runs(limit)
    stages: dict[int, list[RunStage]] = defaultdict(list)
    for one in log.stages_of(found[-1][0], found[0][0]) if found else ():
        stages[one.run].append(one)
    return Answers(
        RunWithStages,
        tuple(
            RunWithStages(run, begun, ended, _seconds(begun, ended), state, error, tuple(_stage(one) for one in stages[run]))
            for run, begun, ended, state, error in found
        ),
    )


def _stage(one: RunStage) -> StageOfRun:
    return StageOfRun(one.stage, one.state, one.at, round(one.seconds, 2), one.counts)


def _seconds(begun: str, ended: str | None) -> float | None:
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds() if ended else None

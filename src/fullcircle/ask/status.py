"""The state of a project: what the graph holds, when each stage was last finished, how the last runs ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fullcircle.ask.money_check import MoneyOfObject, money_check
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.engine.base import Engine
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore
from fullcircle.pipeline import STAGES


@dataclass(frozen=True, slots=True)
class StageStatus(ReaderAnswer):
    """The last time a stage was finished."""

    stage: str
    finished_at: str  # ISO, in UTC
    seconds: float
    counts: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """The counts beside the other values."""
        return {"stage": self.stage, "finished_at": self.finished_at, "seconds": self.seconds, **self.counts}


@dataclass(frozen=True, slots=True)
class RunStatus(ReaderAnswer):
    """One run and how it ended."""

    run: int
    started_at: str  # ISO, in UTC
    finished_at: str | None
    state: str  # running, finished, failed or interrupted
    error: str | None  # the error's code


@dataclass(frozen=True, slots=True)
class Status(ReaderAnswer):
    """The state of a project."""

    graph: dict[str, int]  # how many vertices and edges of each kind
    stages: Answers[StageStatus]  # those that have been finished, in their order
    runs: Answers[RunStatus]  # the last ones, newest first
    money: Answers[MoneyOfObject]  # what the amounts of each object became; none beside a run, which has the tables

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        known = {"graph": dict(self.graph), "stages": self.stages.to_pylist(), "runs": self.runs.to_pylist()}
        return {**known, "money": self.money.to_pylist()}


def status(store: GraphStore, book: Book, tables: Engine | None = None, limit: int = 5) -> Status:
    """What the graph holds, each stage that has been finished, and the last runs, `limit` at most; the money by the tables."""
    log = RunLog(book)
    done = [one for one in (log.last(stage.name) for stage in STAGES) if one]
    stages = [StageStatus(one.stage, one.finished_at, round(one.seconds, 2), one.counts) for one in done]
    runs = [RunStatus(*row) for row in log.runs(limit)]
    try:
        graph = store.count()
    except NotFound:  # no run has come that far yet: how they ended is what is asked
        graph = {}
    money = money_check(tables) if tables else Answers(MoneyOfObject, ())
    return Status(graph, Answers(StageStatus, tuple(stages)), Answers(RunStatus, tuple(runs)), money)

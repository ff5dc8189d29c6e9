"""How things stand: what the graph holds, when each stage was last done, how the last runs ended."""

from __future__ import annotations

from typing import Any

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.graph.base import GraphStore
from fullcircle.pipeline import STAGES


def stages(book: Book) -> list[dict[str, Any]]:
    """Each stage that has been finished: when, in how many seconds, with which counts."""
    log = RunLog(book)
    found = [log.last(stage.name) for stage in STAGES]
    return [
        {"stage": one.stage, "finished_at": one.finished_at, "seconds": round(one.seconds, 2), **one.counts}
        for one in found
        if one
    ]


def runs(book: Book, limit: int = 5) -> list[dict[str, Any]]:
    """The last runs and how they ended."""
    names = ("run", "started_at", "finished_at", "state", "error")
    return [dict(zip(names, row, strict=True)) for row in RunLog(book).runs(limit)]


def graph(store: GraphStore) -> dict[str, int]:
    """How many vertices and edges of each kind."""
    return store.count()

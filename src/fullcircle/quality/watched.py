"""Snapshots of the canonical tables in a run, and what changed against those before. It is opt-in: it reads every column."""

from __future__ import annotations

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.model.progress import Progress
from fullcircle.quality.drift import Drift, drift
from fullcircle.quality.in_run import conformed_datasets
from fullcircle.quality.snapshot import Snapshots, take


def watch_tables(engine: Engine, book: Book, progress: Progress, keep: bool = True) -> list[Drift]:
    """Compare each canonical table that has, or had, rows with its snapshots before, say what changed, and keep a new one."""
    found: list[Drift] = []
    snapshots = Snapshots(book)
    for name, table in conformed_datasets(engine).items():
        before = snapshots.of(name)
        if not before and not engine.count(table.source):
            continue
        now = take(engine, table, before[0] if before else None)
        changed = drift(name, now, before)
        for one in changed:
            progress.say(f"{name} changed: {one.message}")
        if keep:
            snapshots.keep(name, now)
        found += changed
    return found

"""The desk a run works at: config, book, tables, landing, run log. One process sits at it at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import disk_full, is_disk_full
from fullcircle.model.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a run works with."""

    config: Config
    book: Book
    engine: Engine
    landing: Landing
    log: RunLog
    progress: Progress


@contextmanager
def open_desk(settings: Config, progress: Progress | None = None) -> Iterator[Desk]:
    """Open the tables and the book for writing; another run at the same time gets Busy."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(settings.home) from error
        raise
    engine = open_engine(settings.home / "tables.duckdb", settings.engine.memory, settings.engine.threads)
    try:
        book = Book(settings.home / "book.sqlite")
        try:
            yield Desk(
                settings, book, engine, Landing(settings.home / "landing", book, engine), RunLog(book), progress or Silent()
            )
        finally:
            book.close()
    finally:
        engine.close()

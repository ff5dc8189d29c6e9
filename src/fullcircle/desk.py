"""The desk: config, book, engine, landing and run log, opened together for a run. Only one process can open it at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.dry_run import copied
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import disk_full, is_disk_full
from fullcircle.model.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a run works with."""

    config: Config
    book: Book
    engine: Engine
    landing: Landing
    log: RunLog
    progress: Progress
    dry_run: bool = False  # all of it is a throw-away copy: neither the graph nor the targets may be written


@contextmanager
def open_desk(settings: Config, progress: Progress | None = None, dry_run: bool = False) -> Iterator[Desk]:
    """Open the tables and the book for writing; another run at the same time gets Busy.

    A dry run gets a throw-away copy of them, and reads the graph without writing it: the project stays as it is.
    """
    with ExitStack() as opened:
        home = opened.enter_context(copied(settings.home)) if dry_run else _made(settings.home)
        engine = open_engine(home / "tables.duckdb", settings.engine.memory, settings.engine.threads)
        opened.callback(engine.close)
        book = Book(home / "book.sqlite")
        opened.callback(book.close)
        landing = Landing(home / "landing", book, engine)
        yield Desk(settings, book, engine, landing, RunLog(book), progress or Silent(), dry_run)


def _made(home: Path) -> Path:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(home) from error
        raise
    return home

"""The desk: config, book, engine, landing and run log, opened together for a run. Only one process can open it at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.dry_run import copied
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, SourceError
from fullcircle.govern.home_keys import book_key, landed_keys
from fullcircle.home.audit_log import check_audit
from fullcircle.home.book_file import check_book, set_aside
from fullcircle.home.examine import Home, check_graph, check_landing, check_targets, open_tables
from fullcircle.home.folder import BOOK, LANDING, made, private, tighten
from fullcircle.home.identity import Identities
from fullcircle.home.older import bring_up
from fullcircle.home.options import check_settings
from fullcircle.home.seen import Seen
from fullcircle.home.tables_file import held
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
    identities: Identities
    umask: int  # the user's own; while the desk is open, new files are private
    dry_run: bool = False  # all of it is a throw-away copy: neither the graph nor the targets may be written
    failed: dict[str, SourceError] = field(default_factory=dict)  # the sources that the pull of this run could not read


@contextmanager
def open_desk(
    settings: Config,
    progress: Progress | None = None,
    dry_run: bool = False,
    repair: bool = False,
    new_book: bool = False,
    without_graph: bool = False,
) -> Iterator[Desk]:
    """Open the tables and the book for writing; another run at the same time gets Busy.

    First the home is looked at: HomeBroken if a part of it is lost or damaged. `repair` makes damaged parts again, `new_book`
    begins a new book where the old one is lost, and `without_graph` says that the run deletes the embedded graph.
    A dry run gets a throw-away copy, and reads the graph without writing it: the project stays as it is.
    """
    if dry_run and (repair or new_book):
        raise ConfigError("A dry run repairs nothing.", "Leave out --dry-run, or leave out --repair and --new-book.")
    progress = progress or Silent()
    with ExitStack() as opened:
        umask = opened.enter_context(private())
        if not dry_run or settings.home.exists():
            made(settings.home)
        seen = Seen(settings.home)
        check_book(settings, seen, new_book)
        key = book_key(settings, keep=not dry_run)
        folder = opened.enter_context(copied(settings.home, key)) if dry_run else settings.home
        examined: list[bool] = []
        if not dry_run:
            opened.enter_context(held(folder, alone=True))
            opened.callback(_left, seen, folder, examined)
        if new_book:
            set_aside(folder, key)
        book = Book(folder / BOOK, key=key)
        opened.callback(book.close)
        log = RunLog(book)
        home = Home(settings, folder, book, seen, progress, repair, without_graph)
        engine = open_tables(home)
        opened.callback(engine.close)
        bring_up(engine)
        check_settings(settings, engine, seen)
        landing = Landing(folder / LANDING, book, engine, landed_keys(settings, keep=not dry_run))
        check_landing(home, landing)
        check_graph(home)
        check_targets(home)
        check_audit(home)
        home.identities.pair(engine)
        examined.append(True)
        yield Desk(settings, book, engine, landing, log, progress, home.identities, umask, dry_run)


def _left(seen: Seen, home: Path, examined: list[bool]) -> None:
    """The home is closed: make it private, and note how its files look if they were whole when it was opened."""
    tighten(home)
    if examined:
        seen.keep()

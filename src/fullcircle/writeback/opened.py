"""What a write-back works with, opened together: tables, book and source. One write-back of a project works at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.connectors.pull import open_source
from fullcircle.engine.base import Engine
from fullcircle.errors import Busy, NotFound
from fullcircle.govern.home_keys import open_book
from fullcircle.home.folder import BOOK
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.writeback.journal import Journal
from fullcircle.writeback.plan import WritebackPlan, check_writebacks, named, planned

LOCK = ".writeback.lock"


@dataclass(frozen=True, slots=True)
class WritebackDesk:
    """Everything that a write-back works with. While it is open no run changes the tables, and nobody is erased."""

    config: Config
    plan: WritebackPlan
    engine: Engine
    book: Book
    journal: Journal


@contextmanager
def opened(settings: Config, name: str) -> Iterator[WritebackDesk]:
    """Open it all, and check the write-back against the source. Busy beside a run or another write-back."""
    name, one = named(settings, name)
    check_writebacks(settings)
    if not (settings.home / BOOK).exists():
        raise NotFound(f"The folder {settings.home} has no customers yet.", "Create them with `fullcircle run`.")
    source = settings.sources[one.source]
    with (
        tables_for_reading(settings) as engine,
        _alone(settings),
        closing(open_book(settings)) as book,
        closing(open_source(one.source, source, settings.folder, settings.project.country)) as connector,
    ):
        yield WritebackDesk(settings, planned(settings, name, connector), engine, book, Journal(book, one.source, one.object))


@contextmanager
def _alone(settings: Config) -> Iterator[None]:
    place = os.open(settings.home / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("Another write-back of this project is at work.", "Wait until it has ended, then try again.") from error
        yield
    finally:
        os.close(place)

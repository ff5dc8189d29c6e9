"""How the sources of a project are: when each was last read to its end, what is landed of it, and why it could not be read.

The book alone is asked, so that this answers beside a run, and while a source is down. Start at `source_states`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import NotFound, did_you_mean
from fullcircle.home.book_file import book_for_reading

LANDED = "SELECT source, object, sum(rows) FROM landed_file WHERE kind = 'rows' GROUP BY 1, 2"


@dataclass(frozen=True, slots=True)
class SourceState(ReaderAnswer):
    """A source. Moments are ISO, in UTC; "" for never."""

    source: str
    connector: str
    objects: int  # that were pulled
    landed_rows: int  # with earlier versions of rows that have changed since
    pulled_at: str  # when it was last read to its end
    failed_at: str  # when it could not be read, since then
    error: str


@dataclass(frozen=True, slots=True)
class ObjectState(ReaderAnswer):
    """An object of a source, as it was last pulled."""

    object: str
    landed_rows: int  # with earlier versions of rows that have changed since
    pulled_at: str  # when it was last read to its end; ISO, in UTC; "" for never
    last_rows: int  # new or changed rows of that pull
    last_deleted: int
    reads_anew: bool  # it is being read from the start, and not whole yet
    cursor: str  # JSON: how far it is read, in the words of its connector


def source_states(settings: Config) -> Answers[SourceState]:
    """The sources in the order of the config."""
    with closing(book_for_reading(settings)) as book:
        landed = _rows(book, "landed_file", LANDED)
        pulled = {
            row[0]: row[1:]
            for row in _rows(book, "pulled_source", "SELECT source, ended_at, failed_at, error FROM pulled_source")
        }
    found = []
    for name, source in settings.sources.items():
        own = [rows for of, _, rows in landed if of == name]
        ended, failed, error = (text or "" for text in pulled.get(name, ("", "", "")))
        found.append(SourceState(name, source.connector, len(own), sum(own), ended, failed, error))
    return Answers(SourceState, tuple(found))


def object_states(settings: Config, source: str) -> Answers[ObjectState]:
    """The objects of a source that were pulled, by name. NotFound for a source that is not in the config."""
    if source not in settings.sources:
        raise NotFound(f'The config has no source "{source}".', did_you_mean(source, settings.sources))
    with closing(book_for_reading(settings)) as book:
        landed = {object: rows for of, object, rows in _rows(book, "landed_file", LANDED) if of == source}
        pulls = _rows(book, "pulled_object", "SELECT source, object, ended_at, rows, deleted, again FROM pulled_object")
        last = {row[1]: row[2:] for row in pulls if row[0] == source}
        cursors = _rows(book, "landed_cursor", "SELECT source, object, cursor FROM landed_cursor ORDER BY 2")
    return Answers(
        ObjectState,
        tuple(
            ObjectState(object, landed.get(object, 0), ended or "", rows, deleted, bool(again), cursor)
            for of, object, cursor in cursors
            if of == source
            for ended, rows, deleted, again in [last.get(object, ("", 0, 0, 0))]
        ),
    )


def _rows(book: Book, table: str, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query; none in a book of before the table."""
    there = book.read("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return book.read(sql) if there else []

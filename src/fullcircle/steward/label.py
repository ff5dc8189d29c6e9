"""Keeps the answers of a person who labels pairs: each at once, so that labelling can be left and continued."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.govern.home_keys import open_book
from fullcircle.home.folder import private
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.labels import Answer, Labels


class Labelling:
    """An open book to keep answers in. With `decide`, an answer is a decision, too: always or never."""

    def __init__(self, book: Book, by: str, decide: bool) -> None:
        self._book, self._by, self._decide = book, by, decide
        self._labels, self._decisions = Labels(book), Decisions(book)

    def keep(self, record_a: str, record_b: str, answer: Answer) -> None:
        """Keep an answer. Contradiction, and nothing kept, if as a decision it cannot be true."""
        with self._book.transaction():
            if self._decide and answer != "unsure":
                verb, kind = ("always", "together") if answer == "same" else ("never", "apart")
                self._decisions.take(verb, [(kind, record_a, record_b)], self._by, "labelled")  # type: ignore[list-item]
            self._labels.put(record_a, record_b, answer, self._by)


@contextmanager
def labelling(settings: Config, by: str, decide: bool = False) -> Iterator[Labelling]:
    """Open the book of a project to keep answers in."""
    with private():
        book = open_book(settings)
        try:
            yield Labelling(book, by, decide)
        finally:
            book.close()

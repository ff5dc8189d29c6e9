"""The reading room: all questions to a customer graph in one place, read beside a running writer.

`with open_reader(settings) as reader: reader.show("ada@example.org")`. Each method is one question and has one file.
"""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from fullcircle.ask.customer import CustomerView, view
from fullcircle.ask.path import PathStep, path
from fullcircle.ask.query import QueryAnswer, query
from fullcircle.ask.related import RelatedCustomer, related
from fullcircle.ask.search import SearchHit, search
from fullcircle.ask.status import Status, status
from fullcircle.ask.tables import Answers
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.graph.base import GraphStore
from fullcircle.graph.open import open_store
from fullcircle.home.book_file import book_for_reading

if TYPE_CHECKING:
    from fullcircle.ask.why import WhyAnswer


class Reader:
    """An open graph and book, for reading. It sees the graph as it was when it was opened; open again to see more."""

    def __init__(self, store: GraphStore, book: Book, settings: Config, resources: ExitStack | None = None) -> None:
        self.store = store
        self.book = book
        self.settings = settings
        self._resources = resources or ExitStack()  # what `close` closes; what the caller opened stays open

    def show(self, which: str) -> CustomerView:
        """One customer, whole, named by its id (old ids too), a record's id, or words that fit only one customer."""
        return view(self.store, self.book, which)

    def search(self, words: str, limit: int = 20) -> Answers[SearchHit]:
        """Customers that have every word somewhere in their values, best first."""
        return search(self.store, words, limit)

    def related(self, which: str, limit: int = 10) -> Answers[RelatedCustomer]:
        """The customers most like this one, best first, and why."""
        return related(self.store, self.book, which, limit)

    def path(self, a: str, b: str, max_hops: int = 6) -> Answers[PathStep]:
        """How two customers are connected: a shortest path through the graph."""
        return path(self.store, self.book, a, b, max_hops)

    def why(self, record_a: str, record_b: str) -> WhyAnswer:
        """Why two records are, or are not, one customer."""
        from fullcircle.ask.why import why  # brings the libraries that score pairs, which no other question needs

        return why(self.store, self.book, record_a, record_b, self.settings.identity)

    def query(self, text: str, language: str = "") -> QueryAnswer:
        """A query in the store's own language, reading only; no language named: the store's first."""
        return query(self.store, text, language)

    def status(self) -> Status:
        """What the graph holds, when each stage was last finished, and how the last runs ended."""
        return status(self.store, self.book)

    def close(self) -> None:
        """Close the graph and the book, if `open_reader` opened them."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_reader(settings: Config) -> Reader:
    """Open the graph and the book of a project for reading; NotFound if no run has made a graph yet."""
    with ExitStack() as opened:
        store = opened.enter_context(open_store(settings, read_only=True))
        book = book_for_reading(settings)
        opened.callback(book.close)
        return Reader(store, book, settings, opened.pop_all())

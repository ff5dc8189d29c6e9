"""What changed for whom after each run: customers created, changed, merged, split, gone or erased. By number, no values."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.graph.feed import Feed


@dataclass(frozen=True, slots=True)
class ChangeEvent(ReaderAnswer):
    """One event. `customer_id`: whom it is about; `other_id`: merged into whom, who was split off, whom it came back out of."""

    number: int
    at: str  # ISO, in UTC
    what: str  # created, changed, merged, split, back, gone, erased, or everything: read all customers again
    customer_id: str | None
    other_id: str | None


@dataclass(frozen=True, slots=True)
class ChangePage(ReaderAnswer):
    """Some events, oldest first. `next`: the number to ask after next time; `more`: whether there are further ones already."""

    events: tuple[ChangeEvent, ...]
    next: int
    more: bool


def changes(book: Book, after: int, limit: int) -> ChangePage:
    """The events after this number. Who is too far behind, or ahead of what there is, gets `everything` to begin from."""
    feed = Feed(book)
    found = feed.after(after, limit)
    events = tuple(ChangeEvent(one.number, one.at, one.what, one.customer_id, one.other_id) for one in found)
    last = events[-1].number if events else after
    return ChangePage(events, last, last < feed.newest())

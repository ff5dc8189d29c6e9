"""What a search finds, page by page, narrowed to a source, a kind or a city, with how many there are of each.

The order is that of `search`: whom a number or an id leads to, then who has all the words, the shortest name first. A page goes
on after the last customer of the one before, wherever that was. At most MOST customers of a search are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from fullcircle.ask.named import Lead, MappedObject, by_id, by_number, by_words, leads_of
from fullcircle.ask.page_cursor import PageCursor
from fullcircle.ask.search import SearchHit, hit
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.graph.base import GraphStore

MOST = 1000
CITIES = 20  # that are counted: those with most customers
BY_NUMBER, BY_WORDS = 0, 1


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which of the customers that are found: of one source, of one kind (person, organisation), of one city, as it is shown.

    `counts`: how many there are of each.
    """

    source: str = ""
    kind: str = ""
    city: str = ""
    counts: bool = False

    @property
    def narrows(self) -> bool:
        """True if it leaves anybody out."""
        return bool(self.source or self.kind or self.city)


@dataclass(frozen=True, slots=True)
class SearchPage(ReaderAnswer):
    """A page of what a search found."""

    hits: Answers[SearchHit]
    next: str  # where the next page begins (`after`); empty on the last page
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # source, kind, city -> value -> customers; only if asked for
    more: bool = False  # more than MOST customers were found: the others are not in the pages, nor counted

    def without_cities(self) -> SearchPage:
        """The page for who does not see them."""
        return replace(self, counts={name: found for name, found in self.counts.items() if name != "city"})

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"hits": self.hits.to_pylist(), "next": self.next, "counts": self.counts, "more": self.more}


def search_page(
    store: GraphStore, book: Book, words: str, wanted: SearchFilter, after: str = "", limit: int = 20,
    objects: Sequence[MappedObject] = (),
) -> SearchPage:  # fmt: skip
    """A page of the customers that `search` finds."""
    limit = max(1, min(limit, MOST))
    cursors = PageCursor(book, "this search", words, wanted.source, wanted.kind, wanted.city)
    place = cast(Key, tuple(cursors.place(after))) if after else None
    is_whole = bool(place or wanted.narrows or wanted.counts)
    most = MOST if is_whole else limit
    found, more = _found(store, words, most + 1, objects)
    counts = _counts(found) if wanted.counts else {}
    ahead = [(key, lead) for key, lead in found if _fits(lead, wanted) and (place is None or key > place)]
    page = ahead[:limit]
    cursor = cursors.at(*page[-1][0]) if len(ahead) > limit else ""
    return SearchPage(Answers(SearchHit, tuple(hit(lead) for _, lead in page)), cursor, counts, more and is_whole)


Key = tuple[int, int, str]  # by number or by words, its place there, and the customer's id


def _found(store: GraphStore, words: str, limit: int, objects: Sequence[MappedObject]) -> tuple[list[tuple[Key, Lead]], bool]:
    """Everybody that is found, in order, each once; and whether there are more."""
    leads = [*leads_of(store, by_id(store, words.strip())), *by_number(store, words, objects)]
    fits = by_words(store, words, limit, objects)
    found: dict[str, tuple[Key, Lead]] = {}
    for place, lead in enumerate(leads):
        found.setdefault(lead.customer.id, ((BY_NUMBER, place, lead.customer.id), lead))
    for one in fits:
        key = (BY_WORDS, len(str(one.properties.get("name") or one.id)), one.id)
        found.setdefault(one.id, (key, Lead(one, "")))
    return list(found.values())[: limit - 1] if limit > MOST else list(found.values()), len(fits) >= limit


def _sources(lead: Lead) -> list[str]:
    return str(lead.customer.properties.get("sources") or "").split(", ")


def _fits(lead: Lead, wanted: SearchFilter) -> bool:
    if wanted.source and wanted.source not in _sources(lead):
        return False
    named = {"kind": wanted.kind, "city": wanted.city}
    return all(not value or value == lead.customer.properties.get(name) for name, value in named.items())


def _counts(found: Sequence[tuple[Key, Lead]]) -> dict[str, dict[str, int]]:
    sources = Counter(source for _, lead in found for source in _sources(lead) if source)
    kinds, cities = _counted(found, "kind"), _counted(found, "city")
    return {"source": dict(sources.most_common()), "kind": dict(kinds.most_common()), "city": dict(cities.most_common(CITIES))}


def _counted(found: Sequence[tuple[Key, Lead]], name: str) -> Counter[str]:
    return Counter(str(value) for _, lead in found if (value := lead.customer.properties.get(name)))

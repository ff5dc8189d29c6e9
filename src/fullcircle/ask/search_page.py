"""What a search finds, page by page, narrowed to a source or a kind, with how many there are of each.

The order is that of `search`: whom a number or an id leads to, then who has all the words, the shortest name first. A page goes
on after the last customer of the one before, wherever that was. At most MOST customers of a search are looked at.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fullcircle.ask.named import Lead, MappedObject, by_id, by_number, by_words, leads_of
from fullcircle.ask.search import SearchHit, hit
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.errors import ConfigError
from fullcircle.graph.base import GraphStore

MOST = 1000
BY_NUMBER, BY_WORDS = 0, 1


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which of the customers that are found: of one source, of one kind (person, organisation). `counts`: how many of each."""

    source: str = ""
    kind: str = ""
    counts: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage(ReaderAnswer):
    """A page of what a search found."""

    hits: Answers[SearchHit]
    next: str  # where the next page begins (`after`); empty on the last page
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # source and kind -> value -> customers; only if asked for
    more: bool = False  # more than MOST customers were found: the others are not in the pages, nor counted

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"hits": self.hits.to_pylist(), "next": self.next, "counts": self.counts, "more": self.more}


def search_page(
    store: GraphStore, words: str, wanted: SearchFilter, after: str = "", limit: int = 20, objects: Sequence[MappedObject] = ()
) -> SearchPage:
    """A page of the customers that `search` finds."""
    limit = max(1, min(limit, MOST))
    place = _read_cursor(after, words, wanted)
    is_whole = bool(place or wanted.source or wanted.kind or wanted.counts)
    most = MOST if is_whole else limit
    found, more = _found(store, words, most + 1, objects)
    counts = _counts(found) if wanted.counts else {}
    ahead = [(key, lead) for key, lead in found if _fits(lead, wanted) and (place is None or key > place)]
    page = ahead[:limit]
    cursor = _cursor(page[-1][0], words, wanted) if len(ahead) > limit else ""
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
    return not wanted.kind or wanted.kind == lead.customer.properties.get("kind")


def _counts(found: Sequence[tuple[Key, Lead]]) -> dict[str, dict[str, int]]:
    sources = Counter(source for _, lead in found for source in _sources(lead) if source)
    kinds = Counter(str(kind) for _, lead in found if (kind := lead.customer.properties.get("kind")))
    return {"source": dict(sources.most_common()), "kind": dict(kinds.most_common())}


# -- cursors -----------------------------------------------------------------------------------------------------------


def _fingerprint(words: str, wanted: SearchFilter) -> str:
    """A cursor goes on in the search that it was made for, and in no other."""
    return hashlib.sha256(repr([words, wanted.source, wanted.kind]).encode("utf-8", "replace")).hexdigest()[:12]


def _cursor(key: Key, words: str, wanted: SearchFilter) -> str:
    content = json.dumps([_fingerprint(words, wanted), *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read_cursor(text: str, words: str, wanted: SearchFilter) -> Key | None:
    if not text:
        return None
    try:
        content = json.loads(base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True))
        fingerprint, by, place, id = content
        key = (int(by), int(place), str(id))
    except (binascii.Error, ValueError, TypeError, OverflowError):
        fingerprint, key = "", (0, 0, "")
    if fingerprint != _fingerprint(words, wanted):
        raise ConfigError(
            "This cursor is not one of this search.",
            "Take `next` of the page before, with the same words and the same filters, or leave it out to begin again.",
        )
    return key

"""What happened with a customer, in one stream, the newest first: orders, tickets, interactions, consents, and who it is.

It is read page by page: each page goes on after the last event of the one before, wherever that was, so that a customer with
100,000 orders takes no longer on the last page than on the first, and nothing is given twice if something new comes meanwhile.
Events of the same moment are in the order of STREAMS, then by id; those without a time come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from fullcircle.ask.history import MEANING
from fullcircle.ask.moment import begin_of, end_of
from fullcircle.ask.named import SEARCH, MappedObject, customer_id
from fullcircle.ask.page_cursor import PageCursor
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import NotFound, did_you_mean
from fullcircle.graph.base import GraphStore, ListPlace, Neighbour, Part, Wanted
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.ledger import Ledger
from fullcircle.model.entities import ADDED, BUILT_IN

IDENTITY = "identity"
# kind -> the edges that lead to its events, and the property with their time
STREAMS = {**{one.noun: (one.edge, one.when) for one in (*BUILT_IN, *ADDED)}, "consent": ("HAS_CONSENT", "at")}
KINDS = (*STREAMS, IDENTITY)
MOST = 1000  # events of a page


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """Which events: of these kinds (none named: all), of one source, from a day or time on, and as it was on a day or at a time.

    With `since` or `as_of` events without a time are left out: it is not known when they were. Who a customer is comes from no
    source.
    """

    kinds: tuple[str, ...] = ()
    source: str = ""
    since: date | datetime | None = None
    as_of: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class TimelineEvent(ReaderAnswer):
    """One thing that happened."""

    at: datetime | None  # in UTC
    kind: str  # order, ticket, interaction, consent, identity ...
    id: str  # of the order, ticket ...; of identity: the number of the event or decision
    source: str | None
    details: dict[str, Any] = field(default_factory=dict)  # id and properties, as the lists of `show` have them


@dataclass(frozen=True, slots=True)
class Timeline(ReaderAnswer):
    """A page of what happened with a customer."""

    customer_id: str
    events: Answers[TimelineEvent]
    next: str  # where the next page begins (`after`); empty on the last page

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"customer_id": self.customer_id, "events": self.events.to_pylist(), "next": self.next}


@dataclass(frozen=True, slots=True)
class _Event:
    """An event with its place in the order."""

    at: datetime | None
    kind: str
    key: str  # the id of the edge; of identity as the event's
    event: TimelineEvent

    @property
    def order(self) -> tuple[float, int, str]:
        return (-self.at.replace(tzinfo=UTC).timestamp() if self.at else float("inf"), KINDS.index(self.kind), self.key)


def timeline(
    store: GraphStore,
    book: Book,
    which: str,
    wanted: TimelineFilter = TimelineFilter(),
    after: str = "",
    limit: int = 50,
    objects: Sequence[MappedObject] = (),
) -> Timeline:
    """A page of the timeline of a customer, named as for `show`. `after`: the `next` of the page before."""
    kinds = _kinds(wanted.kinds)
    id = customer_id(store, book, which, objects)
    limit = max(1, min(limit, MOST))
    cursors = _cursors(book, id, wanted, kinds)
    page = _Page(id, kinds, wanted, limit + 1, _read_cursor(cursors, after))
    found = [*page.of_graph(store), *(page.of_identity(book) if IDENTITY in kinds else ())]
    if not found and store.vertex(id) is None:
        raise NotFound(f"The graph has no customer {which}.", SEARCH)
    found = sorted(found, key=lambda one: one.order)
    events = Answers(TimelineEvent, tuple(one.event for one in found[:limit]))
    return Timeline(id, events, _cursor(cursors, found[limit - 1]) if len(found) > limit else "")


@dataclass(frozen=True, slots=True)
class _Page:
    """What is read for one page: of every kind as many events as the page may have."""

    customer: str
    kinds: Sequence[str]
    wanted: TimelineFilter
    limit: int
    after: tuple[datetime | None, str, str] | None  # time, kind and key of the last event of the page before

    def of_graph(self, store: GraphStore) -> list[_Event]:
        """Events that are vertices beside the customer."""
        kinds = [kind for kind in self.kinds if kind in STREAMS]
        if self.after is None and self.wanted.as_of is None and not self.wanted.source:
            lists = [Wanted(STREAMS[kind][0], "out", STREAMS[kind][1], self.limit) for kind in kinds]
            around = store.around(self.customer, lists)
            near = {kind: around.near[STREAMS[kind][0]] for kind in kinds} if around else {}
        else:
            near = {kind: self._goes_on(store, kind) for kind in kinds}
        return [event for kind, rows in near.items() for one in rows if self._fits((event := _of_vertex(kind, one)).at)]

    def _goes_on(self, store: GraphStore, kind: str) -> list[Neighbour]:
        label, by = STREAMS[kind]
        part = Part(self._place(kind), self.wanted.source)
        return store.greatest_neighbours(self.customer, label, "out", by, self.limit, part)

    def _place(self, kind: str) -> ListPlace | None:
        """Where the events of a kind go on: before a kind of the same moment nothing is left of it, after it all is."""
        if self.after is None:
            return ListPlace(end_of(self.wanted.as_of)) if self.wanted.as_of else None
        at, last, key = self.after
        behind = KINDS.index(kind) - KINDS.index(last)
        return ListPlace(at, None if behind < 0 else key if not behind else "")

    def of_identity(self, book: Book) -> list[_Event]:
        """Who the customer is: what became of its ids, and what people decided. There are few of them."""
        if self.wanted.source:
            return []
        events = [one for one in _identity(book, self.customer) if self._fits(one.at) and self._is_ahead(one)]
        return sorted(events, key=lambda one: one.order)[: self.limit]

    def _is_ahead(self, one: _Event) -> bool:
        if self.after is None:
            return True
        at, kind, key = self.after
        return one.order > _Event(at, kind, key, one.event).order

    def _fits(self, at: datetime | None) -> bool:
        since, as_of = self.wanted.since, self.wanted.as_of
        if at is None:
            return since is None and as_of is None
        return (since is None or at >= begin_of(since)) and (as_of is None or at < end_of(as_of))


def _kinds(names: Sequence[str]) -> tuple[str, ...]:
    """The kinds that are meant, in the order of the stream; also in the plural."""
    found = []
    for name in names:
        one = name.strip().lower()
        one = one if one in KINDS else one.removesuffix("s")
        if one not in KINDS:
            raise NotFound(f'There is no kind of event "{name}".', did_you_mean(name, KINDS))
        found.append(one)
    return tuple(kind for kind in KINDS if kind in found or not found)


def _of_vertex(kind: str, near: Neighbour) -> _Event:
    details = {"id": near.vertex.id, **near.vertex.properties, **near.edge.properties}
    at, source = details.get(STREAMS[kind][1]), details.get("source")
    return _Event(at, kind, near.edge.id, TimelineEvent(at, kind, near.vertex.id, source, details))


def _identity(book: Book, customer: str) -> list[_Event]:
    ledger, decisions = Ledger(book), Decisions(book)
    found = {event.number: event for id in ledger.leading_to(customer) or [customer] for event in ledger.history(id)}
    events = [
        _event(
            one.at, f"event:{number:012d}", {"what": MEANING[one.event].format(other=one.other_id), "customer": one.customer_id}
        )
        for number, one in found.items()
    ]
    for one in decisions.about(ledger.records_of(customer)):
        about = {"decision": one.id, "records": list(one.records)}
        events.append(
            _event(one.at, f"decision:{one.id:012d}", {"what": one.verb, "by": one.by, "reason": one.reason or None, **about})
        )
        if one.undone_at:
            what = {"what": f"{one.verb} was withdrawn", "by": one.undone_by, "reason": one.undone_reason or None}
            events.append(_event(one.undone_at, f"decision:{one.id:012d}:undone", {**what, **about}))
    return events


def _event(at: str, id: str, details: dict[str, Any]) -> _Event:
    moment = datetime.fromisoformat(at)
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return _Event(moment, IDENTITY, id, TimelineEvent(moment, IDENTITY, id, None, details))


# -- where a page ends -----------------------------------------------------------------------------------------------------


def _cursors(book: Book, customer: str, wanted: TimelineFilter, kinds: Sequence[str]) -> PageCursor:
    """A cursor goes on in the stream that it was made for, and in no other."""
    return PageCursor(book, "this timeline", customer, list(kinds), wanted.source, wanted.since, wanted.as_of)


def _cursor(cursors: PageCursor, last: _Event) -> str:
    return cursors.at(last.at.isoformat() if last.at else None, last.kind, last.key)


def _read_cursor(cursors: PageCursor, text: str) -> tuple[datetime | None, str, str] | None:
    if not text:
        return None
    at, kind, key = cursors.place(text)
    return datetime.fromisoformat(at) if at else None, kind, key

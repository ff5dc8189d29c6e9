"""What is around one thing of the graph: its neighbours, grouped by the edge that leads to them, each group page by page.

A page goes on after the last neighbour of the one before, by its place and the id of its edge, never by a count: what is added
in between neither makes one come twice nor is one left out. The most telling come first: the newest, the best score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fullcircle.ask.named import MappedObject, find_customer
from fullcircle.ask.page_cursor import PageCursor
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.graph.base import Edge, GraphStore, ListPlace, Neighbour, Part, Vertex, Wanted, Way
from fullcircle.graph.shape import is_of_edge
from fullcircle.model.entities import ENTITIES
from fullcircle.model.field_classes import PLAIN, classes_of
from fullcircle.model.graph import EDGES, VERTICES

MOST = 300  # neighbours of a page
INWARD = ":in"  # a group of neighbours from which the edges come
INNER = ("search", "taste", "provenance")  # what the graph keeps to be asked by
ORDERED = ("int", "double", "timestamp", "date")


@dataclass(frozen=True, slots=True)
class AroundNeighbour(ReaderAnswer):
    """A neighbour, and the edge between."""

    vertex: dict[str, Any]  # id and properties
    edge: dict[str, Any]  # id and properties


@dataclass(frozen=True, slots=True)
class AroundGroup(ReaderAnswer):
    """The neighbours over edges of one label, in one direction."""

    group: str  # PLACED; PLACED:in where the edges come from the neighbours
    total: int
    neighbours: Answers[AroundNeighbour]
    next: str  # where the next page begins (`after`); empty on the last page

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"group": self.group, "total": self.total, "neighbours": self.neighbours.to_pylist(), "next": self.next}


@dataclass(frozen=True, slots=True)
class Surroundings(ReaderAnswer):
    """Something in the graph, with what is around it."""

    vertex: dict[str, Any]  # id and properties
    label: str  # Customer, Order ...
    groups: Answers[AroundGroup]

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"vertex": self.vertex, "label": self.label, "groups": self.groups.to_pylist()}


def around(
    store: GraphStore, book: Book, which: str, group: str = "", after: str = "", limit: int = 10,
    objects: Sequence[MappedObject] = (),
) -> Surroundings:  # fmt: skip
    """All groups, or the one that is named, at most `limit` neighbours of each; `after`: the `next` of that group's last page."""
    vertex = store.vertex(which.strip()) or find_customer(store, book, which, objects)
    limit = max(1, min(limit, MOST))
    wanted = [Wanted(name, way, _order(name, way), limit) for name, way in _groups(vertex, group)]
    pages = _Pages(store, book, vertex)
    return Surroundings(
        _row(vertex), vertex.label, _answers([pages.later(group, wanted, after)] if after else pages.first(wanted))
    )


def _groups(vertex: Vertex, only: str) -> list[tuple[str, Way]]:
    """The groups that a vertex of this label can have, those that lead away from it first."""
    found: list[tuple[str, Way]] = []
    for place, way in ((0, "out"), (1, "in")):
        found += [(name, way) for name, edge in EDGES.items() if any(pair[place] == vertex.label for pair in edge.joins)]  # type: ignore[misc]
    if not only:
        return found
    known = {_name(*one): one for one in found}
    if only not in known:
        raise NotFound(f'{vertex.label} has no neighbours over "{only}".', did_you_mean(only, list(known)))
    return [known[only]]


def _name(label: str, way: Way) -> str:
    return label if way == "out" else f"{label}{INWARD}"


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of what is around one thing."""

    store: GraphStore
    book: Book
    vertex: Vertex

    def first(self, wanted: Sequence[Wanted]) -> Iterable[AroundGroup]:
        """One page of each group; the store reads all of one direction at once."""
        for way in ("out", "in"):
            of_way = [one for one in wanted if one.way == way]
            found = self.store.around(self.vertex.id, of_way) if of_way else None
            for one in of_way:
                if found is None:
                    return
                near, total = found.near.get(one.label, []), found.totals.get(one.label, 0)
                if total:
                    yield self._group(one, near, total, total > len(near))

    def later(self, group: str, wanted: Sequence[Wanted], after: str) -> AroundGroup:
        """A next page of one group."""
        if not group:
            raise ConfigError("A next page is of one group.", "Name the group that it goes on in, such as PLACED.")
        one, id = wanted[0], self.vertex.id
        part = Part(after=_place(self._cursors(group), after))
        near = self.store.greatest_neighbours(id, one.label, one.way, one.by, one.limit + 1, part)
        total = self.store.count_neighbours(id, one.label, one.way)
        return self._group(one, near[: one.limit], total, len(near) > one.limit)

    def _group(self, one: Wanted, near: Sequence[Neighbour], total: int, more: bool) -> AroundGroup:
        rows = tuple(AroundNeighbour(_row(each.vertex), _row(each.edge)) for each in near)
        name = _name(one.label, one.way)
        following = _cursor(self._cursors(name), near[-1], one) if more and near else ""
        return AroundGroup(name, total, Answers(AroundNeighbour, rows), following)

    def _cursors(self, group: str) -> PageCursor:
        return PageCursor(self.book, "these neighbours", self.vertex.id, group)


def _row(of: Vertex | Edge) -> dict[str, Any]:
    return {"id": of.id, **{name: value for name, value in of.properties.items() if name not in INNER}}


def _answers(groups: Iterable[AroundGroup]) -> Answers[AroundGroup]:
    return Answers(AroundGroup, tuple(groups))


def _order(label: str, way: Way) -> str:
    """The property by which a group is in order: when it happened, else a plain number or date of the edge or the neighbour."""
    entity = next((one for one in ENTITIES.values() if one.edge == label), None)
    if entity and way == "out":
        return entity.when
    edge = EDGES[label]
    ends = dict.fromkeys(target if way == "out" else source for source, target in edge.joins)
    owners = ((label, edge.properties), *((end, VERTICES[end].properties) for end in ends))
    named = [(owner, name, kind) for owner, properties in owners for name, kind in properties.items()]
    plain = [(name, kind) for owner, name, kind in named if classes_of(owner).get(name) == PLAIN]
    ordered = [name for name, kind in plain if kind in ORDERED]
    return next(iter([*ordered, *(name for name, _ in plain), *(name for _, name, _ in named)]))


# -- where a page ends -----------------------------------------------------------------------------------------------------


def _cursor(cursors: PageCursor, last: Neighbour, one: Wanted) -> str:
    of_edge = is_of_edge(one.label, one.way, one.by)
    value = (last.edge if of_edge else last.vertex).properties.get(one.by)
    kind = "at" if isinstance(value, datetime) else "on" if isinstance(value, date) else "as it is"
    return cursors.at(kind, value.isoformat() if isinstance(value, date) else value, last.edge.id)


def _place(cursors: PageCursor, after: str) -> ListPlace:
    kind, value, edge_id = cursors.place(after)
    if kind == "at":
        value = datetime.fromisoformat(value)
        value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    elif kind == "on":
        value = date.fromisoformat(value)
    return ListPlace(value, edge_id)

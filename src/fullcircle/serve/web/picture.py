"""The picture of the graph explorer: which things and edges a view has, asked of the reading room, and where each is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from fullcircle.ask.around import INWARD, AroundGroup, Surroundings
from fullcircle.ask.reader import Reader
from fullcircle.errors import NotFound
from fullcircle.graph.shape import label_of
from fullcircle.model.entities import ENTITIES
from fullcircle.serve.web.explore_view import PAGE, ExplorerView, Opened
from fullcircle.serve.web.layout import placed
from fullcircle.serve.web.page import shown

CAP = 300  # things of a picture
FEW = 6  # a group of at most so many is open where the explorer begins
SCALE, EDGE_OF_PICTURE = 110.0, 90.0
TITLES = ("name", "full_name", "organisation", "value", "subject", "number", "purpose", "segment", "text")
WHEN = tuple(dict.fromkeys(one.when for one in ENTITIES.values()))
DAY, LONG = 10, 30
WORDS = {
    "RESOLVES_TO": "customer", "RESOLVES_TO:in": "records", "HAS_IDENTIFIER": "identifiers",
    "HAS_IDENTIFIER:in": "customers known by it", "MEMBER_OF": "household and accounts", "MEMBER_OF:in": "members",
    "PURCHASED": "products bought", "PURCHASED:in": "customers who bought it", "CONTAINS": "products in it",
    "CONTAINS:in": "orders with it", "RELATED_TO": "related customers", "RELATED_TO:in": "customers it is related to",
    "MAY_LIKE": "offers", "MAY_LIKE:in": "customers who may like it", "MAY_BUY": "next basket",
    "MAY_BUY:in": "customers who may buy it", "HAS_HABITS": "habits", "HAS_HABITS:in": "customer",
    "HAS_WORTH": "what is expected", "HAS_WORTH:in": "customer", "IN_SEGMENT": "segments",
    "IN_SEGMENT:in": "customers in it", "IN_GROUP": "natural group", "IN_GROUP:in": "customers in it",
    "CONNECTED_TO": "connected customers", "CONNECTED_TO:in": "customers it is connected with",
    "HAS_CONSENT": "consents", "HAS_CONSENT:in": "customer", "BOUGHT_WITH": "bought with it",
    "BOUGHT_WITH:in": "with which it is bought", "IN_CATEGORY": "category", "IN_CATEGORY:in": "products",
    **{f"{one.edge}{INWARD}": "customer" for one in ENTITIES.values()},
}  # fmt: skip


@dataclass(slots=True)
class Drawn:
    """A thing of the picture. `more`: it is not a thing, but so many further neighbours of `owner`."""

    id: str
    label: str
    title: str
    expandable: bool = True
    more: int = 0
    owner: str = ""
    group: str = ""
    on_path: bool = False
    x: float = 0.0
    y: float = 0.0


@dataclass(slots=True)
class Line:
    """An edge of the picture."""

    source: str
    target: str
    label: str
    on_path: bool = False
    x1: float = 0.0
    y1: float = 0.0
    x2: float = 0.0
    y2: float = 0.0


@dataclass(slots=True)
class Picture:
    """All of it."""

    view: ExplorerView
    things: dict[str, Drawn] = field(default_factory=dict)
    lines: dict[tuple[str, str, str], Line] = field(default_factory=dict)
    here: Surroundings | None = None  # what is looked at, with its neighbours
    notes: list[str] = field(default_factory=list)
    box: tuple[float, float, float, float] = (0, 0, 1, 1)

    @property
    def is_full(self) -> bool:
        """True when nothing more can be added."""
        return len(self.things) >= CAP


def picture(reader: Reader, view: ExplorerView, may_name: Callable[[str], bool]) -> Picture:
    """Ask for everything that a view shows, and place it. NotFound if the thing it begins with is not there."""
    start = reader.around(view.at, limit=PAGE)
    view = replace(view, at=str(start.vertex["id"]))
    if view.opened is None:
        view = replace(view, opened=tuple(Opened(view.at, one.group) for one in start.groups if one.total <= FEW))
    found = Picture(view)
    _add(found, start.vertex, start.label, may_name)
    for opened in view.opened or ():
        _open(found, reader, opened, may_name)
    for one in start.groups:
        if not any((each.id, each.group) == (view.at, one.group) for each in view.opened or ()):
            _add_more(found, view.at, one, 0)
    _add_ways(found, reader)
    found.here = start
    if view.on and view.on != view.at:
        with suppress(NotFound):
            found.here = reader.around(view.on, limit=PAGE)
    _place(found)
    return found


def _open(found: Picture, reader: Reader, opened: Opened, may_name: Callable[[str], bool]) -> None:
    if opened.id not in found.things:
        return  # what it hung on was closed
    try:
        groups = reader.around(opened.id, opened.group, limit=PAGE * opened.pages).groups
    except NotFound:
        found.notes.append(f"{shown(opened.id)} has nothing to open any more.")
        return
    for group in groups:
        added = 0
        for one in group.neighbours:
            id = str(one.vertex["id"])
            if id not in found.things and found.is_full:
                found.notes.append(f"A picture has at most {CAP} things: close some, or begin from another one.")
                break
            _add(found, one.vertex, label_of(id) or "", may_name)
            ends = (id, opened.id) if group.group.endswith(INWARD) else (opened.id, id)
            _join(found, *ends, group.group.removesuffix(INWARD))
            added += 1
        _add_more(found, opened.id, group, added)


def _add(found: Picture, vertex: Mapping[str, Any], label: str, may_name: Callable[[str], bool]) -> None:
    id = str(vertex["id"])
    found.things.setdefault(id, Drawn(id, label, title_of(vertex), may_name(id)))


def _add_more(found: Picture, owner: str, group: AroundGroup, shown_already: int) -> None:
    if (left := group.total - shown_already) > 0 and not found.is_full:
        id = f"more {group.group} {owner}"
        words = f"{left:,} more" if shown_already else f"{left:,}"
        found.things[id] = Drawn(id, "", f"{words} {words_of(group.group)}", True, left, owner, group.group)
        _join(found, owner, id, "")


def _join(found: Picture, source: str, target: str, label: str, on_path: bool = False) -> None:
    line = found.lines.setdefault((source, target, label), Line(source, target, label))
    line.on_path = line.on_path or on_path


def _add_ways(found: Picture, reader: Reader) -> None:
    """A shortest way to what is pinned, and to the other end of the path that is asked for."""
    view = found.view
    for end in (*view.pins, *((view.to,) if view.to else ())):
        try:
            steps = reader.path(view.at, end)
        except NotFound:
            found.notes.append(f"There is no path from here to {shown(end)} within 6 hops.")
            continue
        things = [one for one in steps if not one.edge]
        for one in things:
            found.things.setdefault(one.id, Drawn(one.id, one.kind, shown(one.name or one.id)))
            found.things[one.id].on_path = found.things[one.id].on_path or end == view.to
        for before, edge, after in zip(things, [one for one in steps if one.edge], things[1:], strict=False):
            known = next((key for key in found.lines if {before.id, after.id} == {*key[:2]} and key[2] == edge.kind), None)
            _join(found, *(known or (before.id, after.id, edge.kind)), on_path=end == view.to)


def _place(found: Picture) -> None:
    ids = list(found.things)
    number = {id: place for place, id in enumerate(ids)}
    places = placed(ids, [(number[one.source], number[one.target]) for one in found.lines.values()]) * SCALE
    for id, (x, y) in zip(ids, places.tolist(), strict=True):
        found.things[id].x, found.things[id].y = round(x, 1), round(y, 1)
    for line in found.lines.values():
        a, b = found.things[line.source], found.things[line.target]
        line.x1, line.y1, line.x2, line.y2 = a.x, a.y, b.x, b.y
    low, high = places.min(axis=0) - EDGE_OF_PICTURE, places.max(axis=0) + EDGE_OF_PICTURE
    found.box = (round(low[0], 1), round(low[1], 1), round(high[0] - low[0], 1), round(high[1] - low[1], 1))


def title_of(vertex: Mapping[str, Any]) -> str:
    """What a thing is called: its name, else its key; a record says its source, an order its day."""
    named = next((vertex[name] for name in TITLES if vertex.get(name)), None)
    text = shown(named) if named is not None else str(vertex["id"]).partition(":")[2].rpartition(":")[2] or shown(vertex["id"])
    before = vertex.get("source") if str(vertex["id"]).startswith("record:") else next(filter(None, map(vertex.get, WHEN)), None)
    if before is not None:
        text = f"{shown(before)[:DAY] if before in map(vertex.get, WHEN) else shown(before)}: {text}"
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def words_of(group: str) -> str:
    """A group in words: `PLACED` is "orders", `RESOLVES_TO:in` is "records"."""
    if group in WORDS:
        return WORDS[group]
    entity = next((one for one in ENTITIES.values() if one.edge == group), None)
    if entity:
        return entity.title.lower()
    words = group.removesuffix(INWARD).lower().replace("_", " ")
    return f"{words} (from there)" if group.endswith(INWARD) else words

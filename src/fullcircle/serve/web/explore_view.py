"""What the graph explorer shows, as its address says it: it can be kept, sent and gone back from, and needs no JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

PAGE = 10  # neighbours that one step adds
MOST_OPEN, MOST_PINS, MOST_PAGES = 30, 6, 30
NOTHING = "-"  # in place of the groups that are open: none is


@dataclass(frozen=True, slots=True)
class Opened:
    """A group of neighbours that is open: `PLACED` of customer:..., so many pages of it."""

    id: str
    group: str
    pages: int = 1

    def __str__(self) -> str:
        return f"{self.pages} {self.group} {self.id}"


@dataclass(frozen=True, slots=True)
class ExplorerView:
    """Where one is, what is open, which thing is looked at, what is pinned, and to where a path is shown."""

    at: str
    opened: tuple[Opened, ...] | None = None  # None: as the explorer begins
    on: str = ""
    pins: tuple[str, ...] = ()
    to: str = ""

    def address(self, start: str = "/explore") -> str:
        """The address of this view."""
        query = [("at", self.at)]
        if self.opened is not None:
            query += [("open", str(one)) for one in self.opened] or [("open", NOTHING)]
        query += [("pin", pin) for pin in self.pins]
        query += [(name, value) for name, value in (("to", self.to), ("on", self.on)) if value]
        return f"{start}?{urlencode(query)}"

    def looking_at(self, id: str) -> ExplorerView:
        """With another thing looked at."""
        return replace(self, on=id)

    def further(self, id: str, group: str) -> ExplorerView:
        """With one page more of a group."""
        known = {(one.id, one.group): one for one in self.opened or ()}
        before = known.get((id, group))
        known[id, group] = Opened(id, group, min(before.pages + 1 if before else 1, MOST_PAGES))
        return replace(self, opened=tuple(known.values())[-MOST_OPEN:])

    def shows(self, id: str, group: str) -> int:
        """At most how many neighbours of a group are open."""
        return next((one.pages * PAGE for one in self.opened or () if (one.id, one.group) == (id, group)), 0)

    def closed(self, id: str) -> ExplorerView:
        """With nothing open at this thing."""
        return replace(self, opened=tuple(one for one in self.opened or () if one.id != id))

    def pinned(self, id: str) -> ExplorerView:
        """With this thing pinned, or not pinned any more."""
        left = tuple(one for one in self.pins if one != id)
        return replace(self, pins=left if id in self.pins else (*self.pins, id)[-MOST_PINS:])

    def started(self, id: str) -> ExplorerView:
        """Begun anew from this thing; what is pinned stays."""
        return ExplorerView(id, pins=tuple(one for one in self.pins if one != id))


def view_of(at: str, opened: list[str], on: str, pins: list[str], to: str) -> ExplorerView:
    """A view from what its address has; what cannot be read is left out."""
    found: dict[tuple[str, str], Opened] = {}
    for text in opened[:MOST_OPEN]:
        pages, _, rest = text.partition(" ")
        group, _, id = rest.partition(" ")
        if pages.isascii() and pages.isdigit() and group and id:
            found[id, group] = Opened(id, group, max(1, min(int(pages[:4]), MOST_PAGES)))
    return ExplorerView(
        at.strip(),
        tuple(found.values()) if opened else None,
        on,
        tuple(dict.fromkeys(filter(None, pins)))[:MOST_PINS],
        to.strip(),
    )

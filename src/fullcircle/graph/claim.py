"""A writer claims a graph: it puts a mark of its own there, durable before its first write.

So nobody goes on believing what the mark before said of the graph: the next sync looks into the graph itself, also where the
writer was killed halfway. Nobody waits for a claim, because its writer may be dead. Of two at once the later claim stands;
the earlier writer stops with Busy, and the later one leaves a graph that its next sync looks into again. In a store that
keeps no marks all of this does nothing.
"""

from __future__ import annotations

import time
import uuid

from fullcircle.errors import Busy
from fullcircle.graph.base import GraphStore, KeepsStamp

CLAIM = "writing "  # what a claim begins with; other marks name a sync that ended well
SECONDS = 1.0  # a writer looks this often whether its claim still stands


def mark_of(store: GraphStore) -> str:
    """The store's mark; empty where it keeps none."""
    return store.stamp() if isinstance(store, KeepsStamp) else ""


def new() -> str:
    """A claim that nobody has made yet."""
    return CLAIM + uuid.uuid4().hex


class Claim:
    """A claim that stands from now on. `mine` is a claim known to be dead, `seen` the mark when the graph was compared."""

    def __init__(self, store: GraphStore, text: str = "", mine: str = "", seen: str | None = None) -> None:
        """Claim the store; Busy, and nothing written, if its mark is not `seen` any more."""
        self._store, self._text, self._looked = store, text or new(), 0.0
        before = mark_of(store)
        if seen is not None and before != seen:
            raise Busy("Somebody else wrote into the graph while it was compared.", "Run the same command again.")
        self._alone = not before.startswith(CLAIM) or before == mine
        self._put(self._text)

    def check(self) -> None:
        """To be asked before each portion: Busy if somebody else has claimed the graph since."""
        if not isinstance(self._store, KeepsStamp) or time.monotonic() - self._looked < SECONDS:
            return
        found = mark_of(self._store)
        if found != self._text:
            if not found.startswith(CLAIM):
                self._put("")  # whoever has ended meanwhile must not believe in an end to which we have added
            raise Busy(
                "Another sync, import or copy has begun to write the same graph.",
                "Wait until it has ended, then run the same command again: it looks into the graph and mends it.",
            )
        self._looked = time.monotonic()

    def end(self, stamp: str = "") -> bool:
        """All is written: leave a mark; False, and none left, if somebody else was writing or may have been."""
        found = mark_of(self._store)
        stands = not isinstance(self._store, KeepsStamp) or found == self._text
        if stands or not found.startswith(CLAIM):
            self._put(stamp if stands and self._alone else "")
        return stands and self._alone

    def _put(self, text: str) -> None:
        if isinstance(self._store, KeepsStamp):
            self._store.put_stamp(text)

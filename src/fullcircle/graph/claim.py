"""A writer claims a graph: it replaces the stamp by a claim of its own, durable before its first write.

So the stamp of the last sync no longer vouches for the content: the next sync reads the graph itself, even if the writer was
killed halfway. Nobody waits for a claim, because its writer may be dead. If two writers claim at once, the later claim counts:
the earlier writer stops with Busy, and the later one leaves a graph that its next sync reads again. It knows that it was not
alone because it saw the earlier claim, or, if both looked before either had claimed, because the earlier writer put a doubt
behind its claim. In a store that keeps no stamp, a claim does nothing.
"""

from __future__ import annotations

import time
import uuid

from fullcircle.errors import Busy
from fullcircle.graph.base import GraphStore, KeepsStamp

CLAIM = "writing "  # a claim begins with this; any other stamp names a sync that ended well
DOUBT = " doubted"  # behind a claim: another writer wrote beside it
SECONDS = 1.0  # how often a writer checks that its claim still counts


def stamp_of(store: GraphStore) -> str:
    """The store's stamp; empty if it keeps none."""
    return store.stamp() if isinstance(store, KeepsStamp) else ""


def new() -> str:
    """The text of a new claim."""
    return CLAIM + uuid.uuid4().hex


class Claim:
    """A claim that counts from now on. `mine` is an earlier claim known to be dead, `seen` the stamp at the comparison."""

    def __init__(self, store: GraphStore, text: str = "", mine: str = "", seen: str | None = None) -> None:
        """Claim the store; Busy, and nothing is written, if its stamp is no longer `seen`."""
        self._store, self._text, self._looked = store, text or new(), 0.0
        before = stamp_of(store)
        if seen is not None and before != seen:
            raise Busy("Another process wrote into the graph while it was compared.", "Run the same command again.")
        self._alone = not before.startswith(CLAIM) or before == mine
        self._put(self._text)

    def check(self) -> None:
        """Call this before each portion: Busy if another writer has claimed the graph since."""
        if not isinstance(self._store, KeepsStamp) or time.monotonic() - self._looked < SECONDS:
            return
        found = stamp_of(self._store)
        if found.removesuffix(DOUBT) != self._text:
            self._doubt(found)
            raise Busy(
                "Another sync, import or copy has begun to write the same graph.",
                "Wait until it has ended, then run the same command again: it reads the graph and repairs it.",
            )
        self._looked = time.monotonic()

    def end(self, stamp: str = "") -> bool:
        """All is written: leave a stamp. False, and no stamp, if another writer was active or may have been."""
        found = stamp_of(self._store)
        if not isinstance(self._store, KeepsStamp):
            return self._alone
        if found.removesuffix(DOUBT) != self._text:
            self._doubt(found)
            return False
        alone = self._alone and found == self._text
        self._put(stamp if alone else "")
        return alone

    def _doubt(self, found: str) -> None:
        """We have written beside the writer of this stamp: if it has ended, or when it ends, it must not trust the graph."""
        self._put("" if not found.startswith(CLAIM) else found.removesuffix(DOUBT) + DOUBT)

    def _put(self, text: str) -> None:
        if isinstance(self._store, KeepsStamp):
            self._store.put_stamp(text)

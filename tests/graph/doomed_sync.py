"""A whole sync into Neptune (or, with a url in the options, into a Gremlin server), for a process of its own (tests/forked.py):
sync(FOLDER, OPTIONS[, EVENT, NTH]).

It prints every step. With an event of botocore it kills itself when that happens for the nth time: before a request is
sent, or after it is answered and before anybody here has heard the answer. With the beginning of a step ("Graph: writing")
it kills itself when that many rows have been told in such steps.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph import sync as sync_module
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.stores.neptune.store import Neptune
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent

STEP = "Graph: "
PORTION = 384  # rows in one write, so that a kind of some hundred rows has several


class Aloud(Silent):
    """Prints every step, and ends the process at the nth row of the steps that begin so."""

    def __init__(self, event: str, nth: int) -> None:
        self._event, self._left, self._counts = event, nth, False

    def step(self, what: str, total: int | None = None) -> None:
        print(what, flush=True)
        self._counts = self._event.startswith(STEP) and what.startswith(self._event)

    def advance(self, rows: int) -> None:
        self._left -= rows if self._counts else 0
        if self._counts and self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def say(self, text: str) -> None:
        print(text, flush=True)


def doom(store: Neptune, event: str, nth: int) -> None:
    """To be done before the store makes its clients: they take over the hooks of their session."""
    happened = itertools.count(1)

    def die(**_: object) -> None:
        if next(happened) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    store.data.access._session.events.register(event, die)


def sync(place: str, options: str, event: str = "", nth: str = "1") -> None:
    folder = Path(place)
    engine, book = DuckDB(folder / "tables", threads=2), Book(folder / "book.sqlite")
    setting = StoreContext(folder, json.loads(options))
    store = Gremlin(setting) if "url" in setting.options else Neptune(setting)
    if event and isinstance(store, Neptune):
        doom(store, event, int(nth))
    store.prepare()
    sync_module.ROWS = PORTION
    sync_module.sync(engine, store, book, [*VERTICES, *EDGES], Aloud(event, int(nth)))
    for thing in (store, book, engine):
        thing.close()

"""Reading latency per store: the whole 360 view and the related customers, for customers drawn at random.

The same made-up company's graph is copied into each store, and the same customers are asked for, one after the other.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fullcircle import config, pipeline
from fullcircle.ask.customer import view
from fullcircle.ask.related import related
from fullcircle.book.book import Book
from fullcircle.demo.company import make, people_for
from fullcircle.desk import open_desk
from fullcircle.graph.base import GraphStore, StoreSetting
from fullcircle.graph.copy import copy
from fullcircle.graph.open import open_store
from fullcircle.graph.stores.gremlin import PLUGIN as GREMLIN
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.progress import Silent
from tests.servers.gremlin import running_gremlin_server

MEANING = "latency of the 360 view and of `related`, per store"
SIZES = ("5k", "100k")
RECORDS = {"5k": 5_000, "100k": 100_000}
ASKED = {"memory": 300, "ladybug": 300, "gremlin": 100}


def run(size: str) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="fullcircle-bench-"))
    try:
        settings = config.read(make(folder, people=people_for(RECORDS[size])))
        with open_desk(settings) as desk:
            for stage in ("pull", "conform", "check", "resolve", "graph", "insights"):
                pipeline.run(desk, pipeline.Choice(only=(stage,)))
            people = [row[0] for row in desk.engine.rows("SELECT DISTINCT customer_id FROM customer_orders ORDER BY 1")]
        random.Random(7).shuffle(people)
        book = Book(settings.home / "book.sqlite", read_only=True)
        found: dict[str, Any] = {}
        for name, opener in (("ladybug", _embedded), ("memory", _memory), ("gremlin", _gremlin)):
            if name == "gremlin" and size != "5k":
                continue  # one graph in one Java heap: the small size tells enough
            with opener(settings) as store:
                found[name] = _measured(store, book, people[: ASKED[name]])
                found[name]["vertices_and_edges"] = sum(store.count().values())
            print(name, found[name], flush=True)
        return {"stores": found}
    finally:
        shutil.rmtree(folder)


def _measured(store: GraphStore, book: Book, people: list[str]) -> dict[str, Any]:
    return {
        "asked": len(people),
        "view_ms": _percentiles(people, lambda who: view(store, book, who)),
        "related_ms": _percentiles(people, lambda who: related(store, book, who)),
    }


def _percentiles(people: list[str], ask: Callable[[str], object]) -> dict[str, float]:
    for who in people[:10]:
        ask(who)
    taken = []
    for who in people:
        started = time.perf_counter()
        ask(who)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {f"p{share}": round(taken[min(len(taken) - 1, len(taken) * share // 100)], 2) for share in (50, 95, 99)}


@contextmanager
def _embedded(settings: config.Config) -> Iterator[GraphStore]:
    with open_store(settings, read_only=True) as store:
        yield store


@contextmanager
def _memory(settings: config.Config) -> Iterator[GraphStore]:
    target = Memory(StoreSetting(Path("unused")))
    with open_store(settings, read_only=True) as source:
        copy(source, target, Silent())
    yield target


@contextmanager
def _gremlin(settings: config.Config) -> Iterator[GraphStore]:
    with running_gremlin_server() as server:
        target = GREMLIN(StoreSetting(Path("unused"), {"url": server.url}))
        try:
            with open_store(settings, read_only=True) as source:
                copy(source, target, Silent())
            yield target
        finally:
            target.close()

"""Reading latency per store: the whole 360 view, the related customers and a search by name, for customers drawn at random.

The same made-up company's graph is copied into each store, and the same customers are asked for, one after the other.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fullcircle import pipeline
from fullcircle.ask.reader import Reader
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.demo.company import make, people_for
from fullcircle.desk import open_desk
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.copy import copy
from fullcircle.graph.open import open_store
from fullcircle.graph.stores.gremlin.store import PLUGIN as GREMLIN
from fullcircle.graph.stores.ladybug.store import PLUGIN as LADYBUG
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.rdf.store import PLUGIN as RDF
from fullcircle.model.progress import Silent
from fullcircle.stage import Choice
from tests.servers.gremlin import running_gremlin_server
from tests.servers.oxigraph import running_oxigraph_server

MEANING = "latency of the 360 view and of `related`, per store"
SIZES = ("5k", "100k")
RECORDS = {"5k": 5_000, "100k": 100_000}
ASKED = {"sqlite": 300, "ladybug": 300, "memory": 300, "gremlin": 200, "rdf": 200, "rdf-server": 200}
LARGE = ("sqlite", "ladybug", "memory", "gremlin")  # a million elements are copied into these within minutes


def run(size: str) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="fullcircle-bench-"))
    try:
        settings = read_config(make(folder, people=people_for(RECORDS[size])))
        with open_desk(settings) as desk:
            for stage in pipeline.STAGES[:-1]:  # all but publish
                pipeline.run(desk, Choice(only=(stage.name,)))
            people = [row[0] for row in desk.engine.rows("SELECT DISTINCT customer_id FROM customer_orders ORDER BY 1")]
        random.Random(7).shuffle(people)
        book = Book(settings.home / "book.sqlite", read_only=True)
        found: dict[str, Any] = {}
        for name in LARGE if size == "100k" else ASKED:
            with OPENERS[name](settings) as store:
                found[name] = _measured(Reader(store, book, settings), people[: ASKED[name]])
                found[name]["vertices_and_edges"] = sum(store.count().values())
            print(name, found[name], file=sys.stderr, flush=True)
        return {"stores": found}
    finally:
        shutil.rmtree(folder)


def _measured(reader: Reader, people: list[str]) -> dict[str, Any]:
    return {
        "asked": len(people),
        "view_ms": percentiles(people, reader.show),
        "related_ms": percentiles(people, reader.related),
        "search_ms": percentiles([str(reader.show(who).customer["name"]) for who in people[:60]], reader.search),
    }


def percentiles(people: list[str], ask: Callable[[str], object]) -> dict[str, float]:
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
def _embedded(settings: Config) -> Iterator[GraphStore]:
    with open_store(settings, read_only=True) as store:
        yield store


def _filled(settings: Config, target: GraphStore) -> Iterator[GraphStore]:
    try:
        with open_store(settings, read_only=True) as source:
            copy(source, target, Silent())
        yield target
    finally:
        target.close()


@contextmanager
def _ladybug(settings: Config) -> Iterator[GraphStore]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _filled(settings, LADYBUG(StoreContext(Path(folder) / "graph")))


@contextmanager
def _memory(settings: Config) -> Iterator[GraphStore]:
    yield from _filled(settings, Memory(StoreContext(Path("unused"))))


@contextmanager
def _gremlin(settings: Config) -> Iterator[GraphStore]:
    with running_gremlin_server(heap="-Xmx6g") as server:
        yield from _filled(settings, GREMLIN(StoreContext(Path("unused"), {"url": server.url})))


@contextmanager
def _rdf(settings: Config) -> Iterator[GraphStore]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _filled(settings, RDF(StoreContext(Path(folder) / "graph")))


@contextmanager
def _rdf_server(settings: Config) -> Iterator[GraphStore]:
    with tempfile.TemporaryDirectory() as folder, running_oxigraph_server(Path(folder)) as server:
        yield from _filled(settings, RDF(StoreContext(Path("unused"), server.options)))


OPENERS = {
    "sqlite": _embedded,
    "ladybug": _ladybug,
    "memory": _memory,
    "gremlin": _gremlin,
    "rdf": _rdf,
    "rdf-server": _rdf_server,
}

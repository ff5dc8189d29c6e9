"""The embedded graph stores beside each other: loading, a change of 1 %, the 360 view, related customers, search, a path, size.

The same made-up company goes through the whole pipeline once for each store; the stages that do not touch the store are run, but
not reported.
"""

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.graph import percentiles
from bench.measure import measured
from fullcircle import pipeline
from fullcircle.ask.reader import Reader
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.demo.company import change, make, people_for
from fullcircle.desk import open_desk
from fullcircle.graph.base import GraphStore
from fullcircle.graph.open import graph_path, open_store
from fullcircle.graph.sync import sync
from fullcircle.graph.tables.build import build
from fullcircle.insights.compute import compute
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from fullcircle.stage import Choice

MEANING = "the embedded stores: load, 1 % changed, views, search, path, size of the file"
SIZES = ("10k", "100k", "1M")
RECORDS = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
STORES = ("sqlite", "ladybug")
TABLES = ("pull", "conform", "check", "resolve")
ASKED = 300


def run(size: str) -> dict[str, Any]:
    found = {}
    for store in STORES:
        folder = Path(tempfile.mkdtemp(prefix="fullcircle-bench-"))
        try:
            found[store] = _run(folder, store, RECORDS[size])
        finally:
            shutil.rmtree(folder)
        print(store, found[store], file=sys.stderr, flush=True)
    return {"stores": found}


def _run(folder: Path, store: str, records: int) -> dict[str, Any]:
    file = make(folder, people=people_for(records), lines_per_record=3.2)
    text = file.read_text()
    file.write_text(
        text.replace("[graph]", f'[graph]\nstore = "{store}"') if "[graph]" in text else f'{text}\n[graph]\nstore = "{store}"\n'
    )
    settings = read_config(file)
    assert settings.graph.store == store
    found: dict[str, Any] = {"load": _filled(settings)}
    found["elements"] = found["load"].pop("elements")
    found["file_mb"] = sum(each.stat().st_size for each in settings.home.glob(f"{graph_path(settings).name}*")) >> 20
    found |= _asked(settings)
    change(folder, 0.01, seed=1)
    found["one_percent"] = _filled(settings)
    found["one_percent"].pop("elements")
    return found


def _filled(settings: Config) -> dict[str, Any]:
    """Bring the graph up to the sources; only what the store does is measured."""
    with open_desk(settings) as desk:
        pipeline.run(desk, Choice(only=TABLES))
        build(desk.engine, Silent(), settings.money)
        compute(desk.engine, settings.insights, Silent())
        with measured() as one, open_store(settings) as store:
            store.prepare()
            synced = sync(desk.engine, store, desk.book, [*VERTICES, *EDGES], Silent())
        rows = sum(synced.written.values()) + sum(synced.deleted.values())
        with open_store(settings, read_only=True) as store:
            return {**one, "rows": rows, "elements": sum(store.count().values())}


def _asked(settings: Config) -> dict[str, Any]:
    book = Book(settings.home / "book.sqlite", read_only=True)
    with measured() as opening, open_store(settings, read_only=True) as store:
        store.count()
    with open_desk(settings) as desk:
        people = [row[0] for row in desk.engine.rows("SELECT DISTINCT customer_id FROM customer_orders ORDER BY 1")]
    random.Random(7).shuffle(people)
    with open_store(settings, read_only=True) as store:
        reader = Reader(store, book, settings)
        names = [str(reader.show(who).customer["name"]) for who in people[:60]]
        return {
            "open_and_count_s": opening["seconds"],
            "view_ms": percentiles(people[:ASKED], reader.show),
            "related_ms": percentiles(people[:ASKED], reader.related),
            "search_ms": percentiles(names, reader.search),
            "path_ms": _paths(store, people),
        }


def _paths(store: GraphStore, people: list[str]) -> dict[str, float]:
    pairs = list(zip(people[:60], people[60:120], strict=False))
    taken = []
    for a, b in pairs:
        started = time.perf_counter()
        store.path(a, b)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {f"p{share}": round(taken[min(len(taken) - 1, len(taken) * share // 100)], 2) for share in (50, 95)}

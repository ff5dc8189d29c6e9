"""Loading a graph into a real Gremlin Server: ours, one element a request, and the batched upsert of many samples.

Ours is a whole `sync` of tables into an empty graph. The other ways are measured on a slice, written into the graph when it
holds all vertices and half of the edges, for that is the size a whole load meets on average. Every way has run before on
other elements, so that none pays for the server's compiler.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from gremlin_python.driver.driver_remote_connection import DriverRemoteConnection
from gremlin_python.driver.protocol import GremlinServerError
from gremlin_python.process.anonymous_traversal import traversal
from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import Cardinality, T
from gremlin_python.statics import long

from bench.measure import measured
from fullcircle.book.book import Book
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph import shape
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.sync import sync
from fullcircle.model.progress import Silent
from tests.servers.gremlin import GremlinServer, running_gremlin_server

MEANING = "loading vertices and edges into a Gremlin server"
PLAIN, STRICT = "TinkerGraph", "TinkerTransactionGraph"  # what the server comes with; the one that keeps a request whole or not
SIZES = {
    "10k": (10_000, 50_000, PLAIN), "100k": (100_000, 500_000, PLAIN),
    "10k-strict": (10_000, 50_000, STRICT), "100k-strict": (100_000, 500_000, STRICT),
}  # fmt: skip
SLICE = 2_000  # vertices, and edges, that the other ways are measured on
WARM = 1_000  # ... after so many of each
BATCH = 50  # elements a request, as the samples have it
WORKERS = 4
PRODUCTS = 1_000
LABELS = ("Customer", "Product", "PURCHASED")
Rows = list[dict[str, Any]]


def run(size: str) -> dict[str, Any]:
    vertices, edges, sort = SIZES[size]
    graph = Made(vertices - PRODUCTS, edges)
    with running_gremlin_server(heap="-Xmx6g", graph=sort) as server:
        whole(server, Made(3_000, 20_000))  # the server's compiler warms up
        found: dict[str, Any] = whole(server, graph)
        fill(server, graph)
        for place, (name, batch, workers) in enumerate(OTHERS):
            by_hand(server, graph.slice(place, 0, WARM), batch, workers)
            found[name] = by_hand(server, graph.slice(place, WARM, SLICE), batch, workers)
    load, one_percent = found["ours"], found["ours_changing_1_percent"]
    for name, *_ in OTHERS:
        found[f"times_{name}"] = round(load["elements_per_second"] / found[name]["elements_per_second"], 1)
    found["change_part_of_seconds"] = round(one_percent["seconds"] / load["seconds"], 4)
    found["change_part_of_requests"] = round(one_percent["requests"] / load["requests"], 4)
    return {"graph": sort, "vertices": vertices, "edges": edges, "workers": WORKERS, "batch_of_the_others": BATCH, **found}


# name, elements a request, clients side by side
OTHERS = (("one_by_one", 1, 1), ("batched_upsert", BATCH, 1), ("batched_upsert_parallel", BATCH, WORKERS))


class Made:
    """Made-up customers, products and purchases; some more customers and purchases wait for the other ways."""

    def __init__(self, customers: int, edges: int) -> None:
        random = np.random.default_rng(1)
        spare = len(OTHERS) * (WARM + SLICE)
        numbers = np.arange(customers + spare)
        self.people = pa.table({
            "id": [f"customer:{n:08}" for n in numbers], "hash": numbers, "name": [f"Person {n}" for n in numbers],
            "city": [f"City {n % 97}" for n in numbers], "records": numbers % 5,
        })  # fmt: skip
        goods = np.arange(PRODUCTS)
        self.goods = pa.table({
            "id": [f"product:{n:05}" for n in goods], "hash": goods, "name": [f"Product {n}" for n in goods], "price": goods / 7,
        })  # fmt: skip
        pairs = random.permutation(np.unique(random.integers(0, customers * PRODUCTS, 2 * (edges + spare))))[: edges + spare]
        buyers, bought = pairs // PRODUCTS, pairs % PRODUCTS
        self.bought = pa.table({
            "id": [f"purchased:{c}>{p}" for c, p in zip(buyers, bought, strict=True)],
            "source": [f"customer:{c:08}" for c in buyers], "target": [f"product:{p:05}" for p in bought],
            "hash": pairs, "times": np.ones(len(pairs), np.int64),
        })  # fmt: skip
        self.customers, self.edges = customers, edges

    def tables(self, edges: int) -> dict[str, pa.Table]:
        """What is loaded: all vertices and so many edges, with all columns of their kinds."""
        made = (self.people.slice(0, self.customers), self.goods, self.bought.slice(0, edges))
        return {label: completed(label, table) for label, table in zip(LABELS, made, strict=True)}

    def slice(self, place: int, start: int, size: int) -> tuple[Rows, Rows]:
        """Customers and purchases that are in nobody else's slice."""
        start += place * (WARM + SLICE)
        return (
            self.people.slice(self.customers + start, size).to_pylist(), self.bought.slice(self.edges + start, size).to_pylist()
        )  # fmt: skip


def completed(label: str, table: pa.Table) -> pa.Table:
    schema = shape.schema(label)
    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


# -- ours ---------------------------------------------------------------------------------------------------------------


def whole(server: GremlinServer, graph: Made) -> dict[str, dict[str, float]]:
    """Sync everything into an empty graph; then change every hundredth row, and sync again, three times."""
    server.clear()
    tables = graph.tables(graph.edges)
    elements = sum(table.num_rows for table in tables.values())
    with tempfile.TemporaryDirectory() as folder, opened(server) as (store, sent):
        engine, book = DuckDB(), Book(Path(folder) / "book.sqlite")
        for label, table in tables.items():
            with engine.register("made", table):
                engine.run(f"CREATE TABLE {shape.label_named(label).table} AS FROM made")
        load = synced(engine, store, book, sent, elements)
        count = store.count()
        assert [count[label] for label in LABELS] == [table.num_rows for table in tables.values()]
        changes = [changed(engine, store, book, sent, elements // 100, turn) for turn in range(3)]
        engine.close()
        book.close()
    # The median of three, for each takes a second only, and a shared machine has its moments.
    return {"ours": load, "ours_changing_1_percent": sorted(changes, key=lambda one: one["seconds"])[1]}


def changed(engine: DuckDB, store: Gremlin, book: Book, sent: list[int], elements: int, turn: int) -> dict[str, float]:
    """Change every hundredth row, in each turn another, and sync."""
    for label, change in (("Customer", "city = 'Elsewhere'"), ("PURCHASED", "times = 2")):
        engine.run(f"UPDATE {shape.label_named(label).table} SET hash = hash + 1, {change} WHERE rowid % 100 = {turn}")
    return synced(engine, store, book, sent, elements)


def synced(engine: DuckDB, store: Gremlin, book: Book, sent: list[int], elements: int) -> dict[str, float]:
    before = len(sent)
    with measured() as took:
        sync(engine, store, book, LABELS, Silent())
    return {**rated(took, elements), "requests": len(sent) - before}


@contextmanager
def opened(server: GremlinServer) -> Iterator[tuple[Gremlin, list[int]]]:
    """A store, and a list that grows by one a request."""
    store, sent = Gremlin(StoreContext(Path(), {"url": server.url, "workers": WORKERS})), []
    ask = store._pool.ask

    def counted(message: Any) -> list[Any]:
        sent.append(1)
        return ask(message)

    store._pool.ask = counted  # type: ignore[method-assign]
    try:
        yield store, sent
    finally:
        store.close()


def fill(server: GremlinServer, graph: Made) -> None:
    """All vertices and half of the edges."""
    server.clear()
    with opened(server) as (store, _):
        for label, table in graph.tables(graph.edges // 2).items():
            write = store.write_edges if label == "PURCHASED" else store.write_vertices
            write(label, table, insert_only=True)


# -- the others ---------------------------------------------------------------------------------------------------------


def by_hand(server: GremlinServer, rows: tuple[Rows, Rows], batch: int, workers: int) -> dict[str, float]:
    lines = [DriverRemoteConnection(server.url, "g", pool_size=1) for _ in range(workers)]
    sources = [traversal().with_remote(line) for line in lines]
    with measured() as took:
        for some, add in zip(rows, ("Customer", ""), strict=True):
            jobs = list(portions(some, batch))

            def work(worker: int, jobs: Sequence[Rows] = jobs, add: str = add) -> None:
                for job in jobs[worker::workers]:
                    stubborn(one if batch == 1 else upsert, sources[worker], job, add)

            with ThreadPoolExecutor(workers) as threads:
                list(threads.map(work, range(workers)))
    for line in lines:
        line.close()
    return rated(took, sum(map(len, rows)))


def stubborn(send: Callable[..., None], g: Any, rows: list[dict[str, Any]], label: str) -> None:
    """The samples try again at once when two requests met at a vertex."""
    while True:
        try:
            return send(g, rows, label)
        except GremlinServerError as error:
            if "another transaction" not in str(error):
                raise


def portions(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def properties(row: dict[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in row.items() if name not in ("id", "source", "target") and value is not None}
    return {name: long(value) if isinstance(value, int) else value for name, value in left.items()}


def one(g: Any, rows: list[dict[str, Any]], label: str) -> None:
    """addV / addE, one element a request."""
    row = rows[0]
    step = g.add_v(label) if label else g.V(row["source"]).add_e("PURCHASED").to(__.V(row["target"]))
    step = step.property(T.id, row["id"])
    for name, value in properties(row).items():
        step = step.property(Cardinality.single, name, value) if label else step.property(name, value)
    step.iterate()


def upsert(g: Any, rows: list[dict[str, Any]], label: str) -> None:
    """fold().coalesce(unfold(), add...), chained: the pattern from before there was mergeV."""
    chain = g
    for row in rows:
        if label:
            chain = chain.V(row["id"]).fold().coalesce(__.unfold(), __.add_v(label).property(T.id, row["id"]))
        else:
            made = __.add_e("PURCHASED").from_(__.V(row["source"])).to(__.V(row["target"])).property(T.id, row["id"])
            # There is no E() in the middle of a traversal in 3.6, so the samples look for the edge from its source.
            there = __.out_e("PURCHASED").has_id(row["id"])
            chain = chain.V(row["source"]).coalesce(there, made)
        for name, value in properties(row).items():
            chain = chain.property(Cardinality.single, name, value) if label else chain.property(name, value)
    chain.id_().iterate()


def rated(took: dict[str, float], elements: int) -> dict[str, float]:
    return {**took, "elements": elements, "elements_per_second": round(elements / max(took["seconds"], 0.01), 1)}

"""Loading a graph into a real Gremlin Server: ours, one element a request, and the batched upsert of many samples."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from fullcircle.graph import shape
from fullcircle.graph.base import StoreSetting
from fullcircle.graph.stores.gremlin import Gremlin
from tests.servers.gremlin import GremlinServer, running_gremlin_server

MEANING = "loading vertices and edges into a Gremlin server"
SIZES = {"10k": (10_000, 50_000), "100k": (100_000, 500_000)}
SLICE = 2_000  # elements of each sort the slow ways are measured on
BATCH = 50  # elements a request, as the samples have it
WORKERS = 4
PRODUCTS = 1_000


def run(size: str) -> dict[str, Any]:
    vertices, edges = SIZES[size]
    customers, products, bought = made_up(vertices - PRODUCTS, PRODUCTS, edges)
    with running_gremlin_server() as server:
        ways: dict[str, Callable[[GremlinServer], dict[str, float]]] = {
            "ours": lambda at: ours(at, customers, products, bought),
            "one_by_one": lambda at: by_hand(at, customers, bought, 1, 1),
            "batched_upsert": lambda at: by_hand(at, customers, bought, BATCH, 1),
            "batched_upsert_parallel": lambda at: by_hand(at, customers, bought, BATCH, WORKERS),
        }
        ours(server, customers.slice(0, 3000), products, bought.slice(0, 0))  # the server's compiler warms up
        found: dict[str, Any] = {}
        for name, way in ways.items():
            server.clear()
            found[name] = way(server)
        found["ours_changing_1_percent"] = change(server, customers, products, bought)
    rate = {name: found[name]["elements_per_second"] for name in ways}
    found["times_one_by_one"] = round(rate["ours"] / rate["one_by_one"], 1)
    found["times_batched_upsert"] = round(rate["ours"] / rate["batched_upsert"], 1)
    found["times_batched_upsert_parallel"] = round(rate["ours"] / rate["batched_upsert_parallel"], 1)
    found["change_part_of_load"] = round(found["ours_changing_1_percent"]["seconds"] / found["ours"]["seconds"], 4)
    return {"vertices": vertices, "edges": edges, "workers": WORKERS, **found}


def made_up(customers: int, products: int, edges: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    random = np.random.default_rng(1)
    people = [
        {"id": f"customer:{n:08}", "hash": n, "name": f"Person {n}", "city": f"City {n % 97}", "records": n % 5}
        for n in range(customers)
    ]  # fmt: skip
    goods = [{"id": f"product:{n:05}", "hash": n, "name": f"Product {n}", "price": n / 7} for n in range(products)]
    pairs = np.unique(random.integers(0, customers * products, edges * 2))
    pairs = random.permutation(pairs)[:edges]
    bought = [
        {"id": f"purchased:{c}>{p}", "source": f"customer:{c:08}", "target": f"product:{p:05}", "hash": c + p, "times": 1}
        for c, p in zip((pairs // products).tolist(), (pairs % products).tolist(), strict=True)
    ]  # fmt: skip
    tables = zip(("Customer", "Product", "PURCHASED"), (people, goods, bought), strict=True)
    made = [pa.Table.from_pylist(rows, shape.schema(kind)) for kind, rows in tables]
    return made[0], made[1], made[2]


def ours(server: GremlinServer, customers: pa.Table, products: pa.Table, bought: pa.Table) -> dict[str, float]:
    store = Gremlin(StoreSetting(Path(), {"url": server.url, "workers": WORKERS}))
    with measured() as took:
        store.write_vertices("Customer", customers, fresh=True)
        store.write_vertices("Product", products, fresh=True)
        store.write_edges("PURCHASED", bought, fresh=True)
    count = store.count()
    assert (count["Customer"], count["PURCHASED"]) == (customers.num_rows, bought.num_rows)
    store.close()
    return rated(took, customers.num_rows + products.num_rows + bought.num_rows)


def change(server: GremlinServer, customers: pa.Table, products: pa.Table, bought: pa.Table) -> dict[str, float]:
    """After a whole load: every hundredth element is replaced."""
    server.clear()
    ours(server, customers, products, bought)
    store = Gremlin(StoreSetting(Path(), {"url": server.url, "workers": WORKERS}))
    some = [table.take(pa.array(range(0, table.num_rows, 100))) for table in (customers, bought)]
    with measured() as took:
        store.write_vertices("Customer", some[0])
        store.write_edges("PURCHASED", some[1])
    store.close()
    return rated(took, some[0].num_rows + some[1].num_rows)


def by_hand(server: GremlinServer, customers: pa.Table, bought: pa.Table, batch: int, workers: int) -> dict[str, float]:
    """Edges join only customers and products that are there: of the slice, with their products."""
    people = customers.slice(0, SLICE).to_pylist()
    goods = [{"id": id, "hash": 1, "name": "Product"} for id in bought["target"].slice(0, SLICE).unique().to_pylist()]
    edges = [{**row, "source": people[n % SLICE]["id"]} for n, row in enumerate(bought.slice(0, SLICE).to_pylist())]
    lines = [DriverRemoteConnection(server.url, "g", pool_size=1) for _ in range(workers)]
    sources = [traversal().with_remote(line) for line in lines]
    with measured() as took:
        for rows, add in ((people, "Customer"), (goods, "Product"), (edges, "")):
            jobs = list(portions(rows, batch))

            def work(worker: int, jobs: Any = jobs, add: str = add) -> None:
                for job in jobs[worker::workers]:
                    stubborn(one if batch == 1 else upsert, sources[worker], job, add)

            with ThreadPoolExecutor(workers) as threads:
                list(threads.map(work, range(workers)))
    for line in lines:
        line.close()
    return rated(took, len(people) + len(goods) + len(edges))


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

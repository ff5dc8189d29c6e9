"""The insights computed by the Gremlin server are those computed from the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from fullcircle.engine.base import Engine, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph import shape
from fullcircle.graph.base import GraphStore, RunsInsights, StoreContext
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.tables import live
from fullcircle.insights.answers.bought_together import BoughtTogether
from fullcircle.insights.answers.habits import Habits
from fullcircle.insights.answers.related import Related
from fullcircle.insights.base import InsightContext
from fullcircle.model.graph import EDGES
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.insights import taste
from tests.insights.conftest import AS_OF, Shop
from tests.servers.gremlin import GremlinServer

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]

# Ties on purpose: bob and bea bought the same, as did x and y; C and D stand in the same orders.
TOWN = [
    ("ann", "2026-01-01", "A B C D", 10, "shop"), ("ann", "2026-01-31", "A B", 20, "shop"),
    ("ann", "2026-02-20", "A C D", 30.25, "web"), ("ann", "2026-03-22", "C D", 40.5, "web"),
    ("bob", "2026-03-01", "A B", 5, "web"), ("bea", "2026-03-02", "A B", 5, ""),
    ("cyd", "2025-06-01", "A C D", 7, "web"), ("cyd", "2025-06-11", "C D", 7, "web"), ("cyd", "2025-06-21", "E", 7, "web"),
    ("x", "2026-01-01 09:00:00", "E F", 1, ""), ("x", "2026-01-01 17:00:00", "E F", 1, ""), ("y", "2026-02-01", "E F", 1, ""),
    ("eve", "2026-01-10", "G", 100, "shop"), ("eve", "2026-02-08", "G", 100, "shop"), ("eve", "2026-03-31", "G", 100, "web"),
    *[(f"o{n:02}", "2026-02-02", ("C D H", "H", "I", "J")[n % 4], 1, "web") for n in range(60)],
    *[("dealer", f"2026-03-{n:02}", ("C D", "H", "I H")[n % 3], 1, "web") for n in range(1, 13)],
]  # fmt: skip
KINDS = {"A": "Green", "B": "Black", "C": "Black", "D": "White", "E": "Green"}

GRAPH = {
    "Customer": "SELECT DISTINCT customer_id AS id, taste FROM customer_orders LEFT JOIN customer_tastes USING (customer_id)",
    "Product": (
        "SELECT product_id AS id, name, category, buyers, sales, baskets FROM products "
        "LEFT JOIN product_buyers USING (product_id) LEFT JOIN product_sales USING (product_id)"
    ),
    "Totals": live.TOTAL,
    "Order": (
        "SELECT order_id AS id, ordered_at, CAST(amount AS DOUBLE) AS amount, channel, currency, NULL AS status, NULL AS unpaid "
        "FROM customer_orders UNION ALL "
        "SELECT order_id, ordered_at, amount, 'desk', currency, 'Refunded', NULL FROM customer_returns"
    ),
    "PLACED": (
        "SELECT customer_id AS source, order_id AS target FROM customer_orders "
        "UNION ALL SELECT customer_id, order_id FROM customer_returns"
    ),
    "CONTAINS": "SELECT order_id AS source, product_id AS target FROM (SELECT DISTINCT order_id, product_id FROM order_lines)",
    "PURCHASED": "SELECT customer_id AS source, product_id AS target, times, amount, first, last FROM purchases",
}


def load(engine: Engine, store: GraphStore) -> None:
    """Write the tables the insights read as a graph, the way the graph room names it."""
    live.prepare(engine, "order_lines")
    for label, sql in GRAPH.items():
        wanted = shape.schema(label)
        id_ = f"'{label.lower()}:' || source || '>' || target AS id, " if label in EDGES else ""
        found = engine.arrow(f"SELECT {id_} *, 1 AS hash FROM ({sql})")
        lacking = ", ".join(f"NULL AS {quoted(name)}" for name in wanted.names if name not in found.column_names)
        with engine.register("found", found):
            rows = engine.arrow(f"SELECT *{', ' + lacking if lacking else ''} FROM found").select(wanted.names).cast(wanted)
        (store.write_edges if label in EDGES else store.write_vertices)(label, rows, insert_only=True)
    _add_orders_that_do_not_count(engine, store)


def _add_orders_that_do_not_count(engine: Engine, store: GraphStore) -> None:
    """One that was cancelled, and one by nobody known."""
    (who,) = engine.rows("SELECT min(customer_id) FROM customer_orders")[0]
    products = [id_ for (id_,) in engine.rows("SELECT product_id FROM products ORDER BY ALL LIMIT 3")]
    at = datetime(2026, 1, 2)
    orders = ({"id": "order:lost", "ordered_at": at, "status": " Cancelled"}, {"id": "order:nobody", "ordered_at": at})
    store.write_vertices("Order", town.rows("Order", *orders))
    store.write_edges("PLACED", town.rows("PLACED", town.edge("PLACED", who, "order:lost")))
    held = [town.edge("CONTAINS", order["id"], product) for order in orders for product in products]
    store.write_edges("CONTAINS", town.rows("CONTAINS", *held))


def _with_returns_and_currencies(engine: Engine) -> None:
    """Ann gave something back, and Eve paid once in yen."""
    engine.run("UPDATE customer_orders SET currency = CASE WHEN amount = 100 AND day(ordered_at) = 10 THEN 'JPY' ELSE 'EUR' END")
    engine.run("INSERT INTO customer_returns VALUES ('customer:ann', 'order:back', TIMESTAMP '2026-03-25', -4.5, 'EUR')")


@pytest.fixture(scope="module", params=["town", "shop"])
def world(request: pytest.FixtureRequest, gremlin_server: GremlinServer) -> Iterator[tuple[Engine, Gremlin]]:
    gremlin_server.clear()
    if request.param == "town":
        engine = Shop(TOWN, categories=KINDS).engine
        _with_returns_and_currencies(engine)
    else:
        engine = DuckDB(threads=2)
        taste.plant(engine, customers=40, products=60, orders=200)
    store = Gremlin(StoreContext(Path(), {"url": gremlin_server.url, "workers": 2}))
    load(engine, store)
    yield engine, store
    store.close()
    engine.close()


def compute(engine: Engine, insight: object, **options: object) -> None:
    as_of = engine.value("SELECT max(ordered_at) FROM customer_orders") if options.pop("newest", True) else AS_OF
    insight.compute(InsightContext(engine, as_of, Silent(), options))  # type: ignore[attr-defined]


@pytest.mark.parametrize("options", [{}, {"k": 3, "max_buyers": 6, "damping": 0.5}, {"damping": 0}])
def test_related_customers(world: tuple[Engine, Gremlin], options: dict[str, float]) -> None:
    engine, store = world
    compute(engine, Related(), **options)
    for (who,) in engine.rows("SELECT DISTINCT customer_id FROM customer_orders ORDER BY ALL"):
        wanted = engine.rows(
            "SELECT related_id, rank, score, shared, why FROM insight_related WHERE customer_id = $who ORDER BY rank",
            {"who": who},
        )
        found = store.related_customers(who, **options).to_pylist()  # type: ignore[arg-type]
        assert [(*row.values(),) for row in ({**row, "score": round(row["score"], 2)} for row in found)] == wanted, who


@pytest.mark.parametrize("options", [{"min_together": 1}, {}, {"min_together": 2, "k": 2}])
def test_bought_together(world: tuple[Engine, Gremlin], options: dict[str, int]) -> None:
    engine, store = world
    compute(engine, BoughtTogether(), **options)
    for (product,) in engine.rows("SELECT product_id FROM products ORDER BY ALL"):
        wanted = engine.rows(
            "SELECT with_product_id, rank, together, support, confidence, lift, lift_low, why FROM insight_bought_together "
            "WHERE product_id = $product ORDER BY rank",
            {"product": product},
        )
        found = store.bought_together_with(product, **options).drop_columns("name").to_pylist()
        assert [tuple(row.values()) for row in found] == wanted, product
    assert engine.count("insight_bought_together") > 0 or engine.count("products") > 20  # the larger shop is too thin for any


def test_habits(world: tuple[Engine, Gremlin]) -> None:
    engine, store = world
    compute(engine, Habits())
    columns = "orders, amount, cadence_days, first_order, last_order, next_order, categories, channel, currency, amounts"
    newest = engine.value("SELECT max(ordered_at) FROM customer_orders")
    for who, *facts in engine.rows(f"SELECT customer_id, {columns} FROM insight_habits ORDER BY ALL"):
        wanted = dict(zip(columns.split(", "), facts, strict=True))
        amount = wanted["amount"]
        wanted |= {"amount": None if amount is None else float(amount), "categories": json.loads(wanted["categories"] or "[]")}
        found = store.habits_of(who)
        assert found is not None
        days = (newest.date() - wanted["last_order"].date()).days
        assert found == {**wanted, "recency_days": days}, who


def test_purchase_counts(world: tuple[Engine, Gremlin]) -> None:
    engine, store = world
    wanted = engine.rows(
        "SELECT product_id, count(*) AS buyers, sum(times)::BIGINT AS times FROM purchases GROUP BY ALL ORDER BY times DESC, 1"
    )
    assert [tuple(row.values()) for row in store.purchase_counts(1000).to_pylist()] == wanted
    assert [tuple(row.values()) for row in store.purchase_counts(3).to_pylist()] == wanted[:3]


def test_shortest_path_between_customers(world: tuple[Engine, Gremlin]) -> None:
    """As long as networkx says, for every pair of a few customers."""
    import networkx

    engine, store = world
    graph = networkx.Graph()
    for label in EDGES:
        for page in store.scan(label, ["source", "target"]):
            graph.add_edges_from(zip(page["source"].to_pylist(), page["target"].to_pylist(), strict=True))
    some = [who for (who,) in engine.rows("SELECT DISTINCT customer_id FROM customer_orders ORDER BY ALL")[:6]]
    for a in some:
        lengths = networkx.single_source_shortest_path_length(graph, a)
        for b in some:
            assert (len(store.path(a, b, max_hops=8)) - 1) // 2 == lengths.get(b, -1), (a, b)


def test_nobody_and_nothing(world: tuple[Engine, Gremlin]) -> None:
    _, store = world
    assert isinstance(store, RunsInsights)
    assert store.related_customers("customer:nobody").num_rows == 0
    assert store.bought_together_with("product:nothing").num_rows == 0
    assert store.habits_of("customer:nobody") == {}

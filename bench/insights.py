"""What to offer: all methods tried on real and made-up shops, with intervals; and what offers for everybody cost."""

import io
import os
import re
import sqlite3
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from bench.exports.online_retail import lines
from bench.measure import measured
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.insights.answers.bought_together import BoughtTogether
from fullcircle.insights.answers.groups import NaturalGroups
from fullcircle.insights.answers.next_basket import NextBasket
from fullcircle.insights.answers.next_product import NextProduct
from fullcircle.insights.answers.related import Related
from fullcircle.insights.answers.repurchase import Repurchase
from fullcircle.insights.answers.worth import Worth
from fullcircle.insights.base import InsightContext
from fullcircle.insights.offers.known import KEPT, Knowledge
from fullcircle.insights.offers.methods import BASKET, NEW
from fullcircle.insights.offers.past import LONG_AGO
from fullcircle.insights.offers.trial import ENOUGH, K, came_back, held_out, measure
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED, CUSTOMER_RETURNS
from tests.insights.taste import plant

MEANING = "recall, NDCG and intervals of each method on real baskets, and the cost of offers for all"
SIZES = ("real", "100k", "250k", "1M")
DATA = Path(__file__).parents[1].parent / "shared" / "data"
PLANTED = {"100k": (100_000, 5_000, 400_000), "250k": (250_000, 10_000, 850_000), "1M": (1_000_000, 20_000, 3_400_000)}
# Made-up shops: how many customers, products and orders, and how plain and how many tastes are. The methods and their weights
# were made with the first; the others were looked at when all was done.
TASTES = {
    "made-up": {"customers": 20_000, "products": 1_000, "orders": 60_000},
    "made-up, faint taste": {"customers": 8_000, "products": 600, "orders": 30_000, "taste": 0.25, "groups": 40, "seed": 4711},
    "made-up, few tastes": {"customers": 3_000, "products": 2_500, "orders": 15_000, "taste": 0.9, "groups": 6, "seed": 4712},
    "made-up, no taste": {"customers": 5_000, "products": 300, "orders": 20_000, "taste": 0.0, "seed": 4713},
}
HALVES = ("online_retail, one half of the customers", "online_retail, the other half")
# CPU seconds that are the goal at a million customers and ten million purchases.
GOALS = {"related": 15, "bought_together": 8, "offers": 60, "worth": 15}
OFFERS = ("next_product", "next_basket", "repurchase")
# What the tables of a shop are filled from: invoices with lines, as text.
COLUMNS = ("customer", "invoice", "at", "product", "name", "category", "quantity")


class Saying(Silent):
    """Prints what the insights say."""

    def say(self, message: str) -> None:
        print(f"    {message}", flush=True)


def run(size: str) -> dict[str, Any]:
    """The table of candidates of each set; with a size, that of a made-up shop alone, and what its offers cost."""
    found, ok = {}, True
    for name, shop in shops(size):
        print(f"{name}", flush=True)
        with shop as engine:
            made, well = tried(engine)
            if size in PLANTED:
                made["speed"] = speed(engine, made)
        found[name] = made
        ok = ok and well
    crossed = {}
    for one, other in (HALVES, HALVES[::-1]):
        if one in found:
            crossed[f"chosen on {one}, measured on {other}"] = across(found[one], found[other])
    print(crossed, flush=True)
    return {"sets": found, "halves": crossed, "peers": os.environ.get("BENCH_PEERS") is not None, "ok": ok}


def shops(size: str) -> Iterator[tuple[str, Any]]:
    """The sets that are there, by name."""
    if size in PLANTED:
        customers, products, orders = PLANTED[size]
        yield f"made-up {size}", planted(customers=customers, products=products, orders=orders)
        return
    for name, rows in (("online_retail", online_retail), ("northwind", northwind), ("cdnow", cdnow)):
        there = rows()
        if there is None:
            print(f"{name}: not here, left out")
            continue
        yield name, filled(there)
        if name == "online_retail":
            for half, rest in zip(HALVES, (0, 1), strict=True):
                yield half, filled([row for row in there if zlib.crc32(row[0].encode()) % 2 == rest])
    for name, taste in TASTES.items():
        yield name, planted(**taste)


def across(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The method of each question that was chosen on one half, as it did on the customers of the other."""
    found = {}
    for question in ("next_product", "next_basket"):
        name = next(row["method"] for row in one[question]["methods"] if row["chosen"])
        found[question] = next((row for row in other[question]["methods"] if row["method"] == name), {"method": name})
    return found


def tried(engine: Engine) -> tuple[dict[str, Any], bool]:
    """What each insight made of a shop, and whether what it used is not below the simplest beyond chance."""
    made: dict[str, Any] = {}
    ok = True
    now = engine.value("SELECT max(ordered_at) FROM customer_orders")
    kept: dict[str, Any] = {}
    for plugin in (NextProduct(), NextBasket(), Repurchase()):
        with measured() as cost:
            plugin.compute(InsightContext(engine, now, Saying(), {}, kept))
        rows = engine.arrow(f"SELECT * FROM insight_trials WHERE insight = '{plugin.name}' ORDER BY ndcg DESC").to_pylist()
        made[plugin.name] = {"cost": cost, "methods": [shown(row) for row in rows]}
        print(f"  {plugin.name}: {cost}", flush=True)
        for row in rows:
            print("   ", shown(row), flush=True)
            below = row["gain_high"] is not None and row["gain_high"] < 0
            ok = ok and not (row["chosen"] and below)
    if python := os.environ.get("BENCH_PEERS"):
        made["peers"] = beside(kept[KEPT], python)
    return made, ok


def beside(known: Knowledge, python: str) -> dict[str, Any]:
    """The peers of peers/implicit_items.py on the same split and the same customers as the trial."""
    moment = known.moment
    if moment is None or came_back(known.engine, moment, known.step) < ENOUGH:
        return {}
    past = known.past(LONG_AGO, tried=True)
    held = {question: held_out(known.engine, moment, question, past, known.step) for question in (NEW, BASKET)}
    asked = {question: np.unique(customer) for question, (customer, _) in held.items()}
    with TemporaryDirectory() as folder:
        given, found = Path(folder, "given.npz"), Path(folder, "found.npz")
        np.savez(
            given, customer=past.customer, product=past.product, times=past.times, shape=(past.customers, len(past.buyers)), k=K,
            **{f"asked_{question}": people for question, people in asked.items()},
        )  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run(
            [python, str(Path(__file__).parent / "peers" / "implicit_items.py"), given, found], check=True, env=environment
        )
        answers = dict(np.load(found))
    figures: dict[str, Any] = {}
    for name, answer in answers.items():
        model, question = name.split("|")
        row = figures.setdefault(model, {})
        if question not in held:
            row[question] = round(float(answer), 2)
            continue
        recall, ndcg = measure(answer.astype(np.int32), asked[question], *held[question])
        by = 1.96 * ndcg.std(ddof=1) / np.sqrt(len(ndcg))
        means = {"recall": recall.mean(), "ndcg": ndcg.mean(), "ndcg_by": by}
        row[question] = {name: round(float(value), 4) for name, value in means.items()}
    for model, row in figures.items():
        print(f"  {model}: {row}", flush=True)
    return figures


def speed(engine: Engine, made: dict[str, Any]) -> dict[str, Any]:
    """What the other insights cost, and by a straight line all of them at ten million purchases, beside the goals."""
    now = engine.value("SELECT max(ordered_at) FROM customer_orders")
    costs = {"offers": {"cpu_seconds": sum(made[name]["cost"]["cpu_seconds"] for name in OFFERS)}}
    costs["offers"]["peak_gib"] = max(made[name]["cost"]["peak_gib"] for name in OFFERS)
    for plugin in (Related(), BoughtTogether(), Worth(), NaturalGroups()):
        with measured() as cost:
            plugin.compute(InsightContext(engine, now, Saying(), {}))
        costs[plugin.name] = cost
    purchases = engine.count("purchases")
    for name, cost in costs.items():
        cost["at_10M"] = round(cost["cpu_seconds"] * 10_000_000 / purchases, 1)
        cost["goal"] = GOALS.get(name)
        print(f"  {name}: {cost}", flush=True)
    return {"purchases": purchases, **costs}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of insight_trials without what is the same for all, rounded."""
    names = ("method", "chosen", "customers", "recall", "recall_low", "recall_high", "ndcg", "ndcg_low", "ndcg_high", "gain",
             "gain_low", "gain_high", "note")  # fmt: skip
    return {
        name: round(row[name], 4) if isinstance(row[name], float) else row[name] for name in names if row[name] not in (None, "")
    }


def online_retail() -> list[tuple[str, ...]] | None:
    """Lines of a web shop; invoices that begin with C are returns, lines without a customer are nobody's."""
    found = lines(DATA)
    if found is None:
        return None
    return [
        (who, invoice, at, code, name, "", quantity)
        for invoice, code, name, quantity, at, _, who in found if who and not invoice.startswith("C")
    ]  # fmt: skip


def northwind() -> list[tuple[str, ...]] | None:
    """Orders of a wholesaler."""
    path = DATA / "northwind" / "create.sql"
    if not path.exists():
        return None
    book = sqlite3.connect(":memory:")
    book.executescript(path.read_text(encoding="utf-8", errors="replace"))
    sql = """SELECT o.CustomerID, o.OrderID, o.OrderDate, p.ProductID, p.ProductName, c.CategoryName, d.Quantity
        FROM Orders o JOIN "Order Details" d USING (OrderID) JOIN Products p USING (ProductID)
        JOIN Categories c USING (CategoryID)"""
    return [tuple(map(str, row)) for row in book.execute(sql)]


def cdnow() -> list[tuple[str, ...]] | None:
    """Purchases of CDs, where the wheel Lifetimes is installed: it names no products, so only dates can be told from it."""
    try:
        import lifetimes
    except ImportError:
        return None
    text = (Path(lifetimes.__file__).parent / "datasets" / "CDNOW_master.txt").read_text()
    rows = [re.split(r"\s+", line.strip()) for line in io.StringIO(text) if line.strip()]
    return [
        (who, str(n), f"{day[:4]}-{day[4:6]}-{day[6:]}", "cd", "A CD", "", many) for n, (who, day, many, *_) in enumerate(rows)
    ]


@contextmanager
def filled(rows: list[tuple[str, ...]]) -> Iterator[Engine]:
    """An engine with the tables that insights read, made of lines."""
    engine: Engine = DuckDB(threads=2)
    for name in ("orders", "order_lines", "products"):
        engine.run(CONFORMED[name].ddl())
    engine.run(CUSTOMER_RETURNS.ddl())
    with engine.register(
        "given", pa.table({name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)})
    ):
        engine.run(
            "CREATE TABLE customer_orders AS SELECT 'customer:' || any_value(customer) AS customer_id, "
            "'order:' || invoice AS order_id, "
            'min(CAST("at" AS TIMESTAMP)) AS ordered_at, 1.0 AS amount, NULL::VARCHAR AS channel, NULL::VARCHAR AS currency, '
            "NULL::DOUBLE AS unpaid FROM given GROUP BY invoice"
        )
        engine.run(
            "INSERT INTO order_lines (line_id, order_id, product_id, quantity, amount) SELECT 'line:' || row_number() OVER (), "
            "'order:' || invoice, 'product:' || product, TRY_CAST(quantity AS DOUBLE), 1 FROM given"
        )
        engine.run(
            "INSERT INTO products (product_id, name, category) SELECT 'product:' || product, any_value(name), "
            "any_value(category) "
            "FROM given GROUP BY product"
        )
    yield engine


@contextmanager
def planted(**shop: Any) -> Iterator[Engine]:
    """A made-up shop with known taste."""
    engine: Engine = DuckDB(threads=2)
    plant(engine, **shop)
    yield engine

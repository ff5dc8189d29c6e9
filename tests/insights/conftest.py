"""A tiny shop: an order is given in one line, all other tables follow from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime

import pyarrow as pa
import pytest

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED, CUSTOMER_RETURNS

Order = tuple[str, str, str, float, str]  # customer, day, products "A B C", amount, channel
AS_OF = datetime(2026, 3, 31)

PURCHASES = """
    CREATE OR REPLACE TABLE purchases AS
    SELECT customer_id, product_id, count(DISTINCT order_id) AS times, sum(quantity) AS quantity, sum(l.amount) AS amount,
        min(ordered_at) AS first, max(ordered_at) AS last, any_value(currency) AS currency, NULL::VARCHAR AS amounts
    FROM order_lines l JOIN customer_orders o USING (order_id) GROUP BY customer_id, product_id"""


class Shop:
    """An engine in memory with the tables the graph room hands over."""

    def __init__(
        self, orders: Sequence[Order] = (), shuffle: int | None = None, categories: dict[str, str] | None = None
    ) -> None:
        self.engine: Engine = DuckDB(threads=2)
        for name in ("orders", "order_lines", "products"):
            self.engine.run(CONFORMED[name].ddl())
        self.engine.run(
            "CREATE TABLE customer_orders (customer_id VARCHAR, order_id VARCHAR, ordered_at TIMESTAMP, "
            "amount DECIMAL(18,4), channel VARCHAR, currency VARCHAR, unpaid DOUBLE)"
        )
        self.engine.run(CUSTOMER_RETURNS.ddl())
        numbered = [(f"order:{i:04}", *order) for i, order in enumerate(orders)]
        lines = [(id_, f"product:{p}") for id_, _, _, held, _, _ in numbered for p in held.split()]
        if shuffle is not None:
            random.Random(shuffle).shuffle(numbered)
            random.Random(shuffle + 1).shuffle(lines)
        self._insert(
            "customer_orders (order_id, customer_id, ordered_at, amount, channel)",
            [(id_, f"customer:{who}", day, str(amount), channel) for id_, who, day, _, amount, channel in numbered],
        )
        self._insert(
            "order_lines (line_id, order_id, product_id, quantity, amount)",
            [(f"line:{n}", order, product, "1", "10") for n, (order, product) in enumerate(lines)],
        )
        held = sorted({product for _, product in lines})
        labels = categories or {}
        self._insert(
            "products (product_id, name, category)",
            [(id_, f"Tea {id_[8:]}", labels.get(id_[8:])) for id_ in held],
        )
        self.engine.run(PURCHASES)

    def _insert(self, into: str, rows: list[tuple[str | None, ...]]) -> None:
        if not rows:
            return
        columns = [name.strip() for name in into[into.index("(") + 1 : -1].split(",")]
        types = self.engine.columns(into.split(maxsplit=1)[0])
        table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(columns)})
        casts = ", ".join(f"CAST({name} AS {types[name]})" for name in columns)
        with self.engine.register("given", table):
            self.engine.run(f"INSERT INTO {into} SELECT {casts} FROM given")

    def compute(self, insight: object, as_of: datetime = AS_OF, **options: object) -> Finding:
        """Compute one insight."""
        return insight.compute(InsightContext(self.engine, as_of, Silent(), options))  # type: ignore[attr-defined]

    def table(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        return self.engine.rows(sql)


@pytest.fixture
def shop() -> Callable[..., Shop]:
    return Shop

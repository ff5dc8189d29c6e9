"""Numbers customers and products, to go from tables to sparse matrices and back.

Customers are numbered by id. Products are numbered by their number of buyers, fewest first, ties by id. So "products with at most
n buyers" is a range of numbers, and the smallest numbers of a set are its rarest products. The numbers depend on the data only,
never on the order of rows, so the same data give the same results.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fullcircle.engine.base import Engine

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

# The tables of these numbers, to join with while an insight works. They are temporary: nothing is left after a crash.
CUSTOMERS = "numbered_customers"
PRODUCTS = "numbered_products"


@dataclass(frozen=True, slots=True)
class History:
    """Purchases sorted by customer and product: parallel arrays with one entry per (customer, product)."""

    customer: Ints
    product: Ints
    times: Floats
    age: Floats  # days between the last purchase and as_of, at least 0
    customers: int
    buyers: Ints  # for each product the number of customers who bought it


def purchases_until(as_of: datetime) -> str:
    """SQL: the purchases known at `as_of`: customer_id, product_id, times, last."""
    moment = f"TIMESTAMP '{as_of.isoformat(sep=' ')}'"
    return f"""SELECT customer_id, product_id, times, last FROM purchases
        WHERE customer_id IS NOT NULL AND product_id IS NOT NULL AND coalesce(first <= {moment}, true)"""


def read(engine: Engine, purchases: str, as_of: datetime) -> History:
    """Read a query (customer_id, product_id, times, last) with its customers and products numbered.

    Makes the temporary tables CUSTOMERS (customer, customer_id) and PRODUCTS (product, product_id, buyers, name, category).
    """
    engine.run(f"CREATE OR REPLACE TEMP TABLE known_purchases AS {purchases}")
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE {CUSTOMERS} AS
        SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer, customer_id
        FROM (SELECT DISTINCT customer_id FROM known_purchases)""")
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE {PRODUCTS} AS
        SELECT CAST(row_number() OVER (ORDER BY buyers, product_id) - 1 AS INTEGER) AS product, product_id,
            CAST(buyers AS INTEGER) AS buyers, coalesce(name, sku, product_id) AS name, category
        FROM (SELECT product_id, count(*) AS buyers FROM known_purchases GROUP BY product_id)
        LEFT JOIN products USING (product_id)""")
    moment = f"TIMESTAMP '{as_of.isoformat(sep=' ')}'"
    rows = engine.arrow(f"""
        SELECT customer, product, CAST(coalesce(times, 1) AS DOUBLE) AS times,
            CAST(greatest(coalesce(date_diff('day', last, {moment}), 0), 0) AS DOUBLE) AS age
        FROM known_purchases JOIN {CUSTOMERS} USING (customer_id) JOIN {PRODUCTS} USING (product_id)
        ORDER BY customer, product""")
    engine.run("DROP TABLE known_purchases")
    buyers = engine.arrow(f"SELECT buyers FROM {PRODUCTS} ORDER BY product")
    return History(
        customer=column(rows, "customer"),
        product=column(rows, "product"),
        times=column(rows, "times"),
        age=column(rows, "age"),
        customers=engine.count(CUSTOMERS),
        buyers=column(buyers, "buyers"),
    )


def forget(engine: Engine) -> None:
    """Drop the temporary tables CUSTOMERS and PRODUCTS."""
    engine.run(f"DROP TABLE IF EXISTS {CUSTOMERS}; DROP TABLE IF EXISTS {PRODUCTS}")


def column(table: pa.Table, name: str) -> npt.NDArray[Any]:
    """A column without nulls as a NumPy array."""
    found: npt.NDArray[Any] = table.column(name).combine_chunks().to_numpy(zero_copy_only=False)
    return found

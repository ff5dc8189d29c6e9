"""A made-up shop with planted taste, any size: what people like is known, so a recommender can be judged on it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.model.tables import CONFORMED, CUSTOMER_RETURNS

PURCHASES = """
    CREATE OR REPLACE TABLE purchases AS
    SELECT customer_id, product_id, count(DISTINCT order_id) AS times, sum(quantity) AS quantity, sum(l.amount) AS amount,
        min(ordered_at) AS first, max(ordered_at) AS last, any_value(currency) AS currency, NULL::VARCHAR AS amounts
    FROM order_lines l JOIN customer_orders o USING (order_id) GROUP BY customer_id, product_id"""


def plant(engine: Engine, customers: int, products: int, orders: int, groups: int = 0, taste: float = 0.7, seed: int = 7) -> None:
    """Fill the tables the graph room hands over.

    Orders have 3 lines on average. Products fall into `groups` (none given: one for 50 products); popularity falls off like
    Zipf 0.9 over all and inside each group. Customers have one to three groups they like, each later one liked half as much;
    a line is from a liked group with probability `taste`, else from anywhere. Tastes drift: in the later half of the time
    the last liked group is the one liked most.
    """
    random = np.random.default_rng(seed)
    groups = groups or max(products // 50, 4)
    group = np.arange(products) % groups  # every group has bestsellers and rarities
    popularity = 1.0 / np.arange(1, products + 1) ** 0.9
    active = random.lognormal(0.0, 1.0, customers)
    buyer = np.sort(random.choice(customers, orders, p=active / active.sum()))
    day = random.integers(0, 720, orders)
    order = np.repeat(np.arange(orders), 1 + random.poisson(2, orders))
    liked = random.integers(0, groups, (customers, 3))
    place = np.minimum(random.geometric(0.6, len(order)) - 1, 2)
    late = day[order] >= 360
    place = np.where(late, 2 - place, place)
    wanted = liked[buyer[order], place]
    anywhere = random.choice(products, len(order), p=popularity / popularity.sum())
    # Inside a group the n-th best product is the n-th of the group's numbers: group + n * groups.
    size = products // groups
    inside = 1.0 / np.arange(1, size + 1) ** 0.9
    nth = random.choice(size, len(order), p=inside / inside.sum())
    product = np.where(random.random(len(order)) < taste, wanted + nth * groups, anywhere)
    _fill(engine, customers=buyer, day=day, order=order, product=product, group=group)


def _fill(engine: Engine, customers, day, order, product, group) -> None:
    for name in ("orders", "order_lines", "products"):
        engine.run(CONFORMED[name].ddl())
    heads = pa.table({"order_no": np.arange(len(day)), "customer": customers, "day": day})
    lines = pa.table({"line": np.arange(len(order)), "order_no": order, "product": product})
    with engine.register("heads", heads):
        engine.run(
            "CREATE OR REPLACE TABLE customer_orders AS SELECT printf('customer:%08d', customer) AS customer_id, "
            "printf('order:%09d', order_no) AS order_id, TIMESTAMP '2024-01-01' + to_days(CAST(day AS INTEGER)) "
            "+ to_minutes(order_no % 1440) AS ordered_at, CAST(10 + order_no % 90 AS DECIMAL(18,4)) AS amount, "
            "CASE order_no % 3 WHEN 0 THEN 'shop' ELSE 'web' END AS channel, "
            "NULL::VARCHAR AS currency, NULL::DOUBLE AS unpaid FROM heads"
        )
    engine.run(CUSTOMER_RETURNS.ddl())
    with engine.register("lines", lines):
        engine.run(
            "INSERT INTO order_lines (line_id, order_id, product_id, quantity, amount) SELECT printf('line:%010d', line), "
            "printf('order:%09d', order_no), printf('product:%06d', product), 1, 10 FROM lines"
        )
    with engine.register("kinds", pa.table({"product": np.arange(len(group)), "kind": group})):
        engine.run(
            "INSERT INTO products (product_id, name, category) SELECT printf('product:%06d', product), "
            "'Product ' || product, 'Group ' || kind FROM kinds"
        )
    engine.run(PURCHASES)

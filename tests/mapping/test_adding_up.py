"""Lines that do not add up to the amounts of their orders are said."""

import pytest

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("price", []),
        ("fee", ["shop.orders: the lines of 3 of 3 orders do not add up to their amounts: 0.00 against 220.00 in one of them."]),
    ],
)
def test_lines_and_orders(engine, landing, progress, price, said):
    rows = [
        {"id": f"{order}-{n}", "order": order, "sku": n, "pieces": "2", "price": "50.00", "fee": fee, "total": "220.00"}
        for order, fee in (("A", "0.00"), ("B", "2.50"), ("C", "5.00"))
        for n in ("1", "2")
    ]
    landing.put("shop", "orders", rows)
    goods = {"field": "sku", "ref": "orders"}
    maps = [
        map_of("shop", "orders", "orders", {"key": "order", "amount": "total"}),
        map_of("shop", "orders", "products", {"key": "sku", "name": "sku"}),
        map_of(
            "shop", "orders", "order_lines",
            {"order_id": {"field": "order", "ref": "orders"}, "product_id": goods, "quantity": "pieces", "unit_price": price},
        ),
    ]  # fmt: skip
    conform(engine, landing, maps, "DE", progress)
    assert [one.split(" The amounts of orders")[0] for one in progress.said if "add up" in one] == said

"""A product in the list of products and on the lines of orders is one product, if its code and most names say so."""

import pytest

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of


def goods(engine, landing, progress, listed, sold):
    """The products that are left, and those of the lines, by name and category."""
    landing.put("shop", "products", [{"id": sku, "sku": sku, "name": name, "category": "Kitchen"} for sku, name in listed])
    landing.put("shop", "orders", [{"id": str(n), "sku": sku, "name": name} for n, (sku, name) in enumerate(sold)])
    maps = [
        map_of("shop", "products", "products", {"key": "sku", "sku": "sku", "name": "name", "category": "category"}),
        map_of("shop", "orders", "orders", {"key": "id"}),
        map_of("shop", "orders", "products", {"key": "sku", "sku": "sku", "name": "name"}),
        map_of(
            "shop", "orders", "order_lines",
            {"order_id": {"field": "id", "ref": "orders"}, "product_id": {"field": "sku", "ref": "orders"},
             "quantity": {"value": "1"}},
        ),
    ]  # fmt: skip
    conform(engine, landing, maps, "DE", progress)
    lines = engine.rows(
        "SELECT p.name, p.category FROM conformed.order_lines l JOIN conformed.products p USING (product_id) ORDER BY l.key"
    )
    return engine.count("conformed.products"), lines


LISTED = [("KET", "Kettle"), ("PAN", "Pan"), ("LMP", "Lamp")]


@pytest.mark.parametrize(
    ("listed", "sold", "found"),
    [
        (LISTED, [("ket", "Kettle - L"), ("PAN", "Pan")], (3, [("Kettle", "Kitchen"), ("Pan", "Kitchen")])),
        (LISTED, [("KET", "Kettle"), ("X", "Cup")], (4, [("Kettle", "Kitchen"), ("Cup", None)])),
        (LISTED, [("KET", "Sofa"), ("PAN", "Chair")], (5, [("Sofa", None), ("Chair", None)])),
        (LISTED, [("A", "Kettle"), ("B", "Cup"), ("KET", "Kettle")], (6, [("Kettle", None), ("Cup", None), ("Kettle", None)])),
    ],
)
def test_what_is_one_product(engine, landing, progress, listed, sold, found):
    assert goods(engine, landing, progress, listed, sold) == found

"""The status of an item is read in the words of all languages, as that of an order is."""

from __future__ import annotations

from fullcircle.config.sections import StatusSettings
from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of


def test_the_words_of_items(engine, landing, progress):
    words = ("versendet", "Zurückgegeben", "annulé", "Hm", None, "Weg")
    rows = [{"id": str(n), "sku": "A", "what": word, "sum": "5.00"} for n, word in enumerate(words)]
    landing.put("shop", "items", rows)
    points = {"order_id": {"value": "1", "ref": "items"}, "product_id": {"field": "sku", "ref": "items"}}
    maps = [
        map_of("shop", "items", "orders", {"key": {"value": "1"}, "amount": "sum"}),
        map_of("shop", "items", "products", {"key": "sku", "name": "sku"}),
        map_of("shop", "items", "order_lines", {**points, "amount": "sum", "status": "what"}),
    ]  # fmt: skip
    conform(engine, landing, maps, "DE", progress, StatusSettings(map={"weg": "cancelled"}))
    found = engine.rows("SELECT status FROM conformed.order_lines ORDER BY key")
    assert [status for (status,) in found] == ["shipped", "returned", "cancelled", "Hm", None, "cancelled"]

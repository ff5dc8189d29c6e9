"""The fake Shopify as a world of the contract suite."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fullcircle.connectors.sources.shopify.source import PLUGIN
from tests.fakes.shopify import FakeShopify


class ShopifyWorld:
    """See `contract.World`. The API says of no delete and no merge: the ids are compared."""

    plugin = PLUGIN
    object, text = "customers", "last_name"
    sampled = 2

    def __init__(self) -> None:
        self.server = FakeShopify(datetime(2024, 2, 28, 23, 30))  # by a clock that is years behind ours
        self.sweep_hours = 0

    def options(self) -> dict[str, Any]:
        return {"url": self.server.url, "client_id": "app", "client_secret": "env:SHOP_SECRET", "sweep_hours": self.sweep_hours}

    def make(self, text: str) -> str:
        self.server.tick(1)
        return self.server.create("customers", lastName=text, numberOfOrders="2")

    def make_late(self, text: str) -> str:
        return self.server.create("customers", self.server.clock - timedelta(seconds=400), lastName=text, numberOfOrders="2")

    def change(self, key: str, text: str) -> None:
        self.server.update("customers", key, lastName=text)  # at the same time as what was before

    def delete(self, key: str) -> None:
        self.server.delete("customers", key)

    def delete_hard(self, key: str) -> None:
        self.server.delete("customers", key)

    def merge(self, loser: str, winner: str) -> None:
        self.server.merge(loser, winner)

    def wait(self) -> None:
        self.server.tick(1200)

    def wait_long(self) -> None:
        self.server.tick(20 * 86400)

    def deny(self) -> str:
        self.server.scopes.discard("read_products")
        return "products"

    def hide_rows(self) -> None:
        rows = self.server.rows["customers"]
        self.server.rows["customers"] = dict(list(rows.items())[:2])

    def drop_field(self) -> str:
        del self.server.schema["Customer"]["locale"]
        return "locale"

    def change_type(self, value: str) -> tuple[str, str]:
        self.server.schema["Customer"]["numberOfOrders"] = "String"
        key = next(iter(self.truth()))
        self.server.update("customers", key, numberOfOrders=value)
        return "number_of_orders", key

    def slowly(self) -> int:
        self.server.looks, self.sweep_hours = 3, 24
        return 4  # login, schema, and two looks at an operation

    def truth(self) -> dict[str, str | None]:
        return {id: row.get("lastName") for id, row in self.server.rows["customers"].items()}

    def merged(self) -> dict[str, str]:
        return {}

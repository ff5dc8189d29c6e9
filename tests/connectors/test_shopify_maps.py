"""The maps that come with the Shopify connector: what becomes of a shop's rows, from a fake shop to the canonical tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from fullcircle import registry
from fullcircle.config.read import read_config
from fullcircle.connectors.http import retries
from fullcircle.connectors.sources.shopify import bulk
from fullcircle.connectors.sources.shopify.source import PLUGIN
from fullcircle.desk import Desk, open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.connectors.conformed import record
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify_schema import money

ADDRESS = {
    "firstName": "Bo",
    "lastName": "Corvino",
    "address1": "2 Elm St",
    "city": "Reno",
    "zip": "89501",
    "countryCodeV2": "US",
}

HOME = {"address1": "3 Quay", "city": "Lyon", "zip": "69001", "countryCodeV2": "FR"}


def line(title: str, amount: float, quantity: int = 1, left: int | None = None, off: float = 0, **more: Any) -> dict[str, Any]:
    """A line of an order; `left` of it were not given back, and `off` was taken off."""
    return {
        "title": title, "quantity": quantity, "currentQuantity": quantity if left is None else left, "isGiftCard": False,
        "originalTotalSet": money(amount), "discountAllocations": [{"allocatedAmountSet": money(off)}] if off else [],
        "sku": None, "vendor": "Acme", **more,
    }  # fmt: skip


def order(shop: FakeShopify, total: float, *lines: dict[str, Any], **more: Any) -> str:
    values = {
        "totalPriceSet": money(total, USD=total * 2),
        "displayFinancialStatus": "PAID",
        "processedAt": "2026-11-01T08:00:00Z",
    }
    return shop.create("orders", lineItems=list(lines), **{**values, **more})


def refund(amount: float) -> dict[str, Any]:
    return {"createdAt": "2026-11-05T08:00:00Z", "totalRefundedSet": money(amount)}


@dataclass
class Teahouse:
    """A shop in which everything has happened once; `ids` are the keys by what they are."""

    shop: FakeShopify
    ids: dict[str, str] = field(default_factory=dict)

    def customers(self) -> None:
        states = {"yes": "SUBSCRIBED", "no": "UNSUBSCRIBED", "asked": "PENDING", "never": "NOT_SUBSCRIBED"}
        names = {"yes": ("Ada", "Almgren"), "no": ("Chen", "Duarte"), "asked": ("Efua", "Farkas"), "never": ("Goro", "Haugen")}
        for name, state in states.items():
            mail = {"emailAddress": f"{name}@example.org", "marketingState": state, "marketingUpdatedAt": "2026-01-02T03:04:05Z"}
            values = {"firstName": names[name][0], "lastName": names[name][1], "defaultEmailAddress": mail}
            self.ids[name] = self.shop.create("customers", **values, **({"defaultAddress": HOME} if name == "yes" else {}))
        phone = {"phoneNumber": "+17755550101", "marketingState": "SUBSCRIBED"}
        self.ids["phone"] = self.shop.create("customers", lastName="Phone", defaultPhoneNumber=phone)

    def orders(self) -> None:
        hers = {"customer": {"id": f"gid://shopify/Customer/{self.ids['yes']}"}, "sourceName": "web"}
        sold = {"title": "Tea", "vendor": "Acme", "productType": "Drinks"}
        product = self.shop.create("products", variants=[{"sku": "T-1", "price": "5.00"}], **sold)
        variant = self.shop.rows["products"][product]["variants"][0]["id"]
        tea = line("Tea", 20, quantity=4, left=1, off=2, sku="T-1", variant={"id": variant})
        card = line("Gift Card", 50, isGiftCard=True)
        made = {
            "paid": order(self.shop, 25, tea, line("Gone", 5), name="#1", **hers),  # with 2 for shipping
            "part": order(self.shop, 30, refunds=[refund(10), refund(0)], displayFinancialStatus="PARTIALLY_REFUNDED", **hers),
            "whole": order(self.shop, 30, refunds=[refund(30)], displayFinancialStatus="REFUNDED", **hers),
            "off": order(self.shop, 30, refunds=[refund(30)], cancelledAt="2026-11-02T08:00:00Z", **hers),
            "owed": order(self.shop, 30, displayFinancialStatus="PARTIALLY_PAID", totalOutstandingSet=money(12), **hers),
            "wait": order(self.shop, 30, displayFinancialStatus="PENDING", **hers),
            "card": order(self.shop, 50, card, refunds=[refund(50)], **hers),
            "mixed": order(self.shop, 60, card, line("Tea", 10), **hers),
        }
        self.ids |= {f"order {name}": key for name, key in made.items()}
        order(self.shop, 999, line("Tea", 999), test=True, **hers)

    def guests(self) -> None:
        for amount in (100, 200):
            order(self.shop, amount, email="Bo@example.org", billingAddress=ADDRESS)
        for name in ("by name", "twin"):
            self.ids[name] = order(self.shop, 5, billingAddress=ADDRESS)
        self.ids["till"] = order(self.shop, 3)
        order(self.shop, 7, email="NO@example.org", billingAddress={"firstName": "Chen", "lastName": "Duarte"})


@pytest.fixture(scope="module")
def teahouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], Desk]]:
    """The ids, and a desk on which a run has ended that read this shop."""
    load, folder = registry.load, tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        for where, name in ((retries, "FIRST_WAIT"), (bulk, "FIRST_LOOK")):
            patch.setattr(where, name, 0.001)
        patch.setattr(registry, "load", lambda room, name: PLUGIN if room == "connectors" else load(room, name))
        patch.setenv("SHOP_TOKEN", "shpat_1")
        made = Teahouse(FakeShopify())
        made.customers()
        made.orders()
        made.guests()
        config = folder / "fullcircle.toml"
        config.write_text(
            '[project]\nhome = "home"\n[sources.crm]\nconnector = "shopify"\ntoken = "env:SHOP_TOKEN"\n'
            f'url = "{made.shop.url}"\n[graph]\nstore = "memory"\n'
        )
        with open_desk(read_config(config)) as desk:
            run(desk, Choice(only=("pull", "conform", "check", "resolve", "graph")))
            yield made.ids, desk
        made.shop.stop()


Read = tuple[dict[str, str], Desk]


def of(desk: Desk, table: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return desk.engine.rows(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY ALL")


def test_nothing_is_set_aside(teahouse: Read) -> None:
    assert of(teahouse[1], "quarantine", "object, key, reason") == []


def test_customers_and_their_consents(teahouse: Read) -> None:
    ids, desk = teahouse
    assert of(desk, "consents", 'record_id, purpose, granted, CAST("at" AS VARCHAR)') == [
        (record("customers", ids["yes"]), "email", True, "2026-01-02 03:04:05"),
        (record("customers", ids["no"]), "email", False, "2026-01-02 03:04:05"),
        (record("customers", ids["phone"]), "sms", True, None),
    ]
    assert of(desk, "records", "given_name, family_name, email, city, country", "email LIKE 'yes%'") == [
        ("Ada", "Almgren", "yes@example.org", "Lyon", "FR")
    ]
    assert of(desk, "records", "phone", "family_name = 'Phone'") == [("+17755550101",)]


def test_orders_count_as_what_they_are(teahouse: Read) -> None:
    ids, desk = teahouse
    hers = f"record_id = '{record('customers', ids['yes'])}'"
    found = of(desk, "orders", "key, status, CAST(amount AS DOUBLE), currency, CAST(unpaid AS DOUBLE)", f"{hers} AND amount > 0")
    expected = {
        "paid": ("paid", 25, None), "part": ("paid", 30, None), "whole": ("refunded", 30, None), "off": ("cancelled", 30, None),
        "owed": ("placed", 30, 12), "wait": ("placed", 30, 30), "mixed": ("paid", 10, None),
    }  # fmt: skip
    assert {key: (status, amount, owed) for key, status, amount, _, owed in found} == {
        ids[f"order {name}"]: values for name, values in expected.items()
    }
    assert {currency for *_, currency, _ in found} == {"EUR"}
    assert {*of(desk, "orders", "corrects, CAST(amount AS DOUBLE), status", f"{hers} AND amount < 0")} == {
        (f"order:crm:orders:{ids[f'order {name}']}", -amount, "refunded")
        for name, amount in (("part", 10), ("whole", 30), ("off", 30))
    }
    assert of(desk, "interactions", "key, kind, CAST(amount AS DOUBLE)") == [(ids["order card"], "gift card", 50)]


def test_what_was_given_back_was_not_spent(teahouse: Read) -> None:
    ids, desk = teahouse
    spent = "sum(CASE WHEN back THEN -abs(amount) ELSE amount END)"
    hers = f"customer_id = (SELECT customer_id FROM members WHERE record_id = '{record('customers', ids['yes'])}')"
    assert of(desk, "placed_orders", spent, f"{hers} AND (sale OR back)") == [(25 + 30 - 10 + 30 + 30 + 10,)]


def test_lines_and_their_products(teahouse: Read) -> None:
    ids, desk = teahouse
    lines = of(
        desk, "order_lines", "CAST(quantity AS DOUBLE), CAST(amount AS DOUBLE), status", f"order_id LIKE '%:{ids['order paid']}'"
    )
    assert lines == [(1, 4.5, "placed"), (1, 5, "placed"), (3, 13.5, "returned")]
    assert of(desk, "products", "name, sku, category, brand, CAST(price AS DOUBLE), price_currency") == [
        ("Gone", None, None, "Acme", None, None), ("Tea", "T-1", "Drinks", "Acme", 5, "EUR"),
        ("Tea", None, None, "Acme", None, None),
    ]  # fmt: skip


def test_who_orders_as_a_guest(teahouse: Read) -> None:
    ids, desk = teahouse
    guest = record("orders", "bo@example.org")
    assert of(desk, "records", "record_id, given_name, email", "object = 'orders' AND given_name = 'Bo'") == [
        (record("orders", ids["by name"]), "Bo", None), (record("orders", ids["twin"]), "Bo", None),
        (guest, "Bo", "bo@example.org"),
    ]  # fmt: skip
    assert of(desk, "orders", "CAST(amount AS DOUBLE)", f"record_id = '{guest}'") == [(100,), (200,)]
    assert of(desk, "orders", "record_id", f"key = '{ids['till']}'") == [(None,)]


def test_a_guest_with_the_address_of_a_customer_is_this_customer(teahouse: Read) -> None:
    ids, desk = teahouse
    both = (record("customers", ids["no"]), record("orders", "no@example.org"))
    assert of(desk, "members", "count(*), count(DISTINCT customer_id)", f"record_id IN {both}") == [(2, 1)]

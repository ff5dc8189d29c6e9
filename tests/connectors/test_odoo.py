"""The Odoo connector against a fake database: both protocols, archived rows, links, permissions, and its maps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullcircle import registry
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import Cursor, SourceContext
from fullcircle.connectors.http import retries
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.sources.odoo.source import PLUGIN, Odoo
from fullcircle.errors import ConfigError, ObjectRefused, SourceRefused
from tests.connectors.conformed import Conformed, record
from tests.fakes.odoo import DATABASE, SECRET, FakeOdoo

RPC = {"protocol": "json-rpc", "user": "admin"}
EUR, TEA = [1, "EUR"], [4, "Drinks"]


@pytest.fixture
def odoo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOdoo]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(registry, "load", lambda *_: PLUGIN)
    monkeypatch.setenv("ODOO_KEY", "odoo-1")
    fake = FakeOdoo()
    yield fake
    fake.stop()


def opened(odoo: FakeOdoo, folder: Path, **options: Any) -> Odoo:
    given = {"url": odoo.url, "database": DATABASE, "key": "env:ODOO_KEY", "tries": 3, **options}
    return PLUGIN(SourceContext("erp", folder, options=given))


def pulled(connector: Odoo, name: str, since: Cursor | None = None) -> tuple[dict[str, dict[str, Any]], Cursor]:
    batches = list(connector.pull(name, since))
    return {row["_key"]: row for batch in batches for row in batch.rows.to_pylist()}, batches[-1].cursor


def test_both_protocols_read_the_same(odoo: FakeOdoo, tmp_path: Path) -> None:
    acme = odoo.create("res.partner", name="Acme", is_company=True)
    ann = odoo.create("res.partner", name="Ann", parent_id=[acme, "Acme"], country_id=[3, "Germany"])
    odoo.write("res.partner", odoo.create("res.partner", name="Old"), active=False)
    new, old = (pulled(opened(odoo, tmp_path, **options), "res.partner")[0] for options in ({}, RPC))
    assert new == old
    assert len(new) == 3  # archived ones too
    row = new[str(ann)]
    assert (row["parent_id"], row["parent_id_name"], row["country_id_name"], row["email"]) == (str(acme), "Acme", "Germany", None)
    assert (row["is_company"], row["active"], str(row["write_date"])) == (False, True, "2026-11-30 10:00:00")


@pytest.mark.parametrize("options", [{}, RPC])
def test_permissions_modules_and_logins(
    odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    odoo.denied.add("sale.order")
    odoo.absent.add("crm.lead")
    with pytest.raises(ObjectRefused, match=r"may not read sale.order \(AccessError\)") as raised:
        pulled(opened(odoo, tmp_path, **options), "sale.order")
    assert SECRET not in raised.value.message + raised.value.hint
    said = opened(odoo, tmp_path, **options).check()
    assert said[1] == "res.partner: 0 rows"
    assert "crm.lead: skipped." in said[-1]
    monkeypatch.setenv("ODOO_KEY", "odoo-0")
    with pytest.raises(SourceRefused, match="does not accept"):
        opened(odoo, tmp_path, **options).check()


def test_settings(odoo: FakeOdoo, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs user"):
        opened(odoo, tmp_path, protocol="json-rpc")
    with pytest.raises(ConfigError, match="is not the name of a model"):
        pulled(opened(odoo, tmp_path), "res.partner/../x")


def test_what_the_maps_make_of_it(odoo: FakeOdoo, landing: Landing, tmp_path: Path) -> None:
    odoo.absent.add("crm.lead")
    acme = odoo.create(
        "res.partner", name="Acme", is_company=True, vat="DE136695976", country_id=[3, "Germany"], website="acme.example.org"
    )
    ann = odoo.create("res.partner", name="Ann Reed", type="contact", parent_id=[acme, "Acme"], email="ann@example.org")
    odoo.create(
        "res.partner", name="Depot", type="delivery", parent_id=[acme, "Acme"], street="2 Elm St", city="Bonn", zip="53111"
    )
    tea = odoo.create("product.product", name="Tea", default_code="T-1", lst_price=5.0, categ_id=TEA, currency_id=EUR)
    sale = {"partner_id": [ann, "Ann"], "currency_id": EUR, "date_order": "2026-11-01 08:00:00", "amount_total": 24.0}
    placed, off, offer = (
        odoo.create("sale.order", name=f"S{state}", state=state, amount_untaxed=20.0, **sale)
        for state in ("sale", "cancel", "sent")
    )
    line = {"product_id": [tea, "Tea"], "product_uom_qty": 4.0, "price_unit": 5.0, "price_subtotal": 20.0}
    for order, state in ((placed, "sale"), (offer, "sent")):
        odoo.create("sale.order.line", order_id=[order, "S"], state=state, **line)
    odoo.create("sale.order.line", order_id=[placed, "S"], state="sale", display_type="line_note")
    settings = SourceSettings(connector="odoo", url=odoo.url, database=DATABASE, key="env:ODOO_KEY")
    found = Conformed(settings, PLUGIN, landing, tmp_path)
    account = f"account:crm:res.partner:{acme}"
    assert found.of("accounts", "account_id, name, website") == [(account, "Acme", "acme.example.org")]
    assert found.of("records", "record_id, kind, coalesce(full_name, organisation), account_id") == [
        (record("res.partner", str(acme)), "organisation", "Acme", account),
        (record("res.partner", str(ann)), "person", "Ann Reed", account),
    ]
    assert found.of("addresses", "record_id, use, city") == [(record("res.partner", str(acme)), "delivery", "Bonn")]
    assert found.of("identifiers", "record_id, value", "kind = 'tax'") == [(record("res.partner", str(acme)), "136695976")]
    assert found.of("orders", "key, record_id, status, CAST(amount AS DOUBLE), currency, number") == [
        (str(placed), record("res.partner", str(ann)), "placed", 20, "EUR", "Ssale"),
        (str(off), record("res.partner", str(ann)), "cancelled", 20, "EUR", "Scancel"),
    ]
    assert found.of("interactions", "key, kind, status") == [(str(offer), "quotation", "open")]
    assert found.of("order_lines", "CAST(quantity AS DOUBLE), CAST(amount AS DOUBLE)") == [(4, 20)]
    assert found.of("products", "name, sku, category, price_currency") == [("Tea", "T-1", "Drinks", "EUR")]

"""The Shopify connector against a fake shop: operations that fail in part, permissions, limits. See also test_contract.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullcircle.connectors.base import Cursor, SourceContext
from fullcircle.connectors.http import retries
from fullcircle.connectors.sources.shopify import bulk
from fullcircle.connectors.sources.shopify.source import PLUGIN, Shopify
from fullcircle.errors import ConfigError, ObjectRefused, SourceError, SourceRefused, SourceUnreachable
from tests.fakes.shopify import SECRET, FakeShopify
from tests.fakes.shopify_schema import money


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeShopify]:
    for where, name in ((retries, "FIRST_WAIT"), (bulk, "FIRST_LOOK")):
        monkeypatch.setattr(where, name, 0.001)
    monkeypatch.setenv("SHOP_TOKEN", "shpat_1")
    fake = FakeShopify()
    yield fake
    fake.stop()


def opened(shop: FakeShopify, folder: Path, **options: Any) -> Shopify:
    given = {"url": shop.url, "token": "env:SHOP_TOKEN", "tries": 3, **options}
    return PLUGIN(SourceContext("shop", folder, options=given))


def pulled(connector: Shopify, name: str, since: Cursor | None = None) -> tuple[dict[str, dict[str, Any]], Cursor, list[str]]:
    """The last row of each key, the cursor, and the notes."""
    batches = list(connector.pull(name, since))
    rows = {row["_key"]: row for batch in batches for row in batch.rows.to_pylist()}
    return rows, batches[-1].cursor, [note for batch in batches for note in batch.notes]


def orders(shop: FakeShopify, number: int) -> list[str]:
    made = []
    for _ in range(number):
        shop.tick(1)
        lines = [{"title": "Tea", "quantity": 1, "originalTotalSet": money(5)} for _ in range(2)]
        made.append(shop.create("orders", lineItems=lines, totalPriceSet=money(10)))
    return made


def begun(shop: FakeShopify) -> list[str]:
    """The queries of the operations that were begun."""
    return [one.json()["variables"]["query"] for one in shop.asked if b"bulkOperationRunQuery" in one.body]


@pytest.mark.parametrize("error", ["TIMEOUT", "INTERNAL_SERVER_ERROR"])
def test_of_an_operation_that_fails_what_was_read_counts(shop: FakeShopify, tmp_path: Path, error: str) -> None:
    keys = orders(shop, 4)
    shop.failing = [(error, 8)]  # two whole orders, and one without its last line
    rows, _, _ = pulled(opened(shop, tmp_path), "orders")
    assert sorted(rows) == keys
    assert {row["line_items"].count("LineItem/") for row in rows.values()} == {2}
    third = shop.rows["orders"][keys[2]]["updatedAt"]
    assert ["updated_at" in one for one in begun(shop)] == [False, True]
    assert f"updated_at:>='{third}'" in begun(shop)[1]


def test_operations_that_read_nothing_are_given_up(shop: FakeShopify, tmp_path: Path) -> None:
    orders(shop, 2)
    shop.failing = [("TIMEOUT", 0)] * 9
    with pytest.raises(SourceUnreachable, match="does not succeed in reading orders"):
        pulled(opened(shop, tmp_path), "orders")
    assert len(begun(shop)) == 3


def test_an_operation_is_continued_by_the_next_pull(shop: FakeShopify, tmp_path: Path) -> None:
    keys = orders(shop, 2)
    shop.looks = 99
    batches: list[Any] = []
    with pytest.raises(SourceUnreachable, match="still not done"):
        for batch in opened(shop, tmp_path, bulk_wait_seconds=0.01).pull("orders", None):
            batches.append(batch)
    for job in shop.jobs.values():
        job["looks"] = 0
    rows, _, _ = pulled(opened(shop, tmp_path), "orders", batches[-1].cursor)
    assert (sorted(rows), len(begun(shop))) == (keys, 1)


def test_a_result_that_waited_too_long_is_made_anew(shop: FakeShopify, tmp_path: Path) -> None:
    keys = orders(shop, 2)
    first = next(iter(opened(shop, tmp_path).pull("orders", None)))
    shop.tick(8 * 86400)
    rows, _, _ = pulled(opened(shop, tmp_path), "orders", first.cursor)
    assert (sorted(rows), len(begun(shop))) == (keys, 2)


def test_other_operations_are_waited_for(shop: FakeShopify, tmp_path: Path) -> None:
    for number in range(5):
        shop.jobs[f"other {number}"] = {"status": "RUNNING"}
    with pytest.raises(SourceUnreachable, match="busy with other bulk operations"):
        pulled(opened(shop, tmp_path, bulk_wait_seconds=0.01), "orders")


def test_orders_of_sixty_days_are_no_reason_to_delete_the_others(shop: FakeShopify, tmp_path: Path) -> None:
    shop.scopes.discard("read_all_orders")
    old = orders(shop, 1)
    connector = opened(shop, tmp_path, sweep_hours=0)
    _, cursor, notes = pulled(connector, "orders")
    assert notes == ["only of the last 60 days, and deleted ones are not noticed: the app lacks the scope read_all_orders"]
    shop.tick(61 * 86400)
    new = orders(shop, 1)
    rows, cursor, _ = pulled(connector, "orders", cursor)
    assert (sorted(rows), connector.sweep("orders")) == (new, None)
    shop.scopes.add("read_all_orders")
    rows, _, notes = pulled(connector, "orders", cursor)
    assert sorted(rows) == [*old, *new]
    assert notes == ["all rows are read again, because of what is new or changed: orders of all times"]


def test_who_may_not_be_read_is_said_without_what_was_read(shop: FakeShopify, tmp_path: Path) -> None:
    shop.protected.add("customers")
    shop.create("customers", lastName="Reed")
    with pytest.raises(ObjectRefused, match=r"may not read customers \(ACCESS_DENIED\)") as raised:
        pulled(opened(shop, tmp_path), "customers")
    assert "protected customer data" in raised.value.hint
    shop.scopes.discard("read_orders")
    with pytest.raises(ObjectRefused, match="may not read orders"):
        pulled(opened(shop, tmp_path), "orders")


def test_a_shop_that_is_busy_is_asked_again(shop: FakeShopify, tmp_path: Path) -> None:
    keys = orders(shop, 1)
    shop.throttled = 2
    assert sorted(pulled(opened(shop, tmp_path), "orders")[0]) == keys
    shop.throttled = 99
    with pytest.raises(SourceUnreachable, match="is busy") as raised:
        pulled(opened(shop, tmp_path), "orders")
    assert SECRET not in raised.value.message + raised.value.hint


def test_wrong_logins_and_settings(shop: FakeShopify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "shpat_0")
    with pytest.raises(SourceRefused, match="does not accept the token"):
        pulled(opened(shop, tmp_path), "orders")
    app = {"token": "", "client_id": "app", "client_secret": "env:SHOP_TOKEN"}
    with pytest.raises(SourceRefused, match=r"refuses the login \(invalid_request\)"):
        pulled(opened(shop, tmp_path, **app), "orders")
    with pytest.raises(ConfigError, match="either token, or client_id and client_secret"):
        opened(shop, tmp_path, client_id="app", client_secret="env:SHOP_TOKEN")
    with pytest.raises(ConfigError, match='reads no "order"'):
        opened(shop, tmp_path, objects=["order"]).objects()
    with pytest.raises(SourceError, match="is not there"):
        opened(shop, tmp_path, url=f"{shop.url}/other").check()


def test_what_a_check_says(shop: FakeShopify, tmp_path: Path) -> None:
    orders(shop, 2)
    shop.scopes.discard("read_products")
    assert opened(shop, tmp_path).check()[1:] == [
        "customers: 0 rows", "orders: 2 rows",
        "products: skipped. The Shopify app may not read products (its scope is missing).",
        "Points for queries: 1990 of 2000 left",
    ]  # fmt: skip
    assert [(one.name, one.rows) for one in opened(shop, tmp_path).discover()] == [("customers", 0), ("orders", 2)]

"""The bench of day one: its exports are always the same, and its comparison finds what is wrong and what is missed."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bench.exports import VENDORS
from bench.exports.came_out import Out
from bench.exports.compare import compared
from bench.exports.made_up import World
from bench.exports.truth import Export


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_export_is_whole_and_always_the_same(vendor: str) -> None:
    export, again = VENDORS[vendor](), VENDORS[vendor]()
    assert export == again
    assert export.people or export.orders  # a till may know nobody
    for thing in (*export.orders, *export.tickets, *export.deals):
        assert thing.of is None or thing.of in export.people
    keys = [key for thing in export.orders for key in thing.keys]
    assert len(keys) == len(set(keys))
    for name, text in export.files.items():
        if name.endswith(".json"):
            rows = json.loads(text)
        else:
            rows = list(csv.reader(io.StringIO(text))) if isinstance(text, str) else text.splitlines()
        assert 2 <= len(rows) <= 250


def test_no_two_people_of_a_world_share_a_name_an_address_or_a_number() -> None:
    people = World("any", size=50).people
    for column in ("name", "given_name", "family_name", "email", "phone"):
        assert len({getattr(one, column) for one in people}) == 50


PERSON = {
    "record_id": "r1", "customer": "c1", "key": "1", "object": "people", "full_name": "Iris Fenn", "given_name": "Iris",
    "family_name": "Fenn", "organisation": None, "email": "iris@example.com", "phone": None, "street": None, "street_raw": None,
    "city": None, "emails": {"iris@example.com"}, "phones": set(),
}  # fmt: skip
ORDER = {
    "key": "A1", "customer": "c1", "status": "paid", "amount": Decimal(12), "currency": None,
    "lines": [{"quantity": Decimal(2), "amount": Decimal(12), "name": "Mug", "sku": "M"}],
}  # fmt: skip


def outcomes(records: list[dict[str, Any]], orders: list[dict[str, Any]]) -> dict[str, str]:
    export = Export("made up")
    iris = replace(World("one").people[0], given_name="Iris", family_name="Fenn", email="iris@example.com")
    export.person(iris, "name email", "1")
    export.order("A1", iris, status={"paid"}, amount=Decimal(12))
    export.orders[0].lines = [(Decimal(2), Decimal(12), {"Mug", "M"})]
    return {name: score.outcome for name, score in compared(export, Out(records=records, orders=orders)).items()}


def test_what_is_right_is_right() -> None:
    assert set(outcomes([PERSON], [ORDER]).values()) == {"right"}


@pytest.mark.parametrize(
    ("records", "orders", "field", "outcome"),
    [
        ([], [], "person", "missed"),
        ([PERSON | {"emails": set()}], [ORDER], "email", "missed"),
        ([PERSON | {"emails": {"iris@example.com", "rick@example.com"}}], [ORDER], "email", "wrong"),
        ([PERSON | {"phones": {"+15125550199"}}], [ORDER], "phone", "wrong"),
        ([PERSON | {"city": "Salem"}], [ORDER], "city", "wrong"),
        ([PERSON, PERSON | {"full_name": "Rick Repp", "emails": set(), "key": "9"}], [ORDER], "person", "wrong"),
        ([PERSON, PERSON | {"customer": "c2"}], [ORDER], "one customer", "missed"),
        ([PERSON], [], "order", "missed"),
        ([PERSON], [ORDER, ORDER | {"key": "A2"}], "order", "wrong"),
        ([PERSON], [ORDER | {"customer": None}], "order customer", "missed"),
        ([PERSON], [ORDER | {"customer": "c9"}], "order customer", "wrong"),
        ([PERSON], [ORDER | {"amount": Decimal("12.02")}], "order amount", "wrong"),
        ([PERSON], [ORDER | {"status": "refunded"}], "order status", "wrong"),
        ([PERSON], [ORDER | {"status": "Attending"}], "order status", "missed"),
        ([PERSON], [ORDER | {"lines": []}], "order lines", "missed"),
        ([PERSON], [ORDER | {"lines": ORDER["lines"] * 2}], "order lines", "wrong"),
    ],
)
def test_what_is_wrong_or_missed_is_seen(
    records: list[dict[str, Any]], orders: list[dict[str, Any]], field: str, outcome: str
) -> None:
    assert outcomes(records, orders)[field] == outcome

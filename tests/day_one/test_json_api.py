"""Files of JSON:API documents, as shops and CRMs answer: attributes, relationships, what is included. Made-up people."""

from __future__ import annotations

import json
from decimal import Decimal

from tests.day_one.conftest import money

PEOPLE = {"7": ("Iris Fenn", "iris@example.com"), "8": ("Otto Beck", "otto@example.com")}


def document(*data: dict, **more) -> str:
    return json.dumps({"meta": {"page": {"total": len(data)}}, "jsonapi": {"version": "1.0"}, "data": data, **more})


def resource(kind: str, key: str, **attributes) -> dict:
    return {"type": kind, "id": key, "attributes": attributes, "links": {"self": f"https://api.shop.example/{key}"}}


def sale(key: str, of: str, cents: int, currency: str = "USD", **more) -> dict:
    """An order with its amount in the smallest unit, and as it is shown."""
    shown = f"¥{cents}" if currency == "JPY" else f"${cents / 100:.2f}"
    attributes = {"user_name": PEOPLE[of][0], "user_email": PEOPLE[of][1], "currency": currency, "total": cents}
    when = f"2025-01-0{key}T10:00:00Z"
    return resource("orders", key, **attributes, total_formatted=shown, status="paid", created_at=when, test_mode=False) | more


def test_relationships_are_columns_and_attributes_keep_their_names(day_one) -> None:
    customers = [resource("customers", key, name=name, email=email) for key, (name, email) in PEOPLE.items()]
    orders = []
    for key, of, total in (("1", "7", "12.50"), ("2", "8", "20.10")):
        row = resource("orders", key, placed_at="2025-01-02", total_price=total, currency="EUR")
        orders.append(row | {"relationships": {"customer": {"data": {"type": "customers", "id": of}}}})
    view = day_one({"customers.json": document(*customers), "orders.json": document(*orders)})
    assert view.orders == {"Iris Fenn": {"1": Decimal("12.50")}, "Otto Beck": {"2": Decimal("20.10")}}


def test_cents_that_are_proved_by_the_amount_as_it_is_shown(day_one) -> None:
    view = day_one({"orders.json": document(sale("1", "7", 1999), sale("2", "8", 500), sale("3", "8", 700, "JPY"))})
    assert view.spent == {"Iris Fenn": {"USD": Decimal("19.99")}, "Otto Beck": {"USD": Decimal(5), "JPY": Decimal(700)}}
    assert "total is in cents" in view.text


def test_whole_amounts_that_are_shown_alike_are_not_cents(day_one) -> None:
    rows = [sale("1", "7", 1999), sale("2", "8", 500)]
    for row in rows:
        row["attributes"]["total_formatted"] = f"${row['attributes']['total']:,}.00"
    assert day_one({"orders.json": document(*rows)}).spent["Iris Fenn"] == {"USD": Decimal(1999)}


def test_orders_of_the_test_mode_are_left_out_and_it_is_said(day_one) -> None:
    tried = sale("3", "8", 9900)
    tried["attributes"]["test_mode"] = True
    view = day_one({"orders.json": document(sale("1", "7", 1999), sale("2", "8", 500), tried)})
    assert view.spent["Otto Beck"] == {"USD": Decimal(5)}
    assert "test_mode: 1 row is a test" in view.text
    assert any("1 row is left out" in said for said in view.said)


def test_what_a_document_includes_is_the_buyer_and_the_items(day_one) -> None:
    orders, included = [], []
    for number, (key, (name, email)) in enumerate(PEOPLE.items(), start=1):
        given, family = name.split()
        included.append(resource("order_customer", f"oc{key}", firstName=given, lastName=family, email=email))
        items = [
            resource("order_line_item", f"li{key}{n}", label=f"Lamp {n}", quantity=1, totalPrice=15.5) for n in range(number)
        ]
        included += items
        row = resource("order", f"a{key}", orderNumber=f"1000{number}", orderDateTime="2025-03-01", amountTotal=15.5 * number)
        orders.append(
            row
            | {
                "relationships": {
                    "orderCustomer": {"data": {"type": "order_customer", "id": f"oc{key}"}},
                    "lineItems": {"data": [{"type": "order_line_item", "id": one["id"]} for one in items]},
                }
            }
        )
    view = day_one({"order.json": json.dumps(json.loads(document(*orders, included=included)), indent=1)})
    assert view.orders == {
        "Iris Fenn": dict(zip(["10001"], money("15.5"), strict=True)),
        "Otto Beck": dict(zip(["10002"], money("31"), strict=True)),
    }
    assert view.lines == {"10001": 1, "10002": 2}

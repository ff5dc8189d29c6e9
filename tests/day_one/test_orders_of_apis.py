"""Orders as APIs answer: a list in an object, the customer and the items as objects in the order."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from tests.day_one.conftest import money


def test_a_list_of_orders_in_an_object(day_one):
    view = day_one(
        {
            "orders.json": """{"orders":[
{"id":4501,"email":"iris@example.com","created_at":"2025-01-02T10:00:00-05:00","total_price":"50.00","currency":"USD","financial_status":"paid","customer":{"id":207,"email":"iris@example.com","first_name":"Iris","last_name":"Fenn","default_address":{"city":"Boston"}},"shipping_address":{"name":"Uncle Gift","city":"Salem"},"line_items":[{"id":1,"title":"Kettle","sku":"KET","quantity":2,"price":"20.00"},{"id":2,"title":"Lamp","sku":"LAM","quantity":1,"price":"10.00"}]},
{"id":4502,"email":"otto@example.com","created_at":"2025-01-03T10:00:00-05:00","total_price":"30.00","currency":"USD","financial_status":"refunded","customer":{"id":208,"email":"otto@example.com","first_name":"Otto","last_name":"Beck","default_address":{"city":"Austin"}},"shipping_address":{"name":"Otto Beck","city":"Austin"},"line_items":[{"id":3,"title":"Pan","sku":"PAN","quantity":1,"price":"30.00"}]}],
"next_page":null}""",
            "woo.jsonl": """{"id":88,"status":"completed","currency":"EUR","date_created":"2025-02-03T10:00:00","total":"12.00","customer_id":0,"billing":{"first_name":"Iris","last_name":"Fenn","email":"iris@example.com","phone":"+16175550102","city":"Boston"},"shipping":{"first_name":"Uncle","last_name":"Gift","city":"Salem"},"line_items":[{"id":9,"name":"Cup","product_id":5,"quantity":1,"total":"12.00","sku":"CUP"}]}
{"id":89,"status":"cancelled","currency":"EUR","date_created":"2025-02-04T10:00:00","total":"24.00","customer_id":0,"billing":{"first_name":"Otto","last_name":"Beck","email":"otto@example.com","phone":"","city":"Austin"},"shipping":{"first_name":"Otto","last_name":"Beck","city":"Austin"},"line_items":[{"id":9,"name":"Cup","product_id":5,"quantity":2,"total":"24.00","sku":"CUP"}]}
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {
        "Iris Fenn": dict(zip(["4501", "88"], money("50", "12"), strict=True)),
        "Otto Beck": dict(zip(["4502", "89"], money("30", "24"), strict=True)),
    }
    assert view.statuses == {"4501": "paid", "4502": "refunded", "88": "shipped", "89": "cancelled"}
    assert view.lines == {"4501": 2, "4502": 1, "88": 1, "89": 1}
    assert view.cities == {"Iris Fenn": "Boston", "Otto Beck": "Austin"}

"""An invoice that names its order is the same sale: counted once, row by row; a correction takes off what the order sold."""

from tests.mapping.spending import spent
from tests.mapping.test_conform import map_of

ORDERS = [
    {"id": "2001", "who": "1", "total": "50.00", "state": "shipped"},
    {"id": "2002", "who": "2", "total": "80.00", "state": "shipped"},
    {"id": "2003", "who": "2", "total": "30.00", "state": "pending"},
    {"id": "2004", "who": "3", "total": "70.00", "state": "returned"},
]
INVOICES = [
    {"id": "F1", "who": "1", "total": "50.00", "state": "paid", "order": "2001", "of": None},
    {"id": "F2", "who": "2", "total": "80.00", "state": "paid", "order": "#2002", "of": None},
    {"id": "F3", "who": "2", "total": "-20.00", "state": "refunded", "order": "2002", "of": "F2"},
    {"id": "F4", "who": "1", "total": "9.00", "state": "paid", "order": None, "of": None},
    {"id": "F5", "who": "1", "total": "11.00", "state": "paid", "order": "1999", "of": None},
    {"id": "F6", "who": "2", "total": "30.00", "state": "paid", "order": "2003", "of": None},
    {"id": "F7", "who": "3", "total": "70.00", "state": "paid", "order": "2004", "of": None},
    {"id": "F8", "who": None, "total": "-60.00", "state": "refunded", "order": "2004", "of": "F7"},
]
ORDER = {"record_id": {"field": "who", "ref": "people"}, "amount": "total", "status": "state"}
BILLED = {**ORDER, "same_as": {"field": "order", "ref": "orders"}, "corrects": {"field": "of", "ref": "invoices"}}


def test_each_sale_counts_once(engine, landing, progress):
    landing.put("books", "orders", ORDERS).put("books", "invoices", INVOICES)
    maps = [map_of("books", "orders", "orders", ORDER), map_of("books", "invoices", "orders", BILLED)]
    found = spent(engine, landing, progress, maps)
    assert found == {
        "1": (50 + 9 + 11, 0),  # an invoice of no order, and one whose order is not there, count themselves
        "2": (80 - 20 + 30, 0),  # the order that is not one yet does not hide the invoice that was paid
        "3": (70 - 60, 0),  # what was given back in part, by the correction of its invoice
    }
    assert {key for (key,) in engine.rows("SELECT key FROM interactions WHERE kind = 'invoice'")} == {"F1", "F2", "F7"}
    assert engine.rows("SELECT key, corrects FROM orders WHERE corrects IS NOT NULL ORDER BY 1") == [
        ("F3", "order:books:orders:2002"), ("F8", "order:books:orders:2004"),
    ]  # fmt: skip
    (said,) = [text for text in progress.said if "count once" in text]
    assert said.startswith("books.invoices: 3 invoices bill orders of orders that are there too (200.00 together)")


def test_what_the_invoice_says_of_payment_is_said_of_the_order(engine, landing, progress):
    landing.put("books", "orders", ORDERS[:1]).put("books", "invoices", [{**INVOICES[0], "state": "overdue"}])
    maps = [map_of("books", "orders", "orders", ORDER), map_of("books", "invoices", "orders", BILLED)]
    assert spent(engine, landing, progress, maps) == {"1": (0, 50)}


def test_another_amount_than_that_of_the_order_is_said(engine, landing, progress):
    landing.put("books", "orders", ORDERS[:1]).put("books", "invoices", [{**INVOICES[0], "total": "55.00"}])
    maps = [map_of("books", "orders", "orders", ORDER), map_of("books", "invoices", "orders", BILLED)]
    assert spent(engine, landing, progress, maps) == {"1": (50, 0)}
    (said,) = [text for text in progress.said if "bills an order" in text]
    assert "1 of them has another amount than the order" in said


def test_the_lines_of_an_invoice_are_those_of_its_order_where_that_has_none(engine, landing, progress):
    landing.put("books", "orders", ORDERS[:2]).put("books", "invoices", INVOICES[:2]).put("books", "goods", [{"id": "KET"}])
    held = [{"id": "a", "doc": "F1", "sku": "KET"}, {"id": "b", "doc": "F2", "sku": "KET"}]
    landing.put("books", "lines", held).put("books", "order_lines", [{"id": "c", "doc": "2002", "sku": "KET"}])
    goods = {"product_id": {"field": "sku", "ref": "goods"}, "quantity": {"value": "1"}}
    maps = [
        map_of("books", "orders", "orders", ORDER), map_of("books", "invoices", "orders", BILLED),
        map_of("books", "goods", "products", {"name": "id"}),
        map_of("books", "lines", "order_lines", {"order_id": {"field": "doc", "ref": "invoices"}, **goods}),
        map_of("books", "order_lines", "order_lines", {"order_id": {"field": "doc", "ref": "orders"}, **goods}),
    ]  # fmt: skip
    spent(engine, landing, progress, maps)
    assert engine.rows("SELECT key, order_id FROM order_lines ORDER BY 1") == [
        ("a", "order:books:orders:2001"), ("c", "order:books:orders:2002"),
    ]  # fmt: skip

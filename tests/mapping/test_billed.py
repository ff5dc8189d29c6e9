"""An invoice that names its order is the same sale: counted once, row by row; a correction takes off what the order sold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from tests.mapping.conftest import Recording, SmallLanding
from tests.mapping.spending import spent
from tests.mapping.test_conform import map_of
from tests.properties import examples

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
    assert "Of 1 order the invoices have another amount than the order" in said


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


def put_bills(landing, orders, invoices):
    landing.put("books", "orders", [{"id": id, "who": who, "total": total, "state": state} for id, who, total, state in orders])
    rows = [{"id": id, "who": who, "total": total, "state": state, "order": order, "of": None}
            for id, who, total, state, order in invoices]  # fmt: skip
    landing.put("books", "invoices", rows)
    return [map_of("books", "orders", "orders", ORDER), map_of("books", "invoices", "orders", BILLED)]


@pytest.mark.parametrize(
    ("orders", "invoices", "found"),
    [
        ([("1", "1", "90.00", "shipped")], [("F1", "1", "90.00", "written off", "1")], {}),
        ([("1", "1", "90.00", "shipped")], [("F1", "1", "90.00", "void", "1")], {"1": (90, 0)}),
        (
            [("1", "1", "90.00", "shipped")],
            [("F1", "1", "60.00", "paid", "1"), ("F2", "1", "30.00", "bad debt", "1")],
            {"1": (60, 30)},
        ),
        ([("1", "1", "90.00", "shipped")], [("F2", "1", "30.00", "bad debt", "1")], {"1": (60, 30)}),
        ([("1", "1", "80.00", "draft")], [("F1", None, "80.00", "overdue", "1")], {"1": (0, 80)}),
        ([("1", "1", "80.00", "draft")], [("F1", None, "80.00", "paid", "1")], {"1": (80, 0)}),
        ([("1", "1", "80.00", "shipped")], [("F1", None, "80.00", "overdue", "1")], {"1": (0, 80)}),
    ],
    ids=["written off", "void", "a part written off", "only a part", "a draft, owed", "a draft, paid", "an order, owed"],
)
def test_what_an_invoice_says_reaches_its_order(engine, landing, progress, orders, invoices, found):
    assert spent(engine, landing, progress, put_bills(landing, orders, invoices)) == found


def test_what_was_paid_for_a_cancelled_order_is_said(engine, landing, progress):
    maps = put_bills(landing, [("1", "1", "70.00", "cancelled")], [("F1", "1", "70.00", "paid", "1")])
    assert spent(engine, landing, progress, maps) == {}
    assert any("1 invoice was paid (70.00 together) whose order was cancelled" in said for said in progress.said)


def test_invoices_that_come_to_their_order_together_do_not_differ_from_it(engine, landing, progress):
    maps = put_bills(landing, [("1", "1", "70.00", "shipped")], [(f"F{n}", "1", "35.00", "paid", "1") for n in (1, 2)])
    assert spent(engine, landing, progress, maps) == {"1": (70, 0)}
    assert not any("another amount" in said for said in progress.said)


PEOPLE = {"1": "Ana Kerlo", "2": "Bo Lindt", "3": "Ana Kerlo-Braz"}


@pytest.mark.parametrize(
    ("billed", "total", "found", "said"),
    [
        ("2", "50.00", {"2": (50, 0)}, "1 order of orders (50.00 together) was billed to another customer than ordered"),
        ("2", "11.00", {"1": (50, 0), "2": (11, 0)}, "1 invoice names an order of orders that is of another customer"),
        ("3", "50.00", {"1": (50, 0)}, ""),
        ("1", "11.00", {"1": (50, 0)}, ""),
    ],
    ids=["the same sale", "another sale", "the same name", "the same customer"],
)
def test_an_invoice_of_one_customer_that_names_the_order_of_another(engine, landing, progress, billed, total, found, said):
    maps = put_bills(landing, [("1", "1", "50.00", "shipped")], [("F1", billed, total, "paid", "1")])
    assert spent(engine, landing, progress, maps, names=PEOPLE) == found
    assert any("another customer" in text for text in progress.said) == bool(said)
    assert any(said in text for text in progress.said)
    if said and total == "50.00":
        assert engine.rows("SELECT key, kind, record_id FROM interactions") == [("1", "order", "record:books:people:1")]


def test_what_was_given_back_of_an_order_that_was_billed_to_another_is_taken_off_the_invoice(engine, landing, progress):
    maps = put_bills(
        landing, [("1", "1", "50.00", "shipped")], [("F1", "2", "50.00", "paid", "1"), ("F2", "2", "-20.00", "refunded", "1")]
    )
    assert spent(engine, landing, progress, maps, names=PEOPLE) == {"2": (30, 0)}


BILL = st.tuples(
    st.sampled_from(["1", "2"]), st.sampled_from([30, 50, 80]), st.sampled_from(["paid", "overdue", "written off", "void", None]),
    st.integers(0, 3),
)  # fmt: skip
CREDIT = st.tuples(st.integers(0, 3), st.sampled_from([-30, -50]), st.sampled_from(["refunded", "reversed", "cancelled"]))


@pytest.mark.property
@settings(max_examples=examples(3, soak=200))
@given(
    st.lists(st.tuples(st.sampled_from(["1", "2"]), st.sampled_from([30, 50, 80])), min_size=1, max_size=3),
    st.lists(BILL, max_size=4),
    st.lists(CREDIT, max_size=3),
)
def test_no_sale_counts_twice_and_nothing_is_taken_back_twice_unsaid(tmp_path_factory, orders, bills, credits):
    """Whatever names what: what was spent and is owed is no more than was sold, and below zero only if that is said."""
    engine = DuckDB(threads=1, memory="500MB")
    progress, landing = Recording(), SmallLanding(engine, tmp_path_factory.mktemp("shop"))
    rows = [(f"F{n}", who, f"{total}.00", state, str(order)) for n, (who, total, state, order) in enumerate(bills)]
    rows += [(f"C{n}", None, f"{total}.00", state, str(order)) for n, (order, total, state) in enumerate(credits)]
    rows.append(("F9", "1", "1.00", "paid", None))
    maps = put_bills(landing, [(str(n), who, f"{total}.00", "shipped") for n, (who, total) in enumerate(orders)], rows)
    found = spent(engine, landing, progress, maps, names=PEOPLE)
    sold = 1 + sum(total for _, total in orders) + sum(total for _, total, _, _ in bills)
    once = {str(n): total for n, (_, total) in enumerate(orders)}
    assert sum(paid + owed for paid, owed in found.values()) <= sold
    if all(str(order) in once and who == orders[order][0] for who, _, _, order in bills):
        assert sum(paid + owed for paid, owed in found.values()) <= 1 + sum(once.values())
    for paid, owed in found.values():
        assert owed >= 0
        assert paid >= 0 or any("take back more" in text or "not there" in text for text in progress.said)
    engine.close()


def test_an_invoice_may_name_the_number_beside_the_key(engine, landing, progress):
    numbered = [{**row, "no": f"SO-{row['id']}"} for row in ORDERS[:2]]
    landing.put("books", "orders", numbered)
    landing.put("books", "invoices", [{**INVOICES[0], "order": "SO-2001"}, {**INVOICES[1], "order": "so-2009"}])
    maps = [map_of("books", "orders", "orders", {**ORDER, "number": "no"}), map_of("books", "invoices", "orders", BILLED)]
    assert spent(engine, landing, progress, maps) == {"1": (50, 0), "2": (160, 0)}


def test_numbers_that_begin_again_are_told_apart_by_the_customer_and_the_day(engine, landing, progress):
    rows = [
        {"id": "24-2", "no": "2", "who": "1", "total": "250.00", "day": "2024-01-15", "state": "cancelled", "of": None},
        {"id": "25-2", "no": "2", "who": "2", "total": "75.00", "day": "2025-01-15", "state": "paid", "of": None},
        {"id": "24-3", "no": "3", "who": "1", "total": "-50.00", "day": "2024-02-15", "state": "refunded", "of": "2"},
        {"id": "25-3", "no": "3", "who": "2", "total": "-5.00", "day": "2025-02-15", "state": "refunded", "of": "2"},
        {"id": "25-4", "no": "4", "who": "3", "total": "-6.00", "day": "2025-02-15", "state": "refunded", "of": "2"},
    ]
    landing.put("books", "invoices", rows)
    fields = {
        "record_id": {"field": "who", "ref": "people"}, "amount": "total", "status": "state", "ordered_at": "day", "number": "no",
        "corrects": {"field": "of", "ref": "invoices"},
    }  # fmt: skip
    found = spent(engine, landing, progress, [map_of("books", "invoices", "orders", fields)])
    assert found == {"2": (70, 0)}  # what is of no order of the customer takes nothing off
    assert engine.rows("SELECT key, corrects FROM orders WHERE corrects LIKE '%:2_-2' ORDER BY 1") == [
        ("24-3", "order:books:invoices:24-2"), ("25-3", "order:books:invoices:25-2"),
    ]  # fmt: skip

"""A proposal that loses whose the orders are, or what they are worth, is not sure, and says it in a line of its own."""

from __future__ import annotations

import pytest

from tests.mapping.test_links import project, proposed

PEOPLE = "customer_id,name,email\n" + "".join(f"{n},Ada Tal {n},a{n}@example.com\n" for n in range(1, 6))


def found(tmp_path, header, rows):
    return proposed(project(tmp_path, customers=PEOPLE, orders="\n".join([header, *rows]) + "\n"))["orders"]


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("Remark", "blue", "LOOK: record_id: no field names a person of these sources"),
        ("Client ref", "X-{n}", "LOOK: customers are known by their number only"),
    ],
)
def test_whose_they_are(tmp_path, header, value, said):
    rows = [f"{n},2025-01-{12 + n},{n}.50,{value.format(n=n)}" for n in range(1, 6)]
    one = found(tmp_path, f"Order ID,Order Date,Total,{header}", rows)
    assert one["sure"] != "sure"
    assert [note for note in one["notes"] if note.startswith(said)], one["notes"]


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("Zorp,Blip", "{n}.50,{n}.75", "LOOK: amount: it may be Zorp or Blip"),
        ("Zorp", "blue", "LOOK: amount: no field was found"),
    ],
)
def test_what_they_are_worth(tmp_path, header, row, said):
    rows = [f"{n},2025-01-{12 + n},{n},{row.format(n=n)}" for n in range(1, 6)]
    one = found(tmp_path, f"Order ID,Order Date,Customer ID,{header}", rows)
    assert one["sure"] != "sure"
    assert len([note for note in one["notes"] if note.startswith(said)]) == 1, one["notes"]


def test_some_without_a_customer(tmp_path):
    rows = [f"{n},2025-01-{12 + n},{n if n < 4 else ''},{n}.50,Somebody {n}" for n in range(1, 6)]
    one = found(tmp_path, "Order ID,Order Date,Customer ID,Total,Company", rows)
    assert one["sure"] != "sure"
    assert any(note.startswith("LOOK: 2 rows have no Customer ID") and "Company" in note for note in one["notes"]), one["notes"]


def test_nothing_is_missing(tmp_path):
    one = found(tmp_path, "Order ID,Order Date,Customer ID,Total", [f"{n},2025-01-{12 + n},{n},{n}.50" for n in range(1, 6)])
    assert (one["sure"], [note for note in one["notes"] if note.startswith("LOOK")]) == ("sure", [])


def test_the_customers_own_order_number_is_not_proposed_as_whose_it_is(tmp_path):
    rows = [f"{n},2025-01-{12 + n},{n}.50,PO-{n}" for n in range(1, 6)]
    assert not [
        note for note in found(tmp_path, "Order ID,Order Date,Total,Customer PO", rows)["notes"] if "may say whose" in note
    ]

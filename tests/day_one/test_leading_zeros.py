"""Customer numbers with leading zeros in only one of two files. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

PEOPLE = "Customer No,Name,Email\n{0},Ada Kell,ada@kell.example\n{1},Bo Lind,bo@lind.example\n{2},Cy Mann,cy@mann.example\n"
ORDERS = "Order No,Customer No,Date,Total\n"
ORDERS += "1,{0},2025-01-05,100.00\n2,{1},2025-01-06,80.00\n3,{2},2025-01-07,60.00\n4,{0},2025-01-08,20.00\n"


@pytest.mark.parametrize(
    ("here", "there"),
    [(("00123", "00124", "01125"), ("123", "124", "1125")), (("123", "124", "1125"), ("000123", "000124", "001125"))],
)
def test_customers_are_found_over_leading_zeros(day_one, here, there):
    view = day_one({"customers.csv": PEOPLE.format(*here), "orders.csv": ORDERS.format(*there)})
    assert {name: sum(each.values()) for name, each in view.spent.items()} == dict(
        zip(("Ada Kell", "Bo Lind", "Cy Mann"), money("120", "80", "60"), strict=True)
    ), view.text
    assert "LOOK: Customer No is linked to Customer No of customers" in view.text.replace("\n#", "")


def test_numbers_that_only_zeros_tell_apart_are_not_linked(suggested):
    people = PEOPLE.format("0123", "123", "124")
    suggested({"customers.csv": people, "orders.csv": ORDERS.format("00123", "00124", "00125")})
    assert "is linked to Customer No" not in suggested.text

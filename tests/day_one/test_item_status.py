"""Orders whose items have a status each: what was kept counts, what was given back does not. Nobody here exists."""

from __future__ import annotations

import pytest

from .conftest import bring, money

ITEMS = """
id_order;id_order_unit;ts_created;status;item_title;ean;price;currency;quantity;revenue_gross;buyer_email;first_name;last_name
MKA7X;1;2026-03-04 10:02:11;sent;Shears;8712345000011;26.95;EUR;1;31.90;uwe.holt@mail.example;Uwe;Holt
MKA7X;2;2026-03-04 10:02:11;returned;Can;8712345000028;21.50;EUR;1;21.50;uwe.holt@mail.example;Uwe;Holt
MKB7X;3;2026-03-06 08:44:00;cancelled;Shade;8712345000035;199.00;EUR;1;199.00;pia.vogt@mail.example;Pia;Vogt
MKC7X;4;2026-03-08 08:44:00;sent;Saw;8712345000042;99.00;EUR;1;99.00;ole.brand@mail.example;Ole;Brand
MKD7X;5;2026-03-09 08:44:00;cancelled;Saw;8712345000042;99.00;EUR;1;99.00;eva.lind@mail.example;Eva;Lind
MKD7X;6;2026-03-09 08:44:00;returned;Can;8712345000028;21.50;EUR;1;21.50;eva.lind@mail.example;Eva;Lind
"""
WITH_TOTAL = """
Order No,Order Date,Item Status,Product,Quantity,Price,Order Total,Email,Full Name
7001,2026-03-04,Shipped,Red pen,2,3.00,11.00,kim.rowe@post.example,Kim Rowe
7001,2026-03-04,Cancelled,Blue ink,1,5.00,11.00,kim.rowe@post.example,Kim Rowe
7002,2026-03-05,Shipped,Red pen,1,3.00,8.00,max.dunn@post.example,Max Dunn
7002,2026-03-05,Shipped,Blue ink,1,5.00,8.00,max.dunn@post.example,Max Dunn
7003,2026-03-06,Cancelled,Red pen,4,3.00,12.00,amy.todd@post.example,Amy Todd
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    return bring(tmp_path_factory.mktemp("items"), {"market-orders.csv": ITEMS, "webshop.csv": WITH_TOTAL})


@pytest.mark.parametrize(
    ("name", "spent"),
    [
        ("Uwe Holt", "31.90"), ("Pia Vogt", "0"), ("Ole Brand", "99.00"), ("Eva Lind", "0"), ("Kim Rowe", "6.00"),
        ("Max Dunn", "8.00"),
        ("Amy Todd", "0"),
    ],
)  # fmt: skip
def test_what_was_kept_counts(view, name, spent):
    assert sum(view.spent.get(name, {}).values()) == money(spent)[0]


def test_it_is_said(view):
    assert "an order counts without its items that are cancelled, returned" in view.text


APART = {
    "members.csv": "Card No.,First Name,Last Name,Email\n7,Kim,Rowe,kim@post.example\n8,Max,Dunn,max@post.example\n",
    "orders.csv": "order_no,customer,order_date,total\nO-1,7,2026-01-31,\nO-2,8,2026-02-01,\n",
    "items.csv": (
        "order_no,sku,product,quantity,unit_price,line_total,line_status\n"
        "O-1,A1,Apple,2,30.00,60.00,shipped\nO-1,B1,Bread,1,40.00,40.00,returned\nO-2,A1,Apple,1,30.00,30.00,shipped\n"
        "O-2,C1,Cake,3,10.00,30.00,cancelled\n"
    ),
    "receipts.csv": "Receipt,Date received,Card No.,Purpose,Amount received\n"
    + "".join(f"R{n},2026-03-0{n},{7 + n % 2},Roof,{n}5.50\n" for n in range(1, 6)),
}


def test_items_of_a_file_of_their_own_and_receipts_of_which_only_what_was_paid_is_known(tmp_path):
    view = bring(tmp_path, APART)
    assert sum(view.spent["Max Dunn"].values()) == money("136.50")[0], "30 of Apple, receipts 1, 3, 5"
    assert sum(view.spent["Kim Rowe"].values()) == money("131.00")[0], "60 of Apple, receipts 2, 4"

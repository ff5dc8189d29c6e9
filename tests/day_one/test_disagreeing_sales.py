"""Two files that disagree on one sale, by its number and customer: it is said, with how many and one of them. Made-up people."""

from __future__ import annotations

from fullcircle.ask.map_check import check_maps
from fullcircle.config.read import read_config

from .conftest import bring, proposed, put

HEAD = "Order No,Customer,Email,Date,Total,Status\n"
FIRST = (
    "1001,Ada Kell,ada@kell.example,2025-01-05,100.00,paid\n1002,Bo Lind,bo@lind.example,2025-01-06,80.00,paid\n"
    "1003,Cy Mann,cy@mann.example,2025-01-07,60.00,paid\n1004,Di Noel,di@noel.example,2025-01-08,50.00,paid\n"
)
SECOND = (
    "1001,Ada Kell,ada@kell.example,2025-01-05,100.00,paid\n1002,Bo Lind,bo@lind.example,2025-01-06,88.00,paid\n"
    "1003,Cy Mann,cy@mann.example,2025-01-07,60.00,shipped\n1005,Ed Orr,ed@orr.example,2025-01-09,70.00,paid\n"
)


def test_rows_of_one_object_that_disagree_are_said(day_one):
    view = day_one({"orders_2024.csv": HEAD + FIRST, "orders_2025.csv": HEAD + SECOND})
    said = "files.orders: 2 orders are there in several rows that disagree: 1 on the amount and 1 on the status, such as 1002."
    assert any(one.startswith(said) for one in view.said), view.said


def test_rows_of_two_objects_that_disagree_are_said(day_one):
    view = day_one({"shop_orders.csv": HEAD + FIRST, "sales.csv": HEAD.replace("No", "Number") + SECOND})
    said = "files.sales: 3 orders have the number, the customer and the day of one of files.shop_orders, such as 1002. They "
    assert any(one.startswith(said + "disagree: 1 on the amount and 1 on the status.") for one in view.said), view.said


def test_map_check_says_it_too(tmp_path):
    put(tmp_path, {"orders_2024.csv": HEAD + FIRST, "orders_2025.csv": HEAD + SECOND})
    found = check_maps(read_config(proposed(tmp_path)))
    assert "in several rows that disagree" in str(found), found


def test_orders_of_others_with_the_same_numbers_are_not_the_same_sales(tmp_path):
    others = (
        FIRST.replace("Ada Kell,ada", "Una Rey,una")
        .replace("Bo Lind,bo@lind", "Vic Sol,vic@sol")
        .replace("2025-01-07", "2025-03-07")
    )
    files = {"shop_orders.csv": HEAD + FIRST, "sales.csv": HEAD.replace("No", "Number") + others.rsplit("1004", 1)[0]}
    assert not any("the number, the customer and the day" in one for one in bring(tmp_path, files).said)


def test_the_same_rows_again_are_not_said(day_one):
    view = day_one({"orders_2024.csv": HEAD + FIRST, "orders_2025.csv": HEAD + FIRST})
    assert not any("disagree" in one for one in view.said), view.said

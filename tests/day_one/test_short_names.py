"""Databases whose names are abbreviations with `tbl` before them; and people inside JSON, to whom orders point."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from fullcircle.mapping.propose.guess import is_about_others, named
from fullcircle.mapping.propose.words import written_out
from tests.day_one.conftest import bring, view_in

SCHEMA = """
create table tblEmployee(EmpID integer primary key, FirstName text, LastName text, Email text);
create table tblCust(CustID integer primary key, Forename text, Surname text, EMailAddr text,
  RepID integer references tblEmployee);
create table tblBook(ISBN text primary key, Title text, ListPrice real);
create table tblOrdHdr(OrdNo integer primary key, CustID integer references tblCust(CustID), OrdDt text, StatCd text, CcyCd text,
  TotAmt real);
create table tblOrdDtl(OrdNo integer references tblOrdHdr(OrdNo), LineNum integer, ISBN text references tblBook(ISBN),
  QtyOrd integer, SellPrice real, primary key(OrdNo, LineNum));
insert into tblEmployee values(1, 'Walt', 'Deskman', 'walt@example.org'), (2, 'Faye', 'Till', 'faye@example.org');
insert into tblCust values(1, 'Rosa', 'Lund', 'rosa@example.com', 1), (2, 'Sven', 'Holm', 'sven@example.com', 2);
insert into tblBook values('9780000000017', 'Winter Birds', 12.5), ('9780000000024', 'Knots', 8);
insert into tblOrdHdr values(500, 1, '2025-01-03', 'shipped', 'GBP', 33), (501, 2, '2025-01-05', 'cancelled', 'GBP', 8);
insert into tblOrdDtl values(500, 1, '9780000000017', 2, 12.5), (500, 2, '9780000000024', 1, 8), (501, 1, '9780000000024', 1, 8);
"""
USERS = [
    {
        "type": "users",
        "id": f"u_{n}",
        "attributes": {"email": f"{name}@example.com", "profile": {"givenName": name, "familyName": "Park"}},
    }
    for n, name in enumerate(("Xena", "Yuri", "Zoe"), 1)
]
ORDERS = [
    {"id": "o_1", "userId": "u_1", "placedAt": "2025-01-04T10:00:00Z", "total": 45.5, "currency": "USD"},
    {"id": "o_2", "userId": "u_3", "placedAt": "2025-01-05T10:00:00Z", "total": 10, "currency": "USD"},
]


@pytest.mark.parametrize(
    ("name", "whole"),
    [("ord_dt", "order_date"), ("tot_amt", "total_amount"), ("order_no", "order_no"), ("dt", "dt"), ("ord_x", "ord_x")],
)
def test_only_names_that_are_nothing_but_abbreviations_are_written_out(name, whole):
    assert written_out(name) == whole


def test_what_is_said_around_the_name_of_a_table_does_not_hide_what_it_holds():
    assert is_about_others("tblEmployee") and is_about_others("dim_supplier") and not is_about_others("tblCust")
    assert (named("tblOrdHdr"), named("tblOrdDtl"), named("tblCust")) == ("orders", "order_lines", "records")


def test_a_database_of_abbreviations(tmp_path):
    folder = tmp_path / "books"  # `bring` writes texts: a database is brought by the same verbs
    (folder / "data").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "data" / "books.sqlite")) as books:
        books.executescript(SCHEMA)
    view = view_in(folder)
    assert view.orders == {"Rosa Lund": {"500": Decimal(33)}, "Sven Holm": {"501": Decimal(8)}}
    assert view.people == {"Rosa Lund", "Sven Holm"}
    assert view.lines == {"500": 2, "501": 1}
    assert view.statuses == {"500": "shipped", "501": "cancelled"}


def test_orders_point_to_people_inside_json(tmp_path):
    view = bring(tmp_path, {"users.json": json.dumps({"data": USERS}), "orders.json": json.dumps(ORDERS)})
    assert view.orders == {"Xena Park": {"o_1": Decimal("45.5")}, "Zoe Park": {"o_2": Decimal(10)}}
    assert view.people == {"Xena Park", "Yuri Park", "Zoe Park"}

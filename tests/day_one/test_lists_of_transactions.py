"""A list of what happened on the accounts of customers: invoices, payments, receipts and credit notes; some have a number."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

CONTACTS = """
Customer,Email,Full Name,Billing City
"Alvarez, Rosa",rosa@example.com,Rosa Alvarez,Austin
Brightwater Dental,office@brightwater.example,Karen Hale,Austin
O'Brien Design,pat@obrien.example,Pat O'Brien,Round Rock
Smith Family,jsmith@example.com,John Smith,Austin
"""
TRANSACTIONS = """
Customer,Date,Transaction Type,Num,Memo/Description,Amount,Open Balance
"Alvarez, Rosa",01/15/2025,Invoice,1001,Portrait,450.00,0.00
"Alvarez, Rosa",01/20/2025,Payment,,,-450.00,0.00
Brightwater Dental,01/18/2025,Invoice,1002,Head shots,"1,200.00",700.00
Brightwater Dental,01/31/2025,Payment,5567,,-500.00,0.00
O'Brien Design,02/22/2025,Sales Receipt,1003,Prints,80.00,0.00
O'Brien Design,02/25/2025,Refund,1004,Damaged,-20.00,0.00
Smith Family,02/14/2025,Invoice,1005,Wedding,"2,500.00","2,500.00"
Smith Family,02/20/2025,Estimate,1006,Album,600.00,600.00
Brightwater Dental,03/21/2025,Credit Memo,1007,Discount,-100.00,-100.00
"""
SPENT = dict(zip(["Rosa Alvarez", "Karen Hale", "Pat O'Brien", "John Smith"], money("450", "400", "60", "0"), strict=True))


def test_invoices_count_and_their_payments_do_not(tmp_path):
    view = bring(tmp_path, {"Customer Contact List.csv": CONTACTS, "Transaction List by Customer.csv": TRANSACTIONS})
    assert view.people == SPENT.keys() and {name: sum(some.values()) for name, some in view.spent.items()} == SPENT
    assert view.unpaid == {"Karen Hale": {"": money("700")[0]}, "John Smith": {"": money("2500")[0]}}
    assert view.statuses["1006"] == "draft" and view.statuses["1007"] == "refunded"
    assert "no key was found" not in view.text


def test_without_the_contacts_they_are_of_whom_they_name(tmp_path):
    view = bring(tmp_path, {"transactions.csv": TRANSACTIONS})
    assert view.spent["Brightwater Dental"] == {"": money("400")[0]} and view.spent["Rosa Alvarez"] == {"": money("450")[0]}

"""Payments of invoices that say themselves what was paid: refunds among them lessen what was spent, and gifts are sales."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

MEMBERS = """
User ID,First name,Last name,Email
61001,Marjorie,Quill,marjorie@example.org
61002,Desmond,Achebe,desmond@example.org
61003,Trudy,Vane,trudy@example.org
"""
INVOICES = """
Invoice number,Invoice date,User ID,Invoice total,Amount paid,Balance due,Status
00501,02/13/2025,61001,50.00,50.00,0.00,Paid
00502,03/14/2025,61002,150.00,60.00,90.00,Partially paid
00503,03/15/2025,61003,50.00,0.00,50.00,Unpaid
"""
PAYMENTS = """
Payment ID,Payment date,User ID,Type,Amount,Settled invoices
8801,02/13/2025,61001,Payment,50.00,00501
8802,03/20/2025,61002,Payment,60.00,00502
8803,03/21/2025,61001,Donation,150.00,
8804,03/25/2025,61001,Refund,-10.00,00501
8805,03/26/2025,61003,Payment,5.00,
"""
NET = INVOICES.replace("50.00,50.00,0.00,Paid", "50.00,40.00,10.00,Partially paid")


def test_a_refund_lessens_what_was_spent_and_a_gift_is_a_sale(tmp_path):
    view = bring(tmp_path, {"Members.csv": MEMBERS, "Invoices.csv": INVOICES, "Payments.csv": PAYMENTS})
    assert view.spent["Marjorie Quill"] == {"": money("190")[0]} and view.spent["Desmond Achebe"] == {"": money("60")[0]}
    assert view.unpaid == {"Desmond Achebe": {"": money("90")[0]}, "Trudy Vane": {"": money("50")[0]}}
    assert "1 payment (5.00 together) has nothing in Settled invoices" in view.text


def test_a_refund_that_the_balance_has_in_it_is_not_taken_off_again(tmp_path):
    view = bring(tmp_path, {"Members.csv": MEMBERS, "Invoices.csv": NET, "Payments.csv": PAYMENTS})
    assert view.spent["Marjorie Quill"] == {"": money("190")[0]} and view.unpaid["Marjorie Quill"] == {"": money("10")[0]}

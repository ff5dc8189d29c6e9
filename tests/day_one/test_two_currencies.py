"""Invoices with a sum in the customer's currency and one in that of the books. Made-up people."""

from decimal import Decimal

INVOICES = """
date,number,description,original_currency,original_amount,accounting_currency,total_amount,net_amount,contact_id,contact_name,email,state
2025-01-07,F-1,Ten lessons,EUR,130.00,EUR,130.00,107.44,c_01,Ana Ruiz,ana@ruiz.example,paid
2025-02-02,F-2,Retreat,USD,110.00,EUR,101.20,101.20,c_04,Kate Moss,kate@moss.example,paid
2025-02-03,F-3,Five lessons,EUR,70.00,EUR,70.00,57.85,c_05,Eva Rey,eva@rey.example,outstanding
"""


def test_what_the_customer_was_asked_for_goes_with_its_own_currency(day_one) -> None:
    view = day_one({"invoices.csv": INVOICES})
    assert view.spent["Kate Moss"] == {"USD": Decimal(110)}
    assert view.spent["Ana Ruiz"] == {"EUR": Decimal(130)}
    assert view.unpaid == {"Eva Rey": {"EUR": Decimal(70)}}


def test_two_columns_that_say_the_same_are_one(day_one) -> None:
    view = day_one({"invoices.csv": INVOICES.replace("USD,110.00", "EUR,101.20")})
    assert view.spent["Kate Moss"] == {"EUR": Decimal("101.20")}

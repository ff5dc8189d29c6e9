"""Invoices, their payments and credit notes in one list, as ledgers of sales export it. Made-up people."""

from decimal import Decimal

CUSTOMERS = """
Name,Company name,Phone,Email,Open balance
Northfield Foods Ltd,Northfield Foods Ltd,0161 496 0100,accounts@northfield.example,1620.00
Dora Quist,,07911 900105,dora.quist@mail.example,55.00
"""
SALES = """
Date,Type,No.,Customer,Memo,Due date,Balance,Total,Status
03/02/2025,Invoice,1041,Northfield Foods Ltd,Day 1,05/03/2025,0.00,2400.00,Paid
28/02/2025,Payment,,Northfield Foods Ltd,Bacs,28/02/2025,0.00,-2400.00,Closed
04/03/2025,Invoice,1042,Northfield Foods Ltd,Day 2,03/04/2025,1620.00,2400.00,Overdue
20/03/2025,Payment,,Northfield Foods Ltd,Bacs part,20/03/2025,0.00,-600.00,Closed
21/03/2025,Credit Memo,CM-7,Northfield Foods Ltd,Room too small,21/03/2025,0.00,-180.00,Closed
25/03/2025,Estimate,E-210,Northfield Foods Ltd,Next year,25/04/2025,0.00,2000.00,Pending
12/02/2025,Invoice,1044,Dora Quist,Refresher,14/03/2025,55.00,95.00,Overdue
15/02/2025,Payment,,Dora Quist,Card,15/02/2025,0.00,-40.00,Closed
18/02/2025,Sales Receipt,1046,Dora Quist,Evening class,18/02/2025,0.00,75.00,Paid
19/02/2025,Refund Receipt,R-3,Dora Quist,Class cancelled,19/02/2025,0.00,-75.00,Paid
"""
BELEGE = """
Belegart;Belegnummer;Datum;Kunde;E-Mail;Betrag;Offen;Währung
Rechnung;R-1;01.02.2025;Anna Berg;anna@berg.example;100,00;0,00;EUR
Zahlungseingang;Z-1;05.02.2025;Anna Berg;anna@berg.example;100,00;0,00;EUR
Rechnung;R-2;01.03.2025;Jan Holm;jan@holm.example;80,00;30,00;EUR
Zahlungseingang;Z-2;04.03.2025;Jan Holm;jan@holm.example;50,00;0,00;EUR
"""


def test_a_payment_in_a_list_of_invoices_is_no_sale_and_takes_nothing_away(day_one) -> None:
    view = day_one({"customers.csv": CUSTOMERS, "sales_transactions.csv": SALES})
    assert view.spent == {"Northfield Foods Ltd": {"": Decimal(3000)}, "Dora Quist": {"": Decimal(40)}}
    assert view.unpaid == {"Northfield Foods Ltd": {"": Decimal(1620)}, "Dora Quist": {"": Decimal(55)}}
    assert view.orders["Dora Quist"].keys() == {"1044", "1046", "R-3"}


def test_payments_with_a_positive_amount_are_not_the_sale_again(day_one) -> None:
    view = day_one({"belege.csv": BELEGE})
    assert view.spent == {"Anna Berg": {"EUR": Decimal(100)}, "Jan Holm": {"EUR": Decimal(50)}}
    assert view.unpaid == {"Jan Holm": {"EUR": Decimal(30)}}


def test_a_list_of_nothing_but_payments_stays_what_was_paid(day_one) -> None:
    payments = BELEGE.replace("Rechnung;", "Zahlung;").replace("Zahlungseingang;", "Zahlung;")
    assert sum(sum(of.values()) for of in day_one({"zahlungen.csv": payments}).orders.values()) == Decimal(330)

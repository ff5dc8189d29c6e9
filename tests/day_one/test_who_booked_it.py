"""Payments that name an invoice and who booked them: they are of the customer of the invoice, and the proposal runs."""

from decimal import Decimal

CLIENTS = """
id,name,first_name,last_name,email,street,zip,city,country_code
71,,Iris,Fenn,iris.fenn@example.de,Am Wall 3,26122,Oldenburg,DE
72,,Otto,Beck,otto.beck@example.de,Am Wall 5,26122,Oldenburg,DE
73,,Uma,Hall,uma.hall@example.de,Am Wall 7,26122,Oldenburg,DE
"""
INVOICES = """
id,client_id,invoice_number,date,due_date,status,total_net,total_gross,total_net_unreduced,total_gross_unreduced,currency_code,paid_amount,open_amount
801,71,RE-1,2025-01-14,2025-01-28,PAID,50.00,53.50,50.00,53.50,EUR,53.50,0.00
802,72,RE-2,2025-02-14,2025-02-28,OPEN,40.00,42.80,40.00,42.80,EUR,20.00,22.80
803,72,RE-3,2025-03-02,2025-03-16,PAID,90.00,96.30,100.00,107.00,EUR,96.30,0.00
804,73,RE-4,2025-03-09,2025-03-23,OPEN,10.00,10.70,10.00,10.70,EUR,0.00,10.70
"""
PAYMENTS = """
id,created,invoice_id,{who},date,amount,comment,currency_code,type
9000,2025-01-20T11:20:00+01:00,801,12,2025-01-20,53.50,,EUR,BANK_TRANSFER
9001,2025-02-20T11:20:00+01:00,802,12,2025-02-20,20.00,,EUR,CASH
9002,2025-03-09T11:20:00+01:00,803,14,2025-03-09,50.00,,EUR,BANK_TRANSFER
9003,2025-03-10T11:20:00+01:00,803,12,2025-03-10,46.30,,EUR,PAYPAL
"""
BARE = """
id,client_id,invoice_number,date,due_date,total_gross,currency_code
801,71,RE-1,2025-01-14,2025-01-28,53.50,EUR
802,72,RE-2,2025-02-14,2025-02-28,42.80,EUR
803,72,RE-3,2025-03-02,2025-03-16,96.30,EUR
804,73,RE-4,2025-03-09,2025-03-23,10.70,EUR
"""


def files(who, invoices=INVOICES):
    return {"clients.csv": CLIENTS, "invoices.csv": invoices, "invoice_payments.csv": PAYMENTS.format(who=who)}


def test_who_booked_a_payment_is_no_customer(day_one):
    view = day_one(files("user_id"))
    assert view.people == {"Iris Fenn", "Otto Beck", "Uma Hall"}, view.text
    assert view.deals["Otto Beck"] == [Decimal("20.00"), Decimal("46.30"), Decimal("50.00")], view.text
    assert view.unpaid == {"Otto Beck": {"EUR": Decimal("22.80")}, "Uma Hall": {"EUR": Decimal("10.70")}}
    assert view.spent["Iris Fenn"] == {"EUR": Decimal("53.50")}
    assert view.spent["Otto Beck"] == {"EUR": Decimal("116.30")}, view.text


def test_what_was_paid_by_bank_transfer_is_read_from_the_payments(day_one):
    view = day_one(files("employee_id", BARE))
    assert view.people == {"Iris Fenn", "Otto Beck", "Uma Hall"}, view.text
    assert view.spent["Otto Beck"] == {"EUR": Decimal("116.30")}, view.text
    assert view.unpaid == {"Otto Beck": {"EUR": Decimal("22.80")}, "Uma Hall": {"EUR": Decimal("10.70")}}, view.text

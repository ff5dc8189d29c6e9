"""Which of several sums is the amount: what the customer pays, with tax and before fees, in files of any vendor and language."""

import pytest

from tests.mapping.test_links import fields, project, proposed

PEOPLE = "Iris Fenn,iris@example.com;Otto Beck,otto@example.com;Uma Hall,uma@example.com;Ravi Sen,ravi@example.com"


def bills(header, rows):
    """A file of bills: a number, a date, a customer, and the columns of money."""
    people = PEOPLE.split(";")
    lines = [f"INV-{100 + place},2025-0{place + 1}-14,{people[place % 4]},{row}" for place, row in enumerate(rows)]
    return "\n".join([f"Invoice Number,Invoice Date,Customer Name,Email,{header}", *lines]) + "\n"


TAXED = ["100.00,25.00,125.00", "80.00,20.00,100.00", "40.40,10.10,50.50", "10.00,0.00,10.00"]
NINETEEN = ["100.00,19.00,119.00", "80.00,15.20,95.20", "40.00,7.60,47.60", "10.00,1.90,11.90"]
LESS = ["100.00,10.00,90.00", "80.00,0.00,80.00", "40.40,0.40,40.00", "10.00,0.00,10.00"]
FEES = ["98.01,1.99,100.00", "78.01,1.99,80.00", "38.41,1.99,40.40", "8.01,1.99,10.00"]
PAYOUT = ["98.01,100.00", "78.01,80.00", "38.41,40.40", "8.01,10.00"]
PART = ["0.00,100.00", "80.00,80.00", "20.00,40.40", "10.00,10.00"]


@pytest.mark.parametrize(
    ("header", "rows", "amount"),
    [
        ("Amount,Tax,Gross Amount", TAXED, "Gross Amount"),
        ("Net Amount,VAT,Total", TAXED, "Total"),
        ("Betrag,MwSt,Bruttobetrag", NINETEEN, "Bruttobetrag"),
        ("Importe,IVA,Total con IVA", NINETEEN, "Total con IVA"),
        ("netValue,value", PAYOUT, "value"),
        ("Net Amount,Fee,Amount", FEES, "Amount"),
        ("Amount Paid,Total", PART, "Total"),
        ("Subtotal,Discount,Net Total", LESS, "Net Total"),
        ("Gross Total,Discount,Net Amount", LESS, "Net Amount"),
        ("Total,Tax", ["125.00,25.00", "100.00,20.00", "50.50,10.10", "10.00,0.00"], "Total"),
    ],
)
def test_the_amount_is_what_the_customer_pays(tmp_path, header, rows, amount):
    made = proposed(project(tmp_path / "p", invoices=bills(header, rows)))["invoices"]
    assert fields(made, "orders")["amount"]["field"] == amount, made["notes"]
    if "Amount Paid" in header:
        assert fields(made, "orders")["paid"]["field"] == "Amount Paid"


def test_two_sums_that_cannot_be_told_apart_are_said(tmp_path):
    text = bills("Order Total,Invoice Amount", ["100.00,90.00", "80.00,85.00", "40.40,40.40", "10.00,12.00"])
    made = proposed(project(tmp_path / "p", invoices=text))["invoices"]
    (said,) = [note for note in made["notes"] if "could be the amount too" in note]
    assert "Order Total (230.40 together)" in said and "Invoice Amount (227.40 together)" in said


LINES = "Invoice No,Date,Email,Item,Qty,Price,Line Net,Line Tax,Line Total Inc Tax,Amount Paid\n" + "".join(
    f"{number},2025-03-{number[-2:]},{who},{item},1,{net},{net},{tax},{gross},{paid}\n"
    for number, who, item, net, tax, gross, paid in [
        ("N-101", "iris@example.com", "Lamp", "100.00", "10.00", "110.00", "50.00"),
        ("N-101", "iris@example.com", "Shade", "20.00", "2.00", "22.00", "50.00"),
        ("N-102", "otto@example.com", "Lamp", "100.00", "10.00", "110.00", "110.00"),
        ("N-103", "uma@example.com", "Vase", "30.00", "3.00", "33.00", "0.00"),
        ("N-103", "uma@example.com", "Shade", "20.00", "2.00", "22.00", "0.00"),
        ("N-104", "ravi@example.com", "Vase", "30.00", "3.00", "33.00", "33.00"),
    ]
)


def test_the_lines_of_a_bill_count_with_tax_and_what_was_paid_is_not_their_sum(tmp_path):
    made = proposed(project(tmp_path / "p", sales=LINES))["sales"]
    assert fields(made, "order_lines")["amount"]["field"] == "Line Total Inc Tax"
    assert "amount" not in fields(made, "orders")
    assert "Amount Paid" in str(fields(made, "orders")["paid"])


BOOKINGS = "Booking ID,Booking Date,Email,Event Name,Ticket Price,Booking Fee,Net Booking\n" + "".join(
    f"B-{number},2025-03-{number},{who},Gala,{price},{fee},{whole}\n"
    for number, who, price, fee, whole in [
        ("11", "iris@example.com", "32.00", "1.00", "65.00"), ("11", "iris@example.com", "32.00", "0.00", "65.00"),
        ("12", "otto@example.com", "45.00", "0.50", "45.50"), ("13", "uma@example.com", "120.00", "1.20", "241.20"),
        ("13", "uma@example.com", "120.00", "0.00", "241.20"), ("14", "ravi@example.com", "30.00", "0.50", "30.50"),
    ]
)  # fmt: skip


def test_the_sum_of_a_booking_is_its_own_and_not_that_of_its_lines(tmp_path):
    made = proposed(project(tmp_path / "p", bookings=BOOKINGS))["bookings"]
    assert fields(made, "orders")["amount"]["field"] == "Net Booking"
    assert any("Net Booking differs from the sum of the lines in 4 orders" in said for said in made["evidence"])

"""Tickets to events are not support tickets; one booking is one order with its lines. Orders of Odoo with their lines below."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from tests.day_one.conftest import money

TICKETS = """
Booking Reference,Ticket Number,Event,Ticket Type,Attendee Name,Attendee Email,Booker Name,Booker Email,Price,Currency,Booked At,Status
BK-100,T1,Jazz Night,Adult,Iris Fenn,iris@example.com,Iris Fenn,iris@example.com,25.00,GBP,2025-01-02 10:00,Confirmed
BK-100,T2,Jazz Night,Adult,Bob Fenn,bob@example.com,Iris Fenn,iris@example.com,25.00,GBP,2025-01-02 10:00,Confirmed
BK-101,T3,Jazz Night,Child,Otto Beck,otto@example.com,Otto Beck,otto@example.com,12.00,GBP,2025-01-03 11:00,Cancelled
BK-102,T4,Folk Day,Adult,Otto Beck,otto@example.com,Otto Beck,otto@example.com,30.00,GBP,2025-01-05 11:00,Confirmed
"""
ODOO = """
Order Reference,Customer,Order Date,Salesperson,Total,Status,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Order Lines/Subtotal
S00001,Iris Fenn,2025-01-02 10:00:00,Rick Rep,50.00,Sales Order,[KET] Kettle,2,20.00,40.00
,,,,,,[LAM] Lamp,1,10.00,10.00
S00002,Otto Beck,2025-01-03 10:00:00,Rick Rep,30.00,Quotation,[PAN] Pan,1,30.00,30.00
S00003,Iris Fenn,2025-02-03 10:00:00,Rick Rep,60.00,Sales Order,[PAN] Pan,1,30.00,30.00
,,,,,,[LAM] Lamp,3,10.00,30.00
"""
SHOPIFY = """
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Image Src
kettle,Kettle,x,Hearth,Home,Kitchen,,true,Size,S,KET-S,500,5,20.00,https://x.example/1.jpg
kettle,,,,,,,,,L,KET-L,700,5,25.00,
kettle,,,,,,,,,,,,,,https://x.example/2.jpg
"""


def test_a_booking_is_an_order_and_the_lines_below_an_order_are_its_own(day_one):
    view = day_one({"tickets.csv": TICKETS, "sale.order.csv": ODOO, "products_export.csv": SHOPIFY})
    assert {"Iris Fenn", "Otto Beck"} <= view.people and not view.tickets
    of_iris = {key: amount for one, orders in view.orders.items() if one.startswith("Iris") for key, amount in orders.items()}
    assert of_iris == dict(zip(["BK-100", "S00001", "S00003"], money("50", "50", "60"), strict=True))
    assert view.lines == {"BK-100": 2, "BK-101": 1, "BK-102": 1, "S00001": 2, "S00002": 1, "S00003": 2}
    assert view.statuses["BK-101"] == "cancelled" and view.statuses["S00002"] == "draft"
    assert {"Kettle", "Jazz Night"} <= view.products and "kettle" not in view.products
    assert "Bob Fenn" not in view.orders


def test_other_words_for_bookings(suggested):
    attendees = """
Booking ID;Booked on;Event;Event Date;Ticket;Attendee;Attendee Email;Paid by;Payer Email;Price;State
B1;02/01/2025 10:00;Jazz Night;31/03/2025;Adult;Iris Fenn;iris@example.com;Iris Fenn;iris@example.com;25,00 €;paid
B1;02/01/2025 10:00;Jazz Night;31/03/2025;Adult;Bob Fenn;bob@example.com;Iris Fenn;iris@example.com;25,00 €;paid
B2;03/01/2025 10:00;Jazz Night;31/03/2025;Adult;Otto Beck;otto@example.com;Otto Beck;otto@example.com;25,00 €;cancelled
"""
    assert suggested({"attendees.csv": attendees}) == {"attendees": {"records", "orders", "products", "order_lines"}}
    assert 'email = "Payer Email"' in suggested.text and 'ordered_at = "Booked on"' in suggested.text
    support = "Ticket ID,Subject,Requester,Requester Email,Status,Priority,Created At,Event\n" + "".join(
        f"{n},Broken lamp,Iris Fenn,iris@example.com,open,high,2025-01-0{n},call\n" for n in range(1, 5)
    )
    assert "tickets" in suggested({"tickets.csv": support})["tickets"]


def test_a_yes_is_not_an_amount_that_was_given_back(suggested):
    sales = """
Purchase ID,Item Name,Buyer Name,Purchase Email,Purchase Date,Price ($),Quantity,Refunded?
g1==,E-Book,Iris Fenn,iris@example.com,2025-01-02,19.00,1,0
g2==,Course,Otto Beck,otto@example.com,2025-01-03,99.00,1,1
"""
    suggested({"sales.csv": sales})
    assert suggested.text.count('to = "orders"') == 1 and 'currency = { value = "USD" }' in suggested.text

"""Copies of the tables of a shop: numbers of currencies, items of orders, a status of 0; and days of visits. Nobody here exists."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

SHOP = {
    "oc_customer.csv": """
customer_id,firstname,lastname,email
1,Ada,Fenn,ada@mail.example
2,Otto,Beck,otto@mail.example
3,Pia,Lund,pia@mail.example
""",
    "oc_order.csv": """
order_id,customer_id,email,total,order_status_id,id_currency,date_added
1,1,ada@mail.example,100.00,5,1,2025-01-14 10:00:00
2,2,otto@mail.example,50.00,0,2,2025-01-15 10:00:00
3,3,pia@mail.example,45.00,7,2,2025-01-16 10:00:00
""",
    "oc_order_status.csv": """
order_status_id,language_id,name
5,1,Complete
7,1,Canceled
11,1,Refunded
""",
    "oc_order_product.csv": """
order_product_id,order_id,product_id,name,model,quantity,price,total
1,1,40,Lamp,L1,2,50.00,100.00
2,2,40,Lamp,L1,1,50.00,50.00
3,3,41,Rug,R1,1,45.00,45.00
""",
    "currencies.csv": """
id_currency,name,iso_code,numeric_iso_code,active
1,Euro,EUR,978,1
2,Dollar,USD,840,1
""",
    "appointments.csv": """
Ref #,Created date,Client,Service,Scheduled date,Scheduled time,Price,State
1001,10 Jan 2025,Ada Fenn,Haircut,14 Jan 2025,10:00am,40.00,Completed
1002,11 Jan 2025,Otto Beck,Colour,15 Jan 2025,10:00am,80.00,No show
1003,12 Jan 2025,Pia Lund,Colour,16 Jan 2025,10:00am,80.00,Booked
""",
    "people.csv": """
Person - ID,Person - Name,Person - Email - Work,Person - Marketing status
1,Ada Fenn,ada@mail.example,Subscribed
2,Otto Beck,otto@mail.example,Unsubscribed
3,Pia Lund,pia@mail.example,Archived
""",
}


def test_what_the_tables_of_a_shop_say(suggested):
    found, text = suggested(SHOP), suggested.text
    assert found["oc_order_product"] == {"order_lines", "products"}
    assert 'currency = { field = "id_currency", map = { "1" = "EUR", "2" = "USD" } }' in text
    assert '"0" = "incomplete"' in text and "order_status_id is 0 in 1 row (50.00 together)" in text
    assert 'at = { fields = ["Scheduled date", "Scheduled time"] }' in text
    assert "Person - Marketing status: consent is what says subscribed or unsubscribed" in text
    assert "Person - Marketing status says of" not in text  # who is not written to is not gone


BOOKS = {
    "Kontakte.csv": """
Nr.;Kontaktart;Firmenname / Nachname;Firmenzusatz / Vorname;PLZ;Ort;E-Mail
1;Person;Fenn;Ada;8001;Zürich;ada@mail.example
2;Person;Beck;Otto;8002;Zürich;otto@mail.example
3;Firma;Werk Nord AG;Zweigstelle;8003;Zürich;info@werknord.example
""",
    "ledger.csv": """
Transaction ID,Transaction Date,Account Name,Description,Debit Amount,Credit Amount,Customer,Invoice Number
101,2025-01-14,Accounts Receivable,Invoice 1,108.00,,Lena Voss,1
101,2025-01-14,Sales,Invoice 1,,100.00,Lena Voss,1
101,2025-01-14,Sales Tax,Invoice 1,,8.00,Lena Voss,1
""",
    "SO.csv": """
SalesOrder ID,Order Date,Sales Order Number,Status,Customer Name,Email,Total,Item Name,SKU,Quantity,Item Price,Item Total
801,2025-01-10,SO-1,invoiced,Milo Birk,milo@mail.example,123.00,Lamp,L1,1,60.00,60.00
801,2025-01-10,SO-1,invoiced,Milo Birk,milo@mail.example,123.00,Rug,R1,3,21.00,63.00
802,2025-01-11,SO-2,confirmed,Nora Falk,nora@mail.example,50.00,Cup,C1,2,25.00,50.00
""",
    "Invoice.csv": """
Invoice ID,Invoice Date,Invoice Number,Invoice Status,Customer Name,Email,Total,Sales Order Number
501,2025-01-14,INV-1,Paid,Milo Birk,milo@mail.example,123.00,SO-1
502,2025-01-25,INV-2,Overdue,Iris Holm,iris@mail.example,61.50,
""",
}


def test_what_books_say(suggested):
    suggested(BOOKS)
    text = suggested.text
    assert 'given_name = { sql = "CASE WHEN' in text and 'family_name = { sql = "CASE WHEN' in text
    assert 'full_name = "Account Name"' not in text  # an account of the books is nobody
    assert 'same_as = { field = "Sales Order Number", ref = "SO" }' in text and 'number = "Sales Order Number"' in text

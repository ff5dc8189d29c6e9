"""Files of no known vendor: tables that point to each other, flat files, other languages, staff beside customers."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

import pytest

TABLES = {
    "customers.csv": "Customer ID,First Name,Last Name,Email,Phone\n101,Iris,Fenn,iris@example.com,+1 512 555 0111\n102,Otto,Beck,otto@example.com,+1 512 555 0112\n103,Pia,Lund,pia@example.com,\n",
    "orders.csv": "Order ID,Customer ID,Order Date,Total,Currency,Status\n9001,101,2025-01-02,10.50,USD,paid\n9002,101,2025-01-03,20.00,USD,paid\n9003,102,2025-02-03,99.99,USD,paid\n9004,,2025-02-04,5.00,USD,paid\n",
    "order_lines.csv": "Order ID,Product ID,Quantity,Unit Price\n9001,P1,1,10.50\n9002,P2,1,20.00\n9003,P2,3,33.33\n9004,P1,1,5.00\n",
    "products.csv": "Product ID,Product Name,Price\nP1,Kettle,10.50\nP2,Pan,33.33\n",
}


def test_files_that_point_to_each_other_by_id(day_one):
    view = day_one(TABLES)
    assert view.people == {"Iris Fenn", "Otto Beck", "Pia Lund"}
    assert view.orders == {"Iris Fenn": {"9001": Decimal("10.50"), "9002": Decimal(20)}, "Otto Beck": {"9003": Decimal("99.99")}}
    assert view.lines == {"9001": 1, "9002": 1, "9003": 1, "9004": 1}
    assert view.quarantine == []
    assert "2 of 2 values of orders.Customer ID are in customers.Customer ID" in view.text


def test_one_flat_file_of_invoice_lines(day_one):
    view = day_one(
        {
            "Retail 2011.csv": """
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,A1,LAMP,6,2010-12-01 08:26,2.55,17850,United Kingdom
536365,B2,POT,1,2010-12-01 08:26,10.00,17850,United Kingdom
536366,A1,LAMP,1,2010-12-01 09:00,2.55,17851,United Kingdom
536367,A1,LAMP,1,2010-12-01 09:30,2.55,,United Kingdom
C536379,A1,LAMP,-1,2010-12-01 09:41,2.55,17850,United Kingdom
""",
        }
    )
    assert len(view.people) == 2
    assert sorted(sorted(one.values()) for one in view.orders.values()) == [
        [Decimal("-2.55"), Decimal("25.30")],
        [Decimal("2.55")],
    ]
    assert view.lines == {"536365": 2, "536366": 1, "536367": 1, "C536379": 1}
    assert view.products == {"LAMP", "POT"}
    assert view.quarantine == []


def test_orders_with_the_customer_on_every_row(day_one):
    view = day_one(
        {
            "superstore.csv": """
Row ID,Order ID,Order Date,Customer ID,Customer Name,City,State,Postal Code,Region,Product ID,Category,Product Name,Sales,Quantity,Discount
1,CA-1,2016-11-08,CG-1,Iris Fenn,Henderson,Kentucky,42420,South,F-1,Chairs,Chair,261.96,2,0
2,CA-1,2016-11-08,CG-1,Iris Fenn,Henderson,Kentucky,42420,South,F-2,Desks,Desk,731.94,3,0
3,CA-2,2016-11-09,OB-1,Otto Beck,Austin,Texas,78701,Central,F-1,Chairs,Chair,130.98,1,0
""",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.orders == {"Iris Fenn": {"CA-1": Decimal("993.90")}, "Otto Beck": {"CA-2": Decimal("130.98")}}
    assert view.lines == {"CA-1": 2, "CA-2": 1}


def test_german_files(day_one):
    view = day_one(
        {
            "Kunden.csv": "Kundennummer,Anrede,Vorname,Nachname,Straße,Hausnr,PLZ,Ort,E-Mail-Adresse,Telefon\n1,Frau,Jutta,Wolke,Ahornweg,5,10115,Berlin,jutta@example.de,030 1234567\n2,Herr,Bert,Maus,Ahornweg,6,10117,Berlin,bert@example.de,030 1234568\n",
            "Bestellungen.csv": "Bestellnummer,Kundennummer,Datum,Gesamtbetrag,Status\nA1,1,2024-01-02,12.50,bezahlt\nA2,2,2024-01-03,13.50,bezahlt\n",
            "Positionen.csv": "Bestellnummer,Artikelnummer,Menge,Einzelpreis\nA1,X,1,12.50\nA2,Y,1,13.50\n",
            "Artikel.csv": "Artikelnummer,Bezeichnung,Preis\nX,Topf,12.50\nY,Pfanne,13.50\n",
        }
    )
    assert view.people == {"Jutta Wolke", "Bert Maus"}
    assert view.orders == {"Jutta Wolke": {"A1": Decimal("12.50")}, "Bert Maus": {"A2": Decimal("13.50")}}
    assert view.lines == {"A1": 1, "A2": 1}


def test_lines_whose_product_has_another_name(day_one):
    view = day_one(
        {
            "Customer.csv": "CustomerId,FirstName,LastName,Company,Email,SupportRepId\n1,Iris,Fenn,,iris@example.com,3\n2,Otto,Beck,,otto@example.com,3\n",
            "Employee.csv": "EmployeeId,LastName,FirstName,Email\n3,Rep,Rick,rick@example.com\n",
            "Invoice.csv": "InvoiceId,CustomerId,InvoiceDate,Total\n1,1,2009-01-01 00:00:00,1.98\n2,2,2009-01-02 00:00:00,3.96\n",
            "InvoiceLine.csv": "InvoiceLineId,InvoiceId,TrackId,UnitPrice,Quantity\n1,1,5,0.99,2\n2,2,6,0.99,4\n",
            "Track.csv": "TrackId,Name,AlbumId,UnitPrice\n5,Song,1,0.99\n6,Air,1,0.99\n",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.lines == {"1": 1, "2": 1}
    assert view.products == {"Song", "Air"}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("rec_id,given_name,surname,street_number,address_1,suburb,postcode,state,date_of_birth,soc_sec_id", "r1,Iris,Fenn,12,Elm Road,Leeds,4000,qld,19800101,1234567"),
        ("fname,lname,mail,cell,bday", "Iris,Fenn,iris@example.com,512 555 0111,1980-02-01"),
        ("first,last,zip,city", "Iris,Fenn,78701,Austin"),
        ("Lead Name,Work Email,Mobile No,Assigned To,Created By", "Iris Fenn,iris@example.com,5125550111,rick@example.com,sue@example.com"),
        ("Code client,Nom,Prénom,Adresse,Code postal,Ville,Téléphone,Courriel", "C1,Fenn,Iris,1 rue A,75001,Paris,01 23 45 67 89,iris@example.fr"),
        ("ID,Nombre,Apellidos,Correo electrónico,Teléfono,Ciudad", "1,Iris,Fenn,iris@example.es,+34 911 234 567,Madrid"),
        ("Codice,Nome,Cognome,Indirizzo,CAP,Città,Telefono,Email", "1,Iris,Fenn,Via A 1,00100,Roma,06 1234567,iris@example.it"),
        ("klantnr,voornaam,achternaam,straat,huisnummer,postcode,plaats,telefoon,email", "1,Iris,Fenn,Dam,1,1011AB,Amsterdam,0201234567,iris@example.nl"),
    ],
)  # fmt: skip
def test_people_with_any_reasonable_header(day_one, header, row):
    view = day_one({"people.csv": f"{header}\n{row}\n"})
    assert view.people == {"Iris Fenn"}
    assert view.quarantine == []


def test_tickets_belong_to_the_customer_and_not_to_the_agent(day_one):
    view = day_one(
        {
            "tickets.csv": "Ticket ID,Subject,Status,Agent,Agent Email,Customer Name,Customer Email,Created\n1,No heat,open,Rick,rick@example.com,Iris Fenn,iris@example.com,2024-01-02\n",
            "customers.csv": "id,name,email\n7,Iris Fenn,iris@example.com\n8,Otto Beck,otto@example.com\n",
        }
    )
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.tickets == {"Iris Fenn": ["No heat"]}


def test_the_same_key_in_several_files_is_one_order(day_one):
    view = day_one(
        {
            "customers.csv": TABLES["customers.csv"],
            "orders_2025-01.csv": "Order ID,Customer ID,Order Date,Total,Updated At\n1,101,2025-01-01,10.00,2025-01-01\n2,102,2025-01-02,20.00,2025-01-02\n",
            "orders_2025-02.csv": "Order ID,Customer ID,Order Date,Total,Updated At\n2,102,2025-01-02,25.00,2025-02-01\n3,103,2025-02-01,30.00,2025-02-01\n",
        }
    )
    assert view.orders == {"Iris Fenn": {"1": Decimal(10)}, "Otto Beck": {"2": Decimal(25)}, "Pia Lund": {"3": Decimal(30)}}


def test_notes_in_brackets_do_not_hide_a_header(day_one):
    view = day_one(
        {
            "people.csv": "id;Name (full, as in passport);E-Mail (private);City [of birth]\n1;Iris Fenn;iris@example.com;Hull\n",
            "products.csv": "SKU;Name (100 chars or less, required);Price (net, required)\nK1;Kettle;10.00\n",
            "orders.csv": "Order ID;Customer ID;Order Date;Total (net);Total (gross)\nA;1;2025-01-02;10.00;12.00\n",
        }
    )
    assert view.people == {"Iris Fenn"}
    assert view.emails["Iris Fenn"] == {"iris@example.com"}
    assert view.products == {"Kettle"}
    assert view.orders["Iris Fenn"]["A"] in {None, Decimal(12)}  # what is paid, or nothing: never one of the two by chance

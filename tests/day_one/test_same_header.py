"""Two exports with the same columns: of two shops, or of one on two days. And credit notes with a customer's number alone."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

WEB = """
Order No,Date,Customer,Email,Total,Currency
1001,2025-01-02,Ada Tal,ada@tal.example,10.00,EUR
1002,2025-01-03,Bo Ek,bo@ek.example,20.00,EUR
1003,2025-01-04,Cy Ohm,cy@ohm.example,30.00,EUR
1004,2025-01-05,Dan Rud,dan@rud.example,40.00,EUR
"""
STORE = """
Order No,Date,Customer,Email,Total,Currency
1003,2025-02-04,Eve Fox,eve@fox.example,31.00,EUR
1004,2025-02-05,Gus Hay,gus@hay.example,41.00,EUR
1005,2025-02-06,Ivy Joy,ivy@joy.example,51.00,EUR
1006,2025-02-07,Ada Tal,ada@tal.example,61.00,EUR
"""
JANUARY = """
Order No,Date,Customer,Email,Total,Currency,Status
1001,2025-01-02,Ada Tal,ada@tal.example,10.00,EUR,Paid
1002,2025-01-03,Bo Ek,bo@ek.example,20.00,EUR,Paid
1003,2025-01-04,Cy Ohm,cy@ohm.example,30.00,EUR,Paid
1004,2025-01-05,Dan Rud,dan@rud.example,40.00,EUR,Paid
"""
FEBRUARY = """
Order No,Date,Customer,Email,Total,Currency,Status
1003,2025-01-04,Cy Ohm,cy@ohm.example,30.00,EUR,Paid
1004,2025-01-05,Dan Rud,dan@rud.example,40.00,EUR,Cancelled
1005,2025-02-06,Ivy Joy,ivy@joy.example,51.00,EUR,Paid
1006,2025-02-07,Ada Tal,ada@tal.example,61.00,EUR,Paid
"""
FATTURE = """
Numero;Data;Codice cliente;Cliente;E-mail;Totale;Valuta
1;10/01/2024;C001;Ada Tal;ada@tal.example;100,00;EUR
2;13/02/2024;C002;Bo Ek;bo@ek.example;200,00;EUR
1;15/01/2025;C003;Cy Ohm;cy@ohm.example;300,00;EUR
2;20/02/2025;C001;Ada Tal;ada@tal.example;400,00;EUR
"""
NOTE = """
Numero nota;Data;Fattura;Codice cliente;Totale;Valuta
NC1;20/01/2025;1;C003;50,00;EUR
NC2;25/02/2025;2;C001;400,00;EUR
"""
ORDRAR = """
Ordernr;Orderdatum;Kund;E-post;Status;Summa inkl. moms;Valuta;Återbetalt
5001;2025-01-02;Åsa Öberg;asa@oberg.example;Levererad;1 250,00;SEK;0,00
5002;2025-01-05;Åsa Öberg;asa@oberg.example;Levererad;800,00;SEK;300,00
"""
BOOKINGS = """
Id,Type,Name,Email,DateArrival,Status,Currency,TotalAmount,AmountPaid,AmountDue,DateCreated
B1,Booking,Olga Petrova,olga@example.com,2025-07-01,Booked,EUR,700.00,700.00,0.00,2025-01-05
B2,Enquiry,Lee Wu,lee@example.com,2025-09-01,Open,EUR,180.00,0.00,180.00,2025-02-05
"""


def spent(view) -> dict[str, object]:
    return {name: sum(some.values()) for name, some in view.spent.items()}


def test_orders_of_two_shops_count_in_both(tmp_path):
    view = bring(tmp_path, {"orders_web.csv": WEB, "orders_store.csv": STORE})
    names = ["Ada Tal", "Bo Ek", "Cy Ohm", "Dan Rud", "Eve Fox", "Gus Hay", "Ivy Joy"]
    assert spent(view) == dict(zip(names, money("71", "20", "30", "40", "31", "41", "51"), strict=True))


def test_an_order_in_two_exports_counts_once_as_the_later_has_it(tmp_path):
    view = bring(tmp_path, {"orders_january.csv": JANUARY, "orders_february.csv": FEBRUARY})
    assert spent(view) == dict(zip(["Ada Tal", "Bo Ek", "Cy Ohm", "Ivy Joy"], money("71", "20", "30", "51"), strict=True))
    assert view.statuses["1004"] == "cancelled" and "2 of 4 orders are in orders_february too" in view.text
    assert any("2 orders are in orders_february too (70.00 EUR together)" in said for said in view.said)


def test_credit_notes_with_a_number_alone_are_of_who_has_it_in_the_invoices(tmp_path):
    view = bring(tmp_path, {"fatture.csv": FATTURE, "note_di_credito.csv": NOTE})
    assert view.people == {"Ada Tal", "Bo Ek", "Cy Ohm"}
    assert spent(view) == dict(zip(["Ada Tal", "Bo Ek", "Cy Ohm"], money("100", "200", "250"), strict=True))


def test_what_was_paid_back_and_what_was_only_asked_for(tmp_path):
    assert spent(bring(tmp_path / "se", {"ordrar.csv": ORDRAR})) == {"Åsa Öberg": money("1750")[0]}
    view = bring(tmp_path / "bookings", {"bookings.csv": BOOKINGS})
    assert spent(view) == {"Olga Petrova": money("700")[0]} and not view.unpaid and view.statuses["B2"] == "draft"

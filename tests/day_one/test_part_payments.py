"""What was paid and what is owed, in the words of many: deposits, part payments, one that was too high. Nobody here exists."""

from __future__ import annotations

import pytest

from .conftest import bring, money

FILES = {
    "rechnungen.csv": """
Rechnungsnummer;Kunde;E-Mail;Rechnungsdatum;Status;Betrag;Bezahlt;Offen
R-1;Ute Klamm;ute.klamm@post.example;02.01.2026;Bezahlt;100,00;100,00;0,00
R-2;Veit Rohn;veit.rohn@post.example;03.01.2026;Teilweise bezahlt;1.080,00;40,00;1.040,00
R-3;Ina Dorn;ina.dorn@post.example;13.01.2026;Offen;70,00;0,00;70,00
R-4;Max Ahl;max.ahl@post.example;13.01.2026;Bezahlt;90,00;110,00;-20,00
R-5;Tom Behr;tom.behr@post.example;14.01.2026;Uneinbringlich;90,00;30,00;60,00
""",
    "bookings.csv": """
Booking ID,Guest,Guest Email,Arrival,Total Price,Deposit Paid,Payment Status
B1,Ada Kell,ada@kell.example,2026-03-02,500.00,100.00,Deposit paid
B2,Bo Lind,bo@lind.example,2026-03-13,300.00,60.00,Paid in full
B3,Cy Mann,cy@mann.example,2026-03-14,700.00,0.00,Unpaid
""",
    "statement.csv": """
Invoice #,Client Name,Client Email,Issued,Amount Paid,Balance Due
1001,Di Noel,di@noel.example,2026-01-02,$80.00,$40.00
1002,Ed Orr,ed@orr.example,2026-01-13,$0.00,$75.00
1003,Fay Penn,fay@penn.example,2026-01-14,"$1,030.00",$0.00
""",
    "clinic_sales.csv": """
Sale ID,Receipt Number,Sale Date,Customer,Email,Item,Quantity,Total,Collected,Balance
S1,K-71,2026-01-05,Gus Quill,gus@quill.example,First visit,1,120.00,120.00,0.00
S2,K-72,2026-02-03,Hal Rook,hal@rook.example,Massage,1,140.00,140.00,0.00
S3,K-72,2026-02-03,Hal Rook,hal@rook.example,Roller,2,63.00,60.00,3.00
S4,K-73,2026-02-15,Ida Stone,ida@stone.example,First visit,1,120.00,80.00,40.00
S5,K-74,2026-02-16,Jo Tull,jo@tull.example,Massage,1,140.00,0.00,140.00
""",
    "righe.csv": """
N. ordine;Data;Cliente;Email;Articolo;Quantità;Importo riga;Acconto;Saldo
OR-1;02/01/2026;Anna Riva;anna.riva@posta.example;Tavolo;1;400,00;200,00;400,00
OR-1;02/01/2026;Anna Riva;anna.riva@posta.example;Sedia;2;200,00;200,00;400,00
OR-2;13/01/2026;Ugo Neri;ugo.neri@posta.example;Sedia;1;100,00;100,00;0,00
OR-3;14/01/2026;Lia Sala;lia.sala@posta.example;Tavolo;1;400,00;100,00;400,00
OR-3;14/01/2026;Lia Sala;lia.sala@posta.example;Sedia;1;100,00;100,00;400,00
""",
    "buchungen.csv": """
Buchungsnr;Gast;E-Mail;Anreise;Reisepreis;Anzahlung;Restzahlung;Status
B-1;Kim Urban;kim.urban@post.example;02.06.2026;1.250,00 €;250,00 €;1.000,00 €;Bestätigt
B-2;Leo Vogt;leo.vogt@post.example;03.06.2026;480,00 €;480,00 €;0,00 €;Bezahlt
B-3;Mia Wirt;mia.wirt@post.example;17.06.2026;90,00 €;;90,00 €;Storniert
B-4;Nik Zorn;nik.zorn@post.example;18.06.2026;700,00 €;200,00 €;500,00 €;Bestätigt
""",
    "invoice_list.csv": """
Invoice No,Client,Client Email,Issue Date,Total,Status
X1,Ola Pike,ola@pike.example,2026-02-01,100.00,Paid
X2,Pia Rust,pia@rust.example,2026-02-13,80.00,Partial
X3,Quin Sand,quin@sand.example,2026-02-14,70.00,Due in 7 days
""",
    "faktury.csv": """
Číslo faktury;Odběratel;E-mail;Datum vystavení;Částka;Zbývá uhradit;Zaplaceno
2026001;Jana Malá;jana.mala@posta.example;2.1.2026;1000,00;;Ne
2026002;Petr Hora;petr.hora@posta.example;13.1.2026;800,00;0,00;Ano
2026003;Eva Křížová;eva.krizova@posta.example;14.1.2026;700,00;200,00;Ne
""",
}


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    return bring(tmp_path_factory.mktemp("part_payments"), FILES)


@pytest.mark.parametrize(
    ("name", "spent", "owed"),
    [
        ("Ute Klamm", "100", ""),
        ("Veit Rohn", "40", "1040"),
        ("Ina Dorn", "0", "70"),
        ("Max Ahl", "90", ""),  # 20 more than the bill: that is said
        ("Tom Behr", "30", "60"),  # written off after a part was paid
        ("Ada Kell", "100", "400"),
        ("Bo Lind", "300", ""),  # the rest was paid after the deposit
        ("Cy Mann", "0", "700"),
        ("Di Noel", "80", "40"),
        ("Ed Orr", "0", "75"),
        ("Fay Penn", "1030", ""),
        ("Gus Quill", "120", ""),
        ("Hal Rook", "200", "3"),  # of each item
        ("Ida Stone", "80", "40"),
        ("Jo Tull", "0", "140"),
        ("Anna Riva", "200", "400"),  # of the order, on each of its rows
        ("Ugo Neri", "100", ""),
        ("Lia Sala", "100", "400"),
        ("Jana Malá", "0", "1000"),  # not paid, though the sum that is owed is missing
        ("Petr Hora", "800", ""),
        ("Eva Křížová", "500", "200"),
        ("Kim Urban", "250", "1000"),  # the price of the journey is what was paid with what is left
        ("Leo Vogt", "480", ""),
        ("Mia Wirt", "0", ""),
        ("Nik Zorn", "200", "500"),
        ("Ola Pike", "100", ""),
        ("Pia Rust", "80", ""),  # no column says how much: that is said
        ("Quin Sand", "0", "70"),
    ],
)
def test_what_was_paid_is_spent_and_the_rest_is_owed(view, name, spent, owed):
    assert sum(view.spent.get(name, {}).values()) == money(spent)[0]
    assert [*view.unpaid.get(name, {}).values()] == (money(owed) if owed else [])


def test_the_odd_row_is_said(view):
    assert "Offen is not between nothing and Betrag in 1 of 5 rows: such an order counts with its Betrag" in view.text
    assert any("files.rechnungen: of 1 order more was paid than the amount (20.00 more)" in said for said in view.said)


def test_an_invoice_that_is_partial_is_paid_in_part(view):
    assert any("1 order is paid in part (Partial (1)), and no column says how much was" in said for said in view.said)


def test_the_currency_of_the_cells_is_kept_where_the_amount_is_of_two_columns(view):
    assert view.spent["Di Noel"].keys() == view.spent["Ed Orr"].keys()
    assert {amount for orders in (view.orders["Di Noel"], view.orders["Fay Penn"]) for amount in orders.values()} == {
        *money("120", "1030")
    }


@pytest.mark.parametrize("column", ["Balance", "Saldo"])
def test_the_balance_of_an_account_is_not_what_is_owed_of_a_bill(suggested, column):
    rows = "".join(f"{n},Iris {n},iris{n}@post.example,2026-01-{n + 10},10.00,{n * 40}.00\n" for n in range(1, 9))
    suggested({"invoices.csv": f"Invoice No,Customer,Email,Date,Total,{column}\n{rows}"})
    assert "unpaid" not in suggested.text.split("[[map]]", 1)[1]
    assert f"LOOK: {column} is not between nothing and Total in 8 of 8 rows" in suggested.text

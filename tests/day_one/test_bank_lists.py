"""A list of a bank whose texts name invoices: what was paid is paid, and the rest is owed. Nobody here exists."""

from __future__ import annotations

from decimal import Decimal

from tests.day_one.conftest import bring

CUSTOMERS = """
Kundennummer;Vorname;Nachname;E-Mail;Ort
K0;Ada;Fenn;ada@mail.example;Köln
K1;Otto;Beck;otto@mail.example;Köln
K2;Pia;Lund;pia@mail.example;Köln
K3;Mara;Dorn;mara@mail.example;Köln
"""
INVOICES = """
Rechnungsnummer;Rechnungsdatum;Kundennummer;Nettobetrag;MwSt;Bruttobetrag
RE-2025-001;14.01.2025;K0;100,00;19,00;119,00
RE-2025-002;25.01.2025;K1;50,00;9,50;59,50
RE-2025-003;26.01.2025;K2;200,00;38,00;238,00
RE-2025-004;27.01.2025;K3;10,00;1,90;11,90
RE-2025-005;27.01.2025;K3;20,00;3,80;23,80
"""
HEADER = "Buchungstag;Wertstellung;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Betrag;Währung;Saldo"
BANK = f"""
{HEADER}
20.01.2025;20.01.2025;Ada Fenn;Gutschrift;Rechnung RE-2025-001 vom 14.01.;119,00;EUR;1.119,00
21.01.2025;21.01.2025;Stadtwerke;Lastschrift;Strom Januar;-80,00;EUR;1.039,00
30.01.2025;30.01.2025;P. Lund;Gutschrift;RE-2025-003, Teilzahlung;100,00;EUR;1.139,00
31.01.2025;31.01.2025;Mara Dorn;Gutschrift;RE-2025-004 und RE-2025-005;35,70;EUR;1.174,70
31.01.2025;31.01.2025;Finanzamt;Gutschrift;Erstattung;50,00;EUR;1.224,70
"""


def test_the_texts_of_a_bank_say_which_invoices_were_paid(tmp_path):
    view = bring(tmp_path, {"Kunden.csv": CUSTOMERS, "Rechnungen.csv": INVOICES, "Kontoauszug.csv": BANK})
    assert {name: sum(sums.values()) for name, sums in view.spent.items() if sum(sums.values())} == {
        "Ada Fenn": 119, "Pia Lund": 100, "Mara Dorn": Decimal("35.7"),
    }  # fmt: skip
    assert {name: sum(sums.values()) for name, sums in view.unpaid.items()} == {"Otto Beck": Decimal("59.5"), "Pia Lund": 138}
    assert view.people == {"Ada Fenn", "Otto Beck", "Pia Lund", "Mara Dorn"}  # and neither who was paid, nor an office
    assert "1 row in which money came (50.00 together): no invoice is named, so nothing is read" in view.text


def test_texts_without_the_number_of_an_invoice_pay_none(suggested):
    bank = f"{HEADER}\n20.01.2025;20.01.2025;Ada Fenn;Gutschrift;danke;119,00;EUR;1,00\n"
    found = suggested({"Kunden.csv": CUSTOMERS, "Rechnungen.csv": INVOICES, "Kontoauszug.csv": bank})
    assert found["Kontoauszug"] == set() and "files.Kontoauszug is not mapped" in suggested.text

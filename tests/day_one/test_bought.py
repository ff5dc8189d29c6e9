"""What the company bought: expenses and bills of suppliers are no sales, and suppliers no customers. Nobody here exists."""

from __future__ import annotations

import pytest

from fullcircle.mapping.propose.bought import is_named_bought, is_of_supplier

CZ = """
Číslo;Stav;Dodavatel;Ulice;Město;PSČ;Země;E-mail dodavatele;Vystaveno;Měna;Celkem s DPH
N1;Uhrazený;Velkosklad Mák a.s.;Nová 1;Praha;190 00;CZ;fakturace@mak.example;04.01.2026;CZK;16 800,00
N2;Otevřený;Tiskárna Buk;Dlouhá 2;Brno;602 00;CZ;info@buk.example;08.02.2026;CZK;2 420,00
"""
EN = """
Bill no,Supplier,Supplier email,Date,Total,Currency
B-1,Acme Paper Ltd,accounts@acmepaper.example,2026-01-04,120.00,GBP
B-2,Northern Ink Ltd,office@northernink.example,2026-01-09,80.50,GBP
"""
NL = """
Factuurnummer;Leverancier;E-mail;Factuurdatum;Bedrag
I-1;Papierhandel Zuid;post@papierzuid.example;04-01-2026;120,00
I-2;Drukkerij West;info@drukwest.example;09-01-2026;80,50
"""
DE = """
Beleg-Nr;Datum;Name;E-Mail;Betrag
1;04.01.2026;Papier Nord GmbH;post@papiernord.example;120,00
2;09.01.2026;Druck West GmbH;info@druckwest.example;80,50
"""
SALES = """
Order ID,Date,Email,Full Name,Vendor,Product,Quantity,Price,Total
1,2026-01-04,ann.lee@mail.example,Ann Lee,Acme,Pen,2,3.00,6.00
2,2026-01-09,bob.ray@mail.example,Bob Ray,Acme,Ink,1,9.00,9.00
"""
BOTH = """
Invoice No,Date,Customer,Customer email,Supplier,Total
1,2026-01-04,Ann Lee,ann.lee@mail.example,Acme Ltd,6.00
2,2026-01-09,Bob Ray,bob.ray@mail.example,Acme Ltd,9.00
"""
ALL_PAPERS = """
Belegnummer;Belegart;Datum;Name;E-Mail;Betrag
R1;Ausgangsrechnung;04.01.2026;Ute Klamm;ute.klamm@mail.example;120,00
R2;Ausgangsrechnung;06.01.2026;Veit Rohn;veit.rohn@mail.example;20,00
E1;Eingangsrechnung;09.01.2026;Papier Nord GmbH;post@papiernord.example;80,50
"""


def test_expenses_and_bills_of_suppliers_are_not_mapped(suggested):
    found = suggested(
        {
            "fakturoid-naklady.csv": CZ, "doklady.csv": CZ, "bills.csv": EN, "boekingen.csv": NL,
            "Eingangsrechnungen_2026.csv": DE,
            "sales.csv": SALES, "belege.csv": ALL_PAPERS,
        }
    )  # fmt: skip
    for name in ("fakturoid-naklady", "doklady", "bills", "boekingen", "Eingangsrechnungen_2026"):
        assert found[name] == set(), name
    assert {"orders"} <= found["belege"] & found["sales"]
    assert suggested.text.count("it is what the company bought, not what customers did") == 5
    assert "1 of 3 rows are expenses or bills of suppliers by Belegart (Eingangsrechnung): they are left out" in suggested.text
    assert suggested({"register.csv": BOTH})["register"] == {"records", "orders"}


@pytest.mark.parametrize(
    "name",
    [
        *("expenses", "Expense Report 2026", "xero_purchase_invoices", "vendor-bills", "Ausgaben", "Kreditoren", "depenses"),
        *("factures_fournisseurs", "gastos 2026", "FattureRicevute", "inkoopfacturen", "leverandørfakturaer", "ostolaskut"),
        *(
            "faktury-zakupu",
            "přijaté faktury",
            "bejövő számlák",
            "facturi_furnizori",
            "ulazni računi",
            "расходы",
            "仕入一覧",
            "매입",
        ),
    ],
)
def test_the_name_says_it(name):
    assert is_named_bought(name)


@pytest.mark.parametrize(
    "name",
    [
        "orders",
        "purchases",
        "bills",
        "sales invoices",
        "outgoing invoices",
        "achats",
        "compras",
        "Rechnungen",
        "faktury",
        "factures",
    ],
)
def test_what_customers_buy_is_not_that(name):
    assert not is_named_bought(name)


@pytest.mark.parametrize(
    "column", ["E-mail dodavatele", "Lieferantennummer", "vendor_name", "Nom du fournisseur", "LeveranciersNaam"]
)
def test_a_column_of_suppliers(column):
    assert is_of_supplier(column) and not is_of_supplier("Kundenname")

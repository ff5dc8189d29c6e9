"""Debit and credit: money in two columns, or with a word for its side. What came in is not what went back, and no sale twice."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

CUSTOMERS = """
Kundenr.;Navn;E-mail;By
1;Lars Sørensen;lars@example.dk;Aarhus
2;Åse Kjær;aase@example.dk;København
3;Bo Lund;bo@example.dk;Odense
"""
INVOICES = """
Fakturanr.;Kundenr.;Fakturadato;Beløb inkl. moms;Valuta;Restbeløb
20001;1;02-01-2025;10.000,00;DKK;0,00
20002;2;03-01-2025;500,00;DKK;500,00
20003;3;14-01-2025;1.000,00;DKK;250,00
"""
POSTINGS = """
Løbenr.;Dato;Type;Kundenr.;Tekst;Debet;Kredit;Saldo;Valuta
1;10-01-2025;Indbetaling;1;Faktura 20001;;10.000,00;0,00;DKK
2;20-01-2025;Indbetaling;3;Faktura 20003;;750,00;250,00;DKK
"""
LEDGER = """
Voucher No,Date,Type,Customer ID,Customer,Debit,Credit,Balance
V1,2025-01-05,Invoice,1,Lars Holm,900.00,,900.00
V2,2025-01-20,Payment,1,Lars Holm,,400.00,500.00
V3,2025-02-05,Invoice,2,Ada Tal,80.00,,80.00
V4,2025-02-10,Credit Note,2,Ada Tal,,30.00,50.00
"""
BILLS = """
Invoice No,Customer,Email,Invoice Date,Total
R1,Ada Tal,ada@tal.example,2025-01-05,100.00
R2,Bo Ek,bo@ek.example,2025-01-06,200.00
R3,Cy Ohm,cy@ohm.example,2025-01-07,50.00
"""
PAYMENTS = """
Payment No,Date,Invoice No,Money In,Money Out
P1,2025-01-10,R1,100.00,
P2,2025-01-11,R2,200.00,
P3,2025-01-20,R2,,80.00
"""
SIDED = """
Payment No,Date,Invoice No,Amount,D/C
P1,2025-01-10,R1,100.00,C
P2,2025-01-11,R2,200.00,C
P3,2025-01-20,R2,80.00,D
"""


def test_postings_beside_invoices_are_no_sales_again(tmp_path):
    view = bring(tmp_path, {"Kunder.csv": CUSTOMERS, "Fakturaer.csv": INVOICES, "Posteringer.csv": POSTINGS})
    assert {name: sum(some.values()) for name, some in view.spent.items()} == dict(
        zip(["Lars Sørensen", "Åse Kjær", "Bo Lund"], money("10000", "0", "750"), strict=True)
    )
    assert view.unpaid == {"Åse Kjær": {"DKK": money("500")[0]}, "Bo Lund": {"DKK": money("250")[0]}}


def test_a_ledger_has_its_invoices_on_one_side_and_payments_and_credit_notes_on_the_other(tmp_path):
    view = bring(tmp_path, {"ledger.csv": LEDGER})
    assert view.orders == {
        "Lars Holm": dict(zip(["V1"], money("900"), strict=True)),
        "Ada Tal": dict(zip(["V3", "V4"], money("80", "-30"), strict=True)),
    }
    assert not view.unpaid and "all of them count as paid" in view.text


def test_money_that_went_out_again_was_not_paid(tmp_path):
    for name, payments in (("columns", PAYMENTS), ("words", SIDED)):
        view = bring(tmp_path / name, {"invoices.csv": BILLS, "payments.csv": payments})
        assert sum(view.spent["Bo Ek"].values()) == money("120")[0] and view.spent["Ada Tal"] == {"": money("100")[0]}
        assert view.unpaid["Cy Ohm"] == {"": money("50")[0]}

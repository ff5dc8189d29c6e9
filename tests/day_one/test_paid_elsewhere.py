"""Payments in a file of their own that name the invoices which they pay: part payments, too much, paid back. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import bring, money

CUSTOMERS = """
Customer ID,Name,Email,City
C1,Ada Kell,ada@kell.example,Leeds
C2,Bo Lind,bo@lind.example,York
C3,Cy Mann,cy@mann.example,Hull
C4,Di Noel,di@noel.example,Bath
C5,Ed Orr,ed@orr.example,Ely
C6,Fay Penn,fay@penn.example,Deal
C7,Gus Quill,gus@quill.example,Rye
C8,Hal Rook,hal@rook.example,Bury
C9,Ida Stone,ida@stone.example,Ware
"""
INVOICES = """
Invoice No,Customer ID,Date,Due Date,Total,Status
INV-01,C1,2026-01-05,2026-02-05,100.00,Open
INV-02,C1,2026-01-15,2026-02-15,250.00,Open
INV-03,C2,2026-01-16,2026-02-16,80.00,Open
INV-04,C3,2026-01-20,2026-02-20,60.00,Open
INV-05,C4,2026-01-21,2026-02-21,70.00,Open
INV-06,C5,2026-01-22,2026-02-22,90.00,Cancelled
INV-07,C6,2026-01-23,2026-02-23,40.00,Overdue
INV-08,C7,2026-01-24,2026-02-24,30.00,Paid
INV-09,C8,2026-01-25,2026-02-25,25.00,Awaiting payment
INV-10,C9,2026-01-26,2026-02-26,10.00,Open
INV-11,C9,2026-01-27,2026-02-27,20.00,Open
"""
PAYMENTS = """
Payment ID,Invoice No,Amount,Date,Method,Status
P01,INV-01,60.00,2026-01-20,Card,Completed
P02,INV-01,40.00,2026-01-25,Card,Completed
P03,INV-02,100.00,2026-02-01,Bank,Completed
P04,INV-03,85.00,2026-02-02,Bank,Completed
P05,INV-04,60.00,2026-02-03,Card,Completed
P06,INV-04,-20.00,2026-02-05,Card,Completed
P07,INV-99,33.00,2026-02-06,Card,Completed
P08,INV-06,90.00,2026-02-06,Card,Completed
P09,INV-07,40.00,2026-02-07,Card,Failed
P10,INV-09,25.00,2026-02-08,Card,Completed
P11,"INV-10, INV-11",30.00,2026-02-09,Bank,Completed
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    files = {"customers.csv": CUSTOMERS, "invoices.csv": INVOICES, "payments.csv": PAYMENTS}
    return bring(tmp_path_factory.mktemp("paid_elsewhere"), files)


@pytest.mark.parametrize(
    ("name", "spent", "owed"),
    [
        ("Ada Kell", "200", "150"),  # one invoice in two payments, one in part
        ("Bo Lind", "80", ""),  # five too much: that is said
        ("Cy Mann", "40", "20"),  # twenty were paid back
        ("Di Noel", "0", "70"),
        ("Fay Penn", "0", "40"),  # the payment failed
        ("Gus Quill", "30", ""),  # said to be paid, by a payment that is not here
        ("Hal Rook", "25", ""),  # it was awaited, and came
        ("Ida Stone", "30", ""),  # one payment that is just what two invoices come to
    ],
)
def test_what_payments_come_to_was_paid_of_their_invoice(view, name, spent, owed):
    assert sum(view.spent.get(name, {}).values()) == money(spent)[0], (view.text, view.said)
    assert [*view.unpaid.get(name, {}).values()] == (money(owed) if owed else [])


def test_an_invoice_that_its_payments_cover_is_paid(view):
    assert {key for key, status in view.statuses.items() if status == "paid"} == {
        *("INV-01", "INV-03", "INV-08", "INV-09", "INV-10", "INV-11")
    }
    assert "Ed Orr" not in view.spent


@pytest.mark.parametrize(
    "said",
    [
        "files.payments: 1 payment names no order that is there (33.00 together)",
        "files.payments: 1 payment failed, is awaited or was given back (40.00 together)",
        "files.payments: 1 payment is of an order that does not count (cancelled, given back or a draft) (90.00 together)",
        "files.invoices: of 1 order money was paid back (20.00 together)",
        "files.invoices: of 1 order more was paid than the amount (5.00 more)",
    ],
)
def test_what_is_odd_is_said(view, said):
    assert any(said in each for each in view.said), view.said


def test_one_payment_for_several_invoices_and_what_no_payment_names_are_looked_at(view):
    text = view.text.replace("\n#", "")
    assert "LOOK: Invoice No names several orders in 1 row" in text
    assert "LOOK: 1 of 9 rows of invoices (70.00 together) is named by no payment" in text


ABROAD = {
    "de": (
        "Rechnungen.csv;Zahlungen.csv",
        "Rechnungsnr;Kunde;E-Mail;Rechnungsdatum;Bruttobetrag\nR-1;Ute Klamm;{0};02.01.2026;1.100,00\n"
        "R-2;Veit Rohn;{1};03.01.2026;80,00\nR-3;Ina Dorn;{2};13.01.2026;70,00\n",
        "Datum;Rechnungsnr;Betrag;Zahlungsart\n12.01.2026;R-1;600,00;Überweisung\n13.01.2026;R-1;500,00;Überweisung\n"
        "23.01.2026;R-2;30,00;Überweisung\n",
    ),
    "fr": (
        "factures.csv;reglements.csv",
        "N° facture;Client;E-mail;Date facture;Total HT;TVA;Total TTC\nF001;Léa Martin;{0};05/01/2026;916,67;183,33;1100,00\n"
        "F002;Hugo Petit;{1};15/01/2026;66,67;13,33;80,00\nF003;Zoé Blanc;{2};25/01/2026;58,33;11,67;70,00\n",
        "N° règlement;Date;N° facture;Montant;Mode de règlement\n1;25/01/2026;F001;600,00;CB\n2;26/01/2026;F001;500,00;Chèque\n"
        "3;27/01/2026;F002;30,00;Chèque\n",
    ),
    "es": (
        "facturas.csv;cobros.csv",
        "Número de factura;Cliente;Correo electrónico;Fecha;Total;Estado\nF-1;Iris Fenn;{0};05/01/2026;1.100,00;Emitida\n"
        "F-2;Otto Luna;{1};15/01/2026;80,00;Emitida\nF-3;Uma Rivas;{2};25/01/2026;70,00;Emitida\n",
        "Fecha de cobro;Factura;Importe;Forma de pago\n20/01/2026;F-1;600,00;Tarjeta\n21/01/2026;F-1;500,00;Tarjeta\n"
        "22/01/2026;F-2;30,00;Tarjeta\n",
    ),
    "it": (
        "fatture.csv;incassi.csv",
        "Numero fattura;Cliente;Email;Data;Totale\nFT1;Anna Riva;{0};05/01/2026;1.100,00\nFT2;Ugo Neri;{1};15/01/2026;80,00\n"
        "FT3;Lia Sala;{2};25/01/2026;70,00\n",
        "Data incasso;Numero fattura;Importo\n20/01/2026;FT1;600,00\n21/01/2026;FT1;500,00\n22/01/2026;FT2;30,00\n",
    ),
    "nl": (
        "facturen.csv;betalingen.csv",
        "Factuurnummer;Klant;E-mail;Factuurdatum;Totaal\n20261;Sanne Bos;{0};05-01-2026;1100,00\n"
        "20262;Daan Smit;{1};15-01-2026;80,00\n20263;Fleur Kok;{2};25-01-2026;70,00\n",
        "Datum;Factuurnummer;Bedrag\n20-01-2026;20261;600,00\n21-01-2026;20261;500,00\n22-01-2026;20262;30,00\n",
    ),
    "pl": (
        "faktury.csv;wplaty.csv",
        "Numer faktury;Klient;E-mail;Data wystawienia;Wartość brutto\nFV/1;Ewa Lis;{0};05.01.2026;1100,00\n"
        "FV/2;Jan Kot;{1};15.01.2026;80,00\nFV/3;Ola Sowa;{2};25.01.2026;70,00\n",
        "Data wpłaty;Numer faktury;Kwota\n20.01.2026;FV/1;600,00\n21.01.2026;FV/1;500,00\n22.01.2026;FV/2;30,00\n",
    ),
    "pt": (
        "faturas.csv;recebimentos.csv",
        "Nº da fatura;Cliente;E-mail;Data;Total\nFT-1;Rui Sá;{0};05/01/2026;1.100,00\nFT-2;Ana Reis;{1};15/01/2026;80,00\n"
        "FT-3;Eva Luz;{2};25/01/2026;70,00\n",
        "Data de recebimento;Nº da fatura;Valor\n20/01/2026;FT-1;600,00\n21/01/2026;FT-1;500,00\n22/01/2026;FT-2;30,00\n",
    ),
    "sv": (
        "fakturor.csv;inbetalningar.csv",
        "Fakturanr;Kund;E-post;Fakturadatum;Totalt\n101;Maja Ek;{0};2026-01-05;1100,00\n102;Nils Alm;{1};2026-01-15;80,00\n"
        "103;Elsa Lund;{2};2026-01-25;70,00\n",
        "Datum;Fakturanr;Belopp\n2026-01-20;101;600,00\n2026-01-21;101;500,00\n2026-01-22;102;30,00\n",
    ),
}


@pytest.mark.parametrize("language", ABROAD)
def test_payments_in_other_languages(day_one, language):
    names, bills, paid = ABROAD[language]
    first, second = names.split(";")
    mails = [f"{name}@post.example" for name in ("one", "two", "three")]
    view = day_one({first: bills.format(*mails), second: paid})
    whole = {next(iter(mail)): name for name, mail in view.emails.items() if mail}
    spent, owed = ({**{n: sum(c.values()) for n, c in each.items()}} for each in (view.spent, view.unpaid))
    assert [spent.get(whole[mail], 0) for mail in mails] == money("1100", "30", "0"), view.text
    assert [owed.get(whole[mail], 0) for mail in mails] == money("0", "50", "70"), view.text


def test_a_balance_of_the_invoices_is_not_lessened_twice(day_one):
    bills = "Invoice No,Client,Email,Date,Total,Balance due\nA1,Ada Kell,ada@kell.example,2026-01-05,100.00,40.00\n"
    bills += "A2,Bo Lind,bo@lind.example,2026-01-06,50.00,0.00\nA3,Cy Mann,cy@mann.example,2026-01-07,70.00,70.00\n"
    paid = "Payment ID,Invoice No,Amount,Date\nP1,A1,60.00,2026-01-20\nP2,A2,50.00,2026-01-21\n"
    view = day_one({"invoices.csv": bills, "payments.csv": paid})
    assert [view.spent[name][""] for name in ("Ada Kell", "Bo Lind", "Cy Mann")] == money("60", "50", "0")
    assert "pays" not in view.text and "where Balance due says itself what was paid, or is owed" in view.text.replace("\n#", "")


def test_refunds_among_the_payments_and_the_part_that_is_for_the_invoice(day_one):
    bills = "Invoice No,Client,Email,Date,Total\nA1,Ada Kell,ada@kell.example,2026-01-05,100.00\n"
    bills += "A2,Bo Lind,bo@lind.example,2026-01-06,50.00\nA3,Cy Mann,cy@mann.example,2026-01-07,70.00\n"
    paid = "Payment No,Type,Invoice No,Payment Amount,Amount Applied,Date\nP1,Payment,A1,150.00,100.00,2026-01-20\n"
    paid += "P1,Payment,A2,150.00,50.00,2026-01-20\nP2,Payment,A3,70.00,70.00,2026-01-21\nP3,Refund,A3,15.00,15.00,2026-01-22\n"
    view = day_one({"invoices.csv": bills, "payments.csv": paid})
    assert [view.spent[name][""] for name in ("Ada Kell", "Bo Lind", "Cy Mann")] == money("100", "50", "55"), view.text
    assert view.unpaid == {"Cy Mann": {"": money("15")[0]}}


def test_payments_of_a_shop_do_not_make_the_other_orders_owed(day_one):
    head = "Order ID,Customer,Email,Order Date,Total,Status\n"
    rows = "".join(f"10{n},Iris {n}a,iris{n}@post.example,2026-01-0{n},50.00,Completed\n" for n in range(1, 7))
    paid = "Payment ID,Order ID,Amount,Date\nP1,101,50.00,2026-01-02\nP2,102,20.00,2026-01-03\nP3,102,30.00,2026-01-04\n"
    view = day_one({"orders.csv": head + rows, "payments.csv": paid})
    assert sum(each[""] for each in view.spent.values()) == money("300")[0] and not view.unpaid


def test_payments_in_two_files_and_credit_notes_among_the_invoices(day_one):
    head = "ContactName,EmailAddress,InvoiceNumber,Reference,InvoiceDate,Total,Type\n"
    bills = "Ada Kell,ada@kell.example,INV-1,,05/01/2026,115.00,Sales invoice\n"
    bills += "Bo Lind,bo@lind.example,INV-2,,06/01/2026,230.00,Sales invoice\n"
    bills += "Ada Kell,ada@kell.example,CN-1,INV-1,18/01/2026,15.00,Sales credit note\n"
    bank = "Date,Contact,Invoice Number,Amount\n20/01/2026,Ada Kell,INV-1,60.00\n"
    cards = "Date,Contact,Invoice Number,Amount\n21/01/2026,Ada Kell,INV-1,40.00\n22/01/2026,Bo Lind,INV-2,30.00\n"
    view = day_one({"invoices.csv": head + bills, "bank_payments.csv": bank, "card_payments.csv": cards})
    assert view.text.count("pays = {") == 2
    assert view.spent == {"Ada Kell": {"": money("100")[0]}, "Bo Lind": {"": money("30")[0]}}
    assert view.unpaid == {"Bo Lind": {"": money("200")[0]}} and len(view.people) == 2


LOST = (
    "bounced",
    "NSF",
    "dishonoured",
    "disputed",
    "returned unpaid",
    "impayé",
    "insoluto",
    "gestorneerd",
    "Rückläufer",
    "authorised",
)
CAME = ("cleared", "Gebucht", "encaissé", "incassato")


def test_the_words_of_payments_whose_money_did_not_come(day_one):
    words = [*LOST, *CAME, "zarg"]
    bills = "Invoice No,Client,Email,Date,Total\n" + "".join(
        f"A{n:02},Ada Kell,ada@kell.example,2026-01-05,{100 + n}.00\n" for n in range(len(words))
    )
    paid = "Payment ID,Invoice No,Amount,Date,Status\n" + "".join(
        f"P{n},A{n:02},{100 + n}.00,2026-01-20,{word}\n" for n, word in enumerate(words)
    )
    view = day_one({"invoices.csv": bills, "payments.csv": paid})
    came = sum(100 + n for n in range(len(LOST), len(words)))
    assert view.spent["Ada Kell"][""] == came and view.unpaid["Ada Kell"][""] == sum(100 + n for n in range(len(LOST))), view.said
    assert any(
        "1 payment has a status that is not known: zarg (1). It counts as paid (114.00 together)" in one for one in view.said
    )

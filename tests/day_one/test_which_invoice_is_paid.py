"""Which invoice a payment pays: numbers twice or without zeros, several at once, signs, write-offs. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

BILLS = "Invoice No,Client,Email,Date,Total\nA1,Ada Kell,ada@kell.example,2026-01-05,100.00\n"
BILLS += "A2,Bo Lind,bo@lind.example,2026-01-06,50.00\nA3,Cy Mann,cy@mann.example,2026-01-07,70.00\n"
NAMES = ("Ada Kell", "Bo Lind", "Cy Mann")


def sums(view, of=NAMES):
    return [[sum(each.get(name, {}).values()) for name in of] for each in (view.spent, view.unpaid)]


def test_a_number_in_two_objects_is_that_of_the_same_amount_or_of_none(day_one):
    head = "Invoice Number,Client,Email,Date,Total\n"
    shop = head + "11,Ada Kell,ada@kell.example,2026-01-05,100.00\n12,Bo Lind,bo@lind.example,2026-01-06,200.00\n"
    shop += "13,Bo Lind,bo@lind.example,2026-01-07,30.00\n"
    service = head + "12,Cy Mann,cy@mann.example,2026-01-08,60.00\n13,Cy Mann,cy@mann.example,2026-01-09,40.00\n"
    paid = "Payment ID,Invoice Number,Amount,Date\nP1,11,100.00,2026-02-01\nP2,12,60.00,2026-02-02\nP3,13,10.00,2026-02-03\n"
    view = day_one({"shop_invoices.csv": shop, "service_invoices.csv": service, "payments.csv": paid})
    assert sums(view) == [money("100", "0", "60"), money("0", "230", "40")], (view.text, view.said)
    assert any("1 payment names an order whose number is there several times" in one and "(10.00" in one for one in view.said)


def test_payments_with_the_sign_of_a_ledger(day_one):
    paid = "Payment ID,Invoice No,Amount,Date\nP1,A1,-100.00,2026-02-01\nP2,A2,-20.00,2026-02-02\n"
    view = day_one({"invoices.csv": BILLS, "payments.csv": paid})
    assert sums(view) == [money("100", "20", "0"), money("0", "30", "70")], view.said
    assert any("all payments (2) are negative, 120.00 without the sign" in one for one in view.said)


def test_a_payment_that_is_just_what_is_open_of_several_pays_them(day_one):
    paid = "Payment ID,Invoice No,Amount,Date\nP1,A1,40.00,2026-02-01\nP2,A1/A2,110.00,2026-02-02\nP3,A3 A2,5.00,2026-02-03\n"
    view = day_one({"invoices.csv": BILLS, "payments.csv": paid})
    assert sums(view) == [money("100", "50", "0"), money("0", "0", "70")], view.said
    assert any("1 payment names several orders and is not just what is open of them (5.00" in one for one in view.said)


def test_what_was_written_off_in_the_place_of_a_payment_is_not_owed(day_one):
    paid = "Payment ID,Invoice No,Type,Amount,Date\nP1,A1,Write-off,100.00,2026-02-01\nP2,A2,Payment,30.00,2026-02-02\n"
    paid += "P3,A2,Write-off,20.00,2026-02-03\nP4,A3,Payment,70.00,2026-02-04\n"
    view = day_one({"invoices.csv": BILLS, "payments.csv": paid})
    assert sums(view) == [money("0", "30", "70"), money("0", "0", "0")], (view.text, view.said)
    assert any("of 2 orders 120.00 was written off" in one for one in view.said)


def test_leading_zeros_of_the_number_of_an_invoice(day_one):
    bills = BILLS.replace("A1", "0017").replace("A2", "0018").replace("A3", "0019")
    paid = "Payment ID,Invoice No,Amount,Date\nP1,17,60.00,2026-02-01\nP2,17,40.00,2026-02-02\nP3,18,20.00,2026-02-03\n"
    view = day_one({"invoices.csv": bills, "payments.csv": paid})
    assert sums(view) == [money("100", "20", "0"), money("0", "30", "70")], (view.text, view.said)
    assert any("3 payments name their orders with other leading zeros" in one for one in view.said)


def test_a_payment_that_is_there_twice_counts_once(day_one):
    paid = "Payment ID,Invoice No,Amount,Date\nP1,A1,30.00,2026-02-01\nP1,A1,30.00,2026-02-01\nP2,A2,50.00,2026-02-03\n"
    paid += "P3,A3,20.00,2026-02-04\nP3,A3,10.00,2026-02-04\nP4,A3,5.00,2026-02-05\n"
    view = day_one({"invoices.csv": BILLS, "payments.csv": paid})
    assert sums(view) == [money("30", "50", "35"), money("70", "0", "35")], (view.text, view.said)
    text = view.text.replace("\n#", "")
    assert "1 row is there twice" in text and "LOOK: Payment ID is the same in 2 rows that differ (30.00 together)" in text


def test_payments_speak_where_the_balance_is_empty(day_one):
    bills = "Invoice No,Client,Email,Date,Total,Balance due\nA1,Ada Kell,ada@kell.example,2026-01-05,100.00,0.00\n"
    bills += "A2,Bo Lind,bo@lind.example,2026-01-06,80.00,\nA3,Cy Mann,cy@mann.example,2026-01-07,200.00,200.00\n"
    bills += "A4,Bo Lind,bo@lind.example,2026-01-08,60.00,\n"
    paid = "Payment ID,Invoice No,Amount,Date\nP1,A1,100.00,2026-02-01\nP2,A2,30.00,2026-02-02\nP3,A3,200.00,2026-02-03\n"
    view = day_one({"invoices.csv": bills, "payments.csv": paid})
    assert sums(view) == [money("100", "30", "0"), money("0", "110", "200")], (view.text, view.said)
    assert any("of 1 order the balance is not what its payments leave (200.00 apart)" in one for one in view.said)


@pytest.mark.parametrize(
    ("date", "day"),
    [("Date", "Paid on"), ("Date", "Date paid"), ("Datum", "Bezahlt am"), ("Date", "Payé le"), ("Fecha", "Fecha de pago")],
)
def test_the_day_of_payment_that_only_some_invoices_have(day_one, date, day):
    bills = f"Invoice No,Client,Email,{date},Total,{day}\nA1,Ada Kell,ada@kell.example,2026-01-05,100.00,2026-02-01\n"
    bills += "A2,Bo Lind,bo@lind.example,2026-01-06,50.00,\nA3,Cy Mann,cy@mann.example,2026-01-07,70.00,2026-02-03\n"
    view = day_one({"invoices.csv": bills})
    assert sums(view) == [money("100", "0", "70"), money("0", "50", "0")], (view.text, view.said)
    assert f"LOOK: {day} is empty in 1 row (50.00 together)" in view.text.replace("\n#", "")


def test_receipts_of_the_bank_beside_invoices_of_the_same_number(day_one):
    people = "KdNr;Name;E-Mail\n7;Ada Kell;ada@kell.example\n8;Bo Lind;bo@lind.example\n"
    bills = "Beleg;KdNr;Belegdatum;Total CHF\nRE-1;7;01.02.25;1'250.00\nRE-2;8;02.02.25;2'000.50\n"
    paid = "Nr;Beleg;Valuta;Betrag CHF;Text\n1;RE-1;10.02.25;1'000.00;Teilzahlung\n2;RE-2;15.02.25;2'000.50;\n"
    view = day_one({"kunden.csv": people, "rechnungen.csv": bills, "zahlungseingang.csv": paid})
    sums_ = sums(view, ("Ada Kell", "Bo Lind"))
    assert sums_ == [money("1000", "2000.5"), money("250", "0")], (view.text, view.said)

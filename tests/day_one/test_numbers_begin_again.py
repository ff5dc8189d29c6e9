"""Invoice numbers that begin again each year, beside one file of payments that names the number. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

HEAD = "Invoice No,Customer,Email,Date,Total\n"
FIRST = "1,Ada Kell,ada@kell.example,2024-01-05,100.00\n2,Bo Lind,bo@lind.example,2024-02-05,80.00\n"
FIRST += "3,Cy Mann,cy@mann.example,2024-03-05,60.00\n"
SECOND = "1,Di Noel,di@noel.example,2025-01-05,90.00\n2,Bo Lind,bo@lind.example,2025-02-05,80.00\n"
SECOND += "3,Ed Orr,ed@orr.example,2025-03-05,60.00\n"
NAMES = ("Ada Kell", "Bo Lind", "Cy Mann", "Di Noel", "Ed Orr")
PAID = "1,100.00,2024-01-20\n2,80.00,2024-02-20\n3,60.00,2024-03-20\n1,50.00,2025-01-20\n2,30.00,2025-02-20\n3,60.00,2025-03-20\n"


def sums(view, of=NAMES):
    return [[sum(each.get(name, {}).values()) for name in of] for each in (view.spent, view.unpaid)]


def payments(rows: str, head: str = "Payment ID,Invoice No,Amount,Date") -> str:
    return head + "\n" + "".join(f"P{n},{row}\n" for n, row in enumerate(rows.splitlines(), 1))


BROUGHT = {
    "one file for each year": {"invoices_2024.csv": HEAD + FIRST, "invoices_2025.csv": HEAD + SECOND},
    "one file": {"invoices.csv": HEAD + FIRST + SECOND},
    "two objects": {
        "invoices.csv": HEAD + SECOND,
        "old_invoices.csv": HEAD.replace("Total", "Total,Ref") + FIRST.replace("\n", ",x\n"),
    },
}


@pytest.mark.parametrize("files", BROUGHT.values(), ids=BROUGHT)
def test_amount_and_day_say_which_invoice_was_paid(day_one, files):
    view = day_one({**files, "payments.csv": payments(PAID)})
    assert sums(view) == [money("100", "110", "60", "50", "60"), money("0", "50", "0", "40", "0")], (view.text, view.said)
    assert not any("names an order" in one or "name orders" in one for one in view.said), view.said


def test_customer_says_which_invoice_was_paid(day_one):
    people = "Customer ID,Name,Email\nC1,Ada Kell,ada@kell.example\nC2,Bo Lind,bo@lind.example\nC3,Cy Mann,cy@mann.example\n"
    head = "Customer ID,Invoice No,Date,Total\n"
    bills = "C1,1,2024-12-05,100.00\nC2,2,2024-12-06,80.00\nC3,3,2024-12-07,60.00\n"
    bills += "C2,1,2025-01-05,90.00\nC3,2,2025-01-06,70.00\nC1,3,2025-01-07,50.00\n"
    paid = payments(
        "C1,1,10.00,2025-02-01\nC3,2,20.00,2025-02-01\nC3,3,30.00,2025-02-01\n", "No,Customer ID,Invoice No,Amount,Date"
    )
    view = day_one({"customers.csv": people, "invoices.csv": head + bills, "payments.csv": paid})
    assert sums(view, NAMES[:3]) == [money("10", "0", "50"), money("140", "170", "80")], (view.text, view.said)


def test_instalments_of_the_nearest_day_and_a_payment_before_its_time(day_one):
    rows = "1,50.00,2024-01-20\n1,50.00,2024-02-20\n3,60.00,2024-04-01\n1,40.00,2025-01-20\n1,50.00,2025-02-20\n"
    bills = HEAD + FIRST + SECOND.replace("Ed Orr,ed@orr.example,2025-03-05,60.00", "Ed Orr,ed@orr.example,2025-03-05,99.00")
    view = day_one({"invoices.csv": bills.replace("2024-03-05,60.00", "2024-03-05,75.00"), "payments.csv": payments(rows)})
    assert sums(view) == [money("100", "0", "60", "90", "0"), money("0", "160", "15", "0", "99")], (view.text, view.said)


def test_what_nothing_decides_is_said_and_pays_nothing(day_one):
    bills = HEAD + FIRST + SECOND.replace("2025-02-05", "2024-11-05")
    rows = "1,100.00,2024-01-20\n2,30.00,2025-04-01\n3,60.00,2024-03-20\n1,90.00,2025-01-20\n"
    view = day_one({"invoices.csv": bills, "payments.csv": payments(rows)})
    assert sums(view) == [money("100", "0", "60", "90", "0"), money("0", "160", "0", "0", "60")], (view.text, view.said)
    assert any("1 payment names an order whose number is there several times" in one and "(30.00" in one for one in view.said)
    assert "LOOK: Invoice No of invoices comes again" in view.text.replace("\n#", "")


def test_receipts_of_two_shops(day_one):
    head = "Store,Receipt No,Date,Customer,Email,Total\n"
    rows = "N,1,2025-03-01,Ada Kell,ada@kell.example,10.00\nN,2,2025-03-01,Bo Lind,bo@lind.example,20.00\n"
    rows += "S,1,2025-03-02,Cy Mann,cy@mann.example,30.00\nS,2,2025-03-03,Di Noel,di@noel.example,20.00\n"
    paid = payments("1,10.00,2025-03-01\n2,20.00,2025-03-01\n1,15.00,2025-03-02\n", "Payment ID,Receipt No,Amount,Date")
    view = day_one({"invoices.csv": head + rows, "payments.csv": paid})
    assert sums(view, NAMES[:4]) == [money("10", "20", "15", "0"), money("0", "0", "15", "20")], (view.text, view.said)

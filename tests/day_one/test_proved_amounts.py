"""Which sums make the amount, where what was paid proves it: a price without its discount, with its tax. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

NAMES = ("Ada Kell", "Bo Lind", "Cy Mann", "Di Noel")
PAID = (("A1", "90.00"), ("A2", "50.00"), ("A3", "55.00"))


def orders(head, rows):
    mails = [f"{name.split()[0].lower()}@post.example" for name in NAMES]
    lines = [
        f"A{n},{name},{mail},2025-01-0{n},{row}" for n, (name, mail, row) in enumerate(zip(NAMES, mails, rows, strict=True), 1)
    ]
    return "\n".join([f"Invoice No,Customer,Email,Date,{head}", *lines]) + "\n"


def payments(paid=PAID):
    return "Payment ID,Invoice No,Amount,Date\n" + "".join(
        f"P{n},{of},{sum_},2025-02-0{n}\n" for n, (of, sum_) in enumerate(paid, 1)
    )


def sums(view):
    return [[sum(each.get(name, {}).values()) for name in NAMES] for each in (view.spent, view.unpaid)]


DISCOUNTS = {
    "in money": ("Price,Discount", ("100.00,10.00", "80.00,0.00", "60.00,5.00", "40.00,"), "without Discount"),
    "negative": ("Price,Rabatt", ("$100.00,-$10.00", "$80.00,$0.00", "$60.00,-$5.00", "$40.00,"), "without Rabatt"),
    "a share": ("Price,Discount %", ("100.00,10", "80.00,0", "68.75,20", "40.00,"), "without Discount %"),
    "with tax": ("Net Total,VAT,Discount", ("88.00,8.80,6.80", "75.00,5.00,0.00", "58.00,5.80,8.80", "36.00,4.00,"), "with VAT"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "elsewhere"),
    [(place, elsewhere) for place in DISCOUNTS for elsewhere in (True, False) if elsewhere or place != "with tax"],
)
def test_what_was_paid_proves_the_amount(day_one, place, elsewhere):
    head, rows, said = DISCOUNTS[place]
    if elsewhere:
        view = day_one({"invoices.csv": orders(head, rows), "payments.csv": payments()})
    else:
        rows = [f"{row},{sum_}" for row, sum_ in zip(rows, ("90.00", "50.00", "55.00", "0.00"), strict=True)]
        view = day_one({"invoices.csv": orders(f"{head},Amount Paid", rows)})
    assert sums(view) == [money("90", "50", "55", "0"), money("0", "30", "0", "40")], (view.text, view.said)
    assert f"{said} is the amount: that was paid in 2 of" in view.text and "is not taken off" not in view.text


def test_a_price_that_was_paid_whole_is_the_amount(day_one):
    view = day_one(
        {"invoices.csv": orders(*DISCOUNTS["in money"][:2]), "payments.csv": payments((("A1", "100.00"), ("A3", "60.00")))}
    )
    assert sums(view) == [money("100", "0", "60", "0"), money("0", "80", "0", "40")], (view.text, view.said)
    assert "is not taken off" not in view.text


def test_a_discount_of_which_nothing_says_whether_it_is_taken_off_is_said(suggested):
    suggested({"orders.csv": orders(*DISCOUNTS["in money"][:2])})
    assert "LOOK: Discount (2 rows) is not taken off Price" in suggested.text.replace("\n#", "")
    suggested({"orders.csv": orders("Total,Discount", DISCOUNTS["in money"][1])})
    assert "is not taken off" not in suggested.text

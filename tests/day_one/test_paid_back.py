"""Refunds that only the list of payments knows lessen what was spent of their order, once. Made-up people."""

from __future__ import annotations

from decimal import Decimal

import pytest

ORDERS = """
Order,Name,Email,Date,Total,Currency,Status
1001,Ada Kell,ada@kell.example,2026-01-05,100.00,EUR,{0}
1002,Bo Lind,bo@lind.example,2026-01-06,80.00,EUR,{0}
1003,Cy Mann,cy@mann.example,2026-01-07,60.00,EUR,{0}
"""
NEGATIVE = """
Transaction ID,Order,Date,Amount,Currency,Gateway
T1,1001,2026-01-05,100.00,EUR,card
T2,1002,2026-01-06,80.00,EUR,card
T3,1003,2026-01-07,60.00,EUR,card
T4,1002,2026-01-16,-30.00,EUR,card
T5,1003,2026-01-17,-60.00,EUR,card
"""
KINDS = """
Transaction ID,Order,Kind,Date,Amount,Currency,Status
T1,1001,sale,2026-01-05,100.00,EUR,success
T2,1002,sale,2026-01-06,80.00,EUR,success
T3,1003,sale,2026-01-07,60.00,EUR,success
T4,1002,refund,2026-01-16,30.00,EUR,success
T5,1003,refund,2026-01-17,60.00,EUR,success
T6,1001,refund,2026-01-18,100.00,EUR,failure
T7,1001,refund,2026-01-19,100.00,EUR,pending
"""
STATES = """
Payment ID,Order,Date,Amount,Currency,Status
T1,1001,2026-01-05,100.00,EUR,refunded
T0,1001,2026-01-06,100.00,EUR,paid
T2,1002,2026-01-06,80.00,EUR,paid
T3,1003,2026-01-07,60.00,EUR,refunded
T4,1002,2026-01-16,30.00,EUR,refunded
"""
KEPT = {"Ada Kell": Decimal(100), "Bo Lind": Decimal(50), "Cy Mann": Decimal(0)}


def spent(view) -> dict[str, Decimal]:
    return {name: sum(of.values(), Decimal(0)) for name, of in view.spent.items()}


@pytest.mark.parametrize("status", ["Completed", "Paid"])
@pytest.mark.parametrize("payments", [NEGATIVE, KINDS, STATES], ids=["negative", "kinds", "states"])
def test_money_that_went_back_was_not_spent(day_one, payments, status):
    view = day_one({"orders.csv": ORDERS.format(status), "transactions.csv": payments})
    assert spent(view) == KEPT, (view.text, view.said)
    assert not view.unpaid
    assert any("of 2 orders the payments give money back (90.00 EUR together)" in said for said in view.said)


def test_what_a_refund_gives_back_already_is_not_taken_off_again(day_one):
    refunds = "Refund ID,Order,Date,Amount,Currency\nR1,1002,2026-01-16,30.00,EUR\nR2,1003,2026-01-17,60.00,EUR\n"
    view = day_one({"orders.csv": ORDERS.format("Completed"), "transactions.csv": NEGATIVE, "refunds.csv": refunds})
    assert spent(view) == KEPT, (view.text, view.said)


def test_what_the_order_says_was_given_back_is_not_taken_off_again(day_one):
    orders = ORDERS.format("Completed").replace("60.00,EUR,Completed", "60.00,EUR,Refunded")
    view = day_one({"orders.csv": orders, "transactions.csv": NEGATIVE})
    assert {name: sum_ for name, sum_ in spent(view).items() if sum_} == {"Ada Kell": Decimal(100), "Bo Lind": Decimal(50)}

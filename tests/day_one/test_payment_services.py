"""Settlement files of payment services beside the orders of a shop. Made-up people."""

from __future__ import annotations

from decimal import Decimal

import pytest

ORDERS = """
Order,Name,Email,Date,Total,Currency,Status
1001,Ada Kell,ada@kell.example,2026-01-05,100.00,EUR,Completed
1002,Bo Lind,bo@lind.example,2026-01-06,80.00,EUR,Completed
1003,Cy Mann,cy@mann.example,2026-01-07,60.00,EUR,Completed
"""
KLARNA = """
type,capture_id,merchant_reference1,merchant_reference2,sale_date,capture_date,currency_code,amount,payout_date,payment_reference
SALE,c1,1001,,2026-01-05,2026-01-06,EUR,100.00,2026-01-20,P9
SALE,c2,1002,,2026-01-06,2026-01-07,EUR,80.00,2026-01-20,P9
SALE,c3,1003,,2026-01-07,2026-01-08,EUR,60.00,2026-01-20,P9
FEE,c1,1001,,2026-01-05,2026-01-06,EUR,-2.90,2026-01-20,P9
FEE,c2,1002,,2026-01-05,2026-01-06,EUR,-2.50,2026-01-20,P9
RETURN,c2,1002,,2026-01-06,2026-01-16,EUR,-30.00,2026-01-20,P9
RETURN,c3,1003,,2026-01-07,2026-01-17,EUR,-60.00,2026-01-20,P9
"""
ADYEN = """
Company Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Net Debit (NC),Net Credit (NC),Commission (NC)
Shop,P100,1001,visa,2026-01-05 10:00:00,Settled,M1,EUR,,100.00,,98.00,2.00
Shop,P101,1002,visa,2026-01-06 10:00:00,Settled,M2,EUR,0.00,80.00,,78.00,2.00
Shop,P102,1003,visa,2026-01-07 10:00:00,Settled,M3,EUR,,60.00,,58.00,2.00
Shop,P101,1002,visa,2026-01-16 10:00:00,Refunded,M4,EUR,30.00,0.00,30.00,,
Shop,P102,1003,visa,2026-01-17 10:00:00,Refunded,M5,EUR,60.00,,60.00,,
Shop,,,,2026-01-20 10:00:00,Fee,Transaction fees,EUR,,,1.10,,
Shop,,,,2026-01-20 10:00:00,MerchantPayout,Payout 7,EUR,,,142.90,,
"""  # noqa: E501 - the rows of exports are long
MOLLIE = """
Date,Payment method,Currency,Amount,Status,ID,Description,Consumer name,Settlement currency,Settlement amount,Amount refunded
2026-01-05,ideal,EUR,100.00,paid,tr_1,Order 1001,A Kell,EUR,100.00,0.00
2026-01-06,ideal,EUR,80.00,paid,tr_2,Order 1002,B Lind,EUR,80.00,30.00
2026-01-07,ideal,EUR,60.00,paid,tr_3,Order 1003,C Mann,EUR,60.00,60.00
"""
FILES = {"klarna_settlement.csv": KLARNA, "settlement_detail.csv": ADYEN, "mollie.csv": MOLLIE}


def spent(view) -> dict[str, Decimal]:
    return {name: sum(of.values(), Decimal(0)) for name, of in view.spent.items()}


@pytest.mark.parametrize("name", FILES)
def test_sales_are_payments_of_their_orders_and_returns_refunds(day_one, name):
    view = day_one({"orders.csv": ORDERS, name: FILES[name]})
    assert spent(view) == {"Ada Kell": Decimal(100), "Bo Lind": Decimal(50), "Cy Mann": Decimal(0)}, view.text
    assert view.people == {"Ada Kell", "Bo Lind", "Cy Mann"}
    assert not view.unpaid


def test_fees_are_said_to_be_left_out(day_one):
    view = day_one({"orders.csv": ORDERS, "klarna_settlement.csv": KLARNA})
    assert "type: FEE are of the payment service, and nobody's money: left out" in view.text
    assert any("2 rows are left out by the `where`" in said for said in view.said)


def test_a_kind_of_row_that_is_not_known_is_left_out_and_looked_at(day_one):
    view = day_one({"orders.csv": ORDERS, "klarna_settlement.csv": KLARNA.replace("RETURN,c3", "ZEBRA,c3")})
    assert spent(view)["Cy Mann"] == Decimal(60)
    assert "LOOK: type: what ZEBRA means is not known" in view.text


def test_references_to_orders_of_another_shop_are_no_payments(suggested):
    found = suggested({"orders.csv": ORDERS, "klarna_settlement.csv": KLARNA.replace(",100", ",700")})
    assert found["klarna_settlement"] == set()

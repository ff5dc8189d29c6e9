"""Orders that are placed and await their payment are owed; a checkout that was left before payment is not. Made-up people."""

# ruff: noqa: E501 - rows of exports

from __future__ import annotations

import pytest

from .conftest import money

ORDERS = """
Order Number,Order Date,Customer Name,Customer Email,Order Status,Total
1001,2026-01-02,Ada Kell,ada@kell.example,Completed,40.00
1002,2026-01-03,Bo Lind,bo@lind.example,{0},50.00
1003,2026-01-14,Cy Mann,cy@mann.example,Completed,60.00
1004,2026-01-15,Di Noel,di@noel.example,Completed,70.00
"""
WOO = """
Order Number,Order Status,Order Date,Billing Email Address,First Name (Billing),Last Name (Billing),Order Total Amount,Item Name,Quantity,Item Cost,Payment Method Title
501,Completed,2026-01-02 10:00,ada@kell.example,Ada,Kell,40.00,Lamp,1,40.00,Card
502,On hold,2026-01-03 10:00,bo@lind.example,Bo,Lind,50.00,Pan,1,50.00,Direct bank transfer
503,Pending payment,2026-01-04 10:00,cy@mann.example,Cy,Mann,60.00,Kettle,1,60.00,Card
504,Completed,2026-01-15 10:00,di@noel.example,Di,Noel,70.00,Pot,1,70.00,Card
"""


@pytest.mark.parametrize(
    "word", ["Awaiting Payment", "Payment pending", "On hold", "Awaiting bank wire payment", "Warten auf Zahlung"]
)
def test_what_awaits_payment_is_owed_and_not_spent(day_one, word):
    view = day_one({"orders.csv": ORDERS.format(word)})
    assert view.statuses["1002"] == "placed"
    assert view.spent["Bo Lind"] == {"": money("0")[0]} and view.unpaid == {"Bo Lind": {"": money("50")[0]}}
    assert view.spent["Ada Kell"] == {"": money("40")[0]}


def test_pending_alone_and_the_checkouts_that_a_vendor_calls_so_are_not_sales_yet(day_one):
    view = day_one({"orders.csv": ORDERS.format("Pending")})
    assert view.statuses["1002"] == "pending" and "Bo Lind" not in view.spent


def test_what_woocommerce_calls_on_hold_is_owed_and_its_pending_payment_is_not_a_sale(day_one):
    view = day_one({"orders.csv": WOO})
    assert "WooCommerce" in view.text or "woocommerce" in view.text
    assert view.statuses == {"501": "shipped", "502": "placed", "503": "pending", "504": "shipped"}
    assert view.unpaid == {"Bo Lind": {"": money("50")[0]}} and "Cy Mann" not in view.spent


def test_an_invoice_that_is_pending_beside_paid_ones_is_owed(day_one):
    bills = "Nº factura,Cliente,Correo,Fecha,Total,Estado\nF1,Ana Ruiz,ana@ruiz.example,02/01/2026,40.00,Cobrada\n"
    bills += "F2,Luis Gil,luis@gil.example,13/01/2026,50.00,Pendiente\nF3,Eva Sanz,eva@sanz.example,14/01/2026,60.00,Anulada\n"
    view = day_one({"facturas.csv": bills})
    assert view.unpaid == {"Luis Gil": {"": money("50")[0]}} and view.spent["Ana Ruiz"] == {"": money("40")[0]}

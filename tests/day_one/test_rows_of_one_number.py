"""Rows that share a number and are of different amounts: a payment and its refund both count, and nothing is lost in silence."""

from decimal import Decimal

ROWS = """
{number},{own},Date,Customer Email,Customer Name,Kind,Total
T-1001,P-1,2025-01-04,iris@example.com,Iris Fenn,Payment,48.50
T-1002,P-2,2025-02-14,iris@example.com,Iris Fenn,Payment,135.00
T-1002,P-3,2025-03-09,iris@example.com,Iris Fenn,Refund,-135.00
T-1003,P-4,2025-03-18,otto@example.com,Otto Beck,Payment,72.00
T-1003,P-5,2025-03-20,otto@example.com,Otto Beck,Refund,-18.00
T-1004,P-6,2025-03-21,uma@example.com,Uma Hall,Payment,15.00
T-1005,P-7,2025-03-22,uma@example.com,Uma Hall,Payment,16.00
T-1006,P-8,2025-03-23,otto@example.com,Otto Beck,Payment,17.00
T-1007,P-9,2025-03-24,rosa@example.com,Rosa Vela,Payment,18.00
T-1008,P-10,2025-03-25,rosa@example.com,Rosa Vela,Payment,19.00
"""
SPENT = {
    "Iris Fenn": Decimal("48.50"),
    "Otto Beck": Decimal("71.00"),
    "Uma Hall": Decimal("31.00"),
    "Rosa Vela": Decimal("37.00"),
}


def spent(view):
    return {who: sum(each.values()) for who, each in view.spent.items()}


def test_a_refund_beside_its_payment_lessens_it(day_one):
    view = day_one({"orders.csv": ROWS.format(number="Order ID", own="Payment ID")})
    assert spent(view) == SPENT, view.text


def test_so_does_it_for_a_vendor_that_is_known(day_one):
    head = "Date,Time,Gross Sales,Discounts,Net Sales,Tax,Tip,Total Collected,Source,Fees,Transaction ID,Payment ID,Event Type"
    rows = [line.split(",") for line in ROWS.strip().splitlines()[1:]]
    text = "\n".join(
        f"{day},10:00:00,{sum_},0.00,{sum_},0.00,0.00,{sum_},Shop,0.10,{number},{own},{kind},{mail},{name}"
        for number, own, day, mail, name, kind, sum_ in rows
    )
    view = day_one({"transactions.csv": f"{head},Customer ID,Customer Name\n{text}\n"})
    assert spent(view) == SPENT, view.text
    assert 'number = "Transaction ID"' in view.text


def test_without_a_column_that_keeps_them_apart_the_sum_is_said(suggested):
    rows = ROWS.format(number="Order ID", own="Till").replace("P-3,", "P-1,").replace("P-2,", "P-1,").replace("Refund", "Payment")
    suggested({"orders.csv": rows})
    assert "# LOOK: no orders are proposed: " in suggested.text and "in Total counts nowhere)" in suggested.text
    suggested({"orders.csv": rows.replace("T-1003,P-5", "T-1009,P-5")})
    said = (
        "2 rows share 1 value of Order ID and are of different amounts: one of each counts, and what the others come to (135.00"
    )
    assert said in suggested.text or '"Order ID", "Kind"' in suggested.text, suggested.text

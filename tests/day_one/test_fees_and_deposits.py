"""Booking fees that the buyer paid, deposits of either kind, codes for a status. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

TICKETS = """
Booking Ref,Event,Booking Date,Customer Name,Email,Tickets,Booking Status,Ticket Total,Booking Fee,Amount Paid
TS-1001,Winter Show,05/01/2026 10:00,Ada Kell,ada@kell.example,2,Paid,{0}30.00,{0}1.50,{0}31.50
TS-1002,Winter Show,06/01/2026 10:00,Bo Lind,bo@lind.example,1,Reserved,{0}15.00,{0}0.75,{0}0.00
TS-1003,Winter Show,17/01/2026 10:00,Cy Mann,cy@mann.example,4,Cancelled,{0}60.00,{0}3.00,{0}0.00
TS-1004,Winter Show,18/01/2026 10:00,Di Noel,di@noel.example,1,Paid,{0}15.00,{0}0.75,{0}15.75
"""
RENTALS = """
Reservation,Guest,Email,Check-in,Total,{0},Status
R1,Ada Kell,ada@kell.example,2026-03-01,500.00,200.00,Confirmed
R2,Bo Lind,bo@lind.example,2026-03-08,700.00,200.00,{1}
R3,Cy Mann,cy@mann.example,2026-03-18,650.00,200.00,Confirmed
"""
CODES = """
Invoice #,Date,Last Name,First Name,Email,Amount,Sale Status
00001,05/01/2026,Kell,Ada,ada@kell.example,$110.00,C
00002,06/01/2026,Lind,Bo,bo@lind.example,$220.00,O
00003,17/01/2026,Mann,Cy,cy@mann.example,$330.00,Q
"""


@pytest.mark.parametrize("sign", ["", "£"])
def test_what_the_buyer_paid_has_the_booking_fee_and_what_is_reserved_is_owed(day_one, sign):
    view = day_one({"ticket_bookings.csv": TICKETS.format(sign)})
    assert {name: sum(each.values()) for name, each in view.spent.items()} == {
        "Ada Kell": money("31.50")[0], "Bo Lind": money("0")[0], "Di Noel": money("15.75")[0],
    }  # fmt: skip
    assert [*view.unpaid["Bo Lind"].values()] == money("15.75") and "Cy Mann" not in view.spent


def test_a_deposit_that_may_be_of_either_kind_is_looked_at(suggested):
    suggested({"rentals.csv": RENTALS.format("Deposit", "Confirmed")})
    text = suggested.text.replace("\n#", "")
    assert "LOOK: Deposit is read as what was paid of Total, and the rest as owed (1,250.00 in 3 rows)" in text
    suggested({"rentals.csv": RENTALS.format("Deposit", "Deposit paid")})
    assert "security deposit" not in suggested.text


@pytest.mark.parametrize("name", ["Security deposit", "Damage deposit", "Kaution", "Caution", "Fianza", "Cauzione", "Borgsom"])
def test_a_deposit_that_is_given_back_pays_nothing(day_one, name):
    view = day_one({"rentals.csv": RENTALS.format(name, "Confirmed")})
    assert not view.unpaid and view.spent["Ada Kell"] == {"": money("500")[0]}


def test_codes_are_asked_for_with_the_money_that_depends_on_them(day_one):
    view = day_one({"sales.csv": CODES})
    text = view.text.replace("\n#", "")
    assert "LOOK: Sale Status: what C (110.00 in 1 row), O (220.00 in 1 row), Q (330.00 in 1 row) mean is not known" in text
    said = next(each for each in view.said if "a status that is not known" in each)
    assert "(660.00 USD)" in said or "(660.00)" in said
    assert "C beside O may be closed (paid) beside open, or cancelled" in said

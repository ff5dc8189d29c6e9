"""Appointments: who did not come owes nothing, and what was paid online beside a mere yes is said."""

from __future__ import annotations

from tests.day_one.conftest import bring

ROWS = """
Start Time,End Time,First Name,Last Name,Email,Type,Appointment Price,Paid?,Amount Paid Online,Date Scheduled,Label,Appointment ID
2025-01-14 09:00,2025-01-14 10:00,Ada,Tal,ada@tal.example,Massage,110.00,yes,50.00,2025-01-02,,1001
2025-01-15 09:00,2025-01-15 10:00,Bo,Berg,bo@berg.example,Massage,80.00,no,,2025-01-03,No Show,1002
2025-01-16 09:00,2025-01-16 10:00,Cy,Dorn,cy@dorn.example,Massage,40.00,yes,40.00,2025-01-04,Checked In,1003
"""


def test_who_did_not_come_owes_nothing_and_less_online_is_said(tmp_path):
    view = bring(tmp_path, {"schedule.csv": ROWS})
    assert view.statuses["1002"] == "cancelled" and view.statuses["1001"] == "paid"
    assert "Bo Berg" not in view.unpaid
    assert "says yes in 1 row of which Amount Paid Online is less than Appointment Price, by 60.00 together" in view.text

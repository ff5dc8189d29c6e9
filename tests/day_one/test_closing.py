"""Tickets that are solved and not closed yet, and what is said of columns that are left out."""

from __future__ import annotations

from tests.day_one.conftest import Suggested

TICKETS = """
Ticket ID,Subject,Status,Created time,Resolved time,Closed time,Full name,Email
1,Chipped mug,Closed,2025-03-06 09:11:22,2025-03-08 10:00:00,2025-03-09 12:10:00,Ada Tal,ada@tal.example
2,Late parcel,Resolved,2025-02-03 10:00:00,2025-02-05 09:45:00,,Bo Berg,bo@berg.example
3,New order,Open,2025-03-13 08:30:00,,,Cy Dorn,cy@dorn.example
"""


def test_a_ticket_that_is_solved_has_a_closing_time(suggested: Suggested) -> None:
    assert suggested({"tickets.csv": TICKETS})["tickets"] == {"records", "tickets"}
    (line,) = [line for line in suggested.text.splitlines() if line.startswith("closed_at")]
    assert line.index("Closed time") < line.index("Resolved time")


def test_a_provider_of_payments_is_not_staff(suggested: Suggested) -> None:
    rows = "1,2025-01-02,Ada Tal,ada@tal.example,10.00,Qux\n2,2025-01-03,Bo Berg,bo@berg.example,20.00,Zab\n"
    suggested({"orders.csv": f"Order No,Order date,Name,Email,Total,Payment method (Payment Provider)\n{rows}"})
    assert "about staff" not in suggested.text

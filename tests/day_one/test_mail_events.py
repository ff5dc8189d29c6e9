"""Events of a mailing tool, a row each: who unsubscribed or complained refuses mail from then on; who joined again agrees."""

from __future__ import annotations

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

MEMBERS = """
member_id,full_name,email,newsletter
M1,Ruth Lambert,ruth@lambert.example,yes
M2,Peter Ashdown,peter@ashdown.example,yes
M3,Ivy Crane,ivy@crane.example,yes
M4,Otto Hale,otto@hale.example,yes
"""
EVENTS = """
email,event,timestamp
ruth@lambert.example,opened,2025-01-01 10:00
ruth@lambert.example,unsubscribed,2025-01-02 10:00
peter@ashdown.example,Spam Complaint,2024-01-01 10:00
peter@ashdown.example,hard bounce,2025-01-01 10:00
ivy@crane.example,unsubscribed,2025-01-02 10:00
ivy@crane.example,subscribed,2025-01-05 10:00
otto@hale.example,clicked,2025-01-05 10:00
"""
CALLS = """
id,email,type,date,subject
1,ruth@lambert.example,Complaint,2025-01-02 10:00,Late parcel
2,peter@ashdown.example,Question,2025-01-03 10:00,Opening hours
"""


def _consents(folder, files):
    put(folder, files)
    with open_desk(read_config(proposed(folder))) as desk:
        run(desk, Choice(only=STAGES))
        consents = desk.engine.rows(
            'SELECT coalesce(c.name, c.email), t.purpose, t.granted, CAST(t."at" AS DATE)::VARCHAR FROM consents t '
            "JOIN members m ON m.record_id = t.record_id JOIN customers c ON c.customer_id = m.customer_id ORDER BY ALL"
        )
        return consents, desk.engine.rows("SELECT name, undeliverable FROM customers WHERE undeliverable IS NOT NULL ORDER BY 1")


def test_the_newest_event_about_the_list_counts(tmp_path):
    consents, undeliverable = _consents(tmp_path, {"members.csv": MEMBERS, "email_events.csv": EVENTS})
    assert [one for one in consents if one[1] == "email"] == [
        ("Ivy Crane", "email", True, "2025-01-05"),
        ("Peter Ashdown", "email", False, "2024-01-01"),
        ("Ruth Lambert", "email", False, "2025-01-02"),
    ]
    assert undeliverable == [("Peter Ashdown", "peter@ashdown.example")]


def test_a_complaint_at_the_service_desk_is_no_refusal(tmp_path):
    consents, _ = _consents(tmp_path, {"members.csv": MEMBERS, "calls.csv": CALLS})
    assert not [one for one in consents if one[2] is False]

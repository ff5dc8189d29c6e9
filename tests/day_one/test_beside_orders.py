"""What shops export beside their orders, and is no sale: carts, gift cards, subscriptions, hours. Nobody here exists."""

from __future__ import annotations

import pytest

from tests.day_one.conftest import Suggested

FILES = {
    "customers.csv": """
Customer ID,First Name,Last Name,Email
1,Ada,Fenn,ada@mail.example
2,Otto,Beck,otto@mail.example
3,Pia,Lund,pia@mail.example
""",
    "orders.csv": """
Order ID,Customer ID,Order Date,Total,Currency,Status
1001,1,2025-01-14,100.00,USD,Paid
1002,2,2025-01-25,50.00,USD,Paid
1003,3,2025-01-26,20.00,USD,Cancelled
""",
    "abandoned_checkouts.csv": """
Checkout ID,Customer ID,Email,Created At,Total,Currency,Recovered
c1,2,otto@mail.example,2025-01-14,77.00,USD,No
c2,3,pia@mail.example,2025-01-25,88.00,USD,No
c3,1,ada@mail.example,2025-01-15,99.00,USD,Yes
""",
    "gift_cards.csv": """
Code,Customer ID,Initial Value,Balance,Currency,Issued On,Expires On,Status
GC1,1,50.00,50.00,USD,2025-01-14,2026-01-14,Active
GC2,3,25.00,0.00,USD,2025-01-15,2026-01-14,Used
""",
    "subscriptions.csv": """
Subscription ID,Customer ID,Plan,Status,Amount,Currency,Interval,Start Date,Next Billing Date
s1,1,Gold,active,30.00,USD,month,2025-01-14,2025-02-14
s2,2,Silver,canceled,20.00,USD,month,2024-01-14,
s3,3,Gold,trialing,30.00,USD,month,2025-01-20,2025-02-20
""",
    "time_entries.csv": """
Date,Client,Project,Task,Hours,Hourly Rate,Billable Amount,First Name,Last Name,Invoiced?
2025-01-14,Ada Fenn,Site,Design,2.0,50.00,100.00,Sam,Staff,Yes
2025-01-15,Otto Beck,Site,Design,1.0,50.00,50.00,Kim,Staff,No
""",
}


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, set[str]], str]:
    suggested = Suggested(tmp_path_factory.mktemp("beside"))
    return suggested(FILES), suggested.text


def test_what_is_left_in_a_cart_is_a_draft(proposal):
    _, text = proposal
    part = text.split("# files.abandoned_checkouts")[1].split("# files.customers")[0]
    assert 'status = { value = "abandoned" }' in part and "carts that were left (264.00 together)" in part


def test_what_a_card_or_a_subscription_is_worth_is_not_spent(proposal):
    found, text = proposal
    assert found["gift_cards"] == found["subscriptions"] == {"interactions"} and found["orders"] == {"orders"}
    assert "gift cards (75.00 together)" in text and "subscriptions (80.00 together)" in text


def test_who_wrote_down_hours_is_staff(proposal):
    found, _ = proposal
    assert found["time_entries"] == set()


def test_subscriptions_alone_are_what_they_were(suggested):
    found = suggested({name: FILES[name] for name in ("customers.csv", "subscriptions.csv")})
    assert found["subscriptions"] == {"orders"}

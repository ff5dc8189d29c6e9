"""A family shares an e-mail or a phone: on flat files each keeps the own orders, and spellings of one name stay one person."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

FLAT = """
Order No,Order Date,Customer Name,Email,Phone,Total,Currency
1,2025-01-05,Uwe Brandhoff,familie.brandhoff@example.com,0151 5550201,10.00,EUR
2,2025-01-06,Silke Brandhoff,familie.brandhoff@example.com,0151 5550202,20.00,EUR
3,2025-01-07,"Brandhoff, Uwe",Familie.Brandhoff@example.com,0151 5550201,40.00,EUR
4,2025-01-08,Ines Kolmar,ines.kolmar@example.com,0151 5550203,80.00,EUR
5,2025-01-09,INES KOLMAR,ines.kolmar@example.com,0151 5550203,160.00,EUR
6,2025-01-10,I. Kolmar,ines.kolmar@example.com,,320.00,EUR
"""
TICKETS = """
Ticket ID,Subject,Status,Requester name,Requester phone,Date created
T1,Where is it,open,Rosa Tamm,+49 151 5550301,2025-01-07 10:00:00
T2,Broken,open,Oskar Tamm,+49 151 5550301,2025-01-08 10:00:00
T3,Again broken,open,Oskar Tamm,+49 151 5550301,2025-01-09 10:00:00
"""


def test_people_who_share_an_email_are_two_with_the_orders_of_each(tmp_path):
    view = bring(tmp_path, {"orders.csv": FLAT})
    assert {name: sorted(orders) for name, orders in view.orders.items()} == {
        "Uwe Brandhoff": ["1", "3"],
        "Silke Brandhoff": ["2"],
        "Ines Kolmar": ["4", "5", "6"],
    }
    assert "shared by people of clearly different names" in view.text


def test_one_person_in_several_spellings_keeps_the_plain_key(tmp_path):
    rows = [line for line in FLAT.strip().splitlines() if "Silke" not in line]
    view = bring(tmp_path, {"orders.csv": "\n".join(rows)})
    assert sorted(view.orders["Uwe Brandhoff"].values()) == money("10.00", "40.00")
    assert "clearly different" not in view.text


def test_people_who_share_a_phone_have_the_tickets_of_each(tmp_path):
    view = bring(tmp_path, {"tickets.csv": TICKETS})
    assert {name: len(theirs) for name, theirs in view.tickets.items()} == {"Rosa Tamm": 1, "Oskar Tamm": 2}


NEWSLETTER = """
Email,First name,Last name,Status,Date added
familie.brandhoff@example.com,Silke,Brandhoff,SUBSCRIBED,2024-01-12
ines.kolmar@example.com,Ines,Kolmar,SUBSCRIBED,2024-01-13
"""


def test_orders_are_not_those_of_a_list_that_lacks_their_buyer_or_names_another(tmp_path):
    more = "7,2025-01-11,Hugo Nies,hugo.nies@example.com,,640.00,EUR\n"
    view = bring(tmp_path, {"orders.csv": FLAT + more, "newsletter.csv": NEWSLETTER})
    assert {name: sorted(orders) for name, orders in view.orders.items()} == {
        "Uwe Brandhoff": ["1", "3"],
        "Silke Brandhoff": ["2"],
        "Ines Kolmar": ["4", "5", "6"],
        "Hugo Nies": ["7"],
    }
    assert len(view.people) == 4


def test_a_list_with_all_buyers_but_other_names_is_not_the_link(tmp_path):
    view = bring(tmp_path, {"orders.csv": FLAT, "newsletter.csv": NEWSLETTER})
    assert sorted(view.orders["Uwe Brandhoff"]) == ["1", "3"]


CUSTOMERS = """
Customer No,First name,Last name,Email,City
C1,Uwe,Brandhoff,familie.brandhoff@example.com,Emden
C2,Silke,Brandhoff,silke@example.com,Emden
C3,Ines,Kolmar,ines.kolmar@example.com,Leer
"""
BY_NUMBER = """
Order No,Order Date,Email,Customer No,Total,Currency
1,2025-01-05,familie.brandhoff@example.com,C1,10.00,EUR
2,2025-01-06,familie.brandhoff@example.com,C2,20.00,EUR
3,2025-01-07,ines.kolmar@example.com,C3,40.00,EUR
"""


def test_the_key_of_the_customers_is_the_link_and_not_an_email_in_a_newsletter(tmp_path):
    view = bring(tmp_path, {"a-newsletter.csv": NEWSLETTER, "customers.csv": CUSTOMERS, "orders.csv": BY_NUMBER})
    assert {name: sorted(orders) for name, orders in view.orders.items()} == {
        "Uwe Brandhoff": ["1"],
        "Silke Brandhoff": ["2"],
        "Ines Kolmar": ["3"],
    }

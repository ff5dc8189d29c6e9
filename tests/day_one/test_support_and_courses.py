"""Requests to support under any name; names inside JSON; what a course costs and what was paid of it; net and tax without a sum."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from tests.day_one.conftest import bring, money

HELPDESK = """
Number,Created,Requester Name,Requester Email,Subject,State,Priority,Assigned to
1001,2025-01-02 10:00,Femi Adu,femi@example.com,Parcel lost,Closed,High,Gina Agent
1002,2025-01-04 10:00,Lotte Berg,lotte@example.com,Wrong size,Open,Normal,Gina Agent
1003,2025-01-09 10:00,Femi Adu,femi@example.com,Invoice copy,Snoozed,Low,
"""
ANFRAGEN = """
Nummer;Erstellt;Anfragender;E-Mail;Betreff;Status;Priorität;Zugewiesen an
1;02.01.2025 10:00;Ada Tal;ada@tal.example;Paket fehlt;Offen;Hoch;Gina Agent
2;03.01.2025 10:00;Bo Ek;bo@ek.example;Falsche Größe;Geschlossen;Normal;Gina Agent
"""
PEOPLE = """[
{"email": "femi@example.com", "profile": {"first_name": "Femi", "last_name": "Adu"}, "phone": "+2348012345678"},
{"email": "lotte@example.com", "profile": {"first_name": "Lotte", "last_name": "Berg"}, "phone": null},
{"email": "nils@example.com", "profile": {"first_name": "Nils", "last_name": "Ek"}, "phone": "+46701234567"}]
"""
ENROLMENTS = """
Enrolment ID,Child,Child DOB,Parent email,Course,Fee,Paid,Enrolled on
E1,Tayo Adu,2016-05-01,femi@example.com,Swimming,60.00,60.00,2025-01-10
E2,Liv Berg,2017-06-02,lotte@example.com,Chess,40.00,20.00,2025-01-11
E3,Max Berg,2015-07-03,lotte@example.com,Swimming,60.00,0.00,2025-01-12
"""
BILLS = """
Invoice No,Invoice Date,Customer,Email,Net Total,VAT,Amount Paid
A1,2025-01-10,Femi Adu,femi@example.com,100.00,20.00,120.00
A2,2025-01-11,Lotte Berg,lotte@example.com,200.00,40.00,100.00
A3,2025-01-12,Nils Ek,nils@example.com,50.00,10.00,0.00
"""


def test_requests_are_tickets_and_names_inside_are_names(tmp_path):
    view = bring(tmp_path, {"export.csv": HELPDESK, "shop_customers.json": PEOPLE})
    assert view.people == {"Femi Adu", "Lotte Berg", "Nils Ek"}
    assert view.tickets == {"Femi Adu": ["Invoice copy", "Parcel lost"], "Lotte Berg": ["Wrong size"]}


def test_requests_in_german(tmp_path):
    view = bring(tmp_path, {"export.csv": ANFRAGEN})
    assert view.tickets == {"Ada Tal": ["Paket fehlt"], "Bo Ek": ["Falsche Größe"]}


def test_the_fee_of_a_course_is_owed_until_it_is_paid(tmp_path):
    view = bring(tmp_path, {"enrolments.csv": ENROLMENTS, "shop_customers.json": PEOPLE})
    assert view.people == {"Femi Adu", "Lotte Berg", "Nils Ek"}
    assert view.spent == {"Femi Adu": {"": money("60")[0]}, "Lotte Berg": {"": money("20")[0]}}
    assert view.unpaid == {"Lotte Berg": {"": money("80")[0]}}


def test_net_and_tax_are_the_amount_and_the_rest_is_owed(tmp_path):
    view = bring(tmp_path, {"invoices.csv": BILLS})
    assert view.orders["Lotte Berg"] == {"A2": money("240")[0]} and view.spent["Femi Adu"] == {"": money("120")[0]}
    assert view.unpaid == {"Lotte Berg": {"": money("140")[0]}, "Nils Ek": {"": money("60")[0]}}

"""A course for a child, booked by a parent: the parent is the customer, whatever staff are called elsewhere."""

from __future__ import annotations

from decimal import Decimal

from tests.day_one.conftest import bring

COURSES = """
Nr zapisu;Uczestnik;Data urodzenia;Opiekun;E-mail opiekuna;Telefon opiekuna;Instruktor;Data zapisu;Status zapisu;Cena;Wpłacono
Z1;Zosia Las;03.05.2016;Ewa Las;las@tal.example;692 300 400;Kinga Rud;08.01.2026;Opłacony;480,00;480,00
Z2;Antek Las;19.11.2018;Piotr Las;las@tal.example;692 300 401;Kinga Rud;08.01.2026;Opłacony;480,00;100,00
Z3;Hela Ek;02.02.1958;;hela@ek.example;600 700 800;Marek Dzwon;19.01.2026;Opłacony;720,00;720,00
Z4;Bruno Mak;30.08.2012;Iwona Mak;iwona@mak.example;511 222 333;Kinga Rud;22.01.2026;Anulowany;480,00;0,00
"""
STAFF = """
Nr;Klient;E-mail;Opiekun;E-mail opiekuna
1;Ada Tal;ada@tal.example;Kinga Rud;kinga@firma.example
2;Bo Ek;bo@ek.example;Kinga Rud;kinga@firma.example
3;Cy Ohm;cy@ohm.example;Kinga Rud;kinga@firma.example
"""


def test_the_parent_booked_and_staff_stay_staff(tmp_path):
    view = bring(tmp_path, {"zapisy_kursy.csv": COURSES, "lista.csv": STAFF})
    assert {"Ewa Las", "Piotr Las", "Hela Ek", "Iwona Mak"} <= view.people and "Kinga Rud" not in view.people
    assert view.orders["Piotr Las"] == {"Z2": Decimal(480)} and view.orders["Hela Ek"] == {"Z3": Decimal(720)}
    assert view.unpaid["Piotr Las"] == {"PLN": Decimal(380)} or view.unpaid["Piotr Las"] == {"": Decimal(380)}
    assert view.statuses["Z4"] == "cancelled"
    assert "LOOK: Opiekun is who booked, and the customer" in view.text


BILLS = """
Invoice,Date,Student,Parent email,Parent phone,Amount,Status
1,2026-01-02,Leo Paz,ana@paz.example,+34 912345671,140.00,Paid
2,2026-01-13,Mia Paz,ana@paz.example,+34 912345671,150.00,Open
3,2026-01-14,Teo Gil,luis@gil.example,+34 912345672,160.00,Paid
4,2026-02-02,Leo Paz,ana@paz.example,+34 912345671,140.00,Paid
5,2026-02-13,Mia Paz,ana@paz.example,+34 912345671,150.00,Open
"""
ROLL = """
Mitgliedsnummer;Vorname;Nachname;Geburtsdatum;E-Mail Elternteil;Telefon Elternteil
1;Leo;Paz;02.01.2016;ana@paz.example;+34 912345671
2;Mia;Paz;02.01.2018;ana@paz.example;+34 912345671
3;Teo;Gil;02.01.2016;luis@gil.example;+34 912345672
"""


def test_a_parent_of_whom_only_the_address_is_known_is_who_pays(tmp_path):
    view = bring(tmp_path, {"invoices.csv": BILLS})
    assert view.people == {"ana@paz.example", "luis@gil.example"}
    assert set(view.orders["ana@paz.example"]) == {"1", "2", "4", "5"}
    assert view.unpaid == {"ana@paz.example": {"": Decimal(300)}}
    assert "LOOK: Parent email is of who booked, the parent" in view.text


def test_children_in_a_list_have_no_address_of_a_parent_as_their_own(tmp_path):
    view = bring(tmp_path, {"mitglieder.csv": ROLL})
    assert view.emails == {"Leo Paz": set(), "Mia Paz": set(), "Teo Gil": set()} == view.phones
    assert "E-Mail Elternteil is about another person" in view.text

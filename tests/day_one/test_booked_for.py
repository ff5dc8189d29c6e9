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

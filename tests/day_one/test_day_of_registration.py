"""Registrations whose only day is the one on which they were made: that is when they were ordered. Made-up people."""

from __future__ import annotations

import pytest

DAYS = ["Fecha de registro", "Created", "Erstellt am", "Angelegt am", "Registriert am", "Eingegangen am", "Creado el", "Создано"]


@pytest.mark.parametrize("header", DAYS)
@pytest.mark.parametrize("number", ["Anmeldenummer", "Buchungsnummer"])
def test_the_day_on_which_it_was_made_is_when_it_was_ordered(suggested, header, number):
    made = suggested({"anmeldungen.csv": f"""
{number};Name;E-Mail;Kurs;Preis;Status;{header}
R1;Ada Kell;ada@kell.example;Kajak;40,00;bestätigt;02.01.2026
R2;Bo Lind;bo@lind.example;Kajak;20,00;bestätigt;13.01.2026
R3;Cy Mann;cy@mann.example;Wandern;20,00;storniert;14.01.2026
"""})  # fmt: skip
    assert "orders" in made["anmeldungen"] and f'ordered_at = "{header}"' in suggested.text


def test_the_day_of_the_event_is_not_when_it_was_booked(suggested):
    suggested({"anmeldungen.csv": """
Anmeldenummer;Name;E-Mail;Kurs;Kurstag;Preis;Status;Erstellt am
R1;Ada Kell;ada@kell.example;Kajak;02.05.2026;40,00;bestätigt;02.01.2026
R2;Bo Lind;bo@lind.example;Kajak;02.05.2026;20,00;bestätigt;13.01.2026
R3;Cy Mann;cy@mann.example;Wandern;03.05.2026;20,00;storniert;14.01.2026
"""})  # fmt: skip
    assert 'ordered_at = "Erstellt am"' in suggested.text


def test_what_a_parent_booked_has_the_day_of_its_registration_beside_that_of_the_course(day_one):
    view = day_one({"kurse.csv": """
Nr;Kind;Geburtsdatum;Elternteil;E-Mail Elternteil;Telefon Elternteil;Kursbeginn;Erstellt am;Betrag;Status
1;Leo Paz;02.01.2016;Ana Paz;ana@paz.example;+49 30 5550101;02.05.2026;02.01.2026;140,00;bestätigt
2;Mia Paz;02.01.2018;Ana Paz;ana@paz.example;+49 30 5550101;02.05.2026;13.01.2026;150,00;bestätigt
3;Teo Gil;03.01.2016;Luis Gil;luis@gil.example;+49 30 5550202;03.05.2026;14.01.2026;160,00;storniert
"""})  # fmt: skip
    assert view.people == {"Ana Paz", "Luis Gil"} and set(view.orders["Ana Paz"]) == {"1", "2"}
    assert 'ordered_at = "Erstellt am"' in view.text


def test_a_list_of_customers_with_the_day_on_which_they_were_entered_stays_one(suggested):
    made = suggested({"kunden.csv": """
Kundennummer;Name;E-Mail;Kreditlimit;Erstellt am
1;Ada Kell;ada@kell.example;400,00;02.01.2026
2;Bo Lind;bo@lind.example;200,00;13.01.2026
3;Cy Mann;cy@mann.example;200,00;14.01.2026
"""})  # fmt: skip
    assert made["kunden"] == {"records"}

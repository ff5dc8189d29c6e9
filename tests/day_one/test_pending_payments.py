"""What is confirmed or done and whose payment is pending is owed, whatever the columns are called. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

WORDS = {
    "es": (
        "Reserva,Cliente,Correo,Fecha de registro,Servicio,Importe,Estado,Pago",
        "Confirmada",
        "Pagado",
        "Pendiente",
        "Cancelada",
    ),
    "en": ("Booking ID,Customer,Email,Created,Service,Amount,Status,Payment", "Completed", "Paid", "Pending", "Cancelled"),
    "de": (
        "Buchungsnr,Kunde,E-Mail,Erstellt am,Leistung,Betrag,Status,Zahlung",
        "Bestätigt",
        "bezahlt",
        "ausstehend",
        "Storniert",
    ),
}


@pytest.mark.parametrize("language", WORDS)
def test_what_is_confirmed_and_not_paid_yet_is_owed(day_one, language):
    header, sure, paid, awaited, lost = WORDS[language]
    rows = f"""
{header}
R1,Ana Ruiz,ana@ruiz.example,2026-01-02,Massage,40.00,{sure},{paid}
R2,Luis Gil,luis@gil.example,2026-01-13,Massage,50.00,{sure},{awaited}
R3,Eva Sanz,eva@sanz.example,2026-01-14,Massage,60.00,{lost},{awaited}
"""
    view = day_one({"bookings.csv": rows})
    assert view.statuses == {"R1": "paid", "R2": "placed", "R3": "cancelled"}
    assert view.unpaid == {"Luis Gil": {"": money("50")[0]}} and view.spent["Luis Gil"] == {"": money("0")[0]}
    assert view.spent["Ana Ruiz"] == {"": money("40")[0]}


def test_what_nobody_confirmed_stays_pending(day_one):
    rows = """
Booking ID,Customer,Email,Created,Service,Amount,Status,Payment
R1,Ana Ruiz,ana@ruiz.example,2026-01-02,Massage,40.00,Confirmed,Paid
R2,Luis Gil,luis@gil.example,2026-01-13,Massage,50.00,Requested,Pending
R3,Eva Sanz,eva@sanz.example,2026-01-14,Massage,60.00,Pending,Pending
"""
    view = day_one({"bookings.csv": rows})
    assert view.statuses == {"R1": "paid", "R2": "pending", "R3": "pending"} and not view.unpaid


def test_what_a_parent_booked_and_has_not_paid_is_owed(day_one):
    rows = """
ID;Niño;Fecha de nacimiento;Padre o madre;Email del padre;Teléfono del padre;Fecha de registro;Importe;Estado;Pago
1;Leo Paz;02/01/2016;Ana Paz;ana@paz.example;+34 912345671;02/01/2026;140,00;Confirmada;Pagado
2;Mia Paz;02/01/2018;Ana Paz;ana@paz.example;+34 912345671;13/01/2026;150,00;Confirmada;Pendiente
3;Teo Gil;03/01/2016;Luis Gil;luis@gil.example;+34 912345672;14/01/2026;160,00;Confirmada;Pagado
"""
    view = day_one({"campamento.csv": rows})
    assert view.people == {"Ana Paz", "Luis Gil"} and view.unpaid == {"Ana Paz": {"": money("150")[0]}}
    assert view.spent["Ana Paz"] == {"": money("140")[0]}

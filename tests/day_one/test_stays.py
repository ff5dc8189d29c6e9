"""Stays and memberships: a stay is an order of its day and status; what a contract asks for is said, and not spent."""

from decimal import Decimal

import pytest

from tests.day_one.conftest import proposed, put, run_in

STAYS = """
{head}
R1,Ilse Brandt,ilse@a.example,2025-03-01,2025-03-04,3,300.00,{left}
R2,Otto Kern,otto@a.example,2025-04-01,2025-04-02,1,100.00,{never}
R3,Ada Tal,ada@a.example,2025-05-01,2025-05-06,5,500.00,{cancelled}
"""


@pytest.mark.parametrize(
    ("head", "left", "never", "cancelled"),
    [
        ("Reservation No,Guest,Email,Arrival,Departure,Nights,Total,Status", "Checked out", "No-show", "Cancelled"),
        ("Buchungsnr,Gast,E-Mail,Anreise,Abreise,Nächte,Gesamtpreis,Status", "Abgereist", "Nicht angereist", "Storniert"),
        ("N° réservation,Client,Courriel,Arrivée,Départ,Nuitées,Montant,Statut", "Séjour terminé", "Non présenté", "Annulé"),
        ("Reserva,Huésped,Correo,Llegada,Salida,Noches,Importe,Estado", "Check-out realizado", "No presentado", "Cancelada"),
        ("Reserveringsnr,Gast,E-mail,Aankomst,Vertrek,Nachten,Totaal,Status", "Vertrokken", "No show", "Geannuleerd"),
    ],
)  # fmt: skip
def test_a_stay_that_did_not_happen_is_no_spending(day_one, head, left, never, cancelled):
    view = day_one({"stays.csv": STAYS.format(head=head, left=left, never=never, cancelled=cancelled)})
    assert view.people == {"Ilse Brandt", "Otto Kern", "Ada Tal"}
    assert view.statuses == {"R1": "paid", "R2": "cancelled", "R3": "cancelled"}
    assert view.spent == {"Ilse Brandt": {"": Decimal("300.00")}}


@pytest.mark.parametrize(
    ("file", "head", "fee"),
    [
        ("memberships.csv", "Membership ID,Member,Email,Plan,Start,End,Fee,Status", "Fee"),
        ("mitglieder.csv", "Mitgliedsnummer,Mitglied,E-Mail,Tarif,Eintritt,Austritt,Jahresbeitrag,Status", "Jahresbeitrag"),
        ("inquilini.csv", "Codice,Inquilino,Email,Appartamento,Inizio,Fine,Canone,Stato", "Canone"),
    ],
)  # fmt: skip
def test_what_a_contract_asks_for_is_said_and_not_spent(day_one, file, head, fee):
    rows = (
        "M1,Ilse Brandt,ilse@a.example,Gold,2025-01-01,2025-12-31,120.00,x\nM2,Otto Kern,otto@a.example,B,2024-01-01,,60.00,x\n"
    )
    view = day_one({file: f"{head}\n{rows}"})
    assert view.people == {"Ilse Brandt", "Otto Kern"}
    assert not view.orders
    assert f"LOOK: {fee}: what these people owe by a contract is not read" in view.text


def test_rows_that_no_map_reads_are_said(tmp_path):
    rows = "1,2025-01-02,Ida Rau,i@a.example,5,a\n2,2025-01-03,Ida Rau,i@a.example,9,b\n"
    put(tmp_path, {"orders.csv": f"Order No,Date,Customer,Email,Total,Kind\n{rows}"})
    config = proposed(tmp_path)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('to = "orders"\n', 'to = "orders"\nwhere = "Kind = \'a\'"\n'), encoding="utf-8")
    view = run_in(config)
    assert "files.orders: 1 row is left out by the `where` of the maps: what it says is in no order and in no sum." in view.said

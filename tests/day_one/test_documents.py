"""Invoices beside credit notes and offers: a German set of books, gifts of donors, the reservations of a Spanish hotel."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.day_one.conftest import View, bring

CUSTOMERS = """
KdNr;Anrede;Name1;Name2;Strasse;PLZ;Ort;E-Mail
10001;Frau;Käthe;Groß;Am Bach 2;01067;Dresden;kaethe@example.com
10002;Herr;Jürgen;Weiß;Ringstr. 9;50667;Köln;juergen@example.com
10003;Firma;Tallow & Söhne;GmbH;Weg 1;50667;Köln;info@tallow.example
"""
DOCUMENTS = """
BelegNr;Belegart;Belegdatum;KdNr;Bruttobetrag;Währung;Bezahlt;Storniert
RE-1;Rechnung;03.01.2025;10001;1.190,00;EUR;J;N
RE-2;Rechnung;10.01.2025;10002;59,50;EUR;N;N
GS-1;Gutschrift;15.01.2025;10001;119,00;EUR;J;N
AN-1;Angebot;16.01.2025;10002;800,00;EUR;N;N
GS-2;Gutschrift;17.01.2025;10002;10,00;EUR;N;J
"""
LINES = """
BelegNr;Pos;ArtNr;Bezeichnung;Menge;Einzelpreis
RE-1;1;A-1;Dübel;1.000,00;1,19
RE-2;1;A-2;Hammer;2,00;29,75
GS-1;1;A-1;Dübel;100,00;1,19
"""
RESERVATIONS = """
Localizador;Estado;Titular;NIF;Correo electrónico;Teléfono;Fecha reserva;Entrada;Salida;Importe total;Moneda
L-1;Confirmada;García López, María;12345678Z;maria@example.com;612 555 101;02/01/2025;14/02/2025;16/02/2025;180,00 €;EUR
L-2;Cancelada;García López, María;12345678Z;maria@example.com;612 555 101;05/01/2025;01/03/2025;03/03/2025;200,00 €;EUR
L-3;Confirmada;Smith, John;;john@example.com;;10/01/2025;20/02/2025;25/02/2025;1.250,50 €;EUR
L-4;Confirmada;Maria Garcia Lopez;12345678-Z;;;13/01/2025;20/01/2025;21/01/2025;75,00 €;EUR
"""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> View:
    return bring(tmp_path_factory.mktemp("books"), {"DEBITOREN.csv": CUSTOMERS, "BELEGE.csv": DOCUMENTS, "BELEGPOS.csv": LINES})


def test_documents_are_orders_of_the_customers_of_the_books(books):
    assert books.orders["Jürgen Weiß"]["RE-2"] == Decimal("59.50")
    assert books.orders["Käthe Groß"] == {"RE-1": Decimal(1190), "GS-1": Decimal(-119)}
    assert books.lines == {"RE-1": 1, "RE-2": 1, "GS-1": 1}


def test_the_salutation_says_whether_two_names_are_a_person_or_a_company(books):
    assert books.people == {"Käthe Groß", "Jürgen Weiß", "Tallow & Söhne GmbH"}


def test_a_credit_note_is_a_refund_and_an_offer_no_sale(books):
    assert books.statuses == {"RE-1": "paid", "RE-2": None, "GS-1": "refunded", "AN-1": "draft", "GS-2": "cancelled"}
    assert "Belegart: rows of the kind Gutschrift are refunds" in books.text


def test_reservations_are_orders_of_their_guests_and_their_state_is_no_region(tmp_path):
    view = bring(tmp_path, {"reservas.csv": RESERVATIONS})
    maria = next(orders for orders in view.orders.values() if "L-1" in orders)
    assert maria == {"L-1": Decimal(180), "L-2": Decimal(200), "L-4": Decimal(75)}  # met by the number of her document
    assert view.statuses["L-2"] == "cancelled"
    assert len(view.people) == 2


def test_a_return_in_a_column_of_unknown_types_may_be_a_journey(suggested):
    rows = (
        "Order No,Order Date,Email,Type,Total\n1,2025-01-05,a@example.com,Single,10.00\n2,2025-01-06,b@example.com,Return,20.00\n"
    )
    suggested({"orders.csv": rows})
    assert "refund" not in suggested.text
    suggested({"orders.csv": rows.replace("Return", "Refund")})
    assert "rows of the kind Refund are refunds" in suggested.text

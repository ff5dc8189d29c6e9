"""Bookings and visits of salons abroad: their time of day, who came and who did not, who agreed to what. Nobody here exists."""

from __future__ import annotations

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.mapping.propose.refusal_columns import agreed_ways
from fullcircle.mapping.status import status_of
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

SWEDISH = {
    "kunder.csv": """
Kundnr;Förnamn;Efternamn;E-post;Godkänner nyhetsbrev;Godkänner SMS-utskick;Spärrad
1;Astrid;Lundmark;astrid.l@post.example;Ja;Nej;Nej
2;Olle;Bergqvist;olle.b@post.example;Nej;Ja;Ja
""",
    "bokningar.csv": """
Bokningsnr;Datum;Starttid;Kundnr;Pris;Valuta;Status
B-1;2026-03-14;10:30;1;450,00;SEK;Genomförd
B-2;2026-03-20;14:00;2;690,00;SEK;Uteblev
""",
}
POLISH = {
    "klienci.csv": """
Id klienta;Imię;Nazwisko;E-mail;Zgoda marketingowa;Data udzielenia zgody;Data wycofania zgody
K1;Zofia;Wrona;zofia.w@poczta.example;Tak;13.02.2024;
K2;Marek;Bednarz;marek.b@poczta.example;Nie;15.02.2024;
K3;Ewa;Sikora;ewa.s@poczta.example;Tak;28.05.2025;20.04.2024
""",
    "wizyty.csv": """
Nr wizyty;Data wizyty;Godzina;Godzina zakończenia;Id klienta;Usługa;Cena;Status
W1;14.03.2026;10:30;11:00;K1;Strzyżenie;90,00;Zakończona
W2;20.03.2026;14:00;14:30;K2;Manicure;120,00;Nie przyszedł
""",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("abroad")
    put(folder, SWEDISH | POLISH)
    with open_desk(read_config(proposed(folder))) as desk:
        run(desk, Choice(only=STAGES))
        orders = desk.engine.rows("SELECT key, CAST(ordered_at AS VARCHAR)[:16], status FROM orders ORDER BY key")
        visits = desk.engine.rows('SELECT key, CAST("at" AS VARCHAR)[:16], kind, text FROM interactions ORDER BY key')
        consents = desk.engine.rows(
            "SELECT given_name, purpose FROM consents JOIN records USING (record_id) WHERE granted ORDER BY ALL"
        )
        return {"orders": orders, "visits": visits, "consents": consents, "text": (folder / "fullcircle.toml").read_text()}


def test_a_booking_has_its_time_and_who_stayed_away_bought_nothing(found):
    assert found["orders"] == [("B-1", "2026-03-14 10:30", "shipped"), ("B-2", "2026-03-20 14:00", "cancelled")]


def test_a_visit_begins_at_its_first_time_of_day(found):
    assert found["visits"] == [
        ("W1", "2026-03-14 10:30", "appointment", "Strzyżenie"), ("W2", "2026-03-20 14:00", "appointment", "Manicure"),
    ]  # fmt: skip


def test_a_no_beside_the_day_of_asking_is_no_consent(found):
    assert found["consents"] == [
        ("Astrid", "email_opt_in"), ("Ewa", "email"), ("Olle", "sms_opt_in"), ("Zofia", "email"),
        ("Zofia", "marketing_consent"),
    ]  # fmt: skip


def test_who_is_blocked_is_said(found):
    assert "LOOK: Spärrad says of 1 of 2 rows" in found["text"]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Non venu", "cancelled"), ("Nie przyszła", "cancelled"), ("Клиент не пришёл", "cancelled"), ("No asistió", "cancelled"),
        ("Non si è presentato", "cancelled"), ("Honoré", "shipped"), ("Клиент пришел", "shipped"), ("Wahrgenommen", "shipped"),
        ("Compareceu", "shipped"), ("Não compareceu", "cancelled"), ("À venir", "placed"), ("Umówiona", "placed"),
        ("Ej genomförd", None), ("Pago no realizado", None), ("Paiement non effectué", None),
    ],
)  # fmt: skip
def test_words_of_visits(word, meaning):
    assert status_of(word) == meaning


@pytest.mark.parametrize(
    ("name", "purposes"),
    [
        ("godkaenner_nyhetsbrev", ("email_opt_in",)),
        ("godkaenner_sms_utskick", ("sms_opt_in",)),
        ("samtycke_till_utskick", ("marketing_consent",)),
    ],
)
def test_names_of_consents(name, purposes):
    assert agreed_ways(name) == purposes

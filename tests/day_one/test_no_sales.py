"""What is in a list of sales and is not a sale, or not paid: credit notes, pledges, soft credits, quotes, deposits, open bills."""

# ruff: noqa: E501 - words of many languages, and rows of exports

from __future__ import annotations

from decimal import Decimal

import pytest

from fullcircle.mapping.propose.documents import meaning_of
from fullcircle.mapping.propose.visits import visit_status
from tests.day_one.conftest import View, bring

GIFTS = """
Gift ID,Gift Date,Constituent ID,Constituent Name,Email,Gift Type,Gift Amount,Fund
G1,2025-01-05,C1,Ada Moss,ada@example.org,Cash,100.00,General
G2,2025-01-06,C1,Ada Moss,ada@example.org,Pledge,1200.00,General
G3,2025-02-06,C1,Ada Moss,ada@example.org,Pledge Payment,100.00,General
G4,2025-02-07,C2,Ben Lark,ben@example.org,Soft Credit,500.00,General
G5,2025-02-08,C2,Ben Lark,ben@example.org,Matching Gift,250.00,General
G6,2025-02-09,C2,Ben Lark,ben@example.org,Write-off,75.00,General
G7,2025-02-10,C2,Ben Lark,ben@example.org,Planned Gift,9000.00,General
G8,2025-02-11,C2,Ben Lark,ben@example.org,Cash,40.00,General
G9,2025-02-12,C2,Ben Lark,ben@example.org,Gift-in-Kind,60.00,General
"""
BOOK = """
Belegnummer;Art;Belegdatum;Kunde;E-Mail;Betrag;Offener Betrag;Status;Betreff
RE-101;Rechnung;03.01.2025;Käthe Groß;kaethe@example.de;100,00;0,00;Storniert;Kurs
RE-102;Stornorechnung;05.01.2025;Käthe Groß;kaethe@example.de;-100,00;0,00;Bezahlt;Storno zu RE-101
RE-103;Rechnung;06.01.2025;Käthe Groß;kaethe@example.de;80,00;30,00;Teilweise bezahlt;Miete
RE-104;Rechnung;07.01.2025;Käthe Groß;kaethe@example.de;50,00;50,00;Überfällig;Miete
RE-105;Rechnung;08.01.2025;Uwe Weiß;uwe@example.de;60,00;0,00;Bezahlt;Ball
RE-106;Gutschrift;09.01.2025;Uwe Weiß;uwe@example.de;15,00;0,00;Bezahlt;Teilgutschrift RE-105
RE-107;Zusage;10.01.2025;Uwe Weiß;uwe@example.de;999,00;999,00;Offen;Sponsor
RE-108;Angebot;11.01.2025;Uwe Weiß;uwe@example.de;400,00;400,00;Offen;Halle
RE-109;Gutschrift;12.01.2025;Uwe Weiß;uwe@example.de;5,00;0,00;Storniert;Gutschrift RE-105
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return bring(tmp_path_factory.mktemp("none"), {"gifts.csv": GIFTS, "belege.csv": BOOK})


def test_only_gifts_of_money_are_spent(view):
    assert {name: sum(each.values()) for name, each in view.spent.items() if "ß" not in name} == {
        "ada@example.org": Decimal(200), "ben@example.org": Decimal(40),
    }  # fmt: skip
    assert view.statuses["G2"] == "pending" and view.statuses["G4"] == "draft" and view.statuses["G6"] == "cancelled"
    assert (
        "Gift Type: rows of the kind Pledge, Planned Gift are promises" in view.text
        or "Planned Gift, Pledge are promises" in view.text
    )


def test_what_was_cancelled_is_taken_off_once_and_what_is_owed_is_apart(view):
    assert {name: sum(each.values()) for name, each in view.spent.items() if "ß" in name} == {
        "Käthe Groß": Decimal(50), "Uwe Weiß": Decimal(45),
    }  # fmt: skip
    assert {name: sum(each.values()) for name, each in view.unpaid.items()} == {"Käthe Groß": Decimal(80)}
    assert view.statuses["RE-109"] == "cancelled"


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        ("credit", "Gutschrift, Stornorechnung, Rechnungskorrektur, Credit note, CREDIT_MEMO, Avoir, Facture d'avoir, Nota de crédito, "
         "Nota di credito, TD04, Creditnota, Kreditnota, Kreditfaktura, Hyvityslasku, Korekta, Faktura korygująca, Dobropis, "
         "Sztornó számla, Factură storno, İade faturası, Возврат, Сторно, 返品, 売上返品, 退款, 환불"),
        ("offer", "Angebot, Quote, Estimate, Pro forma, Proforma, Devis, Presupuesto, Preventivo, Orçamento, Offerte, Tilbud, Nabídka, 見積書"),
        ("promise", "Pledge, Planned Gift, Zusage, Promesse de don, Promesa, Toezegging"),
        ("given_up", "Write-off, Written off, Abschreibung, Afgeboekt, Списание"),
        ("none", "Soft Credit, Matching Gift, Tax receipt, Deposit held, Gift card issued, Gift-in-Kind, Kaution, Reçu fiscal, Spendenquittung"),
        ("", "Rechnung, Invoice, Sale, Cash, Pledge Payment, Payment on pledge, Facture, Fattura, Faktura VAT, Gift card, Deposit, 売上"),
    ],
)  # fmt: skip
def test_words_for_kinds_of_rows(meaning, words):
    assert {word: meaning_of(word) for word in words.split(", ")} == dict.fromkeys(words.split(", "), meaning)


def test_what_became_of_a_visit_is_kept(day_one):
    people = "Patient ID,First Name,Last Name,Email\nP1,Ada,Moss,ada@example.org\nP2,Ben,Lark,ben@example.org\n"
    visits = (
        "Appointment ID,Patient ID,Start Time,Appointment Type,Did Not Arrive,Cancelled At,Status\n"
        "1,P1,2025-03-01 09:00,Massage,No,,Booked\n2,P1,2025-03-08 09:00,Massage,Yes,,Booked\n"
        "3,P2,2025-03-09 09:00,Massage,No,2025-03-08 18:00,Booked\n4,P2,2025-03-10 09:00,Check,No,,Rescheduled\n"
    )
    view = day_one({"patients.csv": people, "appointments.csv": visits})
    assert not view.orders
    assert view.visits == {"1": "Booked", "2": "no show", "3": "cancelled", "4": "Rescheduled"}


def test_no_flags_no_rules():
    class Empty:
        facts: dict = {}  # noqa: RUF012

    assert visit_status(Empty(), {}, ()) == ({}, [])  # type: ignore[arg-type]

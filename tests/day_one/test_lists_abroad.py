"""Lists of mail abroad: who subscribed and when, black lists, staff by a word for a category. Nobody here exists."""

from __future__ import annotations

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.mapping.propose.refusal_columns import EVERY_WAY, agreed_ways, refused_ways
from fullcircle.mapping.propose.words import plain
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

FILES = {
    "abonnes.csv": """
Adresse email;Prénom;Nom;Opt-in email;Liste rouge
zoe.a@mail.example;Zoé;Aubert;1;0
noe.b@mail.example;Noé;Barreau;0;0
lea.c@mail.example;Léa;Caron;1;1
""",
    "подписчики.csv": """
email;Имя;Фамилия;Статус email;Время подписки;Время отписки
rita.v@pochta.example;Рита;Волкова;активен;2024-02-13 10:11:00;
gleb.m@pochta.example;Глеб;Мазур;отписан;2024-02-15 08:00:00;2025-03-16 09:00:00
nina.s@pochta.example;Нина;Соловей;новый;2025-05-20 11:00:00;
""",
    "klanten.csv": """
Klantnummer;Voornaam;Achternaam;E-mailadres;Nieuwsbrief;Klantcategorie
K1;Tess;Dekker;tess.d@post.example;Ja;Particulier
K2;Daan;Vos;daan.v@post.example;Nee;Personeel
K3;Lars;Smit;lars.s@post.example;Ja;Geen leverancier
""",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    put(folder, FILES)
    with open_desk(read_config(proposed(folder))) as desk:
        run(desk, Choice(only=STAGES))
        names = "SELECT given_name FROM records"
        said = f"{names} JOIN consents USING (record_id) WHERE"
        asked = {"people": names, "agreed": f"{said} granted", "refused": f"{said} NOT granted"}
        return {what: {name for (name,) in desk.engine.rows(sql)} for what, sql in asked.items()}


def test_who_agreed_and_who_did_not(found):
    assert found["agreed"] == {"Zoé", "Рита", "Tess", "Lars"}
    assert found["refused"] == {"Noé", "Léa", "Глеб"}


def test_staff_are_no_customers(found):
    assert found["people"] == {"Zoé", "Noé", "Léa", "Рита", "Глеб", "Нина", "Tess", "Lars"}


@pytest.mark.parametrize(
    "header",
    [
        "Blacklist",
        "Liste noire",
        "Lista negra",
        "Lista nera",
        "Sperrliste",
        "Czarna lista",
        "Zwarte lijst",
        "Чёрный список",
        "黑名单",
    ],
)
def test_a_black_list_refuses_every_way(header):
    assert refused_ways(plain(header)) == EVERY_WAY


@pytest.mark.parametrize(
    ("header", "purposes"), [("Tekstiviestimarkkinointi", ("sms_opt_in",)), ("Sähköpostimarkkinointi", ("email_opt_in",))]
)
def test_advertising_in_finnish(header, purposes):
    assert agreed_ways(plain(header)) == purposes

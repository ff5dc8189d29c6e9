"""Rows of a member and of somebody who pays: what stands beside the member is never the payer's."""

from __future__ import annotations

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, proposed, put

FRENCH = """
Référence commande;Date commande;Nom adhérent;Prénom adhérent;Nom payeur;Prénom payeur;Email payeur;Montant;\
Date de naissance;Adresse;Code postal;Ville;Téléphone
901;02/09/2024 10:45;TAL;Ada;TAL;Ada;ada@tal.example;25,00;12/04/1981;3 rue des Prés;35000;Rennes;06 99 55 01 11
902;02/09/2024 10:46;TAL;Zoé;TAL;Ada;ada@tal.example;10,00;01/06/2014;3 rue des Prés;35000;Rennes;06 99 55 01 12
903;03/09/2024 11:45;BERG;Yves;Ohm;Cléo;cleo@ohm.example;25,00;17/11/1990;12 quai Vert;35400;Saint-Malo;06 99 55 01 22
904;04/09/2024 11:45;RUD;Lou;Rud;Lou;lou@rud.example;25,00;17/11/1970;4 quai Vert;35400;Saint-Malo;
"""
GERMAN = """
Buchungsnr;Buchungsdatum;Teilnehmer;Geburtsdatum;Straße;PLZ;Ort;Name Zahler;E-Mail Zahler;Telefon Zahler;Betrag
B1;02.09.2024;Ada Tal;12.04.1981;Am Bach 3;10115;Berlin;Ada Tal;ada@tal.example;030 1234501;25,00
B2;03.09.2024;Zoe Tal;01.06.2014;Am Bach 3;10115;Berlin;Ada Tal;ada@tal.example;030 1234501;10,00
B3;04.09.2024;Yves Berg;17.11.1990;Am Tor 12;10117;Berlin;Cleo Ohm;cleo@ohm.example;030 1234503;25,00
B4;05.09.2024;Lou Rud;17.11.1970;Am Tor 4;10117;Berlin;Lou Rud;lou@rud.example;030 1234504;25,00
"""
ENGLISH = """
Order no,Order date,Child first name,Child last name,Birth date,\
Payer first name,Payer last name,Payer email,Address,City,Postcode,Total
B1,2024-09-02,Ada,Tal,1981-04-12,Ada,Tal,ada@tal.example,3 Brook St,Leeds,LS1 4AP,25.00
B2,2024-09-03,Zoe,Tal,2014-06-01,Ada,Tal,ada@tal.example,3 Brook St,Leeds,LS1 4AP,10.00
B3,2024-09-04,Yves,Berg,1990-11-17,Cleo,Ohm,cleo@ohm.example,12 Gate Rd,Leeds,LS1 4AQ,25.00
B4,2024-09-05,Lou,Rud,1970-11-17,Lou,Rud,lou@rud.example,4 Gate Rd,Leeds,LS1 4AQ,25.00
"""


@pytest.mark.parametrize(
    ("name", "text"), [("adhesions.csv", FRENCH), ("buchungen.csv", GERMAN), ("bookings.csv", ENGLISH)], ids=["fr", "de", "en"]
)
def test_the_member_is_a_customer_and_the_payer_has_nothing_of_theirs(tmp_path, name, text):
    put(tmp_path, {name: text})
    config = proposed(tmp_path)
    with open_desk(read_config(config), progress=Silent()) as desk:
        run(desk, Choice(only=STAGES))
        rows = desk.engine.rows("SELECT strip_accents(name), CAST(birth_date AS VARCHAR), city, email FROM customers")
        ordered = desk.engine.rows(
            "SELECT strip_accents(name), count(*) FROM orders JOIN members USING (record_id) JOIN customers USING (customer_id) "
            "GROUP BY 1"
        )
    found = {one: rest for one, *rest in rows}
    assert found.keys() == {"Ada Tal", "Zoe Tal", "Yves Berg", "Cleo Ohm", "Lou Rud"} and len(rows) == 5
    assert found["Cleo Ohm"] == [None, None, "cleo@ohm.example"]
    assert found["Yves Berg"][0] == "1990-11-17" and found["Yves Berg"][1] and found["Yves Berg"][2] is None
    assert found["Ada Tal"][0] == "1981-04-12" and found["Zoe Tal"][0] == "2014-06-01" and found["Lou Rud"][0] == "1970-11-17"
    assert dict(ordered) == {"Ada Tal": 2, "Cleo Ohm": 1, "Lou Rud": 1}
    assert "2 rows of 4 name somebody else than who pays" in config.read_text(encoding="utf-8")

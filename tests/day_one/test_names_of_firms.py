"""A `name` beside first and last name is the company's; who left a list of mail is unsubscribed, and not archived."""

from __future__ import annotations

from tests.day_one.conftest import bring

CLIENTS = """
id,client_number,name,first_name,last_name,street,zip,city,email
1,K1,,Ada,Tal,Am Bach 3,10115,Berlin,ada@tal.example
2,K2,Kora Rösterei GmbH,Bo,Ek,Am Bach 4,10115,Berlin,bo@kora.example
3,K3,Bäckerei Ohm,Cy,Ohm,Am Bach 5,10115,Berlin,cy@ohm.example
4,K4,,Dan,Rud,Am Bach 6,10115,Berlin,dan@rud.example
"""
MAIL = """
email;registered;activated;deactivated;vorname;nachname
ada@tal.example;2024-03-01 10:00:00;2024-03-01 10:05:12;;Ada;Tal
bo@kora.example;2024-03-02 10:00:00;2024-03-02 10:05:12;2025-01-02 07:00:00;Bo;Ek
cy@ohm.example;2024-03-03 10:00:00;2024-03-03 10:05:12;;Cy;Ohm
"""
PEOPLE = CLIENTS.replace(",,Ada", ",Ada Tal,Ada").replace("Kora Rösterei GmbH", "Bo Ek").replace("Bäckerei Ohm", "Ohm, Cy")


def test_a_name_beside_first_and_last_name_is_the_companys(tmp_path):
    text = bring(tmp_path / "firms", {"clients.csv": CLIENTS}).text
    assert 'organisation = "name"' in text and "name: the name of the company, beside that of its contact" in text
    assert "organisation" not in bring(tmp_path / "people", {"clients.csv": PEOPLE}).text.split("[map.fields]", 1)[1]


def test_who_was_deactivated_in_a_list_of_mail_refused_it_and_is_not_archived(tmp_path):
    view = bring(tmp_path, {"empfaenger.csv": MAIL})
    assert view.consents["Bo Ek"] == {("email", False)} and view.consents["Ada Tal"] == {("email", True)}
    assert "retired" not in view.text and "archived" not in view.text


CLIENTI = """
Codice;Denominazione;Nome;Cognome;Comune;E-mail;Partita IVA
C001;Rossi Arredamenti S.r.l.;;;Milano;info@rossi.example;IT01234567890
C002;Giulia Bianchi;Giulia;Bianchi;Firenze;giulia@example.it;
C003;D'Angelo Marco;Marco;D'Angelo;Napoli;marco@example.it;
C004;Bar Centrale;;;Napoli;bar@example.it;
"""
MEMBERS = """
ID,Display Name,First Name,Last Name,E-mail
1,Ada Tal,Ada,Tal,ada@tal.example
2,Bo Ek,Bo,Ek,bo@ek.example
3,Cy Ohm,,,cy@ohm.example
"""
FATTURE = """
Numero;Data;Cliente;Codice cliente;Totale;Valuta
1;10/01/2025;Rossi Arredamenti S.r.l.;C001;1.220,00;EUR
2;13/01/2025;Giulia Bianchi;C002;122,00;EUR
"""


def test_who_has_no_first_and_last_name_is_named_by_the_column_that_names_everybody(tmp_path):
    view = bring(tmp_path / "firms", {"clienti.csv": CLIENTI, "fatture.csv": FATTURE})
    assert view.people == {"Rossi Arredamenti S.r.l.", "Giulia Bianchi", "Marco D'Angelo", "Bar Centrale"}
    assert set(view.orders) == {"Rossi Arredamenti S.r.l.", "Giulia Bianchi"}
    assert bring(tmp_path / "members", {"members.csv": MEMBERS}).people == {"Ada Tal", "Bo Ek", "Cy Ohm"}

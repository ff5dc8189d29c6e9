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

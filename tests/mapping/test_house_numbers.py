"""House numbers in a column of their own, in any language, with and without what says of which address they are."""

import pytest

from tests.mapping.test_links import fields, project, proposed

ROWS = (
    "1,Ada Tal,ada@example.com,{0},12a,10115,Berlin\n2,Bo Berg,bo@example.com,{0},7,10117,Berlin\n"
    "3,Cy Elm,cy@example.com,{0},33,10119,Berlin\n"
)


@pytest.mark.parametrize(
    ("headers", "street", "number"),
    [
        ("id,name,email,{},{},postcode,city", "billing_street", "billing_house_number"),
        ("Kundennr,Name,E-Mail,{},{},PLZ,Ort", "Straße", "Hausnummer"),
        ("Kundennr,Name,E-Mail,{},{},PLZ,Ort", "Straße (Rechnung)", "Hausnummer (Rechnung)"),
        ("Klantnummer,Naam,E-mailadres,{},{},Postcode,Plaats", "Straat", "Huisnummer"),
        ("Kód zákazníka,Jméno,E-mail,{},{},PSČ,Město", "Ulice", "Číslo popisné"),
        ("Nr klienta,Imię i nazwisko,E-mail,{},{},Kod pocztowy,Miasto", "Ulica", "Nr domu"),
        ("Codice cliente,Nome,E-mail,{},{},CAP,Città", "Via", "Numero civico"),
        ("Ügyfélkód,Név,E-mail,{},{},Irányítószám,Város", "Utca", "Házszám"),
        ("Код клиента,ФИО,E-mail,{},{},Индекс,Город", "Улица", "Дом"),
    ],
)
def test_a_street_has_its_number(tmp_path, headers, street, number):
    text = headers.format(street, number) + "\n" + ROWS.format("Ahornweg")
    found = proposed(project(tmp_path, customers=text))["customers"]
    assert fields(found, "records").get("street") == {"fields": [street, number]}, found["notes"]


def test_each_address_has_its_own_number(tmp_path):
    text = (
        "id,name,email,billing_street,billing_house_number,billing_postcode,billing_city,shipping_house_number,shipping_street,"
        "shipping_postcode,shipping_city\n1,Ada Tal,ada@example.com,Ahornweg,12,10115,Berlin,7,Ulmenweg,10117,Berlin\n"
        "2,Bo Berg,bo@example.com,Ahornweg,13,10115,Berlin,8,Ulmenweg,10117,Berlin\n"
    )
    found = proposed(project(tmp_path, customers=text))["customers"]
    assert fields(found, "records")["street"] == {"fields": ["billing_street", "billing_house_number"]}
    assert fields(found, "addresses")["street"] == {"fields": ["shipping_street", "shipping_house_number"]}


def test_a_number_of_another_address_is_not_taken(tmp_path):
    text = "id,name,email,billing_street,shipping_house_number,billing_postcode,billing_city\n" + ROWS.format("Ahornweg")
    found = proposed(project(tmp_path, customers=text))["customers"]
    assert fields(found, "records")["street"] == {"field": "billing_street"}


def test_an_addition_goes_behind_the_number(tmp_path):
    text = "id,name,email,Straat,Huisnummer,Toevoeging,Postcode,Plaats\n" + ROWS.format("Laan").replace(
        ",12a,", ",12,A,"
    ).replace(",7,", ",7,,").replace(",33,", ",33,,")
    found = proposed(project(tmp_path, klanten=text))["klanten"]
    assert fields(found, "records")["street"] == {"fields": ["Straat", "Huisnummer", "Toevoeging"]}

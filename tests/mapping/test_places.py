"""Streets, cities, postcodes, regions, countries: raw -> clean."""

import pytest

from fullcircle.mapping.reading import names, places
from fullcircle.mapping.reading.steps import chain, cleaned


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("123 Main Street", "123 Main St"), ("123 MAIN ST.", "123 Main St"), ("123 main st", "123 Main St"),
        ("hauptstrasse 5", "Hauptstr. 5"), ("Hauptstr.5", "Hauptstr. 5"), ("Hauptstraße  5", "Hauptstr. 5"),
        ("Obere Straße 57", "Obere Str. 57"), ("Obere Str. 57", "Obere Str. 57"), ("5th avenue", "5th Ave"),
        ("12B Baker Street, Apt 4", "12B Baker St, Apt 4"), ("Via Monte Bianco 34", "Via Monte Bianco 34"),
        ("C/ Araquil, 67", "C/ Araquil, 67"), ("120 Hanover Sq.", "120 Hanover Sq"), ("Unter den Linden 1", "Unter den Linden 1"),
        ("1 North Street NW", "1 North St NW"), ("", None), (" , ", None), ("北京路 5", "北京路 5"),
    ],
)  # fmt: skip
def test_streets(engine, raw, clean):
    assert cleaned(engine, [raw], places.STREET) == [clean]


@pytest.mark.parametrize(
    ("raw", "street", "city", "region", "postcode"),
    [
        ("123 Main Street, Las Vegas NV 89132", "123 Main Street", "Las Vegas", "NV", "89132"),
        ("1515 Adela Ln, LV, NV", "1515 Adela Ln", "LV", "NV", None),
        ("1602 Brenville Pl, San Francisco, CA 94111, USA", "1602 Brenville Pl", "San Francisco", "CA", "94111"),
        ("12 King St, Toronto, ON M5V 2T6", "12 King St", "Toronto", "ON", "M5V 2T6"),
        ("3212 W. 32nd St Palm Harbor, FL 60527", "3212 W. 32nd St", "Palm Harbor", "FL", "60527"),
        ("Hauptstr. 5, 10115 Berlin", "Hauptstr. 5", "Berlin", None, "10115"),
        ("329 Leatherwood Street, Las Vegas, 89117", "329 Leatherwood Street", "Las Vegas", None, "89117"),
        ("Las Vegas, NV", None, "Las Vegas", "NV", None),
        ("Dorpsstraat 12, 7271 AB Borculo", "Dorpsstraat 12", "Borculo", None, "7271 AB"),
        ("Dorpsstraat 12-a, 7271AB Borculo", "Dorpsstraat 12-a", "Borculo", None, "7271AB"),
        ("ul. Miodowa 5/7, 00-950 Warszawa", "ul. Miodowa 5/7", "Warszawa", None, "00-950"),
        ("Rua do Carmo 12, 1000-205 Lisboa", "Rua do Carmo 12", "Lisboa", None, "1000-205"),
        ("Storgatan 4, 114 55 Stockholm", "Storgatan 4", "Stockholm", None, "114 55"),
        ("Dlouhá 12, 110 00 Praha 1", "Dlouhá 12", "Praha 1", None, "110 00"),
        ("Flat 3, 10 High Street, London SW1A 1AA", "Flat 3, 10 High Street", "London", None, "SW1A 1AA"),
        ("10 High Street, Leeds, LS1 4AP, United Kingdom", "10 High Street", "Leeds", None, "LS1 4AP"),
        ("90 Elgin Street, Ottawa K1A 0B1", "90 Elgin Street", "Ottawa", None, "K1A 0B1"),
    ],
)
def test_addresses_in_one_line(engine, raw, street, city, region, postcode):
    found = cleaned(engine, [raw], (*names.TIDY, places.SPLIT))[0]
    assert (found["street"], found["city"], found["region"], found["postcode"]) == (street, city, region, postcode)


@pytest.mark.parametrize("raw", ["123 Main St", "Rue de la Paix, 12", "Flat 3, The Mews", "12 Oak Ave, Rear Building"])
def test_plain_streets_are_not_split(engine, raw):
    assert cleaned(engine, [raw], (*names.TIDY, places.SPLIT)) == [None]


@pytest.mark.parametrize(
    ("raw", "country", "clean"),
    [
        ("ec25nt", "GB", "EC2 5NT"), ("WX1 6LT", "", "WX1 6LT"), ("t2f8m4", "CA", "T2F 8M4"), ("S-958 22", "SE", "958 22"),
        ("12209.0", "DE", "12209"), ("2116", "US", "02116"), ("2116", "", "2116"), ("891321234", "US", "89132-1234"),
        ("1234ab", "NL", "1234 AB"), ("05432-043", "BR", "05432-043"), (" 89132 ", "", "89132"),
    ],
)  # fmt: skip
def test_postcodes(engine, raw, country, clean):
    source = f"(SELECT '{raw}' AS raw, '{country}' AS country, '{raw}' AS x)"
    assert engine.rows(chain(source, places.POSTCODE, "raw, country")) == [(raw, country, clean)]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("nv", "NV"), ("Nevada", "NV"), ("new york", "NY"), ("BAYERN", "Bayern"), ("Co. Cork", "Co. Cork"), ("ca", "CA")],
)
def test_regions(engine, raw, clean):
    assert cleaned(engine, [raw], places.REGION) == [clean]


def test_cities(engine):
    assert cleaned(engine, [" las vegas ", "MÜNCHEN", "St. Pölten,", "New York"], places.CITY) == [
        "Las Vegas", "München", "St. Pölten", "New York",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("germany", "DE"),
        ("deutschland", "DE"),
        ("usa", "US"),
        ("uk", "GB"),
        ("österreich", "AT"),
        ("日本", "JP"),
        ("deu", "DE"),
        ("ch", "CH"),
        ("tyskland", "DE"),
        ("alemania", "DE"),
        ("niemcy", "DE"),
        ("saksa", "DE"),
        ("almanya", "DE"),
        ("dänemark", "DK"),
        ("estados unidos", "US"),
    ],
)
def test_countries_are_known(name, code):
    assert places.country_names()[name] == code


def test_every_country_has_a_two_letter_code():
    codes = set(places.country_names().values())
    assert len(codes) == 250
    assert all(len(code) == 2 and code.isupper() for code in codes)

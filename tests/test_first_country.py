"""The country that a new project starts with is that of its files, and what shows it is said; unclear files are asked about."""

from __future__ import annotations

import pytest

from fullcircle.config.first_country import country_of
from fullcircle.config.found import look_around
from fullcircle.config.starter import text_with

NAMES = {"deutschland": "DE", "de": "DE", "pl": "PL", "polska": "PL", "australia": "AU", "us": "US"}
FILES = {
    "DE": "Vorname;Nachname;Telefon;Land\nIda;Kern;0151 5550101;Deutschland\nBea;Voss;+49 151 5550102;Deutschland\n",
    "PL": "Imię;Nazwisko;Telefon;Waluta\nIda;Kern;601 555 101;PLN\nBea;Voss;+48 601555102;PLN\n",
    "FR": "Prénom;Nom;Ville;Mail\nIda;Kern;Lyon;ida@example.fr\n",
    "AU": "First Name,Last Name,Mobile,Country\nIda,Kern,0412 555 101,Australia\n",
    "GB": "Name,Phone,Total\nIda Kern,+44 20 7946 0101,GBP 10\n",
    "US": "Name,Phone,Currency\nIda Kern,+1 217 555 0101,USD\n",
    "": "name,email\nIda Kern,ida@example.com\n",
}


@pytest.mark.parametrize("code", FILES)
def test_the_country_of_files(tmp_path, code):
    path = tmp_path / "people.csv"
    path.write_text(FILES[code], encoding="utf-8")
    found = country_of([path], NAMES)
    assert found.code == code and found.why
    text = text_with(tmp_path, look_around(tmp_path), found)
    assert f'country = "{code or "US"}"' in text and found.why in text


def test_files_of_several_countries_are_asked_about(tmp_path):
    for name in ("DE", "PL"):
        (tmp_path / f"{name}.csv").write_text(FILES[name], encoding="utf-8")
    (tmp_path / "broken.csv").write_bytes(b"\xff\x00\xfe;\n\x00")
    assert country_of(sorted(tmp_path.iterdir()), NAMES).code == ""

"""The country that a new project starts with is that of its files, and what shows it is said; unclear files are asked about."""

from __future__ import annotations

import openpyxl
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


EVIDENCE = {
    "BR": [
        "Código;Nome;CPF;Celular;CEP;Valor\n1;Ida Kern;123.456.789-09;(11) 98765-4321;01310-100;R$ 10,00\n",
        '{"data": [{"id": "c1", "name": "Ida Kern", "cpfCnpj": "12345678909", "email": "ida@exemplo.com.br"}]}',
    ],
    "AT": [
        "Nr.;Vorname;Nachname;PLZ;Land;Mobil\n1;Ida;Kern;4820;AT;0664 1234501\n2;Bo;Voss;5020;Österreich;0699 11223344\n",
        "Nr;Kunde;Betrag;Währung\n1;Ida Kern;10,00;EUR\n2;Bo Voss;20,00;EUR\n3;Cy Born;30,00;CHF\n",
    ],
    "MX": [
        "Clave,Nombre,R.F.C.,Colonia,Teléfono\n1,IDA KERN,XXXX820415HT4,Centro,33 1288 9043\n2,BO VOSS,,Norte,+52 33 3614 2201\n"
    ],
    "AR": ["Razón social;CUIT;Importe\nTrel SA;30-71234567-1;100\nSund SRL;30-71234568-9;200\nIda Kern;27-23456789-0;300\n"],
    "PL": ["Nabywca;NIP;Kwota\nTrel;676-245-11-02;10,00 zł\nSund;945-211-88-33;20,00 zł\n"],
    "GB": ["Name,Mobile,Total\nIda Kern,07700 900123,£10.00\nBo Voss,07700 900456,£20.00\n"],
    "US": ["Name,Phone,City\nIda Kern,(217) 555-0101,Troy\nBo Voss,(217) 555-0102,Troy\nCy Born,(217) 555-0103,Troy\n"],
}


@pytest.mark.parametrize("code", EVIDENCE)
def test_numbers_of_states_signs_of_money_and_phones_at_home_show_the_country(tmp_path, code):
    for number, text in enumerate(EVIDENCE[code]):
        name = f"{number}.{'json' if text.startswith('{') else 'csv'}"
        (tmp_path / name).write_bytes(text.encode("cp1252" if code == "MX" else "utf-8"))
    names = NAMES | {"at": "AT", "österreich": "AT"}
    assert country_of(sorted(tmp_path.iterdir()), names).code == code


def test_order_numbers_of_letters_and_a_day_are_no_tax_numbers(tmp_path):
    (tmp_path / "a.csv").write_text("no,name\nINV260301001,Ida Kern\nINV260302001,Bo Voss\nINV260303002,Cy Born\n")
    assert country_of([tmp_path / "a.csv"], NAMES).code == ""


@pytest.mark.parametrize(
    ("code", "more", "currency"),
    [
        ("AU", "", "AUD"), ("AU", "no,total\n1,$10.00\n", "AUD"), ("AU", "no,total\n1,US$10.00\n", ""), ("FR", "", "EUR"),
        ("AU", "no,total,currency\n1,10.00,NZD\n", ""), ("FR", "no,total\n1,$10.00\n", ""), ("US", "no,total\n1,$10.00\n", "USD"),
        ("GB", "no,total\n1,10.00\n", "GBP"), ("GB", "no,total\n1,€10.00\n", ""), ("DE", "no;total\n1;10,00 €\n", "EUR"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_amounts_without_a_currency_are_in_that_of_the_country_unless_a_file_names_another(tmp_path, code, more, currency):
    (tmp_path / "people.csv").write_text(FILES[code], encoding="utf-8")
    (tmp_path / "orders.csv").write_text(more or "no,total\n1,10.00\n", encoding="utf-8")
    found = country_of(sorted(tmp_path.iterdir()), NAMES)
    text = text_with(tmp_path, look_around(tmp_path), found)
    assert (found.code, found.currency) == (code, currency)
    assert (f'[money]\nbase = "{currency}"' in text) == bool(currency) == ("[money]" in text)


def test_a_file_that_is_not_read_here_may_name_another_currency(tmp_path):
    (tmp_path / "people.csv").write_text(FILES["AU"], encoding="utf-8")
    (tmp_path / "orders.xlsx").write_bytes(b"PK")
    assert country_of(sorted(tmp_path.iterdir()), NAMES).currency == ""


def test_the_sheets_of_a_workbook_show_the_country_as_files_do(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Vorname", "Nachname", "Telefon", "Land", "Betrag"])  # type: ignore[union-attr]
    book.active.append(["Ida", "Kern", "+49 151 5550101", "Deutschland", 10])  # type: ignore[union-attr]
    book.create_sheet("Rechnungen").append(["Kunde", "Betrag", "Währung"])
    book.save(tmp_path / "kunden.xlsx")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    found = country_of([tmp_path / "kunden.xlsx"], NAMES)
    assert (found.code, found.currency) == ("DE", "EUR")
    both = country_of(sorted(tmp_path.iterdir()), NAMES)
    assert (both.code, both.currency) == ("DE", "")  # what is in the broken one is not known


def test_a_number_of_stockholm_is_swedish(tmp_path):
    path = tmp_path / "kunder.csv"
    path.write_text("Nr,Name,Phone\n1,Ida Kern,08-123 45 01\n2,Bo Voss,08-123 45 02\n3,Cy Born,08-545 501 03\n", encoding="utf-8")
    assert country_of([path], NAMES).code == "SE"

"""Names, addresses and numbers of nobody become empty: no two people meet by them, and it is reported."""

import pytest

from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading.contacts import EMAIL
from fullcircle.mapping.reading.names import no_names
from fullcircle.mapping.reading.phones import BARE, JUNK
from fullcircle.mapping.reading.steps import cleaned
from tests.mapping.test_conform import map_of

NOBODY = [
    "Test User", "TEST CUSTOMER", "asdf asdf", "Walk-in Customer", "Guest", "[deleted]", "N/A", "Consumidor Final",
]  # fmt: skip
SOMEBODY = ["John Test", "Testa Rossa", "Max Mustermann", "Jane Doe", "Anna Guest", "Nan Gast", "Peter Kunde"]


def test_names_of_nobody(engine, landing, progress):
    landing.put("shop", "people", [{"id": f"{n:02}", "name": name} for n, name in enumerate([*NOBODY, *SOMEBODY])])
    conform(engine, landing, [map_of("shop", "people", "records", {"full_name": "name"})], "US", progress)
    found = engine.rows("SELECT full_name, family_name, full_name_raw FROM conformed.records ORDER BY key")
    assert [row[0] for row in found] == [*(None for _ in NOBODY), *SOMEBODY]
    assert [row[1] for row in found[: len(NOBODY)]] == [None] * len(NOBODY)
    assert [row[2] for row in found] == [*NOBODY, *SOMEBODY]
    assert [text for text in progress.said if "names are of nobody" in text]


def test_a_first_and_a_last_name_of_nobody(engine, landing, progress):
    landing.put("shop", "people", [{"id": "1", "a": "Test", "b": "Test"}, {"id": "2", "a": "Ada", "b": "Test"}])
    conform(engine, landing, [map_of("shop", "people", "records", {"given_name": "a", "family_name": "b"})], "US", progress)
    assert engine.rows("SELECT full_name FROM conformed.records ORDER BY key") == [(None,), ("Ada Test",)]


@pytest.mark.parametrize("column", ["given_name", "family_name", "full_name"])
def test_an_address_or_a_number_is_no_name(engine, landing, progress, column):
    texts = ["ada@tal.example", "+43 664 1234567", "0664/1234567", "https://tal.example/ada", "www.tal.example"]
    landing.put("shop", "people", [{"id": str(n), "name": name} for n, name in enumerate((*texts, "Ada 2nd", "Louis 14"))])
    conform(engine, landing, [map_of("shop", "people", "records", {column: "name", "phone": "id"})], "US", progress)
    none = "given_name IS NULL AND family_name IS NULL AND full_name IS NULL"
    found = engine.rows(f"SELECT {none}, full_name_raw FROM conformed.records ORDER BY key")
    assert found == [*((True, text) for text in texts), (False, "Ada 2nd"), (False, "Louis 14")]
    assert any("5 names are an e-mail address, a number or a link" in said for said in progress.said)


PARTS = {
    ("Tal, Ada", None): ("Ada", "Tal", "Ada Tal"),
    ("Bo", "Berg & Ida Elm"): (None, "Berg & Elm", "Bo Berg & Ida Elm"),
    ("Bo", "Berg and Ida Berg"): (None, "Berg", "Bo Berg and Ida Berg"),
    ("José", "Ortega y Gasset"): ("José", "Ortega y Gasset", "José Ortega y Gasset"),
    ("Ada", "Tal, PhD"): ("Ada", "Tal", "Ada Tal"),
    ("Ada\u202e", "T\u200eal"): ("Ada", "Tal", "Ada Tal"),
}


def test_whole_names_in_the_field_for_a_part(engine, landing, progress):
    landing.put("shop", "people", [{"id": str(n), "a": given, "b": family} for n, (given, family) in enumerate(PARTS)])
    conform(engine, landing, [map_of("shop", "people", "records", {"given_name": "a", "family_name": "b"})], "US", progress)
    found = engine.rows("SELECT given_name, family_name, full_name FROM conformed.records ORDER BY key")
    assert dict(zip(PARTS, found, strict=True)) == PARTS


def test_the_list_has_no_punctuation():
    assert all(name == " ".join(name.lower().split()) and name.replace(" ", "").isalnum() for name in no_names())


def test_addresses_of_nobody(engine):
    nobody = [
        "noemail@noemail.com", "none@none.com", "test@test.com", "noemail@gmail.com", "no@email.com", "not@provided.com",
        "null@null.com", "dummy@dummy.com", "keine@email.de", "guest@guest.com", "123@123.com", "noone@nowhere.com", "noemail@",
        "user@domain.com", "test@example.com", "sin@correo.com",
    ]  # fmt: skip
    somebody = ["ada@example.com", "info@shop.com", "test@shop.com", "no@shop.com", "anna.test@test-und-partner.de", "a@b.com"]
    assert cleaned(engine, [*nobody, *somebody], EMAIL) == [*(None for _ in nobody), *somebody]


@pytest.mark.parametrize(
    "text",
    ["0000000000", "1234567890", "+10000000000", "999-999-9999", "555-555-5555", "123-456-7890", "0123456789", "01234 567890",
     "+11234567890", "+49 1234567890", "0049 1234567890", "9876543210", "000", "(111) 111-1111"],
)  # fmt: skip
def test_numbers_of_nobody(engine, text):
    assert cleaned(engine, [text], (*BARE, f"CASE WHEN {JUNK} THEN NULL ELSE x END")) == [None]


@pytest.mark.parametrize("text", ["+15125550101", "+441234567812", "2123456789", "+491712345678"])
def test_numbers_of_somebody(engine, text):
    assert cleaned(engine, [text], (*BARE, f"CASE WHEN {JUNK} THEN NULL ELSE x END")) == [text]

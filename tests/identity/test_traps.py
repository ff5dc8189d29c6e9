"""Those who are easily taken for one another, or for several: all are told apart with default settings."""

from __future__ import annotations

import pytest

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.resolve import resolve
from fullcircle.identity.scripts import in_latin
from tests.identity.town import build, organisation, person
from tests.identity.traps import TRAPS, mistakes, records


def resolved(folder, rows, identifiers=(), addresses=()):
    engine = DuckDB(folder / "t.duckdb", threads=1)
    build(engine, rows, identifiers, addresses)
    resolve(engine, Book(folder / "book.sqlite"), IdentitySettings())
    return engine


def customers(engine):
    return int(engine.value("SELECT count(DISTINCT customer_id) FROM members"))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
def test_nobody_falls_into_the_trap(trap, tmp_path):
    rows, identifiers = records(trap(1))
    assert mistakes(resolved(tmp_path, rows, identifiers), rows) == []


def test_a_miswritten_birth_date_does_not_beat_the_same_tax_number(tmp_path):
    one, other = person("a", "Nora", "Pellham", birth_date="1951-03-04"), person("b", "Nora", "Pellham", birth_date="1915-08-24")
    numbers = [(row["record_id"], "tax", "8812204417") for row in (one, other)]
    assert customers(resolved(tmp_path, [one, other], numbers)) == 1


def test_a_number_with_a_slip_beats_a_birth_date_a_generation_apart_but_not_a_number_given_on_the_same_day(tmp_path):
    home = {"street": "4 Cobar Place", "postcode": "2020", "city": "Marulan"}
    said = (  # given, family, birth dates, tax numbers
        ("Nora", "Pellham", ("1919-12-17", "1956-11-22"), ("7762210", "7762120")),  # two digits exchanged
        ("Otto", "Carrow", ("1919-12-17", "1956-11-22"), ("3181141", "3181941")),  # one digit wrong
        ("Ines", "Quill", ("1919-12-17", "1956-11-22"), ("5550017", "5550018")),  # mother and daughter, one after the other
        ("Hugo", "Straub", ("1919-12-17", "1956-11-22"), ("1234567", "7654321")),  # two other numbers
    )
    rows, numbers = [], []
    for given, family, births, values in said:
        for birth, value in zip(births, values, strict=True):
            rows.append(person(f"{given}{birth[:4]}", given, family, birth_date=birth, **home))
            numbers.append((rows[-1]["record_id"], "tax", value))
    engine = resolved(tmp_path, rows, numbers)
    found = engine.rows(
        "SELECT given_name, count(DISTINCT customer_id) FROM members JOIN records USING (record_id) GROUP BY 1 ORDER BY 1"
    )
    assert found == [("Hugo", 2), ("Ines", 2), ("Nora", 1), ("Otto", 1)]


def test_the_second_of_two_records_that_are_alike_has_the_same_tax_number_too(tmp_path):
    """The number beats the birth date for each of the two; if it did so for one only, the other would be cut off."""
    alike = {"birth_date": "1926-05-18", "street": "27 Heagney Crescent", "postcode": "3078", "city": "Cremorne"}
    rows = [person(str(n), "Nora", "Pellham", **alike) for n in range(3)]
    rows.append(person("9", "Nora", "Pellham", **{**alike, "birth_date": "1957-07-01"}))
    numbers = [(row["record_id"], "tax", "139088181") for row in rows]
    assert customers(resolved(tmp_path, rows, numbers)) == 1


def test_a_space_inside_a_given_name_makes_no_other_name(tmp_path):
    home = {"street": "3 Partridge Street", "postcode": "6530", "city": "Banksia"}
    spelled = (("Joanne", "Pellham"), ("Jo Anne", "Pellham"), ("Laura", "Quill"), ("Laur a", "Quill"), ("Paul", "Carrow"),
               ("Paula", "Carrow"))  # fmt: skip
    rows = [person(str(n), given, family, **home, birth_date=f"197{n // 2}-05-18") for n, (given, family) in enumerate(spelled)]
    engine = resolved(tmp_path, rows)
    found = engine.rows(
        "SELECT family_name, count(DISTINCT customer_id) FROM members JOIN records USING (record_id) GROUP BY 1 ORDER BY 1"
    )
    assert found == [("Carrow", 2), ("Pellham", 1), ("Quill", 1)]


def test_the_same_tax_number_does_not_beat_senior_and_junior_nor_two_strangers(tmp_path):
    rows = [person("a", "Otto", "Pellham Sr"), person("b", "Otto", "Pellham Jr"),
            person("c", "Ines", "Carrow", postcode="10115"), person("d", "Bruno", "Ottobock", postcode="80331")]  # fmt: skip
    numbers = [
        (row["record_id"], "tax", value)
        for row, value in zip(rows, ("111222333", "111222333", "777888999", "777888999"), strict=True)
    ]
    assert customers(resolved(tmp_path, rows, numbers)) == 4


def test_a_slip_or_a_swap_does_not_make_two_users_of_an_email(tmp_path):
    names = (("Margaret", "Quill"), ("Margarte", "Quill"), ("Quill", "Margaret"), ("M", "Quill"), ("Peggy", "Quill"))
    rows = [person(str(n), given, family, email="mq@quill.example") for n, (given, family) in enumerate(names)]
    assert customers(resolved(tmp_path, rows)) == 1


def test_a_date_that_no_calendar_of_four_digits_has_stops_nothing(tmp_path):
    rows = [person("a", "Nora", "Pellham", birth_date="1951-03-04"), person("b", "Nora", "Pellham", birth_date="15951-03-04")]
    assert customers(resolved(tmp_path, rows)) in (1, 2)


def test_many_people_with_one_value_are_compared_by_what_else_they_share(tmp_path):
    """A block of 400 is not dropped: who is in it twice is found."""
    rows = []
    for number in range(200):
        name = f"{'abcdefghij'[number % 10]}o{'klmnprstvz'[number // 10 % 10]}u{'bdfg'[number // 50]}er"
        rows += [
            person(f"{number}a", "Ann", name, email="desk@office.example", phone=f"+1217555{number:04}"),
            person(f"{number}b", "Ann", name, email="desk@office.example", phone=f"+1217555{number:04}"),
        ]
    assert customers(resolved(tmp_path, rows)) == 200


def test_initials_of_an_organisation_at_its_address(tmp_path):
    place = {"street": "1 Orchard Road", "city": "Armonk", "postcode": "10504", "phone": "+19145550100"}
    rows = [organisation("a", "International Bread Makers Corp", **place), organisation("b", "IBM", **place)]
    assert customers(resolved(tmp_path, rows)) == 1


@pytest.mark.parametrize(
    ("text", "whole", "latin"),
    [
        ("Иван Петров", True, "Ivan Petrov"),
        ("王小明", True, "Wang, XiaoMing"),
        ("小明", False, "XiaoMing"),
        ("Γιώργος", False, "Giorgos"),
        ("O'Neill", True, "O'Neill"),
    ],
)
def test_names_in_latin_letters(text, whole, latin):
    assert in_latin(text, whole) == latin


@pytest.mark.parametrize(("his", "hers"), [("Jan", "Jana"), ("Leo", "Lea"), ("Josef", "Josefa"), ("Mario", "Maria")])
def test_a_couple_whose_short_names_differ_by_an_ending_stays_two_under_one_address(tmp_path, his, hers):
    shared = {"email": "roth@example.org", "phone": "+493012345678"}
    assert customers(resolved(tmp_path, [person("a", his, "Roth", **shared), person("b", hers, "Roth", **shared)])) == 2


def test_a_name_the_wrong_way_round_does_not_make_a_couples_address_one_persons(tmp_path):
    shared = {"email": "fam@keller.example", "phone": "+49301234567"}
    names = {"a": "Ada Keller", "b": "Tom Keller", "c": "Keller Ada", "d": "Ada Kellr", "e": " ", "f": "A. Keller"}
    rows = [person(key, *(part or None for part in name.split(" ")), **shared) for key, name in names.items()]
    engine = resolved(tmp_path, rows)
    of = dict(engine.rows("SELECT record_id[-1:], customer_id FROM members"))
    assert of["a"] == of["c"] == of["d"]
    assert of["b"] != of["a"]
    assert of["e"] not in (of["a"], of["b"]), "whose it is cannot be told"


@pytest.mark.parametrize("place", [{"postcode": "78701"}, {"postcode": "78701", "city": "Austin"}])
def test_a_postcode_where_everybody_lives_makes_no_one_person_of_two(place, tmp_path):
    """Two of one list with the same name, whose e-mail addresses and phones are not the same, are two."""
    names = ("João Pereira", "João Pereira", "Ana Lopes", "Rui Dias", "Eva Mota", "Una Reed")
    rows = [
        person(f"r{number}", *name.split(), email=f"{mail}@web.example", phone=f"+1512555010{number}", **place)
        for number, (name, mail) in enumerate(zip(names, ("jp77", "joao.pereira", "ana", "rui", "eva", "una"), strict=True))
    ]
    assert customers(resolved(tmp_path, rows)) == len(names)


def test_a_postcode_of_few_still_shows_who_is_one_person(tmp_path):
    rows = [person(f"r{number}", "Ana", "Quillfeather", postcode="1011AB") for number in range(2)]
    rows += [person("r2", "Rui", "Dias", postcode="1011AC"), person("r3", "Eva", "Mota", postcode="1011AD")]
    assert customers(resolved(tmp_path, rows)) == 3

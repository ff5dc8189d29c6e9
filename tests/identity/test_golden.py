"""Golden values: which one wins, and that provenance shows the others."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.resolve import resolve
from tests.identity.town import build, organisation, person


def three(engine: DuckDB) -> None:
    common = {"birth_date": date(1980, 5, 5)}
    rows = [
        person("1", "Kate", "Lowenbrook", email="kate@low.example", phone="+12175550001", updated_at=datetime(2021, 1, 1),
               street="1 Old Road", city="Springfield", postcode="62701", country="US", **common),
        person("2", "Katherine", "Lowenbrook", email="kate@low.example", phone="+12175550002", updated_at=datetime(2023, 1, 1),
               city="Riverton", **common),
        person("3", "Katherine", "Lowenbrook", email="kat@new.example", phone="+12175550001", updated_at=datetime(2022, 1, 1),
               street="9 New Road", postcode="62561", **common),
    ]  # fmt: skip
    for row, source in zip(rows, ("crm", "shop", "desk"), strict=True):
        row["source"] = source
    build(engine, rows)


@pytest.fixture
def engine(tmp_path):
    engine = DuckDB(threads=1)
    three(engine)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    return engine


def golden(engine: DuckDB, field: str):
    return engine.value(f"SELECT {field} FROM customers")


def test_one_customer_with_the_most_frequent_name_and_newest_contact(engine):
    assert engine.count("customers") == 1
    assert golden(engine, "given_name") == "Katherine"
    assert golden(engine, "name") == "Katherine Lowenbrook"
    assert golden(engine, "phone") == "+12175550002"
    assert golden(engine, "birth_date") == date(1980, 5, 5)
    assert engine.rows("SELECT records, sources, first_seen, last_seen FROM customers") == [
        (3, ["crm", "desk", "shop"], datetime(2021, 1, 1), datetime(2023, 1, 1))
    ]


def test_an_address_is_taken_whole_from_one_record(engine):
    # The newest record has only a city, so the newest one with a street wins, and lends nothing from the others.
    assert engine.rows("SELECT street, city, postcode, country FROM customers") == [("9 New Road", None, "62561", None)]


def test_provenance_shows_winner_losers_and_rule(engine):
    rows = engine.rows(
        "SELECT value, split_part(record_id, ':', 4), won, rule FROM provenance WHERE field = 'given_name' ORDER BY 2"
    )
    rule = "most frequent, then original script, longest, accents, newest"
    assert rows == [("Kate", "1", False, rule), ("Katherine", "2", True, rule), ("Katherine", "3", False, rule)]


def test_every_golden_value_has_exactly_one_winner_which_is_that_value(engine):
    winners = dict(engine.rows("SELECT field, value FROM provenance WHERE won"))
    assert engine.value("SELECT count(*) FROM provenance WHERE won") == len(winners)
    assert winners["street"] == "9 New Road"
    for field, value in winners.items():
        assert str(golden(engine, field)) == value


def test_a_preferred_source_beats_a_newer_one(tmp_path):
    engine = DuckDB(threads=1)
    three(engine)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings(prefer_sources=("crm",)))
    assert golden(engine, "phone") == "+12175550001"
    assert golden(engine, "street") == "1 Old Road"


def test_one_record_that_tells_of_a_death_is_enough_and_a_day_says_more(tmp_path):
    engine = DuckDB(threads=1)
    three(engine)
    for key, said in (("1", "yes"), ("2", "2021-03-04")):
        engine.run(f"UPDATE records SET deceased = '{said}' WHERE key = '{key}'")
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert golden(engine, "deceased") == "2021-03-04"
    assert engine.rows("SELECT value, won FROM provenance WHERE field = 'deceased' ORDER BY 2") == [
        ("yes", False), ("2021-03-04", True)
    ]  # fmt: skip


def test_households_are_the_families_at_one_address(tmp_path):
    home = {"street": "5 Hill Street", "postcode": "62701"}
    rows = [
        person("1", "Anna", "Kettlewood", **home), person("2", "Bert", "Kettlewood", street="5 Hill St.", postcode="627 01"),
        person("3", "Carl", "Miller", **home),
    ]  # fmt: skip
    engine = DuckDB(threads=1)
    build(engine, rows)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.rows("SELECT name FROM households") == [("Kettlewood",)]
    assert engine.value("SELECT list(given_name ORDER BY given_name) FROM customers WHERE household_id IS NOT NULL") == [
        "Anna",
        "Bert",
    ]
    resolve(engine, Book(tmp_path / "book"), IdentitySettings(households=False))
    assert engine.count("households") == engine.count("household_members") == 0


@pytest.mark.parametrize(
    ("one", "other", "wins"),
    [
        ("Schaefermeier", "Schäfermeier", "Schäfermeier"),
        ("Muller", "Müller", "Müller"),
        ("Lukasz", "Łukasz", "Łukasz"),
        ("Ivanov", "Иванов", "Иванов"),
        ("Sørensen", "Soerensen", "Sørensen"),
        ("SchÃ¤fer", "Schaefer", "Schaefer"),
        ("Lowenbrook-Tal", "Löwenbrook", "Lowenbrook-Tal"),
    ],
)
def test_among_equals_the_original_spelling_wins(tmp_path, one, other, wins):
    engine = DuckDB(threads=1)
    same = {"email": "kate@low.example", "birth_date": date(1980, 5, 5), "phone": "+12175550001"}
    build(engine, [person("1", "Kate", one, **same), person("2", "Kate", other, **same)])
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    if engine.count("customers") == 1:
        assert golden(engine, "family_name") == wins
    else:
        pytest.fail("two customers")


def test_a_living_record_wins_over_those_that_were_merged_away(tmp_path):
    engine = DuckDB(threads=1)
    same = {"email": "meg@low.example", "birth_date": date(1980, 5, 5)}
    rows = [
        person("1", "Meg", "Lowenbrook", updated_at=datetime(2020, 1, 1), phone="+12175550001", **same),
        person("2", "Margaretta", "Lowenbrook", updated_at=datetime(2024, 1, 1), phone="+12175550002", **same),
        person("3", "Margaretta", "Lowenbrook", updated_at=datetime(2024, 1, 1), phone="+12175550002", **same),
    ]
    for row in rows[1:]:
        row["merged_into"] = rows[0]["record_id"]
    build(engine, rows)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.rows("SELECT given_name, phone, records FROM customers") == [("Meg", "+12175550001", 3)]


def chosen(tmp_path, *changes, **common):
    """The golden row of one person with a record for each change, from the oldest to the newest."""
    engine = DuckDB(threads=1)
    birth = {"birth_date": date(1980, 5, 5), "phone": "+12175550001", **common}
    rows = [
        person(
            str(n), one.pop("given", "Alun"), one.pop("family", "Cadwell"), **{**birth, **one}, updated_at=datetime(2021, n, 1)
        )
        for n, one in enumerate(changes, 1)
    ]
    build(engine, rows)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.count("customers") == 1
    return {name: engine.value(f"SELECT {name} FROM customers") for name in ("name", "full_name", "email", "street")}


@pytest.mark.parametrize(
    "relay",
    ["a1b2@members.ebay.com", "x9@marketplace.amazon.de", "m4n5@shop-marktplatz.example", "q7@privaterelay.appleid.com"],
)
def test_an_address_made_by_a_marketplace_never_wins_over_the_own(tmp_path, relay):
    assert chosen(tmp_path, {"email": "alun@example.com"}, {"email": relay})["email"] == "alun@example.com"


@pytest.mark.parametrize(
    "more", [{"email": "x9@marketplace.amazon.de"}, {"undeliverable": "old@example.com", "email": "old@example.com"}]
)
@pytest.mark.parametrize("records", [1, 2])
def test_a_further_address_of_the_record_takes_the_place_of_one_that_reaches_nobody(tmp_path, more, records):
    engine = DuckDB(threads=1)
    rows = [person(str(n), "Alun", "Cadwell", birth_date=date(1980, 5, 5), phone="+12175550001", **more) for n in range(records)]
    build(engine, rows, [(rows[0]["record_id"], "email", "alun@example.com")])
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.rows("SELECT email FROM customers") == [("alun@example.com",)]


def test_a_street_with_its_number_wins_over_the_same_without(tmp_path):
    place = {"city": "Newtown", "postcode": "SY16 1CC"}
    found = chosen(tmp_path, {"street": "Station Road 7", **place}, {"street": "Station Road", **place})
    assert found["street"] == "Station Road 7"


def test_a_newer_street_without_any_number_wins_over_another_street(tmp_path):
    found = chosen(tmp_path, {"street": "7 Station Road", "postcode": "SY16 1CC"}, {"street": "Oak House", "postcode": "SY8 2EE"})
    assert found["street"] == "Oak House"


def test_the_full_name_and_its_parts_are_of_one_spelling(tmp_path):
    names = [("Philippa", "Thornycroft"), ("Philippa", "Thorneycroft"), ("Philippa", "Thornycroft")]
    rows = [{"given": given, "family": family, "full_name": f"{given} {family}"} for given, family in names]
    rows[2]["full_name"] = "Mrs Philippa Thornycroft-Vane"
    found = chosen(tmp_path, *rows, email="philippa@example.org")
    assert found["name"] == "Philippa Thornycroft"
    assert found["full_name"] in {"Philippa Thornycroft", "Mrs Philippa Thornycroft-Vane"}


def test_of_equal_spellings_the_one_in_the_own_address_wins(tmp_path):
    assert chosen(tmp_path, {"given": "Alun"}, {"given": "Alan"}, email="alun.c@example.org")["name"] == "Alun Cadwell"


SWAPPED = [("Ada", "Keller"), ("Keller", "Ada"), ("Ada", "Kellr"), ("Keller", "Ada")]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2)])
def test_given_and_family_name_are_of_records_that_agree(tmp_path, order):
    engine = DuckDB(threads=1)
    common = {"email": "ada@keller.example", "phone": "+12175550001", "birth_date": date(1980, 5, 5)}
    build(engine, [person(str(place), *SWAPPED[one], **common) for place, one in enumerate(order)])
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    rows = engine.rows("SELECT customer_id, given_name, family_name, full_name, name FROM customers")
    for _, given, family, full, name in rows:
        assert (given, family) in SWAPPED, rows
        assert name == f"{given} {family}" and full == name


def test_a_given_name_beside_the_same_family_name_in_another_spelling_counts(tmp_path):
    engine = DuckDB(threads=1)
    common = {"email": "j.lefevre@low.example", "phone": "+12175550001", "birth_date": date(1980, 5, 5)}
    names = [("Jeanne", "Lefèvre"), ("Jeanne", "Lefevre"), ("J.", "Lefèvre")]
    build(engine, [person(str(place), *one, **common) for place, one in enumerate(names)])
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.rows("SELECT given_name, family_name FROM customers") == [("Jeanne", "Lefèvre")]


def test_an_initial_gives_way_to_the_name_that_it_stands_for(tmp_path):
    engine = DuckDB(threads=1)
    common = {"email": "fam@keller.example", "phone": "+12175550001", "birth_date": date(1980, 5, 5)}
    names = [("A.", "Keller"), ("Ada", "Kellr")]
    build(engine, [person(str(place), *one, **common) for place, one in enumerate(names)])
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.rows("SELECT given_name, family_name, full_name FROM customers") == [("Ada", "Keller", "A. Keller")]


def test_the_first_of_two_surnames_is_not_written_twice(tmp_path):
    engine = DuckDB(threads=1)
    common = {"email": "isa.duarte@kern.example", "phone": "+5511998760011"}
    rows = [person("1", "Isabela", "Duarte", **common), person("2", "Isabela", "Campos", middle_name="Duarte", **common),
            person("3", "Isabela", "Duarte", **common)]  # fmt: skip
    build(engine, rows)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert "Isabela Duarte Duarte" not in [name for (name,) in engine.rows("SELECT name FROM customers")]
    assert engine.count("customers") == 1 and golden(engine, "name") == "Isabela Duarte"


NOTHING: dict[str, str] = {}


@pytest.mark.parametrize(
    ("first", "second", "more", "other", "customers"),
    [
        ("Lipka Dom sp. z o.o.", "LIPKA DOM Sp. z o. o.", NOTHING, NOTHING, 1),
        ("Abarrotes Doña Luz SA de CV", "Abarrotes Dona Luz S.A. de C.V.", {"city": "Tepic"}, NOTHING, 1),
        ("Hotel zur Post", "Hotel zur Post", NOTHING, NOTHING, 2),  # there is one in every town
        ("Kern GmbH", "Kern GmbH", NOTHING, NOTHING, 2),
        ("Lipka Dom sp. z o.o.", "Lipka Dom sp. z o.o.", {"city": "Lublin"}, {"city": "Gdynia"}, 2),
        ("Lipka Dom sp. z o.o.", "Lipka Dom sp. z o.o.", {"email": "a@lipka.example"}, {"email": "b@dom.example"}, 2),
    ],
)
def test_firms_of_one_long_name_and_legal_form_are_one_if_nothing_says_no(tmp_path, first, second, more, other, customers):
    engine = DuckDB(threads=1)
    build(engine, [organisation("a", first, **more), organisation("b", second, **other)])
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.count("customers") == customers


@pytest.mark.parametrize(("family", "customers"), [("Trejo", 1), ("Saldivar", 1), ("Quiroz", 2)])
def test_the_first_of_two_surnames_is_a_family_name(tmp_path, family, customers):
    engine = DuckDB(threads=1)
    home = {"street": "Nogal 7", "city": "Tepic", "postcode": "63000"}
    rows = [
        person("1", "Lupita", "Saldivar", middle_name="Guadalupe Trejo", **home),
        person("2", "Guadalupe", family, **home),
    ]
    build(engine, rows)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.count("customers") == customers

"""Looking up one record: found or created, the same again is the same, and weighed exactly as a run weighs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

import fullcircle
from fullcircle.ask.look_up import look_up as answer
from fullcircle.ask.reader import Reader
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError
from fullcircle.govern.suppressed import Suppressed
from fullcircle.identity import look_up
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.look_up import LookUpIndex
from fullcircle.identity.look_up_sql import hoisted
from fullcircle.identity.resolve import resolve
from fullcircle.mapping.made_records import MadeRecords
from tests.identity.crowd import make_crowd
from tests.identity.town import build, person


@pytest.fixture
def reader(project: Path, tmp_path: Path):
    shutil.copytree(project.parent, tmp_path / "project")
    with fullcircle.open(tmp_path / "project" / "fullcircle.toml") as opened:
        yield opened


def test_a_known_person_is_found(reader: Reader) -> None:
    found = reader.look_up({"given_name": "ADA", "family_name": "Keller", "email": " Ada.Keller@Example.org "})
    ada = reader.show("record:crm:contacts:17").customer["id"]
    assert (found.state, found.customer_id, found.rule) == ("found", ada, "score")
    assert found.weight is not None
    assert found.weight > 2
    assert {one.record_id for one in found.candidates if one.linked} == {"record:crm:contacts:17", "record:shop:people:4"}
    known = reader.look_up({"source": "crm", "object": "contacts", "key": "17"})
    assert (known.state, known.customer_id, known.rule) == ("found", ada, "record")


def test_a_stranger_is_unknown_or_created_once(reader: Reader) -> None:
    stranger = {"full_name": "Wilma Straub", "email": "wilma@example.net", "phone": "not a number"}
    assert reader.look_up(stranger).state == "unknown"
    made = reader.look_up(stranger, create=True)
    assert made.state == "created"
    assert made.notes == ("The phone number is not a valid one and was not compared.",)
    again = reader.look_up(stranger, create=True)
    assert (again.state, again.customer_id) == ("found", made.customer_id)
    other = reader.look_up({"given_name": "Wilma", "family_name": "Straub", "email": "WILMA@example.net"}, create=True)
    assert (other.state, other.customer_id) == ("found", made.customer_id)
    assert reader.look_up({"full_name": "Egon Straub", "email": "egon@example.net"}).state == "unknown"
    book = Book(reader.settings.home / "book.sqlite", read_only=True)
    assert made.customer_id
    assert Ledger(book).resolve(made.customer_id) == made.customer_id
    book.close()


def test_a_record_that_a_source_delivers_later_keeps_its_id(reader: Reader) -> None:
    from fullcircle.desk import open_desk
    from fullcircle.pipeline import STAGES, run
    from fullcircle.stage import Choice

    made = reader.look_up(
        {"source": "shop", "object": "people", "key": "9", "full_name": "Wilma Straub", "email": "wilma@example.net"}, create=True
    )
    people = reader.settings.folder / "shop" / "people.csv"
    people.write_text(people.read_text() + "9,Wilma Straub,wilma@example.net\n")
    shutil.rmtree(reader.settings.home / "lake", ignore_errors=True)
    with open_desk(reader.settings, repair=True) as desk:
        run(desk, Choice(only=[stage.name for stage in STAGES[:4]]))
        assert desk.engine.value("SELECT customer_id FROM members WHERE record_id = 'record:shop:people:9'") == made.customer_id


def test_who_was_made_stays_and_is_joined_with_what_a_source_brings_later(reader: Reader) -> None:
    from fullcircle.desk import open_desk
    from fullcircle.pipeline import STAGES, run
    from fullcircle.stage import EVERYTHING, Choice, run_stage

    wilma = {"full_name": "Wilma Straub", "email": "wilma@example.net", "birth_date": "1984-07-23", "city": "Baden"}
    more = {
        "identifiers": [{"kind": "loyalty", "value": "L-77"}],
        "addresses": [{"use": "work", "city": "Aarau", "postcode": "5000"}],
    }
    own = {"source": "shop", "object": "people", "key": "9", "full_name": "Otto Kern", "email": "otto@example.net"}
    made, otto = reader.look_up(wilma | more, create=True), reader.look_up(own, create=True)
    people = reader.settings.folder / "shop" / "people.csv"
    before, now = people.read_text(), Choice(only=[stage.name for stage in STAGES[:4]])

    def customers() -> dict[str, str]:
        with open_desk(reader.settings, repair=True) as desk:
            run(desk, now)
            assert run_stage(desk, EVERYTHING, STAGES[1]).skipped, "nothing has changed"
            names = desk.engine.rows("SELECT record_id, customer_id FROM members WHERE customer_id IN ($a, $b)",
                                     {"a": made.customer_id, "b": otto.customer_id})  # fmt: skip
            tables = ("records", "identifiers", "addresses")
            found.update(
                {one: desk.engine.value(f"SELECT count(*) FROM {one} WHERE record_id = '{made.record_id}'") for one in tables}
            )
            return dict(names)

    found: dict[str, int] = {}
    alone = {made.record_id: made.customer_id, otto.record_id: otto.customer_id}
    assert customers() == alone
    assert found == {"records": 1, "identifiers": 2, "addresses": 1}
    people.write_text(before + "9,Otto Kern,otto@example.net\n10,Wilma Straub,wilma@example.net\n")
    assert customers() == {**alone, "record:shop:people:10": made.customer_id}
    people.write_text(before)  # its own source has had Otto, and deletes him
    assert customers() == {made.record_id: made.customer_id}


def test_who_was_made_before_that_counted_stays_unless_a_source_was_named(tmp_path: Path) -> None:
    """A book of an older version: which records their sources had brought, and deleted, is not known any more."""
    book = Book(tmp_path / "book.sqlite")
    book.define(
        "CREATE TABLE live_record (record_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, fields TEXT NOT NULL, at TEXT NOT NULL)"
    )
    for id in ("record:live:look_up:1", "record:shop:people:9"):
        book.write("INSERT INTO live_record VALUES (?, 'customer:1', '{}', '2026-03-02T00:00:00+00:00')", (id,))
    for _ in range(2):
        MadeRecords(book).keep(f"record:live:look_up:{_}{_}", "customer:2", {}, "2026-03-02T00:00:00+00:00")
    assert book.read("SELECT record_id, delivered FROM live_record WHERE delivered = 1") == [("record:shop:people:9", 1)]
    book.close()


def test_somebody_erased_who_is_made_again_is_left_out(tmp_path: Path) -> None:
    with closing(Book(tmp_path / "book.sqlite")) as book:
        made, suppressed, engine = MadeRecords(book), Suppressed(book, tmp_path / "erased.json"), DuckDB(threads=1)
        key = suppressed.digest_sql("x")
        digest = dict(
            engine.rows(
                f"SELECT x, {key} FROM (VALUES ('record:live:look_up:1'), ('email' || chr(31) || 'wilma@example.net')) t(x)"
            )
        )
        entries = [("id", digest["record:live:look_up:1"], ""), ("value", digest["email\x1fwilma@example.net"], "")]
        suppressed.note("customer:1", "os:tests", "", entries, {})  # type: ignore[arg-type]
        for number, email in enumerate(("", "wilma@example.net", "wilma2@example.net"), 1):
            made.keep(f"record:live:look_up:{number}", f"customer:{number}", {"email": email}, "2026-03-02T00:00:00+00:00")
        assert made.without_listed(engine, suppressed) == 2
        assert [record for record, _, _ in made.all()] == ["record:live:look_up:3"]


@pytest.mark.parametrize(
    ("record", "words"), [({"emial": "x"}, 'no field "emial"'), ({"full_name": "A", "birth_date": "1.2.1990"}, "birth date")]
)
def test_what_cannot_be_read_is_an_error(reader: Reader, record: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        reader.look_up(record)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DuckDB, Book]]:
    engine, book = DuckDB(threads=1), Book(tmp_path_factory.mktemp("crowd") / "book")
    make_crowd(engine, 120)
    resolve(engine, book, IdentitySettings())
    yield engine, book
    book.close()


def asked_of(engine: DuckDB, count: int) -> list[dict[str, Any]]:
    """Some records of a crowd, with their identifiers."""
    own = "SELECT list({kind: i.kind, value: i.value}) FROM identifiers i WHERE i.record_id = r.record_id"
    return engine.arrow(f"SELECT *, ({own}) AS identifiers FROM records r ORDER BY hash(record_id) LIMIT {count}").to_pylist()


@contextmanager
def _taken_out(engine: DuckDB, ids: str) -> Iterator[None]:
    """Without these records inside."""
    for table in ("records", "identifiers", "members"):
        engine.run(f"ALTER TABLE {table} RENAME TO all_{table}")
        engine.run(f"CREATE TABLE {table} AS FROM all_{table} WHERE record_id NOT IN ({ids})")
    yield
    for table in ("records", "identifiers", "members"):
        engine.run(f"DROP TABLE {table}; ALTER TABLE all_{table} RENAME TO {table}")


def test_a_look_up_weighs_as_a_run_does(crowd: tuple[DuckDB, Book], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each record of a crowd, looked up as if it were new, has the weights that the run gave its pairs."""
    engine, book = crowd
    index = LookUpIndex(engine, book, IdentitySettings())
    monkeypatch.setattr(look_up, "RENEWED", 5)  # the scratch is opened anew on the way
    compared = 0
    for row in asked_of(engine, 12):
        found = {one.record_id: one for one in index.compare(row).candidates}
        rows = engine.rows(
            "SELECT CASE WHEN record_a = $id THEN record_b ELSE record_a END, weight, veto FROM pairs "
            "WHERE $id IN (record_a, record_b) AND rule = 'score'",
            {"id": row["record_id"]},
        )
        for other, weight, veto in rows:
            assert found[other].weight == pytest.approx(weight, abs=1e-6)
            assert found[other].veto == veto
            compared += 1
    assert compared > 10
    index.close()


def test_a_look_up_answers_as_a_run_does(crowd: tuple[DuckDB, Book]) -> None:
    """Records taken out of a crowd after a run: each is found where the run had it, or unknown if it was alone there."""
    engine, book = crowd
    answers, asked = 0, asked_of(engine, 40)
    ids = ", ".join(f"'{row['record_id']}'" for row in asked)
    where = dict(
        engine.rows(f"""
        SELECT a.record_id, a.customer_id FROM members a JOIN members b USING (customer_id)
        WHERE a.record_id IN ({ids}) AND b.record_id NOT IN ({ids})""")
    )
    with _taken_out(engine, ids):
        index = LookUpIndex(engine, book, IdentitySettings())
    for row in asked:
        found = answer(index, book, IdentitySettings(), {**row, "record_id": f"record:new:{row['record_id']}"}, [])
        answers += found.customer_id == where.get(row["record_id"])
    assert answers >= 39
    assert 5 < len(where) < 40
    index.close()


def test_one_record_that_fits_is_not_the_customer_that_does_not(tmp_path: Path) -> None:
    """As in a run: an initial near the threshold does not make one of two sisters, and the answer says why."""
    engine, book = DuckDB(threads=1), Book(tmp_path / "book")
    anna = {"street": "1 Elm Street", "postcode": "LS1 1AA", "city": "Leeds"}
    people = [
        person("1", "Anna", "Quill", **anna, birth_date="1990-02-03"),
        person("2", "Anna", "Quill", **anna, birth_date="1990-02-03", gender="f"),
        person("3", "A", "Quill", **anna, birth_date="1990-02-03"),
    ]
    build(engine, people)
    resolve(engine, book, IdentitySettings())
    index = LookUpIndex(engine, book, IdentitySettings())
    asked = {"record_id": "record:new:one:1", "given_name": "Agnes", "family_name": "Quill", **anna}
    found = answer(index, book, IdentitySettings(), asked, [])
    index.close()
    assert found.state == "unknown"
    assert [one.record_id for one in found.candidates if (one.weight or 0) > 2] == ["record:town:people:3"]
    assert [note.split(": ")[1] for note in found.notes] == ["one record fits (weight 2.8), all together do not (mean -2.9)."]
    build(engine, [*people, person("4", "Agnes", "Quill", **anna)])
    resolve(engine, book, IdentitySettings())
    assert engine.value("SELECT rule FROM members WHERE record_id = 'record:town:people:4'") == "alone"


def test_of_a_key_that_too_many_share_those_are_met_that_share_more(tmp_path: Path) -> None:
    """As in a run: 300 records whose names end alike, and the one of the same family name. The answer says how many more."""
    engine, book = DuckDB(threads=1), Book(tmp_path / "book")
    families = [f"{a}{b}{c}nson" for a in "BDFGHK" for b in "aeiou" for c in "lmnrstvxyz"]
    build(engine, [person(f"{n:03}", "Ada", family) for n, family in enumerate(families)])
    resolve(engine, book, IdentitySettings())
    index = LookUpIndex(engine, book, IdentitySettings())
    asked = {"record_id": "record:new:one:1", "given_name": "Nada", "family_name": families[-1]}
    found = answer(index, book, IdentitySettings(), asked, [])
    met = {one.record_id for one in found.candidates}
    assert f"record:town:people:{len(families) - 1}" in met
    assert len(met) < 100
    assert found.notes[0].startswith(f"{len(families) - len(met)} records that share only a common key with it")
    few = {"record_id": "record:new:one:2", "given_name": "Wilma", "family_name": families[-1]}
    assert answer(index, book, IdentitySettings(), few, []).notes == ()
    index.close()


def test_what_occurs_twice_is_computed_once() -> None:
    twice = "(length(given_l) >= 4 AND length(given_r) >= 4 AND given_l <> given_r)"
    texts, layers = hoisted([f"{twice} OR a_l", f"NOT {twice} AND b_l IN ('a long list of words', 'and more of them')"] * 2)
    assert texts[0] == "part_0_ OR a_l"
    assert layers == [[("part_0_", twice)]]


def test_a_function_is_not_taken_for_one_whose_name_ends_alike() -> None:
    quick = "levenshtein(main_email_of_one_l, main_email_of_one_r)"
    texts, layers = hoisted([f"{quick} <= 2 AND damerau_{quick} <= 2", f"{quick} > 4"])
    assert texts == [f"part_0_ <= 2 AND damerau_{quick} <= 2", "part_0_ > 4"]
    assert layers == [[("part_0_", quick)]]

"""The small town: who is who, whatever the order of the rows, and that a second run changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import prepare
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.model_change import measure_effect
from fullcircle.identity.pair_scores import pair_scores
from fullcircle.identity.resolve import resolve
from tests.identity.crowd import make_crowd
from tests.identity.town import build, load_truth, person, town
from tests.properties import examples

OUTPUT = ("members", "customers", "provenance", "pairs", "households", "household_members")


def run(folder: Path, rows=None, identifiers=None, config: IdentitySettings | None = None) -> tuple[DuckDB, Book, dict[str, str]]:
    all_rows, all_identifiers, truth = town()
    engine = DuckDB(folder / "t.duckdb", threads=1)
    build(engine, all_rows if rows is None else rows, all_identifiers if identifiers is None else identifiers)
    book = Book(folder / "book.sqlite")
    resolve(engine, book, config or IdentitySettings())
    return engine, book, truth


def groups(engine: DuckDB) -> set[frozenset[str]]:
    rows = engine.rows("SELECT list(split_part(record_id, ':', 4)) FROM members GROUP BY customer_id")
    return {frozenset(row[0]) for row in rows}


def customer(engine: DuckDB, key: str) -> str:
    return str(engine.value(f"SELECT customer_id FROM members WHERE record_id LIKE '%:{key}'"))


@pytest.fixture(scope="module")
def resolved(tmp_path_factory):
    return run(tmp_path_factory.mktemp("town"))


def test_everybody_in_town_is_told_apart(resolved):
    engine, _, truth = resolved
    true: dict[str, set[str]] = {}
    for record, who in truth.items():
        true.setdefault(who, set()).add(record.rsplit(":", 1)[1])
    assert groups(engine) == {frozenset(keys) for keys in true.values()}


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("sr1", "jr1", "generation suffixes differ"),
        ("sr2", "jr1", "same name, a generation apart"),
    ],
)
def test_vetoed_pairs_say_why(resolved, one, other, why):
    engine, _, _ = resolved
    a, b = sorted((f"record:town:people:{one}", f"record:town:people:{other}"))
    assert engine.rows(f"SELECT veto, linked FROM pairs WHERE record_a = '{a}' AND record_b = '{b}'") == [(why, False)]


def test_a_record_knows_the_rule_of_its_strongest_link(resolved):
    engine, _, _ = resolved
    rules = dict(engine.rows("SELECT split_part(record_id, ':', 4), rule FROM members"))
    assert rules["zed1"] == rules["zed2"] == "identifier:loyalty"
    assert rules["js1"] == "alone"
    assert rules["meg1"] == "score"


def test_persons_and_organisations_never_meet(resolved):
    engine, _, _ = resolved
    assert engine.value("""
        SELECT count(*) FROM (SELECT customer_id FROM members JOIN records USING (record_id)
                              GROUP BY customer_id HAVING count(DISTINCT kind) > 1)""") == 0  # fmt: skip


def test_only_the_promised_tables_are_left_behind(resolved):
    engine, _, _ = resolved
    tables = {row[0] for row in engine.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'")}
    assert tables == {"records", "identifiers", "addresses", *OUTPUT}
    assert engine.rows("SELECT database_name FROM duckdb_databases() WHERE database_name LIKE 'identity%'") == []


def test_a_second_run_changes_nothing(resolved):
    engine, book, _ = resolved
    before = {table: engine.rows(f"FROM {table} ORDER BY ALL") for table in OUTPUT}
    events = book.read("SELECT count(*) FROM customer_event")
    resolve(engine, book, IdentitySettings())
    assert {table: engine.rows(f"FROM {table} ORDER BY ALL") for table in OUTPUT} == before
    assert book.read("SELECT count(*) FROM customer_event") == events


@settings(max_examples=examples(2, soak=20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(resolved, tmp_path_factory, seed):
    engine, _, _ = resolved
    rows, identifiers, _ = town()
    random.Random(seed).shuffle(rows)
    random.Random(seed + 1).shuffle(identifiers)
    other, book, _ = run(tmp_path_factory.mktemp("shuffled"), rows, identifiers)
    for table in OUTPUT:
        assert other.rows(f"FROM {table} ORDER BY ALL") == engine.rows(f"FROM {table} ORDER BY ALL")
    other.close()
    book.close()


def test_judgements_are_honoured_and_can_be_taken_back(tmp_path):
    engine, book, _ = run(tmp_path)
    judgements = Judgements(book)
    before = groups(engine)
    together = judgements.add("together", "record:town:people:js1", "record:town:people:js2", "me", "met both")
    apart = judgements.add("apart", "record:town:people:meg1", "record:town:people:meg2", "me")
    old = customer(engine, "js2")
    resolve(engine, book, IdentitySettings())
    assert customer(engine, "js1") == customer(engine, "js2") == Ledger(book).resolve(old)
    assert customer(engine, "meg1") != customer(engine, "meg2")
    assert engine.value("SELECT veto FROM pairs WHERE record_a LIKE '%meg1' AND record_b LIKE '%meg2'") == "judged to be apart"
    judgements.withdraw(together, "me")
    judgements.withdraw(apart, "me")
    resolve(engine, book, IdentitySettings())
    assert groups(engine) == before


def test_what_a_source_merged_is_one_customer(tmp_path):
    rows = [
        person("a", "Nora", "Pell", email="nora@pell.example"),
        person("b", "Eleanora", "Quist", merged_into="record:town:people:a"),
    ]
    engine, _, _ = run(tmp_path, rows, [])
    assert groups(engine) == {frozenset({"a", "b"})}
    assert engine.value("SELECT DISTINCT rule FROM members") == "merge"


def test_a_switchboard_number_joins_nobody(tmp_path):
    names = ["Ann Abbot", "Ben Boyle", "Cid Crane", "Dot Drake", "Eve Ellis", "Fay Frost", "Gus Grant"]
    rows = [person(name[:3], *name.split(), phone="+12175550000", email="info@desk.example") for name in names]
    engine, _, _ = run(tmp_path, rows, [(row["record_id"], "loyalty", "0") for row in rows])
    assert len(groups(engine)) == len(names)


def test_no_records_give_empty_tables(tmp_path):
    engine, _, _ = run(tmp_path, [], [])
    assert [engine.count(table) for table in OUTPUT] == [0] * len(OUTPUT)


def test_a_failure_leaves_no_scratch_behind(tmp_path):
    engine, book, _ = run(tmp_path)
    engine.run("ALTER TABLE records DROP COLUMN gender")
    with pytest.raises(Exception, match="gender"):
        resolve(engine, book, IdentitySettings())
    assert engine.rows("SELECT database_name FROM duckdb_databases() WHERE database_name LIKE 'identity%'") == []
    assert engine.value("SELECT current_schema()") == "main"


def test_a_crowd_of_families_is_not_merged(tmp_path):
    engine, book = DuckDB(tmp_path / "t.duckdb", threads=1), Book(tmp_path / "book")
    make_crowd(engine, 400)
    resolve(engine, book, IdentitySettings())
    found = pair_scores(engine, "members", "truth")
    assert found["precision"] > 0.95
    assert found["recall"] > 0.90
    resolve(engine, book, IdentitySettings(train="always"))
    learned = pair_scores(engine, "members", "truth")
    assert learned["f1"] > 0.93


def test_agreement_on_both_names_is_counted_over_all_pairs(tmp_path):
    engine = DuckDB(tmp_path / "t.duckdb", threads=1)
    make_crowd(engine, 120)
    with prepare.scratch(engine):
        prepare.prepare(engine, IdentitySettings().shared_limit)
        counted, pairs = prepare.name_agreement(engine)
        names = engine.rows(
            "SELECT given, family FROM identity_work.features WHERE given IS NOT NULL AND family IS NOT NULL AND place = 1"
        )
        classes, unseen = prepare.name_classes(engine, "person")
    assert pairs == len(names) * (len(names) - 1) / 2
    expected: Counter[tuple[int, int]] = Counter()
    for (given_name, family), times in Counter(names).items():
        expected[classes["given"].get(given_name, unseen), classes["family"].get(family, unseen)] += times * (times - 1) // 2
    assert {(g, f): n for g, f, n in counted if n} == {place: n for place, n in expected.items() if n}
    assert sum(expected.values()) > 100


def test_learning_from_the_same_records_gives_the_same_model(tmp_path):
    models = []
    for place in ("one", "two"):
        engine, book = DuckDB(tmp_path / place / "t.duckdb", threads=1), Book(tmp_path / place / "book")
        make_crowd(engine, 60)
        if place == "two":
            engine.run("CREATE OR REPLACE TABLE records AS SELECT * FROM records ORDER BY md5(record_id)")
        resolve(engine, book, IdentitySettings(train="always"))
        models.append(book.read("SELECT kind, model FROM identity_model ORDER BY kind"))
    assert models[0] == models[1]
    assert '"trained_on": 0' not in models[0][1][1]


def test_pair_scores_count_pairs_and_records():
    engine = DuckDB()
    members = pa.table({"record_id": list("abcde"), "customer_id": ["x", "x", "x", "y", "y"]})
    load_truth(engine, {"a": "1", "b": "1", "c": "2", "d": "2", "e": "2"})
    with engine.register("found", members):
        scores = pair_scores(engine, "found", "truth")
    assert (scores["pairs_found"], scores["pairs_true"], scores["pairs_right"]) == (4, 4, 2)
    assert scores["precision"] == scores["recall"] == scores["f1"] == 0.5
    assert scores["b3_precision"] == pytest.approx((2 * 2 / 3 + 1 / 3 + 2) / 5)


def test_a_few_new_records_leave_the_weights_alone(tmp_path):
    """The model of the last run goes on until the records are twice as many; then a new one is made."""
    from fullcircle.identity import model_store, train
    from fullcircle.identity.model import PERSON, default

    kept = default(PERSON, 10_000)
    assert train._fits(kept, default(PERSON, 19_000), wanted=False)
    assert not train._fits(kept, default(PERSON, 21_000), wanted=False)
    assert not train._fits(kept, default(PERSON, 4_900), wanted=False)
    assert not train._fits(kept, default(PERSON, 10_000), wanted=True)  # it is to be learned, and was not
    assert model_store.load_model(Book(tmp_path / "book.sqlite"), PERSON) is None


def test_one_percent_more_records_change_less_than_one_percent_of_the_customers(tmp_path):
    engine, book = DuckDB(tmp_path / "t.duckdb", threads=1), Book(tmp_path / "book")
    make_crowd(engine, 300)
    for table in ("records", "identifiers", "addresses"):
        engine.run(f"CREATE TABLE all_{table} AS FROM {table}; DELETE FROM {table} WHERE hash(record_id) % 100 = 0")
    resolve(engine, book, IdentitySettings())
    engine.run("CREATE TABLE before AS SELECT record_id, customer_id FROM members")
    for table in ("records", "identifiers", "addresses"):
        engine.run(f"CREATE OR REPLACE TABLE {table} AS FROM all_{table}")
    resolve(engine, book, IdentitySettings())
    both = """SELECT record_id, b.customer_id, b.customer_id AS old, m.customer_id AS new
        FROM members m JOIN before b USING (record_id)"""
    assert engine.count("records") > engine.count("before")
    assert measure_effect(engine, both).share < 0.01


def test_a_customers_number_is_never_compared(tmp_path):
    rows = [person("1", "Ada", "Tal", email="ada@tal.example"), person("2", "Bo", "Berg"), person("3", "Cy", "Dorn")]
    numbers = [(row["record_id"], "customer_no", "1001") for row in rows]
    engine, book, _ = run(tmp_path, rows, numbers, IdentitySettings(strong=("external", "customer_no")))
    assert engine.value("SELECT count(DISTINCT customer_id) FROM members") == 3
    assert engine.count("pairs") == 0
    book.close()

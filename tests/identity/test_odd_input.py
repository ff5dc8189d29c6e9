"""What nobody expects: copies judged apart, contradictions, nothing to read, one value everywhere, keys that change, a kill."""

from __future__ import annotations

import itertools
import os
import random
import signal
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import Contradiction
from fullcircle.identity.cluster import cluster
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.resolve import resolve
from tests.forked import Forked
from tests.identity.test_cluster import edges, links, pairs
from tests.identity.town import build, person
from tests.properties import examples

SIX = [
    person("a", "Ada", "Keller", email="ada@one.example", phone="+41443334455"),
    person("b", "Ada", "Keller", email="ada@one.example"),
    person("c", "Ben", "Ostrander", email="ben@one.example"),
    person("d", "Cleo", "Ito", email="cleo@one.example"),
    person("e", "Cleo", "Ito", email="cleo@one.example", phone="+41440001122"),
    person("f", "Dan", "Quist", email="dan@one.example"),
]


def id_of(key: str) -> str:
    return f"record:town:people:{key}"


def world(rows: list[dict], folder: Path, identifiers: list[tuple[str, str, str]] | None = None) -> tuple[DuckDB, Book]:
    engine = DuckDB(threads=1)
    build(engine, rows, identifiers or [])
    return engine, Book(folder / "book")


def groups(engine: DuckDB) -> set[frozenset[str]]:
    rows = engine.rows("SELECT list(split_part(record_id, ':', 4)) FROM members GROUP BY customer_id")
    return {frozenset(row[0]) for row in rows}


def members(engine: DuckDB) -> list[tuple[str, str]]:
    return engine.rows("SELECT record_id, customer_id FROM members ORDER BY record_id")


@pytest.mark.parametrize("copies", [3, 300])
def test_two_copies_judged_apart_are_two_customers(tmp_path: Path, copies: int) -> None:
    """Identical records are compared once; a person may still know that two of them are two people."""
    rows = [person(f"{n:03}", "Ada", "Keller", email="ada@one.example", birth_date="1980-02-03") for n in range(copies)]
    engine, book = world(rows, tmp_path)
    resolve(engine, book, IdentitySettings())
    assert len(groups(engine)) == 1
    first, last = id_of("000"), id_of(f"{copies - 1:03}")
    decision = Decisions(book).take("never", [("apart", first, last)], "ann", "twins")
    resolve(engine, book, IdentitySettings())
    of = dict(members(engine))
    assert of[first] != of[last]
    assert len(set(of.values())) == 2
    Decisions(book).undo(decision.id, "ann", "")
    resolve(engine, book, IdentitySettings())
    assert len(groups(engine)) == 1


def test_contradictory_judgements_stop_before_anything_is_compared(tmp_path: Path) -> None:
    engine, book = world(SIX, tmp_path)
    resolve(engine, book, IdentitySettings())
    before, events = members(engine), book.read("SELECT count(*) FROM customer_event")
    decisions = Decisions(book)
    decisions.take("always", [("together", id_of("a"), id_of("c")), ("together", id_of("c"), id_of("d"))], "ann", "")
    with pytest.raises(Contradiction, match="by ann"):
        decisions.take("never", [("apart", id_of("a"), id_of("d"))], "ben", "")
    Judgements(book).add("apart", id_of("a"), id_of("d"), "ben")  # as an older version could
    with pytest.raises(Contradiction, match="by ben") as raised:
        resolve(engine, book, IdentitySettings())
    assert "undo NUMBER" in raised.value.hint
    assert members(engine) == before
    assert book.read("SELECT count(*) FROM customer_event") == events


@settings(max_examples=examples(1, soak=20), deadline=None)
@given(st.randoms(use_true_random=False))
def test_decisions_undone_in_any_order_leave_what_was(chance: random.Random) -> None:
    """Merges and splits, each right after another, taken back in another order: the same records, ids and golden values."""
    with tempfile.TemporaryDirectory() as folder:
        engine, book = world(SIX, Path(folder))
        resolve(engine, book, IdentitySettings())
        tables = ("members", "customers", "provenance")
        before = {table: engine.rows(f"FROM {table} ORDER BY ALL") for table in tables}
        decisions, made = Decisions(book), []
        wishes = [
            ("together", "a", "c"),
            ("apart", "d", "e"),
            ("together", "c", "f"),
            ("together", "d", "b"),
            ("apart", "e", "a"),
        ]
        chance.shuffle(wishes)
        for kind, one, other in wishes[:3]:
            try:
                made.append(
                    decisions.take("always" if kind == "together" else "never", [(kind, id_of(one), id_of(other))], "ann", "")
                )
            except Contradiction:
                continue
            resolve(engine, book, IdentitySettings())
        chance.shuffle(made)
        for place, decision in enumerate(made):
            decisions.undo(decision.id, "ann", "")
            if place != 1:  # two are taken back at once
                resolve(engine, book, IdentitySettings())
        resolve(engine, book, IdentitySettings())
        assert {table: engine.rows(f"FROM {table} ORDER BY ALL") for table in tables} == before


@given(edges, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6), edges)
def test_an_unrelated_component_changes_nothing(rows, cannot_links, others) -> None:
    own = list({(min(a, b), max(a, b)): (min(a, b), max(a, b), w) for a, b, w in rows if a != b}.values())
    far = list({(min(a, b), max(a, b)): (12 + min(a, b), 12 + max(a, b), w) for a, b, w in others if a != b}.values())
    apart = pairs([(min(a, b), max(a, b)) for a, b in cannot_links if a != b])
    alone, cut = cluster(12, links(own), apart)
    beside, more = cluster(24, links([*own, *far]), apart)
    assert beside[:12].tolist() == alone.tolist()
    assert more >= cut


def test_an_unrelated_family_changes_nothing(tmp_path: Path) -> None:
    engine, book = world(SIX, tmp_path)
    resolve(engine, book, IdentitySettings())
    before = members(engine)
    (tmp_path / "more").mkdir()
    engine, book = world(
        [*SIX, *(person(f"z{n}", f"Zeno{n}", "Ypsilanti", street="9 Far Rd") for n in range(3))], tmp_path / "more"
    )
    resolve(engine, book, IdentitySettings())
    assert [row for row in members(engine) if ":z" not in row[0]] == before


def test_nulls_everywhere_are_a_customer_each(tmp_path: Path) -> None:
    engine, book = world([person(f"{n:03}", None, None) for n in range(300)], tmp_path)
    resolve(engine, book, IdentitySettings())
    assert engine.count("customers") == 300


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "info@one.example"), ("street", "1 Main St"), ("birth_date", "1970-01-01"), ("family_name", "Smith")],
)  # fmt: skip
def test_one_value_shared_by_all_joins_nobody_and_costs_little(tmp_path: Path, field: str, value: str) -> None:
    given_names, letters = ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana"), "bdfglmnrst"
    names = [(g, f"{a.upper()}o{b}a{c}i") for a, b, c in itertools.product(letters, letters, "klv") for g in given_names[:4]]
    rows = [{**person(f"{n:04}", g, f), field: value} for n, (g, f) in enumerate(names)]
    engine, book = world(rows, tmp_path)
    started = time.process_time()
    counts = resolve(engine, book, IdentitySettings())
    assert time.process_time() - started < 20
    assert counts["compared"] <= 100 * len(rows)
    biggest = engine.value("SELECT max(n) FROM (SELECT count(*) AS n FROM members GROUP BY customer_id)")
    assert biggest <= 4


def test_a_source_that_changes_its_keys_keeps_the_customers(tmp_path: Path) -> None:
    """The old keys go, the same people come under new ones: as long as both are there once, the ids stay."""
    engine, book = world(SIX, tmp_path)
    resolve(engine, book, IdentitySettings())
    before = dict(members(engine))
    renamed = [{**row, "record_id": f"{row['record_id']}-new", "key": f"{row['key']}-new"} for row in SIX]
    build(engine, [*SIX, *renamed])
    resolve(engine, book, IdentitySettings())
    build(engine, renamed)
    resolve(engine, book, IdentitySettings())
    assert {record.removesuffix("-new"): id for record, id in members(engine)} == before


def test_keys_that_change_at_once_retire_the_ids_and_say_so(tmp_path: Path) -> None:
    engine, book = world(SIX, tmp_path)
    resolve(engine, book, IdentitySettings())
    before = {id for _, id in members(engine)}
    build(engine, [{**row, "record_id": f"{row['record_id']}-new", "key": f"{row['key']}-new"} for row in SIX])
    counts = resolve(engine, book, IdentitySettings())
    assert (counts["ids_retired"], counts["ids_created"]) == (len(before), len(before))
    build(engine, SIX)  # and back
    resolve(engine, book, IdentitySettings())
    assert {id for _, id in members(engine)} == before


def killed_between(folder: str, writes: str) -> None:
    engine, book = world(SIX, Path(folder))
    original, left = book.write_many, int(writes)

    def write_many(sql: str, rows: object) -> None:
        nonlocal left
        original(sql, rows)  # type: ignore[arg-type]
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    book.write_many = write_many  # type: ignore[method-assign,assignment]
    Ledger(book)
    resolve(engine, book, IdentitySettings())
    print("ended", flush=True)


@pytest.mark.parametrize("writes", ["1", "6"])
def test_a_kill_leaves_the_ledger_as_it_was(tmp_path: Path, writes: str) -> None:
    doomed = Forked(killed_between, str(tmp_path), writes)
    said, _ = doomed.communicate(timeout=60)
    assert (doomed.returncode, said) == (-signal.SIGKILL, "")
    book = Book(tmp_path / "book")
    assert book.read("SELECT count(*) FROM customer_event") == [(0,)]
    assert book.read("SELECT count(*) FROM customer_record") == [(0,)]
    assert Ledger(book).customer_of(id_of("a")) is None
    engine, _ = world(SIX, tmp_path)
    counts = resolve(engine, book, IdentitySettings())
    assert counts["ids_created"] == counts["customers"] == 4

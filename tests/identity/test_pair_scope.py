"""Pairs of records that changed compared again are all pairs compared again, after any changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import model_store, pair_scope, pairing, prepare
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.prepare import WORK
from fullcircle.identity.resolve import resolve
from fullcircle.model.progress import Silent
from tests.identity.moving import ID, change, histories, make_tight, town
from tests.properties import examples

SETTINGS = IdentitySettings(train="never", shared_limit=2)
MADE = ("pairs", "members", "customers", "provenance", "households", "household_members")
Pairs = list[tuple[int, int, float]]


def scored(engine: DuckDB, book: Book, whole: bool = False, threshold: float = 2.0) -> Pairs:
    with prepare.scratch(engine):
        prepare.prepare(engine, SETTINGS.shared_limit)
        paired = pairing.pair(engine, book, SETTINGS, threshold, Silent(), whole)
        with book.transaction():
            model_store.store(book, [one.in_force for one in paired.choices], prepare.shared_identifiers(engine), paired.sieves)
        return engine.rows(f"FROM {WORK}.scored ORDER BY ALL")


@pytest.fixture(scope="module", autouse=True)
def tight():
    with pytest.MonkeyPatch.context() as patch:
        make_tight(patch)
        yield


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A town that was compared once, its book, and its pairs; each test leaves the records as they were."""
    engine, book = town(), Book(tmp_path_factory.mktemp("book") / "book")
    yield engine, book, scored(engine, book)
    engine.close()
    book.close()


@pytest.fixture
def again(monkeypatch):
    """Gathers, for each kind of records, whether only what changed was compared."""
    seen: list[bool] = []
    begin = pair_scope.begin
    monkeypatch.setattr(pair_scope, "begin", lambda *given: seen.append(begin(*given)) or seen[-1])
    return seen


@settings(max_examples=examples(2, soak=400), deadline=None)
@given(histories)
def test_what_changed_compared_again_is_all_compared_again(tmp_path_factory, history):
    engine, whole, book = town(), town(), Book(tmp_path_factory.mktemp("book") / "book")
    scored(engine, book)
    for step in history:
        change((engine, whole), step)
        assert scored(engine, book) == scored(whole, book, whole=True)
    for one in (engine, whole, book):
        one.close()


def test_customers_and_their_ids_are_those_of_a_rebuild(tmp_path, again):
    engine, whole, book = town(), town(), Book(tmp_path / "book")
    resolve(engine, book, SETTINGS)
    for one in (engine, whole):
        one.run("UPDATE records SET email = 'office@post.example' WHERE CAST(key AS INTEGER) % 5 = 2")
        one.run(f"DELETE FROM records WHERE key = '3'; DELETE FROM identifiers WHERE record_id = '{ID}3'")
        one.run("UPDATE records SET family_name = 'Lund', full_name = 'Ida Lund' WHERE key = '6'")
    Judgements(book).add("apart", f"{ID}1", f"{ID}7", "eve", "as they say")
    Judgements(book).add("together", f"{ID}0", f"{ID}8", "eve", "as they say")
    resolve(engine, book, SETTINGS)
    counts = resolve(whole, book, SETTINGS, whole=True)
    assert not {name: count for name, count in counts.items() if name.startswith("ids_")}, "a rebuild changes no id"
    for table in MADE:
        assert engine.rows(f"FROM {table} ORDER BY ALL") == whole.rows(f"FROM {table} ORDER BY ALL"), table
    assert again == [True, True]
    for one in (engine, whole, book):
        one.close()


def test_only_pairs_of_records_that_changed_are_compared(there, again, monkeypatch):
    engine, book, pairs = there
    compared = []
    real = pairing.score.compare_anew
    monkeypatch.setattr(pairing.score, "compare_anew", lambda engine, *given: compared.append(
        engine.rows(f"SELECT join_key_l, join_key_r FROM {WORK}.candidates")) or real(engine, *given))  # fmt: skip
    assert scored(engine, book) == pairs
    assert compared == [[], []]
    engine.run("UPDATE records SET gender = 'f' WHERE key = '5'")
    scored(engine, book)
    engine.run("UPDATE records SET gender = NULL WHERE key = '5'")
    assert scored(engine, book) == pairs
    code = engine.value(
        "SELECT count(*) FROM records WHERE record_id < (SELECT record_id FROM records WHERE key = '5' AND kind = 'person')"
    )
    assert compared[2]
    assert all(code in pair for pair in compared[2])
    assert all(again)


@pytest.mark.parametrize(
    "lost",
    [
        "DROP TABLE pairs_made.state", "DROP TABLE pairs_made.keys_person",
        "UPDATE pairs_made.state SET version = 'another'", "UPDATE pairs_made.state SET caps = [1]",
    ],
)  # fmt: skip
def test_without_a_part_of_the_state_all_are_compared(there, again, lost):
    engine, book, pairs = there
    engine.run(lost)
    assert scored(engine, book) == pairs
    assert not again[0]


def test_where_much_changed_all_are_compared(there, again, monkeypatch):
    engine, book, pairs = there
    monkeypatch.setattr(pair_scope, "MOST", 0.2)
    engine.run("UPDATE records SET gender = 'f'")
    scored(engine, book)
    engine.run("UPDATE records SET gender = NULL")
    assert scored(engine, book) == pairs
    assert again == [False, True] * 2, "of all persons, and of no organisation"


def test_what_breaks_off_is_made_good_by_the_next(there, monkeypatch):
    engine, book, pairs = there
    engine.run("UPDATE records SET gender = 'f' WHERE key = '5'")
    run = DuckDB.run

    def killed(self: DuckDB, sql: str, *more: object) -> None:
        if sql.startswith("DELETE FROM pairs_made.weights"):
            raise KeyboardInterrupt
        run(self, sql, *more)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(DuckDB, "run", killed)
        scored(engine, book)
    engine.run("UPDATE records SET gender = NULL WHERE key = '5'")
    assert scored(engine, book) == pairs


def test_a_state_that_is_not_used_any_more_is_dropped(there, monkeypatch):
    engine, book, pairs = there
    monkeypatch.setattr(pair_scope, "MANY", 10_000)
    assert scored(engine, book, whole=True) == pairs
    assert engine.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'pairs_made'") == [("state",)]

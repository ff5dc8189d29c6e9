"""Ids that stay: random histories of groupings, and what must hold after each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.prepare import WORK, scratch
from tests.properties import examples

RECORDS = [f"record:{n}" for n in range(8)]
Grouping = dict[str, int]  # record -> group
groupings = st.dictionaries(st.sampled_from(RECORDS), st.integers(0, 4), max_size=8)


def assign(engine: DuckDB, ledger: Ledger, grouping: Grouping) -> tuple[dict[str, str], dict[str, int]]:
    """The customer id of each record, and the events counted."""
    with scratch(engine):
        rows = pa.table(
            {"record_id": pa.array(list(grouping), pa.string()), "group_code": pa.array(list(grouping.values()), pa.int32())}
        )
        with engine.register("rows", rows):
            engine.run(f"CREATE TABLE {WORK}.groups AS SELECT * FROM rows")
        events = ledger.assign(engine)
        found = engine.rows(f"SELECT record_id, customer_id FROM {WORK}.groups JOIN {WORK}.assigned USING (group_code)")
    return dict(found), events


def events(book: Book) -> list[tuple]:
    return book.read("SELECT event, customer_id, other_id FROM customer_event ORDER BY number")


@settings(max_examples=examples(3, soak=60), deadline=None)
@given(st.lists(groupings, min_size=1, max_size=5))
def test_ids_over_any_history(history):
    with tempfile.TemporaryDirectory() as folder:
        engine, book = DuckDB(threads=1), Book(Path(folder) / "book")
        ledger = Ledger(book)
        ever: set[str] = set()
        absorbed: dict[str, str] = {}
        for grouping in history:
            before = events(book)
            ids, _ = assign(engine, ledger, grouping)
            # One id for each group, and no id for two groups.
            assert set(ids) == set(grouping)
            assert (
                len({(group, ids[record]) for record, group in grouping.items()})
                == len(set(grouping.values()))
                == len(set(ids.values()))
            )
            # The ledger is append-only, every id ever given resolves, and to a customer that was not absorbed.
            after = events(book)
            assert after[: len(before)] == before
            ever |= set(ids.values())
            for event, id, other in after[len(before) :]:
                absorbed |= {other: id} if event == "absorb" else {}
                absorbed.pop(id if event == "revive" else "", None)
            for id in ever:
                now = ledger.resolve(id)
                assert now is not None
                assert now not in absorbed
                assert (now == id) == (id not in absorbed)
            assert not set(ids.values()) & set(absorbed)
            assert all(ledger.customer_of(record) == id for record, id in ids.items())
            # The same grouping again writes nothing.
            assert assign(engine, ledger, grouping) == (ids, {})
            assert events(book) == after
        book.close()
        engine.close()


def new_ledger(tmp_path) -> tuple[DuckDB, Book, Ledger]:
    book = Book(tmp_path / "book")
    return DuckDB(threads=1), book, Ledger(book)


def test_growing_groups_keep_their_ids(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    first, _ = assign(engine, ledger, {"b": 1, "c": 1, "d": 2})
    # A record that sorts before the founder joins: the id does not change with it.
    later, found = assign(engine, ledger, {"a": 0, "b": 0, "c": 0, "d": 3, "e": 3, "f": 5})
    assert (later["b"], later["d"]) == (first["b"], first["d"])
    assert found == {"create": 1}


def test_the_bigger_id_survives_a_merge_and_the_other_resolves_to_it(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    before, _ = assign(engine, ledger, {"a": 0, "b": 1, "c": 1, "d": 2})
    after, found = assign(engine, ledger, {"a": 0, "b": 0, "c": 0, "d": 0})
    assert set(after.values()) == {before["b"]}
    assert found == {"absorb": 2}
    assert ledger.resolve(before["a"]) == ledger.resolve(before["d"]) == before["b"]
    assert [event.event for event in ledger.history(before["a"])] == ["create", "absorb"]


def test_the_older_id_survives_among_equals(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    old, _ = assign(engine, ledger, {"z": 0})
    new, _ = assign(engine, ledger, {"z": 0, "a": 1})
    merged, _ = assign(engine, ledger, {"z": 0, "a": 0})
    assert merged["a"] == old["z"]
    assert ledger.resolve(new["a"]) == old["z"]


def test_the_biggest_part_keeps_the_id_after_a_split(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    before, _ = assign(engine, ledger, {"a": 0, "b": 0, "c": 0})
    after, found = assign(engine, ledger, {"a": 0, "b": 1, "c": 1})
    assert after["b"] == after["c"] == before["a"]
    assert after["a"] not in set(before.values())
    assert found == {"split": 1}
    assert [(event.event, event.other_id) for event in ledger.history(before["a"])][-1] == ("split", after["a"])


def test_chains_of_merges_resolve_to_the_end(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    ids, _ = assign(engine, ledger, {"a": 0, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2, "g": 2})
    assign(engine, ledger, {"a": 0, "b": 0, "c": 0, "d": 2, "e": 2, "f": 2, "g": 2})
    assign(engine, ledger, dict.fromkeys("abcdefg", 0))
    assert ledger.resolve(ids["a"]) == ledger.resolve(ids["b"]) == ids["d"]


def test_records_that_come_back_get_their_id_back(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    before, _ = assign(engine, ledger, {"a": 0, "b": 0, "c": 1})
    _, gone = assign(engine, ledger, {"c": 1})
    assert gone == {"retire": 1}
    assert ledger.resolve(before["a"]) == before["a"]
    again, back = assign(engine, ledger, {"b": 0, "c": 1})
    assert again["b"] == before["a"]
    assert back == {"revive": 1}


def test_an_id_that_was_never_given_resolves_to_nothing(tmp_path):
    _, _, ledger = new_ledger(tmp_path)
    assert ledger.resolve("customer:nobody") is None


def test_an_id_does_not_depend_on_the_run_that_made_it(tmp_path):
    engine, _, ledger = new_ledger(tmp_path / "one")
    other_engine, _, other = new_ledger(tmp_path / "two")
    assign(engine, ledger, {"x": 4})
    assert assign(engine, ledger, {"x": 4, "a": 2})[0]["a"] == assign(other_engine, other, {"a": 9})[0]["a"]


def standing(book: Book) -> tuple[list[tuple], list[tuple]]:
    """What the ledger says now: the customer of every record, and what every id is and leads to."""
    records = book.read(
        "SELECT record_id, coalesce(into_id, id) FROM customer_record r JOIN customer_id i ON i.id = r.customer_id ORDER BY 1"
    )
    return records, book.read("SELECT id, state, into_id FROM customer_id ORDER BY id")


@settings(max_examples=examples(10, soak=100), deadline=None)
@given(groupings, groupings, st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_what_was_merged_and_is_separated_again_is_as_before(first, grouping, merged):
    with tempfile.TemporaryDirectory() as folder:
        engine, book, ledger = new_ledger(Path(folder))
        assign(engine, ledger, first)
        ids, _ = assign(engine, ledger, grouping)
        before = standing(book)
        together, _ = assign(engine, ledger, {record: merged[group] for record, group in grouping.items()})
        assert len(set(together.values())) == len({merged[group] for group in grouping.values()})
        again, _ = assign(engine, ledger, grouping)
        assert again == ids
        assert standing(book) == before
        book.close()
        engine.close()


@settings(max_examples=examples(5, soak=60), deadline=None)
@given(groupings, st.lists(st.integers(0, 1), min_size=8, max_size=8))
def test_what_was_split_and_is_joined_again_has_its_ids_back(grouping, side):
    with tempfile.TemporaryDirectory() as folder:
        engine, book, ledger = new_ledger(Path(folder))
        ids, _ = assign(engine, ledger, grouping)
        apart = {record: 2 * group + side[RECORDS.index(record)] for record, group in grouping.items()}
        assign(engine, ledger, apart)
        assert assign(engine, ledger, grouping)[0] == ids
        assert assign(engine, ledger, apart)[0] == assign(engine, ledger, apart)[0]
        book.close()
        engine.close()


def test_ids_come_back_in_steps(tmp_path):
    """Three customers become one in two steps; each step back restores what there was."""
    engine, book, ledger = new_ledger(tmp_path)
    steps = [{"a": 0, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2, "g": 2}, {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2, "g": 2}]
    before = []
    for grouping in steps:
        before.append((assign(engine, ledger, grouping)[0], standing(book)))
    assign(engine, ledger, dict.fromkeys("abcdefg", 0))
    for grouping, was in zip(reversed(steps), reversed(before), strict=True):
        ids, _ = assign(engine, ledger, grouping)
        assert ids == was[0]
        if grouping is steps[0]:
            assert standing(book) == was[1]
    history = ledger.history(before[0][0]["a"])
    assert [event.event for event in history] == ["create", "absorb", "absorb", "absorb", "revive"]


def test_a_customer_keeps_its_id_when_only_absorbed_records_are_left(tmp_path):
    engine, _, ledger = new_ledger(tmp_path)
    ids, _ = assign(engine, ledger, {"a": 0, "b": 0, "c": 1})
    assign(engine, ledger, {"a": 0, "b": 0, "c": 0})
    left, found = assign(engine, ledger, {"c": 0})
    assert left["c"] == ids["a"]
    assert found == {}

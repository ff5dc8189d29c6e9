"""Whoever writes into a graph says so in its mark first: the next sync of anybody looks into the graph and mends it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import Busy
from fullcircle.graph import claim
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.copy import copy
from fullcircle.graph.digest import digest
from fullcircle.graph.exchange.read import load
from fullcircle.graph.exchange.write import export
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.sync import Synced
from fullcircle.model.progress import Silent
from tests.graph import town, village
from tests.graph.conftest import STORES, copied
from tests.graph.test_sync import EVERY, Markless, Spy, clean_digest, likes, lose_ann, run
from tests.graph.village import ANN, BOB
from tests.properties import some_of

SHARED = ["memory", pytest.param("gremlin", marks=[pytest.mark.server, pytest.mark.xdist_group("gremlin")])]


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """A store that two projects can have open at once."""
    opened = STORES[request.param](request, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def built_others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables of `others`, built once; to be copied, not to be changed."""
    path = tmp_path_factory.mktemp("others") / "tables.duckdb"
    made = DuckDB(path, threads=2)
    village.found(made)
    made.run("UPDATE products SET name = 'Their ' || name; UPDATE customers SET street = 'theirs'")
    lose_ann(made)
    made.close()
    return path


@pytest.fixture
def others(built_others: Path, tmp_path: Path) -> Iterator[tuple[Engine, Book]]:
    """Another project with another village: Ann is unknown there, and there are other products."""
    made, kept = copied(built_others), Book(tmp_path / "others.sqlite")
    yield made, kept
    kept.close()
    made.close()


def memory() -> Memory:
    return Memory(StoreContext(Path("nowhere")))


@pytest.fixture(autouse=True)
def _looks_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim, "SECONDS", 0.0)


# -- copies and imports ------------------------------------------------------------------------------------------------
def test_a_copy_into_the_synced_store_is_mended_by_the_next_sync(engine: Engine, book: Book, store: GraphStore) -> None:
    run(engine, store, book)
    copy(memory(), store, Silent(), replace=True)
    assert sum(store.count().values()) == 0
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)
    spy = Spy(store)
    assert run(engine, spy, book) == Synced({}, {})
    assert spy.writes == []


@pytest.mark.parametrize("portion", range(1, 4))
def test_a_copy_that_breaks_off_is_mended_too(engine: Engine, book: Book, portion: int) -> None:
    store = memory()
    run(engine, store, book)
    with pytest.raises(RuntimeError):
        copy(memory(), Spy(store, portion), Silent(), replace=True)  # type: ignore[arg-type]
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


def test_a_dry_copy_is_no_reason_to_look_again(engine: Engine, book: Book) -> None:
    store = memory()
    run(engine, store, book)
    before = store.stamp()
    copy(memory(), store, Silent(), replace=True, dry_run=True)
    assert store.stamp() == before


def test_an_import_is_mended_by_the_next_sync(engine: Engine, book: Book, tmp_path: Path) -> None:
    store, foreign = memory(), memory()
    run(engine, store, book)
    town.settle_in(foreign)
    export(foreign, tmp_path / "files", "gremlin-csv", Silent())
    load(store, tmp_path / "files", Silent())
    assert digest(store) != clean_digest(engine)
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


def test_an_import_that_kept_our_hashes_is_seen_through(engine: Engine, book: Book, tmp_path: Path) -> None:
    """Somebody exports, edits the file (the column `hash` stays as it was) and imports it again."""
    store = memory()
    likes(engine, (ANN, "product:shop:p:3"), (BOB, "product:shop:p:1"))
    run(engine, store, book)
    for path in export(store, tmp_path / "files", "gremlin-csv", Silent()).files:
        path.write_text(path.read_text().replace("Bread", "Stone").replace("because", "no reason"))
    load(store, tmp_path / "files", Silent())
    run(engine, store, book, [label for label in EVERY if label != "MAY_LIKE"])
    run(engine, store, book, ["MAY_LIKE"])
    assert digest(store) == clean_digest(engine)


def test_a_bad_file_is_refused_before_anything_is_claimed(engine: Engine, book: Book, tmp_path: Path) -> None:
    store = memory()
    run(engine, store, book)
    before = store.stamp()
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Exception, match="not a graph file"):
        load(store, tmp_path, Silent())
    assert store.stamp() == before


def test_verifying_some_kinds_does_not_make_the_others_trusted(engine: Engine, book: Book) -> None:
    store = memory()
    run(engine, store, book)
    copy(memory(), store, Silent(), replace=True)
    run(engine, store, book, [label for label in EVERY if label not in ("BOUGHT_WITH", "PLACED")], verify=True)
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


# -- two projects, one graph -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("at", some_of([1, 2, 5, 9, 11], usual=2))
def test_what_another_project_left_half_done_is_mended(
    engine: Engine, book: Book, others: tuple[Engine, Book], shared: GraphStore, at: int
) -> None:
    run(engine, shared, book)
    with pytest.raises(KeyboardInterrupt):
        run(others[0], Spy(shared, at, KeyboardInterrupt()), others[1])
    run(engine, shared, book)
    assert digest(shared) == clean_digest(engine)
    run(engine, shared, book)
    assert run(engine, Spy(shared), book) == Synced({}, {})
    run(*_swapped(others, shared))
    assert digest(shared) == clean_digest(others[0])


def test_the_claim_stands_before_the_first_write(engine: Engine, book: Book, others: tuple[Engine, Book]) -> None:
    store = memory()
    run(engine, store, book)
    ours = store.stamp()
    seen: list[str] = []

    class Looking(Spy):
        def _note(self, verb: str, label: str, rows: int, insert_only: bool) -> None:
            seen.append(store.stamp())
            super()._note(verb, label, rows, insert_only)

    run(others[0], Looking(store), others[1])
    assert ours not in seen
    assert len(set(seen)) == 1
    assert store.stamp() not in (ours, seen[0])


def test_of_two_at_once_the_earlier_stops_and_says_why(
    engine: Engine, book: Book, others: tuple[Engine, Book], shared: GraphStore
) -> None:
    """In the middle of our sync theirs begins and ends; ours writes one more portion and notices."""
    done: list[Synced] = []

    class Meanwhile(Spy):
        def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
            super().write_edges(label, rows, insert_only)
            if not done:
                done.append(run(others[0], shared, others[1]))

    with pytest.raises(Busy, match="begun to write"):
        run(engine, Meanwhile(shared), book)
    assert done
    run(*_swapped(others, shared))
    assert digest(shared) == clean_digest(others[0]), "what we wrote while they were writing is mended by their next sync"
    run(engine, shared, book)
    assert digest(shared) == clean_digest(engine)


def test_who_writes_while_we_compare_is_noticed_before_we_write(engine: Engine, book: Book, others: tuple[Engine, Book]) -> None:
    store = memory()

    class Between(Spy):
        marks = 0

        def stamp(self) -> str:
            self.marks += 1
            if self.marks == 2:  # the first look is at the start, the second when all has been compared
                run(others[0], store, others[1])
            return store.stamp()

    spy = Between(store)
    with pytest.raises(Busy, match="while it was compared"):
        run(engine, spy, book)
    assert spy.writes == []
    assert digest(store) == clean_digest(others[0])
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


def test_a_late_writer_makes_the_end_doubtful(engine: Engine, book: Book, others: tuple[Engine, Book]) -> None:
    """Their sync ends after ours began: whatever we know at our end is not to be believed."""
    store = memory()
    with pytest.raises(KeyboardInterrupt):
        run(others[0], Spy(store, 5, KeyboardInterrupt()), others[1])  # is it dead? Nobody can tell
    run(engine, store, book)
    store.write_vertices("Product", town.rows("Product", {"id": "product:late", "name": "Late"}))
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


@pytest.mark.parametrize("notices", [claim.Claim.check, claim.Claim.end])
def test_two_that_claim_at_once_both_know_it(engine: Engine, book: Book, notices: Callable[[claim.Claim], object]) -> None:
    """Both look before either has claimed: the later claim counts, and its writer cannot see that the earlier one writes."""
    store = memory()
    earlier: list[claim.Claim] = []

    class AtOnce(Spy):
        def put_stamp(self, text: str) -> None:
            if not earlier:
                earlier.append(claim.Claim(store))
            store.put_stamp(text)

        def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
            super().write_edges(label, rows, insert_only)
            store.write_vertices("Product", town.rows("Product", {"id": "product:late", "name": "Late"}))
            with suppress(Busy):
                notices(earlier[0])

    run(engine, AtOnce(store), book)
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


def test_two_syncs_in_two_threads_can_both_be_mended(
    engine: Engine, book: Book, others: tuple[Engine, Book], shared: GraphStore
) -> None:
    start = threading.Barrier(2)
    wrong: list[BaseException] = []

    def work(tables: Engine, kept: Book) -> None:
        start.wait()
        try:
            with suppress(Busy):
                run(tables, shared, kept)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in ((engine, book), others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("ends" in str(error) or "not in the graph" in str(error) for error in wrong), wrong
    for tables, kept in ((engine, book), others, (engine, book)):
        run(tables, shared, kept)
        assert digest(shared) == clean_digest(tables)


def test_a_sync_beside_a_copy_is_mended(engine: Engine, book: Book, others: tuple[Engine, Book]) -> None:
    store, source = memory(), memory()
    run(others[0], source, others[1])
    done: list[Synced] = []

    class Meanwhile(Spy):
        def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
            super().write_vertices(label, rows, insert_only)
            if not done:
                done.append(run(engine, store, book))

    with pytest.raises(Busy, match="begun to write"):
        copy(source, Meanwhile(store), Silent())  # type: ignore[arg-type]
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)


def test_a_store_without_marks_can_still_be_written(engine: Engine, book: Book) -> None:
    store = Markless(memory())
    run(engine, store, book)
    done = copy(memory(), store, Silent(), replace=True)  # type: ignore[arg-type]
    assert sum(done.deleted.values()) > 0
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)  # type: ignore[arg-type]


def _swapped(pair: tuple[Engine, Book], store: GraphStore) -> tuple[Engine, GraphStore, Book]:
    return pair[0], store, pair[1]


def test_claims_look_only_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim, "SECONDS", 60.0)
    store = memory()
    held = claim.Claim(store)
    held.check()
    store.put_stamp(claim.new())
    held.check()
    assert not held.end("mine")


@pytest.mark.parametrize("later", [claim.new, lambda: "the mark of a sync that has ended", lambda: ""])
def test_a_claim_that_is_gone_stops_its_writer(later: Callable[[], str]) -> None:
    store = memory()
    held = claim.Claim(store)
    store.put_stamp(later())
    with pytest.raises(Busy):
        held.check()
    assert store.stamp() == "" or store.stamp().startswith(claim.CLAIM), "an ended sync is not believed any more"

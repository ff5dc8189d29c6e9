from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import Busy
from fullcircle.graph import sync as sync_module
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.shape import label_named
from fullcircle.graph.stores.ladybug.store import Ladybug
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.sqlite.store import Sqlite
from fullcircle.graph.sync import Synced, sync
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import village
from tests.graph.conftest import STORES, World, as_parameter, copied, world_of
from tests.graph.village import ANN, BOB
from tests.properties import examples

EVERY = [*VERTICES, *EDGES]


class Markless:
    """A store that counts the rows it is given, and may fail at the n-th write; it has no skill of keeping a mark."""

    def __init__(self, store: GraphStore, fail_at: int = 0, error: BaseException | None = None) -> None:
        self._store, self._fail_at, self._error = store, fail_at, error
        self.writes: list[tuple[str, str, int, bool]] = []

    def __getattr__(self, name: str) -> Any:
        if name in ("mark", "put_mark"):
            raise AttributeError(name)
        return getattr(self._store, name)

    def _note(self, verb: str, label: str, rows: int, insert_only: bool) -> None:
        self.writes.append((verb, label, rows, insert_only))
        if len(self.writes) == self._fail_at:
            raise self._error or RuntimeError("the power went away")

    def write_vertices(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        self._note("write", label, rows.num_rows, insert_only)
        self._store.write_vertices(label, rows, insert_only)

    def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
        self._note("write", label, rows.num_rows, insert_only)
        self._store.write_edges(label, rows, insert_only)

    def forget_vertices(self, label: str, ids: pa.Array) -> None:
        self._note("forget", label, len(ids), False)
        self._store.forget_vertices(label, ids)

    def forget_edges(self, label: str, ids: pa.Array) -> None:
        self._note("forget", label, len(ids), False)
        self._store.forget_edges(label, ids)


class Spy(Markless):
    """The same with the mark of the store behind it."""

    def stamp(self) -> str:
        return str(self._store.stamp())  # type: ignore[attr-defined]

    def put_stamp(self, text: str) -> None:
        self._store.put_stamp(text)  # type: ignore[attr-defined]


def run(engine: Engine, store: Any, book: Book, labels: list[str] | None = None, **how: bool) -> Synced:
    return sync(engine, store, book, labels or EVERY, Silent(), **how)


def clean_digest(engine: Engine) -> str:
    """What a graph written straight from the tables, without any sync, comes to. Made once for tables of the same content."""
    there = {label: table for label in EVERY if engine.has(table := label_named(label).table)}
    content = " UNION ALL ".join(f"SELECT '{label}', count(*), sum(hash(t)) FROM {table} t" for label, table in there.items())
    key = repr(sorted(engine.rows(content)))
    if key not in _CLEAN:
        store = Memory(StoreContext(Path("nowhere")))
        for label, table in there.items():
            write = store.write_vertices if label in VERTICES else store.write_edges
            write(label, engine.arrow(f"FROM {table}"))
        _CLEAN[key] = digest(store)
    return _CLEAN[key]


_CLEAN: dict[str, str] = {}


def lose_ann(engine: Engine) -> None:
    """Ann goes away, and what she bought; Bob moves house."""
    engine.run(f"""
        DELETE FROM members WHERE customer_id = '{ANN}'; DELETE FROM customers WHERE customer_id = '{ANN}';
        UPDATE customers SET city = 'Ham' WHERE customer_id = '{BOB}'; DELETE FROM tickets""")
    build(engine, Silent())


@pytest.fixture(scope="module", params=[as_parameter(name) for name in sorted(STORES)])
def world(request: pytest.FixtureRequest, built_village: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world_of(request, copied(built_village), tmp_path_factory.mktemp("sync")) as made:
        yield made


@pytest.fixture
def synced(world: World, built_village: Path) -> World:
    """The village in a store of each sort, whatever the test before did to it."""
    engine = world.engine
    engine.run(f"ATTACH '{built_village}' AS built (READ_ONLY)")
    for (name,) in engine.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'built' AND schema_name = 'main'"):
        engine.run(f"CREATE OR REPLACE TABLE main.{quoted(name)} AS FROM built.{quoted(name)}")
    engine.run("DETACH built")
    likes(engine)
    run(engine, world.store, world.book)
    engine.run("DROP TABLE edges_may_like")
    return world


# -- the ordinary ways -------------------------------------------------------------------------------------------------
def test_a_first_sync_writes_all_and_a_second_nothing(engine: Engine, book: Book, store: GraphStore) -> None:
    first = Spy(store)
    done = run(engine, first, book)
    assert done.written["Customer"] == 3
    assert not done.deleted
    assert digest(store) == clean_digest(engine)
    assert all(insert_only for verb, _, _, insert_only in first.writes if verb == "write")
    second = Spy(store)
    assert run(engine, second, book) == Synced({}, {})
    assert second.writes == []


def test_what_changed_is_written_and_nothing_else(synced: World) -> None:
    engine, store, book = synced.engine, synced.store, synced.book
    engine.run(f"UPDATE customers SET city = 'Ham' WHERE customer_id = '{BOB}'")
    build(engine, Silent())
    spy = Spy(store)
    assert run(engine, spy, book) == Synced({"Customer": 1}, {})
    assert spy.writes == [("write", "Customer", 1, False)]
    assert digest(store) == clean_digest(engine)


def test_what_went_away_is_deleted(synced: World) -> None:
    engine, store, book = synced.engine, synced.store, synced.book
    lose_ann(engine)
    done = run(engine, store, book)
    assert done.deleted["Customer"] == 1
    assert done.deleted["Ticket"] == 2
    assert done.deleted["PURCHASED"] == 2
    assert digest(store) == clean_digest(engine)
    village.found(engine)
    build(engine, Silent())
    run(engine, store, book)
    assert digest(store) == synced.digest


def test_a_dry_run_counts_and_writes_nothing(engine: Engine, book: Book, store: GraphStore) -> None:
    spy = Spy(store)
    counted = run(engine, spy, book, dry_run=True)
    assert spy.writes == []
    assert sum(store.count().values()) == 0
    assert counted == run(engine, store, book)
    lose_ann(engine)
    counted = run(engine, spy, book, dry_run=True)
    assert spy.writes == []
    assert counted == run(engine, store, book)
    assert digest(store) == clean_digest(engine)


def test_large_kinds_go_in_portions(engine: Engine, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "ROWS", 3000)
    engine.run(
        "INSERT INTO products (product_id, source, object, key) "
        "SELECT 'product:shop:p:x' || range, 's', 'o', 'k' FROM range(9000)"
    )
    build(engine, Silent())
    store = Memory(StoreContext(Path("nowhere")))
    spy = Spy(store)
    run(engine, spy, book, ["Product"])
    assert sum(rows for _, _, rows, _ in spy.writes) == 9004
    assert len(spy.writes) > 1


def test_kinds_may_be_synced_apart(engine: Engine, book: Book, store: GraphStore) -> None:
    """First what the sources say, later what insights add, as the pipeline does; a lost customer takes both along."""
    likes(engine, (ANN, "product:shop:p:3"), (BOB, "product:shop:p:1"))
    sources = [label for label in EVERY if label != "MAY_LIKE"]
    run(engine, store, book, sources)
    run(engine, store, book, ["MAY_LIKE"])
    assert digest(store) == clean_digest(engine)
    lose_ann(engine)
    run(engine, store, book, sources)
    village.found(engine)  # Ann comes back, and the insight says of her what it said before
    build(engine, Silent())
    run(engine, store, book, sources)
    run(engine, store, book, ["MAY_LIKE"])
    assert digest(store) == clean_digest(engine)


def likes(engine: Engine, *pairs: tuple[str, str]) -> None:
    engine.run("CREATE OR REPLACE TABLE pair (source VARCHAR, target VARCHAR)")
    for source, target in pairs:
        engine.run("INSERT INTO pair VALUES ($source, $target)", {"source": source, "target": target})
    columns = ["source", "target", "score", '"rank"', "why"]
    engine.run(f"""CREATE OR REPLACE TABLE edges_may_like AS SELECT id, source, target, {fingerprint(*columns)} AS hash,
        score, "rank", why FROM (SELECT 'may_like:' || source || '>' || target AS id, source, target, 0.5::DOUBLE AS score,
        1::BIGINT AS "rank", 'because' AS why FROM pair)""")


def test_a_kind_without_a_table_is_left_alone(synced: World) -> None:
    engine, store, book = synced.engine, synced.store, synced.book
    likes(engine, (ANN, "product:shop:p:3"))
    run(engine, store, book)
    engine.run("DROP TABLE edges_may_like")
    assert run(engine, store, book) == Synced({}, {})
    assert store.count()["MAY_LIKE"] == 1


# -- when something is not as we left it -------------------------------------------------------------------------------
def test_what_was_changed_behind_our_back_is_repaired_on_verify(synced: World) -> None:
    engine, store, book = synced.engine, synced.store, synced.book
    store.forget_vertices("Customer", pa.array([BOB]))
    assert run(engine, Spy(store), book) == Synced({}, {}), "not noticed: nobody looked"
    done = run(engine, store, book, verify=True)
    assert done.written["Customer"] == 1
    assert digest(store) == clean_digest(engine)


def test_a_new_and_empty_store_is_filled(engine: Engine, book: Book) -> None:
    run(engine, Memory(StoreContext(Path("a"))), book)
    other = Memory(StoreContext(Path("b")))
    run(engine, other, book)
    assert digest(other) == clean_digest(engine)


def test_a_store_without_marks_is_recognised_by_its_counts(engine: Engine, book: Book) -> None:
    first = Markless(Memory(StoreContext(Path("a"))))
    run(engine, first, book)
    assert run(engine, first, book) == Synced({}, {})
    other = Markless(Memory(StoreContext(Path("b"))))
    run(engine, other, book)
    assert digest(other) == clean_digest(engine)  # type: ignore[arg-type]


def test_going_to_another_store_and_back(engine: Engine, book: Book) -> None:
    one, other = Memory(StoreContext(Path("a"))), Memory(StoreContext(Path("b")))
    run(engine, one, book)
    lose_ann(engine)
    run(engine, other, book)
    run(engine, one, book)
    assert digest(one) == digest(other) == clean_digest(engine)


def test_lost_tables_or_a_lost_book_are_no_harm(synced: World, tmp_path: Path) -> None:
    store, book = synced.store, synced.book
    fresh_engine = DuckDB()
    village.found(fresh_engine)
    lose_ann(fresh_engine)
    done = run(fresh_engine, store, book)
    assert done.deleted["Customer"] == 1
    assert digest(store) == clean_digest(fresh_engine)
    other_book = Book(tmp_path / "other.sqlite")
    assert run(fresh_engine, store, other_book) == Synced({}, {})
    other_book.close()
    fresh_engine.close()


def test_only_one_sync_at_a_time(engine: Engine, book: Book) -> None:
    store = Memory(StoreContext(Path("a")))
    refused: list[BaseException] = []

    class Nosy(Spy):
        def write_edges(self, label: str, rows: pa.Table, insert_only: bool = False) -> None:
            if not refused:
                with pytest.raises(Busy) as caught:
                    run(engine, store, book)
                refused.append(caught.value)
            super().write_edges(label, rows, insert_only)

    run(engine, Nosy(store), book)
    assert refused
    assert run(engine, store, book) == Synced({}, {})
    assert digest(store) == clean_digest(engine)


@pytest.mark.parametrize("error", [RuntimeError("down"), KeyboardInterrupt()])
@pytest.mark.parametrize("change", [None, lose_ann])
def test_a_sync_that_fails_anywhere_is_made_good(
    engine: Engine, book: Book, error: BaseException, change: Callable[[Engine], None] | None
) -> None:
    """Fail before every single write in turn, then sync again."""
    store = Memory(StoreContext(Path("a")))
    if change:
        run(engine, store, book)
        change(engine)
    writes = 0
    while True:
        writes += 1
        spy = Spy(store, fail_at=writes, error=error)
        try:
            run(engine, spy, book)
        except (RuntimeError, KeyboardInterrupt):
            continue
        break
    assert writes > 3
    assert digest(store) == clean_digest(engine)


KILLED = """
import os, signal, sys
from pathlib import Path
from fullcircle.book.book import Book
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.sqlite.store import Sqlite
from fullcircle.graph.sync import sync
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
folder, after = Path(sys.argv[1]), int(sys.argv[2])
class Killed(Sqlite):
    left = after
    def _writing(self):
        Killed.left -= 1
        if Killed.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._writing()
store = Killed(StoreContext(folder / "graph"))
store.prepare()
sync(DuckDB(folder / "tables"), store, Book(folder / "book"), [*VERTICES, *EDGES], Silent())
"""


@pytest.mark.parametrize("after", [2, 7, 14])
def test_a_killed_process_is_made_good(tmp_path: Path, after: int) -> None:
    engine = DuckDB(tmp_path / "tables")
    village.found(engine)
    build(engine, Silent())
    engine.close()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(after)], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    engine, book = DuckDB(tmp_path / "tables"), Book(tmp_path / "book")
    store = Sqlite(StoreContext(tmp_path / "graph"))
    store.prepare()
    run(engine, store, book)
    assert digest(store) == clean_digest(engine)
    assert run(engine, Spy(store), book) == Synced({}, {})
    for thing in (store, book, engine):
        thing.close()


# -- any history comes to the same -------------------------------------------------------------------------------------
CUSTOMERS = st.dictionaries(st.sampled_from("abcd"), st.one_of(st.none(), st.text("xy\u00e9\U0001f600'", max_size=3)), max_size=4)
LIKES = st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), st.floats(0, 1), max_size=5)
STATES = st.lists(st.tuples(CUSTOMERS, LIKES), min_size=1, max_size=4)


def become(engine: Engine, customers: dict[str, str | None], related: dict[tuple[str, str], float]) -> None:
    """Set the desired state: these customers, and the relations between those that exist."""
    made = {
        "Customer": pa.Table.from_pylist([{"id": f"customer:{key}", "name": name} for key, name in customers.items()],
                                         pa.schema([("id", pa.string()), ("name", pa.string())])),
        "RELATED_TO": pa.Table.from_pylist(
            [{"id": f"related_to:{a}", "source": f"customer:{a}", "target": f"customer:{b}", "score": score}
             for (a, b), score in {pair[0]: (pair, score) for pair, score in related.items()}.values()
             if a in customers and b in customers],
            pa.schema([("id", pa.string()), ("source", pa.string()), ("target", pa.string()), ("score", pa.float64())])),
    }  # fmt: skip
    for label, table in made.items():
        model = label_named(label)
        given = [name for name in table.column_names if name not in ("id", "source", "target")]
        ends = [name for name in ("source", "target") if name in table.column_names]
        rest = [f"NULL::{'BIGINT' if type_ == 'int' else 'VARCHAR' if type_ == 'string' else type_} AS {quoted(name)}"
                for name, type_ in model.properties.items() if name not in given]  # fmt: skip
        with engine.register("given", table):
            engine.run(f"CREATE OR REPLACE TABLE {model.table} AS SELECT id, {', '.join((*ends, *given, *rest))}, "
                       f"{fingerprint(*ends, *given)} AS hash FROM given")  # fmt: skip


def check_history(
    store: GraphStore, folder: Path, states: list[tuple[dict[str, str | None], dict[tuple[str, str], float]]]
) -> None:
    engine, book = DuckDB(threads=1), Book(folder / "book.sqlite")
    try:
        for customers, related in states:
            become(engine, customers, related)
            run(engine, store, book, ["Customer", "RELATED_TO"])
        assert digest(store) == clean_digest(engine)
    finally:
        engine.close()
        book.close()


@settings(max_examples=examples(6, soak=75), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES)
def test_any_history_of_states_comes_to_the_last_state(tmp_path: Path, states: Any) -> None:
    (tmp_path / "book.sqlite").unlink(missing_ok=True)
    check_history(Memory(StoreContext(tmp_path)), tmp_path, states)


@pytest.mark.parametrize("plugin", [Sqlite, Ladybug])
@settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=STATES)
def test_any_history_in_an_embedded_store_too(tmp_path: Path, plugin: Any, states: Any) -> None:
    for path in (tmp_path / "book.sqlite", *tmp_path.glob("graph*")):
        path.unlink(missing_ok=True)
    store = plugin(StoreContext(tmp_path / "graph", {"memory": "256MB"}))
    try:
        store.prepare()
        check_history(store, tmp_path, states)
    finally:
        store.close()


def test_readers_beside_a_sync_see_whole_states(engine: Engine, book: Book, tmp_path: Path) -> None:
    """Readers that open while syncs go on see each customer whole; never an error."""
    setting = StoreContext(tmp_path / "graph")
    store = Sqlite(setting)
    store.prepare()
    run(engine, store, book)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(tmp_path / "graph")], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert reader.stdout and reader.stdin
    assert reader.stdout.readline() == "ready\n"
    for number in range(6):
        engine.run(f"UPDATE customers SET city = '{number}', street = '{number}'")
        build(engine, Silent())
        run(engine, store, book)
    reader.stdin.close()
    said = reader.stdout.read().split()
    assert reader.wait(timeout=60) == 0
    assert said[0] == "whole"
    assert int(said[1]) > 0
    store.close()


READER = """
import sys, threading, time
from pathlib import Path
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.sqlite.store import Sqlite
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set())).start()
print("ready", flush=True)
rounds = 0
while not over.is_set() or not rounds:
    store = Sqlite(StoreContext(Path(sys.argv[1]), read_only=True))
    for name in ("ann", "bob", "cy"):
        found = store.vertex("customer:" + name).properties
        assert found.get("city") == found.get("street")
    assert len(store.neighbours("customer:ann", ["PLACED"])) == 2
    store.close()
    rounds += 1
    time.sleep(0.05)  # leaves the writer its core
print("whole", rounds)
"""

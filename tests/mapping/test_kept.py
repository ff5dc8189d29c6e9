"""Rows that are kept from the last run give the tables, and say the words, that reading everything anew gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import META, Batch, FullRead
from fullcircle.connectors.landing import Landing
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping import kept
from fullcircle.mapping.kept import KeptRows
from fullcircle.mapping.reading.date_order import Neighbours
from fullcircle.mapping.staging import stage
from fullcircle.mapping.validate import validate
from fullcircle.model.tables import CONFORMED
from tests.mapping.conftest import Recording
from tests.mapping.test_conform import map_of
from tests.properties import examples

MAPS = (
    map_of("crm", "people", "records", {
        "full_name": "name", "email": "mail", "phone": "tel", "birth_text": "born", "country": "land"}),
    map_of("crm", "people", "identifiers", {"kind": {"value": "loyalty"}, "value": "card"}, key="card"),
    map_of("shop", "buyers", "records", {"full_name": "name", "email": "mail"}),
    map_of("shop", "orders", "orders", {
        "record_id": {"field": "who", "ref": "buyers"}, "ordered_at": "day", "amount": "sum", "currency": "cur",
        "status": "state"}),
    map_of("shop", "orders", "products", {"name": "cur"}),
    map_of("shop", "orders", "order_lines", {
        "order_id": {"field": "$.id", "ref": "orders"}, "product_id": {"field": "$.id", "ref": "orders"}, "quantity": "n",
        "unit_price": "price"}, each="lines"),
)  # fmt: skip
DAYS = ("2024-05-01", "2024-12-31", "03/04/2024", "25/04/2024", "04/25/2024", "0000-00-00", "soon", None)
SUMS = ("10", "7.50", "1,234", "1.234", "12,50", "1.234,50", "many", None)
NAMES = ("Ann Oaks", "Bo Elm", "Cy & Di Elm", "Guest", "Elm Ltd", None)


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small a world is kept, and whatever changes is much of it."""
    monkeypatch.setattr(kept, "SMALLEST", 0)
    monkeypatch.setattr(kept, "MOST", 1000)


class Staged(NamedTuple):
    rows: dict[str, list[tuple[object, ...]]]
    said: list[str]
    again: dict[str, int]  # the rows of each table that were read again; -1: all


class World:
    """A landing, and an engine that keeps what it read."""

    def __init__(self, folder: Path) -> None:
        self.engine, self.book = DuckDB(threads=1, memory="500MB"), Book(folder / "book.sqlite")
        self.landing = Landing(folder / "landing", self.book, self.engine)
        self.maps: tuple[MapSettings, ...] = MAPS
        self.country, self.reading = "DE", 0
        for name, rows, file in (("crm.people", person, ""), ("shop.buyers", person, "b"), ("shop.orders", order, "b")):
            self.land(name, [rows(number, number) for number in range(6)], file)

    def land(self, name: str, rows: list[dict[str, object]], file: str = "", ops: str = "upsert") -> None:
        """Rows that land after all others; or, of a file, in the place of what it had before."""
        self.reading += 1
        own = {"crm.people": PERSON, "shop.buyers": PERSON, "shop.orders": ORDER}[name]
        data = {
            "_key": pa.array([str(row["id"]) for row in rows], pa.string()), "_op": pa.array([ops] * len(rows), pa.string()),
            "_into": pa.array(["1" if ops == "merge" else None] * len(rows), pa.string()),
            "_at": pa.array([datetime(2024, 1, 1)] * len(rows), META.field("_at").type),
            "_raw": pa.array([json.dumps(row) for row in rows], pa.string()),
            **{column: pa.array([row.get(column) for row in rows], pa.string()) for column in own},
        }  # fmt: skip
        whole = FullRead(file, f"r{self.reading}", ends=True) if file else None
        self.landing.land(*name.split("."), Batch(pa.table(data), {"at": self.reading}, full_read=whole))

    def staged(self) -> Staged:
        """The staged tables of this world, and what was said; of what is kept, only what changed is read."""
        rows = KeptRows(self.engine, self.landing)
        return staged(self.engine, self.landing, self, rows)

    def anew(self) -> Staged:
        """The same, of everything read anew."""
        engine = DuckDB(threads=1, memory="500MB")
        try:
            return staged(engine, Landing(self.landing.root, self.book, engine), self)
        finally:
            engine.close()

    def close(self) -> None:
        self.engine.close()
        self.book.close()


def staged(engine: DuckDB, landing: Landing, world: World, rows: KeptRows | None = None) -> Staged:
    said, found, again = Recording(), {}, {}
    checked = validate(engine, landing, world.maps, said)
    neighbours = Neighbours(engine, [each.landed for each in checked])
    for table in CONFORMED.values():
        ours = [each for each in checked if each.table is table]
        name, reading = stage(engine, table, ours, world.country, said, neighbours, rows)
        if rows and ours:
            again[table.name] = engine.count(name) if reading.changed else -1
            rows.keep(table, name, ours, reading)
        found[table.name] = engine.rows(f"FROM {name} ORDER BY ALL")
    if rows:
        rows.end()
    return Staged(found, said.said, again)


PERSON = ("id", "name", "mail", "tel", "born", "land", "card")
ORDER = ("id", "who", "day", "sum", "cur", "state")


def person(id: int, n: int) -> dict[str, object]:
    return {
        "id": str(id), "name": NAMES[n % 6], "mail": f"a{n}@post.example" if n % 4 else None, "tel": f"0702 9191{300 + n}",
        "born": DAYS[n % 8], "land": ("DE", "Austria", None)[n % 3], "card": f"A-{n}" if n % 2 else None,
    }  # fmt: skip


def order(id: int, n: int) -> dict[str, object]:
    lines = [{"n": n % 3, "price": 2.5}, {"n": 1, "price": "7,20" if n % 5 == 4 else "7.20"}][: n % 3]
    return {
        "id": str(id), "who": str(n % 7), "day": DAYS[n % 8], "sum": SUMS[n % 8], "cur": ("EUR", "$", "Euro")[n % 3],
        "state": ("paid", "storniert", "odd")[n % 3], "lines": lines,
    }  # fmt: skip


def change(world: World, what: str, a: int, b: int) -> None:
    """One change of a history; `a` chooses an object and a row, `b` its content."""
    name = ("crm.people", "shop.buyers", "shop.orders")[a % 3]
    rows = [(order if name == "shop.orders" else person)(a % 6 + more, b + more) for more in range(1 + b % 3)]
    which = name.split(".")
    match what:
        case "upsert" | "delete" | "merge":
            world.land(name, rows, ops=what)
        case "file":  # of a name before or after the others: of one key, the row of the last name counts
            world.land(name, rows, file=("a", "b", "c")[b % 3])
        case "compact":
            files = world.landing.listed(*which)
            alike = [file for file in files if file.like == files[-1].like]
            if len(alike) > 1:
                world.landing.merge(*which, alike)
        case "rewrite":
            path = world.landing.files(*which)[0]
            table = world.landing.read(which[0], path)
            world.landing.rewrite(which[0], path, table.slice(0, max(table.num_rows - 1, 1)))
        case "map":
            world.maps = (*MAPS[:-1], MAPS[-1].model_copy(update={"where": f"id <> '{b % 6}'"})) if world.maps is MAPS else MAPS
        case "country":
            world.country = "US" if world.country == "DE" else "DE"
        case "lost":
            world.engine.run(("DROP TABLE IF EXISTS kept.orders", "DELETE FROM kept.records", "DROP SCHEMA kept CASCADE")[b % 3])


WHAT = ("upsert", "upsert", "upsert", "delete", "merge", "file", "file", "compact", "rewrite", "map", "country", "lost")
numbers = st.integers(0, 23)
histories = st.lists(st.lists(st.tuples(st.sampled_from(WHAT), numbers, numbers), max_size=3), min_size=2, max_size=5)


@settings(
    max_examples=examples(3, soak=200), deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(histories)
def test_what_changed_read_again_is_everything_read_again(tmp_path_factory, history):
    world = World(tmp_path_factory.mktemp("world"))
    world.staged()
    for changes in history:
        for one in changes:
            change(world, *one)
        is_as_anew(world)
    world.close()


def is_as_anew(world: World) -> dict[str, int]:
    """Stage, and see that all is as if it were read anew; how many rows of each table were read again."""
    found, expected = world.staged(), world.anew()
    for table, rows in expected.rows.items():
        assert found.rows[table] == rows, table
    assert found.said == expected.said
    return found.again


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.staged()
    yield made
    made.close()


def test_only_rows_of_keys_that_landed_are_read_again(world):
    assert is_as_anew(world) == {"records": 0, "identifiers": 0, "orders": 0, "products": 0, "order_lines": 0}
    world.land("crm.people", [person(1, 9), person(20, 5)])
    assert is_as_anew(world) == {"records": 2, "identifiers": 2, "orders": 0, "products": 0, "order_lines": 0}
    world.land("crm.people", [person(1, 9)], ops="delete")
    assert is_as_anew(world)["records"] == 0
    world.land("crm.people", [person(1, 2)])
    assert is_as_anew(world)["records"] == 1


def test_of_a_key_in_two_files_the_row_of_the_later_name_comes_back_when_the_other_goes(world):
    world.land("shop.buyers", [person(1, 8)], file="c")
    assert is_as_anew(world)["records"] == 1
    world.land("shop.buyers", [person(1, 9), person(9, 9)], file="a")  # counts before the others, and lands after them
    assert is_as_anew(world)["records"] == 2
    world.land("shop.buyers", [person(7, 7)], file="c")
    assert is_as_anew(world)["records"] == -1


def test_a_value_that_changes_how_its_column_is_read_reads_all_again(world):
    world.land("shop.orders", [order(number, 8) for number in range(6)], file="b")
    is_as_anew(world)
    world.land("shop.orders", [{**order(30, 0), "sum": "3"}])
    assert is_as_anew(world)["orders"] == 1
    world.land("shop.orders", [{**order(31, 0), "day": "25/12/2024"}])
    assert is_as_anew(world)["orders"] == -1
    world.land("shop.orders", [{**order(32, 0), "day": "03/04/2024"}])
    assert is_as_anew(world)["orders"] == 1


def test_other_settings_another_version_and_lost_rows_read_all_again(world, monkeypatch):
    def all_again() -> bool:
        return set(world.staged().again.values()) == {-1}

    world.country = "US"
    assert world.staged().again["orders"] == -1
    monkeypatch.setattr(kept, "__version__", "0")
    assert all_again()
    world.engine.run("DELETE FROM kept.orders WHERE rowid = 1")
    assert world.staged().again["orders"] == -1
    world.engine.run("DROP SCHEMA kept CASCADE")
    assert all_again()
    monkeypatch.setattr(kept, "MOST", 0.1)
    world.land("crm.people", [person(number, number) for number in range(3)])
    assert world.staged().again["records"] == -1


@pytest.mark.parametrize("sql", ["row_number() OVER (ORDER BY name)", "CAST(current_date AS VARCHAR)", "_seq", "uuid()"])
def test_a_map_that_looks_at_more_than_its_row_is_not_kept(world, sql):
    world.maps = (*MAPS[:2], map_of("shop", "buyers", "records", {"full_name": {"sql": sql}}), *MAPS[3:])
    world.staged()
    assert world.staged().again["records"] == -1
    assert not world.engine.has("kept.records")
    assert world.engine.has("kept.orders")


def test_rows_of_a_map_that_is_gone_and_few_rows_are_not_kept(world, monkeypatch):
    world.maps = MAPS[:3]
    world.staged()
    assert {row[0] for row in world.engine.rows("SELECT name FROM kept.state")} == {"records", "identifiers"}
    assert not world.engine.has("kept.orders")
    monkeypatch.setattr(kept, "SMALLEST", 100)
    world.staged()
    assert not world.engine.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'kept' AND table_name <> 'state'")


def test_late_rows_are_kept_at_the_end_alone(world):
    world.engine.run("DROP SCHEMA kept CASCADE")
    late = KeptRows(world.engine, world.landing, late=True)
    end, late.end = late.end, lambda: None
    staged(world.engine, world.landing, world, late)
    assert not world.engine.has("kept.records")
    end()
    assert is_as_anew(world)["records"] == 0

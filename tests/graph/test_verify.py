"""--verify repairs whatever somebody changed in the graph, also where the property `hash` was left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import GraphStore
from fullcircle.graph.digest import digest
from fullcircle.graph.shape import schema
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.sync import Synced
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import village
from tests.graph.conftest import STORES, World, as_parameter, world_of
from tests.graph.test_store_contract import skip_unless_others_write_into, write_past
from tests.graph.test_sync import EVERY, Spy, clean_digest, likes, run
from tests.graph.village import ANN, BOB, CY


def odd_village() -> Engine:
    """The village, with times finer than a store keeps, before 1970, and prices that are no round numbers."""
    made = DuckDB(threads=2)
    village.found(made)
    made.run("""
        UPDATE orders SET ordered_at = TIMESTAMP '1969-12-31 23:59:59.999999' WHERE key = '1';
        UPDATE orders SET ordered_at = TIMESTAMP '2024-03-01 00:00:00.123456' WHERE key = '2';
        UPDATE customers SET first_seen = TIMESTAMP '2024-01-01 10:00:00.000999', birth_date = DATE '1899-12-31', city = '';
        UPDATE products SET price = 0.1 WHERE key = '2'""")
    build(made, Silent())
    likes(made, (ANN, "product:shop:p:3"))
    made.run("UPDATE edges_may_like SET score = -0.0")
    return made


@pytest.fixture(scope="module", params=[as_parameter(name) for name in sorted(STORES)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A store of each sort, synced once for all tests here: each test spoils something, and verifying mends it."""
    with world_of(request, odd_village(), tmp_path_factory.mktemp("verify")) as made:
        assert made.digest == clean_digest(made.engine)
        yield made


def meddle(store: GraphStore, label: str, id: str, /, **values: Any) -> None:
    """Change a row in the store past everybody, and leave its hash as it was."""
    row = next(row for page in store.scan(label) for row in page.to_pylist() if row["id"] == id)
    write = store.write_vertices if label in VERTICES else store.write_edges
    write(label, pa.Table.from_pylist([row | values], schema(label)))


def test_where_all_is_well_verifying_writes_nothing(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    spy = Spy(store)
    assert run(engine, spy, book, verify=True) == Synced({}, {})
    assert spy.writes == []


def test_changed_properties_are_repaired(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    meddle(store, "Customer", ANN, name="Somebody else")
    meddle(store, "Customer", BOB, full_name=None)
    meddle(store, "Customer", CY, street="")
    meddle(store, "Product", "product:shop:p:2", price=0.2)
    meddle(store, "PURCHASED", f"purchased:{ANN}>product:shop:p:1", times=7)
    assert run(engine, Spy(store), book) == Synced({}, {}), "not noticed: nobody looked"
    assert run(engine, store, book, verify=True) == Synced({"Customer": 3, "Product": 1, "PURCHASED": 1}, {})
    assert digest(store) == world.digest
    assert run(engine, Spy(store), book, verify=True) == Synced({}, {})


def test_moved_ends_are_put_back(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    meddle(store, "PURCHASED", f"purchased:{ANN}>product:shop:p:1", source=BOB)
    meddle(store, "IN_CATEGORY", "in_category:product:shop:p:1>category:baked-goods", target="category:épicerie-食品")
    assert run(engine, store, book, verify=True) == Synced({"PURCHASED": 1, "IN_CATEGORY": 1}, {})
    assert digest(store) == world.digest


def test_rows_put_in_and_taken_out_too(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    store.forget_vertices("Product", pa.array(["product:shop:p:1"]))
    store.write_vertices(
        "Product",
        pa.Table.from_pylist([dict.fromkeys(schema("Product").names) | {"id": "product:x", "hash": 1}], schema("Product")),
    )
    done = run(engine, store, book, verify=True)
    assert done.deleted == {"Product": 1}
    assert done.written["Product"] == 1
    assert digest(store) == world.digest


def test_a_dry_run_counts_what_verifying_would_repair(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    meddle(store, "Product", "product:shop:p:2", name="Stone")
    spy = Spy(store)
    counted = run(engine, spy, book, verify=True, dry_run=True)
    assert spy.writes == []
    assert counted == Synced({"Product": 1}, {}) == run(engine, store, book, verify=True)


def test_verifying_that_breaks_off_can_be_asked_again(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    meddle(store, "Customer", ANN, name="Somebody else")
    meddle(store, "Product", "product:shop:p:2", price=0.2)
    with pytest.raises(RuntimeError):
        run(engine, Spy(store, 2), book, verify=True)
    run(engine, store, book, verify=True)
    assert digest(store) == world.digest


def test_every_property_of_every_kind_is_looked_at(tmp_path: Path) -> None:
    """Take each property that has a value away from one row, one after the other."""
    from tests.graph.test_claim import memory

    engine, store, book = odd_village(), memory(), Book(tmp_path / "book.sqlite")
    run(engine, store, book)
    taken = 0
    for label in EVERY:
        rows = [row for page in store.scan(label) for row in page.to_pylist()]
        for name in {**VERTICES, **EDGES}[label].properties:
            row = next((row for row in rows if row[name] is not None), None)
            if row:
                meddle(store, label, row["id"], **{name: None})
                assert run(engine, store, book, [label], verify=True) == Synced({label: 1}, {}), name
                taken += 1
    assert taken > 40
    assert digest(store) == clean_digest(engine)
    book.close()
    engine.close()


def test_a_value_of_another_type_is_repaired(world: World) -> None:
    engine, store, book = world.engine, world.store, world.book
    skip_unless_others_write_into(store)
    write_past(store, "product:shop:p:2", "price", "'cheap'" if isinstance(store, Gremlin) else '"cheap"')
    assert run(engine, store, book, verify=True) == Synced({"Product": 1}, {})
    assert digest(store) == world.digest

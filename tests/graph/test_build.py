from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.shape import label_named, schema
from fullcircle.graph.tables import people
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import EDGES, FROM_SOURCES
from fullcircle.model.progress import Silent
from tests.graph import village
from tests.graph.village import ANN, BOB, CY


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = DuckDB()
    village.found(made)
    yield made
    made.close()


def ids(engine: Engine, label: str) -> set[str]:
    return {row[0] for row in engine.rows(f"SELECT id FROM {label_named(label).table}")}


def ends(engine: Engine, label: str) -> set[tuple[str, str]]:
    return set(engine.rows(f"SELECT source, target FROM {label_named(label).table}"))


def row(engine: Engine, label: str, id: str) -> dict[str, Any]:
    found = engine.arrow(f"SELECT * FROM {label_named(label).table} WHERE id = '{id}'").to_pylist()
    assert len(found) == 1
    return dict(found[0])


def test_every_kind_of_the_sources_has_its_columns_and_unique_ids(engine: Engine) -> None:
    made = build(engine, Silent())
    assert set(made) == set(FROM_SOURCES)
    for label in FROM_SOURCES:
        table = label_named(label).table
        assert engine.arrow(f"FROM {table}").schema == schema(label), label
        assert engine.count(table) == made[label] == len(ids(engine, label)), label
        assert all(id.startswith(f"{label.lower()}:") for id in ids(engine, label))
        assert engine.value(f"SELECT count(*) FROM {table} WHERE hash IS NULL OR hash < 0") == 0


def test_every_edge_has_both_ends(engine: Engine) -> None:
    build(engine, Silent())
    for label in (label for label in FROM_SOURCES if label in EDGES):
        for source, target in ends(engine, label):
            assert any(source in ids(engine, a) and target in ids(engine, b) for a, b in EDGES[label].joins), (
                label,
                source,
                target,
            )


def test_customers_with_their_provenance(engine: Engine) -> None:
    build(engine, Silent())
    ann = row(engine, "Customer", ANN)
    assert (ann["name"], ann["records"], ann["sources"]) == ("Ann Miller", 2, "crm, shop")
    assert json.loads(ann["provenance"]) == {
        "email": {"from": "record:shop:c:1", "rule": "", "others": 0},
        "full_name": {"from": "record:shop:c:1", "rule": 'newest "of" two', "others": 1},
    }
    assert row(engine, "Customer", CY)["provenance"] is None


def test_slices_of_customers_change_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    build(engine, Silent())
    whole = engine.rows("FROM vertices_customer ORDER BY id")
    monkeypatch.setattr(people, "SLICE", 1)
    build(engine, Silent())
    assert engine.rows("FROM vertices_customer ORDER BY id") == whole


def test_identifiers_are_shared_by_customers(engine: Engine) -> None:
    build(engine, Silent())
    assert row(engine, "Identifier", "identifier:email:ann@example.org")["customers"] == 2
    assert ids(engine, "Identifier") == {"identifier:email:ann@example.org", "identifier:phone:+4930"}
    assert ends(engine, "HAS_IDENTIFIER") == {
        (ANN, "identifier:email:ann@example.org"), (BOB, "identifier:email:ann@example.org"), (BOB, "identifier:phone:+4930"),
    }  # fmt: skip
    assert engine.value(f"SELECT records FROM edges_has_identifier WHERE source = '{ANN}'") == 2


def test_households_and_accounts(engine: Engine) -> None:
    build(engine, Silent())
    assert ends(engine, "MEMBER_OF") == {(ANN, "household:1"), (BOB, "household:1"), (ANN, "account:crm:a:1")}
    engine.run("DROP TABLE households; DROP TABLE household_members")
    build(engine, Silent())
    assert ends(engine, "MEMBER_OF") == {(ANN, "account:crm:a:1")}
    assert ids(engine, "Household") == set()


def test_categories_with_one_name_in_many_spellings_are_one(engine: Engine) -> None:
    build(engine, Silent())
    assert ids(engine, "Category") == {"category:baked-goods", "category:épicerie-食品"}
    assert row(engine, "Category", "category:baked-goods")["name"] == "Baked  Goods!"
    assert len(ends(engine, "IN_CATEGORY")) == 3


def test_purchases_leave_out_what_was_never_sold(engine: Engine) -> None:
    build(engine, Silent())
    assert ids(engine, "Order") == {f"order:shop:o:{number}" for number in (1, 2, 3, 4)}
    assert ends(engine, "PLACED") == {(ANN, "order:shop:o:1"), (ANN, "order:shop:o:2"), (BOB, "order:shop:o:3")}
    assert ends(engine, "PURCHASED") == {(ANN, "product:shop:p:1"), (ANN, "product:shop:p:2")}
    bread = row(engine, "PURCHASED", f"purchased:{ANN}>product:shop:p:1")
    assert (bread["times"], bread["quantity"], bread["amount"]) == (2, 4.0, 7.6)
    assert (bread["first"], bread["last"]) == (datetime(2024, 2, 1, 10), datetime(2024, 3, 1))
    lines = row(engine, "CONTAINS", "contains:order:shop:o:1>product:shop:p:1")
    assert (lines["quantity"], lines["amount"]) == (3.0, 7.5)


def test_an_order_without_amount_is_worth_its_lines(engine: Engine) -> None:
    build(engine, Silent())
    assert row(engine, "Order", "order:shop:o:2")["amount"] == pytest.approx(0.3, abs=0)
    assert engine.rows("SELECT order_id, amount, channel FROM customer_orders ORDER BY ALL") == [
        ("order:shop:o:1", 10.0, "web"), ("order:shop:o:2", 0.3, None),
    ]  # fmt: skip
    assert engine.columns("purchases") == {
        "customer_id": "VARCHAR", "product_id": "VARCHAR", "times": "BIGINT", "quantity": "DOUBLE", "amount": "DOUBLE",
        "first": "TIMESTAMP", "last": "TIMESTAMP", "currency": "VARCHAR", "amounts": "VARCHAR",
    }  # fmt: skip


def test_a_nul_is_taken_out_of_texts(engine: Engine) -> None:
    build(engine, Silent())
    assert row(engine, "Record", "record:shop:c:3")["full_name"] == 'Cy "the\nNUL \x01"!'


def test_building_twice_gives_the_same_and_a_change_gives_another_hash(engine: Engine) -> None:
    build(engine, Silent())
    before = {label: engine.rows(f"FROM {label_named(label).table} ORDER BY id") for label in FROM_SOURCES}
    build(engine, Silent())
    assert before == {label: engine.rows(f"FROM {label_named(label).table} ORDER BY id") for label in FROM_SOURCES}
    engine.run("UPDATE customers SET city = '' WHERE customer_id = 'customer:ann'")  # null before
    build(engine, Silent())
    assert row(engine, "Customer", ANN)["hash"] != dict((one[0], one[1]) for one in before["Customer"])[ANN]
    assert row(engine, "Customer", BOB)["hash"] == dict((one[0], one[1]) for one in before["Customer"])[BOB]


def test_an_empty_world_makes_empty_tables(engine: Engine) -> None:
    for table in ("records", "members", "customers", "provenance", "identifiers", "accounts", "products", "orders",
                  "order_lines", "tickets", "interactions", "households", "household_members"):  # fmt: skip
        engine.run(f"DELETE FROM {table}")
    assert build(engine, Silent()) == dict.fromkeys(FROM_SOURCES, 0)

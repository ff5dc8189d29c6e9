"""A deal of several people: one vertex with its outcome, and an edge from each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fullcircle.ask.customer import deals_of
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.tables.build import build
from fullcircle.model.progress import Silent
from tests.graph import village
from tests.graph.village import ANN, BOB

DEAL = "interaction:crm:d:9"


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = DuckDB()
    village.found(made)
    made.run(f"""INSERT INTO interactions VALUES
        ('{DEAL}', 'record:shop:c:1', NULL, 'opportunity', NULL, 'Roof', NULL, 1200, 'EUR', 'lost', 'Closed Lost', NULL,
            NULL, 'crm', 'd', '9', NULL)""")
    for number, record in enumerate(("record:shop:c:1", "record:crm:p:7", "record:shop:c:2", "record:nobody")):
        made.run(f"INSERT INTO participants VALUES ('p{number}', '{DEAL}', '{record}', 'crm', 'd', '9', NULL)")
    made.run("INSERT INTO participants VALUES ('p9', 'interaction:gone', 'record:shop:c:1', 'crm', 'd', '9', NULL)")
    yield made
    made.close()


def test_each_of_them_has_the_deal_and_it_is_there_once(engine: Engine) -> None:
    build(engine, Silent())
    edges = engine.rows(f"SELECT id, source FROM edges_interacted WHERE target = '{DEAL}' ORDER BY 2")
    assert [source for _, source in edges] == [ANN, BOB]  # two records of Ann are one edge
    assert engine.value("SELECT count(*) - count(DISTINCT id) FROM edges_interacted") == 0
    found = engine.rows(f"SELECT amount, currency, status, status_raw FROM vertices_interaction WHERE id = '{DEAL}'")
    assert found == [(1200.0, "EUR", "lost", "Closed Lost")]
    assert engine.value("SELECT count(*) FROM edges_interacted WHERE target = 'interaction:gone'") == 0


def test_only_what_was_won_is_added_to_what_was_won() -> None:
    deals = [
        {"kind": "opportunity", "status": "won", "amount": 500.0, "currency": "EUR"},
        {"kind": "opportunity", "status": "won", "amount": 0.1, "currency": "EUR"},
        {"kind": "opportunity", "status": "won", "amount": 7.0, "currency": "USD"},
        {"kind": "opportunity", "status": "lost", "amount": 1200.0, "currency": "EUR"},
        {"kind": "quotation", "status": "Zauber", "amount": 9.0},
        {"kind": "opportunity"},  # of a graph that was made before outcomes were kept
        {"kind": "call", "status": "done"},
        {"kind": "payment", "status": "paid", "amount": 3.0},
    ]
    assert deals_of(deals) == [
        {"status": "won", "deals": 3, "amounts": {"EUR": 500.1, "USD": 7.0}},
        {"status": "lost", "deals": 1, "amounts": {"EUR": 1200.0}},
        {"status": "unknown", "deals": 2, "amounts": {"?": 9.0}},
    ]

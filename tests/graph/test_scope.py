"""The graph's tables made of what changed are those of a build of everything, after any changes of what they are made from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import MoneySettings
from fullcircle.engine import changes as small_tables
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.shape import label_named
from fullcircle.graph.tables import scope, trade
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import FROM_SOURCES
from fullcircle.model.progress import Silent
from tests.graph import village
from tests.graph.test_money import Recording
from tests.properties import examples

MADE = (*(label_named(label).table for label in FROM_SOURCES), *trade.MADE_OF_ORDERS, "customer_orders", "customer_returns",
        "money_check")  # fmt: skip
PEOPLE, RECORDS, ORDERS, PRODUCTS = 8, 14, 20, 6
ORIGIN = "'shop', 'o', 'k', NULL"
# Each change has a first and a second number, small ones; what they mean is in its text.
CHANGES = (
    "UPDATE records SET full_name = 'Name {b}', email = 'e{b}@post.example' WHERE record_id = 'record:{a}'",
    "DELETE FROM records WHERE record_id = 'record:{a}'",
    "DELETE FROM records WHERE record_id = 'record:{a}'; DELETE FROM members WHERE record_id = 'record:{a}'",
    "UPDATE members SET customer_id = 'customer:{b}' WHERE record_id = 'record:{a}'",
    "UPDATE members SET weight = {b} WHERE record_id = 'record:{a}'",
    "DELETE FROM customers WHERE customer_id = 'customer:{a}'",
    "INSERT INTO customers (customer_id, kind, name, sources) SELECT 'customer:{a}', 'person', 'Back {b}', ['crm'] "
    "WHERE 'customer:{a}' NOT IN (SELECT customer_id FROM customers)",
    "UPDATE customers SET city = 'Town {b}', sources = ['crm', 'shop'] WHERE customer_id = 'customer:{a}'",
    "UPDATE provenance SET won = NOT won WHERE customer_id = 'customer:{a}'",
    "INSERT INTO provenance VALUES ('customer:{a}', 'email', 'x', 'record:{b}', true, 'newest')",
    f"INSERT INTO identifiers VALUES ('n{{a}}-{{b}}', 'record:{{a}}', 'phone', '+49{{b}}', NULL, {ORIGIN})",
    "DELETE FROM identifiers WHERE record_id = 'record:{a}'",
    "UPDATE identifiers SET value = 'v{b}@post.example' WHERE record_id = 'record:{a}' AND kind = 'email'",
    f"INSERT INTO addresses VALUES ('a{{a}}-{{b}}', 'record:{{a}}', NULL, '{{b}} Lane', 'Ham', '1', NULL, NULL, NULL, {ORIGIN})",
    "UPDATE orders SET amount = {b} WHERE order_id = 'order:{a}'",
    "UPDATE orders SET amount = NULL, status = 'cancelled' WHERE order_id = 'order:{a}'",
    "UPDATE orders SET status = 'paid', unpaid = {b} WHERE order_id = 'order:{a}'",
    "UPDATE orders SET record_id = 'record:{b}' WHERE order_id = 'order:{a}'",
    "UPDATE orders SET currency = CASE WHEN {b} % 2 = 0 THEN 'EUR' ELSE 'USD' END WHERE order_id = 'order:{a}'",
    "UPDATE orders SET corrects = 'order:{b}', amount = -{b}, status = NULL WHERE order_id = 'order:{a}'",
    "UPDATE orders SET number = 'N{b}' WHERE order_id = 'order:{a}'",
    "UPDATE orders SET ordered_at = now() AT TIME ZONE 'UTC' + INTERVAL {b} DAY WHERE order_id = 'order:{a}'",
    "DELETE FROM orders WHERE order_id = 'order:{a}'",
    f"INSERT INTO order_lines VALUES ('n{{a}}-{{b}}', 'order:{{a}}', 'product:{{b}}', 1, 2, 0, 2, NULL, NULL, {ORIGIN})",
    "DELETE FROM order_lines WHERE order_id = 'order:{a}'",
    "UPDATE order_lines SET quantity = -1, amount = -{b} WHERE order_id = 'order:{a}'",
    "UPDATE order_lines SET status = 'returned' WHERE order_id = 'order:{a}' AND product_id = 'product:{b}'",
    "DELETE FROM products WHERE product_id = 'product:{b}'",
    "INSERT INTO products (product_id, name, category) SELECT 'product:{b}', 'P{a}', 'C{a}' "
    "WHERE 'product:{b}' NOT IN (SELECT product_id FROM products)",
    "UPDATE tickets SET number = 'T{b}', record_id = 'record:{a}'",
    f"INSERT INTO consents VALUES ('c{{a}}-{{b}}', 'record:{{a}}', 'email', false, NULL, {ORIGIN})",
)


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """In so small a world, whatever changes is much of it."""
    monkeypatch.setattr(scope, "MOST", 1000)
    monkeypatch.setattr(small_tables, "SMALL", 0)


def town() -> Engine:
    engine = DuckDB()
    village.found(engine)
    for number in range(RECORDS):
        engine.run(f"""
            INSERT INTO records (record_id, kind, full_name, email, source, object, key) VALUES
                ('record:{number}', 'person', 'Name {number}', 'e{number // 2}@post.example', 'shop', 'c', '{number}');
            INSERT INTO members VALUES ('record:{number}', 'customer:{number % PEOPLE}', 5, 'score');
            INSERT INTO identifiers VALUES
                ('e{number}', 'record:{number}', 'email', 'e{number // 2}@post.example', NULL, {ORIGIN})""")
    for number in range(PEOPLE):
        engine.run(f"""
            INSERT INTO customers (customer_id, kind, name, records, sources) VALUES
                ('customer:{number}', 'person', 'Name {number}', 2, ['shop']);
            INSERT INTO provenance VALUES ('customer:{number}', 'full_name', 'Name', 'record:{number}', true, 'only')""")
    for number in range(PRODUCTS):
        engine.run(f"INSERT INTO products (product_id, name, category) VALUES ('product:{number}', 'P{number}', 'C')")
    for number in range(ORDERS):
        engine.run(f"""
            INSERT INTO orders (order_id, record_id, ordered_at, status, currency, amount, source, object, key) VALUES
                ('order:{number}', 'record:{number % RECORDS}', TIMESTAMP '2025-01-{number + 1:02}', 'paid', 'EUR',
                CASE WHEN {number} % 3 > 0 THEN 10 END, 'shop', 'o', '{number}');
            INSERT INTO order_lines VALUES
                ('a{number}', 'order:{number}', 'product:{number % PRODUCTS}', 2, 3, 0, 6, NULL, NULL, {ORIGIN}),
                ('b{number}', 'order:{number}', 'product:{number % 2}', 1, 4, 0, 4, NULL, NULL, {ORIGIN})""")
    return engine


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    return {table: engine.rows(f"FROM {table} ORDER BY ALL") for table in MADE}


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = town()
    build(made, Silent())
    yield made
    made.close()


numbers = st.integers(0, ORDERS - 1)
histories = st.lists(
    st.lists(st.tuples(st.sampled_from(CHANGES), numbers, st.integers(0, 9)), max_size=4), min_size=1, max_size=5
)


@settings(max_examples=examples(8, soak=400), deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(histories)
def test_what_changed_made_again_is_everything_made_again(history):
    engine = town()
    build(engine, Silent())
    for changes in history:
        for text, a, b in changes:
            engine.run(text.format(a=a, b=b))
        assert is_made_of_changes(engine)
        found, expected = contents(engine), build_of_everything(engine)
        for table, rows in found.items():
            assert rows == expected[table], table
    engine.close()


def build_of_everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """What a build of everything makes, without a trace in the engine."""
    engine.run("BEGIN")
    build(engine, Silent(), whole=True)
    found = contents(engine)
    engine.run("ROLLBACK")
    return found


def is_made_of_changes(engine: Engine, money: MoneySettings | None = None) -> bool:
    """Build; True if only what changed was made again."""
    said = Recording()
    build(engine, said, money)
    return any(text.startswith("Graph: something of") for text in said.said)


def test_nothing_changed_makes_nothing_again(engine):
    said = Recording()
    build(engine, said)
    assert "Graph: something of 0 customers changed." in said.said


def test_one_order_brings_its_customer_alone(engine):
    engine.run("UPDATE orders SET amount = 77 WHERE order_id = 'order:3'")
    said = Recording()
    build(engine, said)
    assert "Graph: something of 1 customer changed." in said.said


@pytest.mark.parametrize("lost", ["graph_made.state", "graph_made.orders", "placed_orders", "edges_contains"])
def test_without_a_part_of_the_state_everything_is_made_again(engine, lost):
    engine.run(f"DROP TABLE {lost}")
    assert not is_made_of_changes(engine)
    assert is_made_of_changes(engine)


def test_other_settings_make_everything_again(engine):
    assert not is_made_of_changes(engine, MoneySettings(base="USD", rates={"EUR": 1.1}))


def test_a_build_that_was_cut_short_is_made_again_whole(engine, monkeypatch):
    engine.run("UPDATE members SET customer_id = 'customer:1' WHERE record_id = 'record:0'")
    monkeypatch.setattr(scope, "end", lambda *_: None)
    build(engine, Silent())
    monkeypatch.undo()
    assert not is_made_of_changes(engine)


def test_where_much_changed_everything_is_made_again(engine, monkeypatch):
    monkeypatch.setattr(scope, "MOST", 0.2)
    engine.run("UPDATE records SET city = 'Ham'")
    assert not is_made_of_changes(engine)

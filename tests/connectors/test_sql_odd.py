"""Values that a database holds and Python does not: the cell or the row is set aside and told, the rest is read."""

import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.connectors.pull import open_source
from fullcircle.connectors.sources.sql import database as sql
from fullcircle.connectors.sources.sql.values import Odd, column
from fullcircle.errors import SourceBroken
from tests.connectors.shop import Shop
from tests.properties import examples
from tests.servers.postgres import Server

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "shop.db").touch()
    shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
    yield shop
    shop.close()


def reported(shop: Shop, object: str) -> list[dict[str, Any]]:
    """The rejects of an object that count, by key and reason."""
    rows = [row for path in shop.landing.rejects("shop", object) for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: (row["key"], row["reason"]))


PEOPLE = (
    "CREATE TABLE people (id int PRIMARY KEY, name text, valid_to timestamptz, born date, opens time, score float8, sum numeric)"
)
ODD = {
    "valid_to": ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'12025-01-03'"],
    "born": ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'12025-01-03'"],
    "opens": ["'24:00'"],
    "score": ["'NaN'", "'Infinity'", "'-Infinity'"],
    "sum": ["'NaN'"],
}


@pytest.mark.parametrize("options", [{}, {"cursor": "valid_to"}, {"key": "name"}], ids=str)
def test_each_value_out_of_range_costs_its_cell_and_is_told(postgres: Shop, options: dict[str, Any]) -> None:
    postgres.do(PEOPLE, "INSERT INTO people VALUES (1, 'n1', '2025-01-01', '1980-02-03', '08:00', 1.5, 2.50)")
    places = [(name, value) for name, values in ODD.items() for value in values]
    for id, (name, value) in enumerate(places, 2):
        postgres.do(f"INSERT INTO people (id, name, {name}) VALUES ({id}, 'n{id}', {value})")
    landed = postgres.pull(people=options)["people"]
    assert (landed.rows, landed.rejected) == (len(places) + 1, len(places))
    rows = {row[0]: row[2:] for row in postgres.rows("people")}
    assert [str(value) for value in rows[1]] == ["2025-01-01 00:00:00", "1980-02-03", "08:00:00", "1.5", "2.50"]
    assert all(rows[id] == (None,) * 5 for id in range(2, len(places) + 2))
    by_key = {row["key"]: row for row in reported(postgres, "people")}
    for id, (name, value) in enumerate(places, 2):
        row = by_key[f"n{id}" if "key" in options else str(id)]
        assert f'the value of "{name}" of the table people with the key {row["key"]} is no' in row["reason"]
        assert json.loads(row["raw"])[name].startswith(value.strip("'")[:5])
    assert all(row["raw"] == raw for (raw, key) in postgres.rows("people", "_raw, _key") if (row := by_key.get(key)))


def test_what_was_told_is_not_told_twice_and_not_after_it_was_mended(postgres: Shop) -> None:
    postgres.do(PEOPLE, "INSERT INTO people (id, valid_to) VALUES (1, 'infinity'), (2, '-infinity'), (3, '2025-01-01')")
    assert postgres.pull(people={"cursor": "valid_to"})["people"].rejected == 2
    before = postgres.landing.fingerprint()
    again = postgres.pull()["people"]
    assert (again.rows, again.rejected, postgres.landing.fingerprint()) == (0, 0, before)
    postgres.do(
        "UPDATE people SET valid_to = '2025-02-02' WHERE id = 1", "INSERT INTO people (id, valid_to) VALUES (4, '2025-01-03')"
    )
    postgres.pull()
    assert [row["key"] for row in reported(postgres, "people")] == ["2"]
    assert [row[0] for row in postgres.rows("people", "id")] == [1, 2, 3, 4]  # an infinite time did not move the cursor
    postgres.do("DELETE FROM people WHERE id = 2")
    postgres.pull()
    assert reported(postgres, "people") == []


def test_a_key_out_of_range_costs_its_row(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE rates (day date, kind text, rate numeric(6,2), PRIMARY KEY (day, kind))",
        "INSERT INTO rates VALUES ('2025-01-01', 'a', 1), ('infinity', 'a', 2), ('2025-01-02', 'a', 'NaN'),"
        " ('-infinity', 'b', 3)",
    )
    assert postgres.pull()["rates"].rows == 2
    assert postgres.rows("rates", "_key, rate") == [("2025-01-01|a", Decimal("1.00")), ("2025-01-02|a", None)]
    assert [row["key"] for row in reported(postgres, "rates")] == ["-infinity|b", "2025-01-02|a", "infinity|a"]
    assert "the row cannot be read" in reported(postgres, "rates")[0]["reason"]
    assert postgres.pull()["rates"].deleted == 0


def test_a_table_and_a_query_without_a_key(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE plain (name text, at timestamp)", "INSERT INTO plain VALUES ('Ada', 'infinity'), ('Bo', '2025-01-01')"
    )
    postgres.pull(plain={}, asked={"query": "SELECT * FROM plain", "key": "name"})
    assert [row[0] for row in postgres.rows("plain")] == ["Ada", "Bo"]
    [row] = reported(postgres, "plain")
    assert json.loads(row["raw"]) == {"name": "Ada", "at": "infinity"}
    assert (row["key"], "Ada") in postgres.rows("plain", "_key, name")
    assert [row["key"] for row in reported(postgres, "asked")] == ["Ada"]
    assert postgres.pull()["plain"].rejected == 0


def test_discover_of_a_table_with_values_out_of_range(postgres: Shop) -> None:
    postgres.do(PEOPLE, "INSERT INTO people (id, name, valid_to, score) VALUES (1, 'Ada B', 'infinity', 'NaN')")
    source = open_source("shop", postgres.settings(), postgres.folder)
    [found] = source.discover()
    source.close()
    assert [(one.name, one.example) for one in found.fields][:3] == [("id", "9"), ("name", "aaa a"), ("valid_to", "")]


def test_a_join_stops_and_names_the_column(postgres: Shop) -> None:
    postgres.do("CREATE TABLE wares (id int, at timestamp)", "INSERT INTO wares VALUES (1, 'infinity')")
    with pytest.raises(SourceBroken, match='column "at" of the table wares has a value out of range'):
        sql.read_table(postgres.url, postgres.folder, "wares")


def test_types_that_have_a_meaning_of_their_own(postgres: Shop) -> None:
    postgres.do(
        "CREATE TYPE mood AS ENUM ('glad', 'sad')",
        "CREATE DOMAIN cents AS numeric(10,2)",
        "CREATE TABLE t (id int PRIMARY KEY, paid money, due money, per interval, stay daterange, mood mood, tags date[],"
        " doc jsonb, price cents, rough numeric(3,-2), ip inet, twice int GENERATED ALWAYS AS (id * 2) STORED)",
        """INSERT INTO t VALUES (1, '1234.50', '-0.05', '1 mon 2 days', '[2025-01-01,infinity)', 'glad',
           ARRAY['2025-01-01', 'infinity']::date[], '{"n": 12345678901234567890.10, "s": "é"}', 9.90, 1234, '10.0.0.1')""",
    )
    postgres.pull(t={}, asked={"query": "SELECT id, paid, per FROM t", "key": "id"})
    assert postgres.rows("t") == [
        (
            1, "1234.50", "-0.05", "1 mon 2 days", "[2025-01-01,infinity)", "glad", '["2025-01-01", "infinity"]',
            '{"n": 12345678901234567890.10, "s": "é"}', "9.90", "1200", "10.0.0.1", 2,
        )
    ]  # fmt: skip
    assert postgres.rows("asked") == [(1, "1234.50", "1 mon 2 days")]
    assert reported(postgres, "t") == []


def test_sqlite_null_keys_broken_text_and_infinite_numbers(sqlite: Shop) -> None:
    sqlite.do(
        "CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT, score REAL)",
        "INSERT INTO customers VALUES ('1', 'Ada', 1.5), (NULL, 'Bo', 2), (NULL, 'Cy', 3), ('4', CAST(x'4461e9' AS TEXT), 4),"
        " ('5', 'Eve', 9e999)",
    )
    landed = sqlite.pull()["customers"]
    assert (landed.rows, landed.rejected) == (3, 4)
    assert sqlite.rows("customers") == [("1", "Ada", 1.5), ("4", None, 4.0), ("5", "Eve", None)]
    reasons = {row["reason"] for row in reported(sqlite, "customers")}
    assert reasons == {
        "the key (id) of the table customers is null",
        'the value of "name" of the table customers with the key 4 is not valid text in UTF-8: the value is left out, the rest'
        " of the row is read",
        'the value of "score" of the table customers with the key 5 is not a finite number (NaN or infinite): the value is'
        " left out, the rest of the row is read",
    }
    before = sqlite.landing.fingerprint()
    assert (sqlite.pull()["customers"].rejected, sqlite.landing.fingerprint()) == (0, before)
    sqlite.do("UPDATE customers SET id = name WHERE id IS NULL", "UPDATE customers SET name = 'D', score = 0 WHERE id > '3'")
    assert sqlite.pull()["customers"].rows == 4
    assert reported(sqlite, "customers") == []


def test_a_key_that_is_not_unique_is_told(sqlite: Shop) -> None:
    sqlite.do("CREATE TABLE t (code TEXT, name TEXT)", "INSERT INTO t VALUES ('a', '1'), ('b', '2'), ('b', '3'), ('c', '4')")
    assert sqlite.pull(t={"key": "code"})["t"].rejected == 1
    [row] = reported(sqlite, "t")
    assert (row["key"], row["reason"]) == ("b", "the key (code) of the table t occurs 2 times: only one of these rows is used")


def test_zero_dates_of_drivers_that_return_text() -> None:
    array, odd = column(["0000-00-00 00:00:00", None], "timestamp")
    assert (array.to_pylist(), str(array.type), odd) == ([None, None], "timestamp[us]", {0: "0000-00-00 00:00:00"})


@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.none(), st.floats(), st.decimals(), st.integers(), st.text(), st.text().map(Odd), st.booleans(), st.dates()),
        max_size=6,
    ),
    st.sampled_from(
        ["", "int", "float", "text", "date", "timestamp", "decimal(10,2)", "decimal(38,10)", "json", "bool", "money"]
    ),
)
def test_any_values_become_a_column_and_what_is_missing_is_told(values: list[Any], kind: str) -> None:
    array, odd = column(values, kind)
    assert len(array) == len(values)
    assert [place for place, value in enumerate(array.to_pylist()) if value is None] == sorted(
        {*odd, *(place for place, value in enumerate(values) if value is None)}
    )


def test_sqlite_generated_columns(tmp_path: Path, sqlite: Shop) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as there:
        there.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, v INT AS (a * 2), s INT AS (a * 3) STORED)")
        there.execute("INSERT INTO t (id, a) VALUES (1, 5)")
    sqlite.pull()
    assert sqlite.rows("t") == [(1, 5, 10, 15)]


def test_a_database_that_does_not_know_its_encoding(postgres_server: Server, tmp_path: Path) -> None:
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0")
    shop = Shop(tmp_path, postgres_server.url("plain"))
    with psycopg.connect(shop.url, autocommit=True) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('glad')")
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, name text, doc jsonb, mood mood)")
        connection.execute("INSERT INTO t VALUES (1, E'Zo\\xC3\\xAB', '{\"a\": 1}', 'glad'), (2, E'Zo\\xEB', NULL, NULL)")
    assert shop.pull()["t"].rejected == 1
    assert shop.rows("t") == [(1, "Zo\u00eb", '{"a": 1}', "glad"), (2, None, None, None)]
    [row] = reported(shop, "t")
    assert "not valid text in UTF-8" in row["reason"]
    shop.close()

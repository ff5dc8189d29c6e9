"""The sql connector on SQLite and on a real PostgreSQL: what is pulled is what is there, after whatever happened in between."""

import datetime
import json
import signal
import sqlite3
import subprocess
import sys
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.pull import open_source
from fullcircle.connectors.sources.sql import database
from fullcircle.errors import (
    ConfigError,
    MissingExtra,
    SourceBroken,
    SourceChanged,
    SourceError,
    SourceRefused,
    SourceUnreachable,
)
from tests.connectors.shop import Shop
from tests.properties import examples
from tests.servers.postgres import PASSWORD, PASSWORD_USER, Server

NORTHWIND = Path(__file__).resolve().parents[3] / "shared" / "data" / "northwind" / "create.sql"
pytestmark = pytest.mark.xdist_group("postgres")


CUSTOMERS = "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, updated_at TIMESTAMP, gone BOOLEAN, became INTEGER)"
CHANGED = {"cursor": "updated_at", "deleted": "gone", "merged_into": "became", "lag_seconds": 0}


def insert(
    shop: Shop, id: int, name: str, at: str | None = "2026-01-01 10:00:00", gone: str = "NULL", became: str = "NULL"
) -> None:
    when = f"'{at}'" if at else "NULL"
    shop.do(f"INSERT INTO customers VALUES ({id}, '{name}', {when}, {gone}, {became})")


@pytest.mark.usefixtures("small_pages")
def test_rows_with_equal_times_at_page_borders_are_all_read(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    for id in range(7):
        insert(shop, id, f"n{id}", "2026-01-01 10:00:00" if id < 5 else "2026-01-02 10:00:00")
    assert shop.pull(customers=CHANGED)["customers"].rows == 7
    assert [row[0] for row in shop.rows("customers", "id")] == list(range(7))


@pytest.mark.usefixtures("small_pages")
def test_only_what_changed_is_landed(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    for id in range(5):
        insert(shop, id, f"n{id}", f"2026-01-0{id + 1} 10:00:00")
    shop.pull(customers=CHANGED)
    before = shop.landing.fingerprint()
    assert shop.pull()["customers"].rows == 0
    assert shop.landing.fingerprint() == before
    shop.do("UPDATE customers SET name = 'new', updated_at = '2026-02-01 10:00:00' WHERE id = 2")
    insert(shop, 9, "same time", "2026-02-01 10:00:00")
    assert shop.pull()["customers"].rows == 2
    insert(shop, 8, "again the same time", "2026-02-01 10:00:00")
    assert shop.pull()["customers"].rows == 1
    assert shop.rows("customers", "id, name") == shop.ask("SELECT id, name FROM customers ORDER BY id")


@pytest.mark.usefixtures("small_pages")
def test_rows_without_a_time_are_read_and_compared(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    for id in range(5):
        insert(shop, id, f"n{id}", None if id != 3 else "2026-01-01 10:00:00")
    assert shop.pull(customers=CHANGED)["customers"].rows == 5
    assert shop.pull()["customers"].rows == 0
    shop.do("UPDATE customers SET name = 'changed without a word' WHERE id = 1")
    insert(shop, 7, "n7", None)
    assert shop.pull()["customers"].rows == 2
    assert shop.rows("customers", "id, name") == shop.ask("SELECT id, name FROM customers ORDER BY id")


def test_soft_deletes_merges_and_hard_deletes(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    for id in range(1, 6):
        insert(shop, id, f"n{id}")
    shop.pull(customers=CHANGED)
    shop.do(
        "UPDATE customers SET gone = TRUE, updated_at = '2026-02-01 10:00:00' WHERE id IN (1, 2)",
        "UPDATE customers SET became = 5 WHERE id = 2",
        "DELETE FROM customers WHERE id = 3",
        "UPDATE customers SET gone = FALSE, updated_at = '2026-02-01 10:00:00' WHERE id = 4",
    )
    landed = shop.pull()["customers"]
    assert (landed.rows, landed.deleted) == (2, 2)
    assert shop.rows("customers", "_key, _op, _into") == [("2", "merge", "5"), ("4", "upsert", None), ("5", "upsert", None)]
    assert shop.pull()["customers"].deleted == 0
    shop.do("DELETE FROM customers WHERE id = 2")  # what it became part of is not forgotten
    shop.pull()
    assert shop.rows("customers", "_key, _op")[0] == ("2", "merge")


def test_a_key_that_was_deleted_and_came_back_with_an_old_time_is_found(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    insert(shop, 1, "first", "2026-01-01 10:00:00")
    insert(shop, 2, "second", "2026-03-01 10:00:00")
    shop.pull(customers=CHANGED)
    shop.do("DELETE FROM customers WHERE id = 1")
    shop.pull()
    insert(shop, 1, "back", "2026-01-01 10:00:00")
    insert(shop, 7, "imported", "2020-01-01 10:00:00")
    shop.pull()
    assert shop.rows("customers", "id, name") == [(1, "back"), (2, "second"), (7, "imported")]


def test_without_a_sweep_hard_deletes_stay(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    insert(shop, 1, "first")
    insert(shop, 2, "second")
    shop.pull(customers={**CHANGED, "sweep": False})
    shop.do("DELETE FROM customers WHERE id = 1")
    shop.pull()
    assert shop.rows("customers", "id") == [(1,), (2,)]


def test_late_rows_inside_the_lag_are_read(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    insert(shop, 1, "first", "2026-01-01 10:00:00")
    shop.pull(customers={**CHANGED, "lag_seconds": 60, "sweep": False})
    insert(shop, 2, "late", "2026-01-01 09:59:30")
    insert(shop, 3, "too late", "2026-01-01 09:58:00")
    assert shop.pull()["customers"].rows == 1
    assert shop.rows("customers", "name") == [("first",), ("late",)]


def test_a_time_in_the_far_future_does_not_hide_later_changes(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    insert(shop, 1, "first", "2037-01-01 10:00:00")
    shop.pull(customers={**CHANGED, "sweep": False})
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")
    insert(shop, 2, "now", now)
    shop.pull()
    assert shop.rows("customers", "name") == [("first",), ("now",)]


def test_a_growing_number_as_cursor(shop: Shop) -> None:
    shop.do("CREATE TABLE events (id INTEGER PRIMARY KEY, what TEXT)", "INSERT INTO events VALUES (1, 'a'), (2, 'b')")
    assert shop.pull(events={"cursor": "id"})["events"].rows == 2
    shop.do("INSERT INTO events VALUES (3, 'c')")
    assert shop.pull()["events"].rows == 1
    assert shop.landing.cursor("shop", "events") == {"part": "", "after": None, "from": 3, "kind": "number"}


def test_every_table_without_config_and_odd_names(shop: Shop) -> None:
    shop.do(
        'CREATE TABLE "Order Details" ("Order ID" INTEGER, "Prod|uct" VARCHAR(9), "Qty" INTEGER,'
        ' PRIMARY KEY ("Order ID", "Prod|uct"))',
        """INSERT INTO "Order Details" VALUES (1, 'a', 5), (1, 'a|b', 6), (2, 'a\\b', 7)""",
        "CREATE TABLE plain (word TEXT)",
        "INSERT INTO plain VALUES ('x'), ('x'), ('y'), (NULL)",
    )
    landed = shop.pull()
    assert {name: one.rows for name, one in landed.items()} == {"Order Details": 3, "plain": 4}
    assert shop.rows("Order Details", '_key, "Qty"') == [("1|a", 5), ("1|a\\|b", 6), ("2|a\\\\b", 7)]
    assert shop.rows("plain") == [("x",), ("x",), ("y",), (None,)]
    shop.do("DELETE FROM plain WHERE word = 'y'", """DELETE FROM "Order Details" WHERE "Qty" = 6""")
    landed = shop.pull()
    assert {name: (one.rows, one.deleted) for name, one in landed.items()} == {"Order Details": (0, 1), "plain": (0, 1)}
    source: Any = open_source("shop", shop.settings(), shop.folder)
    [batch] = source.fetch("Order Details", pa.array(["2|a\\\\b", "1|a"]), {})
    assert sorted(batch.rows["Qty"].to_pylist()) == [5, 7]
    source.close()


def test_a_query_with_a_key_of_its_own(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    insert(shop, 1, "a:b %")
    insert(shop, 2, "other")
    query = "SELECT id AS number, name, ':x' AS colon FROM customers WHERE name LIKE '%:b %' OR id = 2;"
    shop.pull(some={"query": query, "key": "number"})
    assert shop.rows("some", "_key, name, colon") == [("1", "a:b %", ":x"), ("2", "other", ":x")]
    shop.do("DELETE FROM customers WHERE id = 2")
    assert shop.pull()["some"].deleted == 1
    if shop.is_sqlite:  # it tells such columns apart by itself
        return
    with pytest.raises(ConfigError, match="twice"):
        shop.pull(twice={"query": "SELECT a.id, b.id FROM customers a, customers b", "key": "id"})


@pytest.mark.usefixtures("small_pages")
def test_rows_whose_key_is_null_are_rejected_until_mended(shop: Shop) -> None:
    shop.do("CREATE TABLE t (code TEXT, name TEXT)", "INSERT INTO t VALUES ('a', '1'), (NULL, '2'), ('b', '3'), ('c', '4')")
    assert shop.pull(t={"key": "code"})["t"].rejected == 1
    assert [row[0] for row in shop.rows("t", "_key")] == ["a", "b", "c"]
    [path] = shop.landing.rejects("shop", "t")
    [reject] = pq.read_table(path).to_pylist()
    assert "key (code) of the table t is null" in reject["reason"]
    assert json.loads(reject["raw"])["name"] == "2"
    shop.do("UPDATE t SET code = 'd' WHERE code IS NULL")
    assert shop.pull()["t"].rows == 1
    assert shop.landing.rejects("shop", "t") == []


def test_every_digit_and_every_type_of_postgres(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE t (id uuid PRIMARY KEY, price numeric(38,10), free numeric, big bigint, at timestamptz, naive timestamp,"
        " day date, flag boolean, doc jsonb, tags text[], photo bytea, long bytea, ratio float8, word text, span interval)"
    )
    id = uuid.uuid4()
    postgres.do(
        "INSERT INTO t VALUES (:id, 1234567890123456789012345678.0123456789, 0.1234567890123456789012345678901234567890123,"
        " 9223372036854775807, '2026-01-01T10:00:00.123456+02:00', '2026-01-01 10:00:00.5', '2026-02-28', true,"
        " '{\"a\": [1, 2]}', ARRAY['x', 'y z'], '\\xDEADBEEF', decode(repeat('ab', 1000), 'hex'), 'NaN', 'Zoë', '1 day')",
        id=id,
    )
    postgres.pull(t={"cursor": "at"})
    [row] = postgres.rows("t")
    assert row[0] == str(id)
    assert row[1] == Decimal("1234567890123456789012345678.0123456789")
    assert row[2] == "0.1234567890123456789012345678901234567890123"
    assert row[3:7] == (
        9223372036854775807, datetime.datetime(2026, 1, 1, 8, 0, 0, 123456), datetime.datetime(2026, 1, 1, 10, 0, 0, 500000),
        datetime.date(2026, 2, 28),
    )  # fmt: skip
    assert row[7] is True
    assert (json.loads(row[8]), json.loads(row[9]), row[10]) == ({"a": [1, 2]}, ["x", "y z"], "deadbeef")
    assert row[11].startswith("<1000 bytes, sha256 ")
    assert row[13:] == ("Zoë", "1 day")
    [(raw, at, key)] = postgres.rows("t", "_raw, _at, _key")
    parsed = json.loads(raw, parse_float=Decimal)
    assert parsed["price"] == row[1]
    assert parsed["doc"] == {"a": [1, 2]}
    assert (parsed["ratio"], row[12], at, key) == ("NaN", None, row[4], str(id))
    assert postgres.pull()["t"].rows == 0


def test_decimals_of_sqlite_stay_as_they_were_written(tmp_path: Path) -> None:
    (tmp_path / "shop.db").touch()
    shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
    shop.do("CREATE TABLE t (id INTEGER PRIMARY KEY, price DECIMAL(10,2), odd DECIMAL(10,2), any_ INTEGER)")
    shop.do("INSERT INTO t VALUES (1, 0.1, 1.005, 5), (2, 19.99, 2, 'five'), (3, NULL, NULL, NULL)")
    shop.pull()
    assert shop.rows("t") == [
        (1, Decimal("0.10"), "1.005", "5"),
        (2, Decimal("19.99"), "2", "five"),
        (3, None, None, None),
    ]
    shop.close()


@pytest.mark.usefixtures("small_pages")
def test_a_column_may_change_its_type_or_go_away_but_not_the_cursor(postgres: Shop) -> None:
    postgres.do(CUSTOMERS, "ALTER TABLE customers ADD COLUMN score INTEGER")
    postgres.do("INSERT INTO customers VALUES (1, 'a', '2026-01-01', NULL, NULL, 5)")
    postgres.pull(customers=CHANGED)
    postgres.do("ALTER TABLE customers ALTER COLUMN score TYPE TEXT USING 'five'")
    postgres.do("INSERT INTO customers VALUES (2, 'b', '2026-01-02', NULL, NULL, 'six')")
    postgres.pull()
    assert postgres.rows("customers", "_key, score") == [("1", "five"), ("2", "six")]
    postgres.do("ALTER TABLE customers DROP COLUMN score, ALTER COLUMN updated_at TYPE INTEGER USING 7")
    with pytest.raises(SourceChanged, match='"updated_at" of the table customers held a time and holds a number now'):
        postgres.pull()
    postgres.do("ALTER TABLE customers RENAME COLUMN updated_at TO updated_on")
    with pytest.raises(SourceChanged, match='the table customers has no column "updated_at"') as caught:
        postgres.pull()
    assert "updated_on" in caught.value.hint
    postgres.do("ALTER TABLE customers RENAME TO clients")
    with pytest.raises(SourceChanged, match='no table "customers"'):
        postgres.pull()


def test_a_second_schema(postgres: Shop) -> None:
    postgres.do(
        "CREATE SCHEMA sales", "CREATE TABLE sales.orders (id INTEGER PRIMARY KEY)", "INSERT INTO sales.orders VALUES (1)"
    )
    assert postgres.pull(a={"table": "orders", "schema": "sales"}, b={"table": "sales.orders"})["b"].rows == 1
    assert postgres.rows("a") == [(1,)]


def refused(url: str, tmp_path: Path, **more: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        open_source("shop", SourceSettings(connector="sql", url=url, **more), tmp_path)
    assert "wrong-password" not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"
    return caught.value


def test_what_is_wrong_with_the_login_is_told_without_the_password(
    postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP", postgres_server.url(user=PASSWORD_USER, password="wrong-password"))
    assert isinstance(refused("env:SHOP", tmp_path), SourceRefused)
    Shop(tmp_path, postgres_server.database("filled")).do("CREATE TABLE one (id INTEGER PRIMARY KEY)")
    monkeypatch.setenv("SHOP", postgres_server.url("filled", PASSWORD_USER, PASSWORD))
    source = open_source("shop", SourceSettings(connector="sql", url="env:SHOP"), tmp_path)
    assert source.check()[0].startswith("postgresql ")
    source.close()
    assert isinstance(refused(postgres_server.url("no_such_database"), tmp_path), SourceRefused)
    assert isinstance(refused("postgresql://x@127.0.0.1:1/shop", tmp_path), SourceUnreachable)
    assert isinstance(refused("sqlite:///nowhere.db", tmp_path), SourceUnreachable)
    (tmp_path / "text.db").write_text("this is no database, however long one reads in it" * 100)
    assert isinstance(refused("sqlite:///text.db", tmp_path), SourceBroken)
    for url, error in (("no url", ConfigError), ("nobase://x/y", ConfigError), ("mssql+pymssql://h/d", MissingExtra)):
        with pytest.raises(error):
            open_source("shop", SourceSettings(connector="sql", url=url), tmp_path)


def test_a_table_without_the_right_to_read(postgres: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    postgres.do("CREATE TABLE secret (id INTEGER PRIMARY KEY)")
    postgres.url = postgres.url.replace("fullcircle@", f"{PASSWORD_USER}:{PASSWORD}@")
    monkeypatch.setenv("SHOP", postgres.url)
    postgres.url = "env:SHOP"
    with pytest.raises(SourceRefused, match="42501"):
        postgres.pull()


def test_discover_tells_tables_columns_keys_and_shapes(shop: Shop) -> None:
    shop.do(CUSTOMERS)
    insert(shop, 17, "Ada B")
    source = open_source("shop", shop.settings(), shop.folder)
    [found] = source.discover()
    source.close()
    assert (found.name, found.key, found.cursor) == ("customers", ("id",), "updated_at")
    assert [(field.name, field.example) for field in found.fields][:2] == [("id", "99"), ("name", "aaa a")]


def test_read_table_for_joins(shop: Shop) -> None:
    shop.do(
        'CREATE TABLE "Ware House" (id INTEGER PRIMARY KEY, amount DECIMAL(12,2))',
        """INSERT INTO "Ware House" VALUES (1, 9.90), (2, NULL)""",
    )
    table = database.read_table(shop.url, shop.folder, "Ware House")
    assert table.to_pydict() == {"id": [1, 2], "amount": [Decimal("9.90"), None]}
    query = 'SELECT count(*) AS n FROM "Ware House"'.replace('"', "`" if shop.is_mariadb else '"')
    assert database.read_table(shop.url, shop.folder, query).to_pydict() == {"n": [2]}
    with pytest.raises(SourceChanged, match="nothing"):
        database.read_table(shop.url, shop.folder, "nothing")


CHILD = """
import os, signal, sys
from pathlib import Path
from fullcircle.book.book import Book
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.sources.sql import source as sql
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.progress import Silent

home, url, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
real = Landing.land
def land(*args):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*args)
Landing.land = land
begin = sql.Sql.__init__
def small(self, context):
    begin(self, context)
    self._rows = 2
sql.Sql.__init__ = small
options = {"cursor": "updated_at", "deleted": "gone", "merged_into": "became", "lag_seconds": 0}
source = SourceSettings(connector="sql", url=url, objects={"customers": options})
pull({"shop": source}, home, Landing(home / "landing", Book(home / "book.sqlite"), DuckDB(threads=1)), Silent())
"""


@pytest.mark.parametrize(("batch", "left"), [(2, 7), (3, 5), (5, 2)])
def test_killed_between_batches_it_continues_to_the_same_state(postgres: Shop, batch: int, left: int) -> None:
    postgres.do(CUSTOMERS)
    for id in range(9):
        insert(postgres, id, f"n{id}", None if id > 6 else "2026-01-01 10:00:00")
    killed = subprocess.run([sys.executable, "-c", CHILD, str(postgres.folder), postgres.url, str(batch)], check=False)
    assert killed.returncode == -signal.SIGKILL
    cursor = postgres.landing.cursor("shop", "customers")
    assert cursor is not None
    assert cursor["part"]
    landed = postgres.pull(customers=CHANGED)["customers"]
    assert landed.rows == left
    assert postgres.rows("customers", "id, name") == postgres.ask("SELECT id, name FROM customers ORDER BY id")
    assert postgres.pull()["customers"].rows == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("flag"), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("drop"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("pull"), st.just(0), st.just(0)),
    ),
    max_size=14,
)


@pytest.mark.usefixtures("small_pages")
@settings(max_examples=examples(5, soak=125), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.booleans())
def test_any_changes_with_pulls_between_end_in_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, Any]], with_cursor: bool
) -> None:
    home = tmp_path_factory.mktemp("walk")
    (home / "shop.db").touch()
    shop = Shop(home, f"sqlite:///{home}/shop.db")
    shop.do(CUSTOMERS)
    shop.objects["customers"] = CHANGED if with_cursor else {"deleted": "gone"}
    for clock, (what, id, value) in enumerate([*steps, ("pull", 0, 0)]):
        at = f"2026-01-01 10:{clock // 3:02d}:00"  # several changes share a time
        if what == "pull":
            shop.pull()
        elif what == "put":
            when = "NULL" if value == 3 else f"'{at}'"
            shop.do(f"INSERT OR REPLACE INTO customers VALUES ({id}, 'v{value}', {when}, NULL, NULL)")
        elif what == "flag":
            shop.do(f"UPDATE customers SET gone = {value}, updated_at = '{at}' WHERE id = {id}")
        else:
            shop.do(f"DELETE FROM customers WHERE id = {id}")
    there = shop.ask("SELECT id, name FROM customers WHERE gone IS NOT TRUE ORDER BY id")
    assert shop.rows("customers", "id, name") == there
    before = shop.landing.fingerprint()
    shop.pull()
    assert shop.landing.fingerprint() == before
    shop.close()


@pytest.mark.slow
@pytest.mark.skipif(not NORTHWIND.is_file(), reason="../shared/data/northwind is not there")
def test_northwind(tmp_path: Path) -> None:
    """Every table of Northwind arrives with as many rows as it has, and the money to the cent."""
    path = tmp_path / "northwind.db"
    with sqlite3.connect(path) as database:
        database.executescript(NORTHWIND.read_text(encoding="utf-8"))
    shop = Shop(tmp_path, f"sqlite:///{path}")
    landed = shop.pull()
    for name, one in landed.items():
        [(rows,)] = shop.ask(f'SELECT count(*) FROM "{name}"')
        assert one.rows == rows == len(shop.rows(name, "_key")), name
    cents = 'CAST(sum(round("UnitPrice" * "Quantity" * 100)) AS BIGINT)'
    assert shop.rows("Order Details", cents) == shop.ask(f'SELECT {cents} FROM "Order Details"')
    assert all(one.rows == 0 for one in shop.pull().values())
    shop.close()

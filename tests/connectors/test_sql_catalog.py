"""Which tables and views are objects: every row is read once, and what is not read is told."""

import sqlite3
from pathlib import Path

import pytest

from fullcircle.connectors.base import ForeignKey, FoundObject
from fullcircle.connectors.pull import open_source
from fullcircle.errors import SourceChanged
from tests.connectors.shop import Shop

pytestmark = pytest.mark.xdist_group("postgres")


def objects(shop: Shop, **more: str) -> list[str]:
    source = open_source("shop", shop.settings(**more), shop.folder)
    try:
        return source.objects()
    finally:
        source.close()


def about(shop: Shop, **more: str) -> str:
    source = open_source("shop", shop.settings(**more), shop.folder)
    try:
        return "\n".join(source.check())
    finally:
        source.close()


def discovered(shop: Shop, **more: str) -> dict[str, FoundObject]:
    source = open_source("shop", shop.settings(**more), shop.folder)
    try:
        return {one.name: one for one in source.discover()}
    finally:
        source.close()


def test_a_partitioned_table_is_read_once(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE sales (id int, day date, region text, total numeric(12,2), PRIMARY KEY (id, day, region))"
        " PARTITION BY RANGE (day)",
        "CREATE TABLE sales_2024 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (region)",
        "CREATE TABLE sales_2024_eu PARTITION OF sales_2024 FOR VALUES IN ('eu')",
        "CREATE TABLE sales_2024_us PARTITION OF sales_2024 DEFAULT",
        "CREATE TABLE sales_later PARTITION OF sales DEFAULT",
        "INSERT INTO sales VALUES (1, '2024-05-05', 'eu', 10), (2, '2024-05-05', 'us', 20), (3, '2025-05-05', 'eu', 30)",
    )
    assert objects(postgres) == ["sales"]
    assert "not read: sales_2024, sales_2024_eu, sales_2024_us, sales_later (partitions of sales, read with it)" in about(
        postgres
    )
    assert postgres.pull()["sales"].rows == 3
    assert sum(row[3] for row in postgres.rows("sales")) == 60


def test_inherited_tables_are_read_once_and_their_repeated_keys_told(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE people (id int PRIMARY KEY, name text)",
        "CREATE TABLE staff (salary int) INHERITS (people)",
        "INSERT INTO people VALUES (1, 'Ada'), (2, 'Bo')",
        "INSERT INTO staff VALUES (3, 'Cy', 5), (2, 'another Bo', 6)",
    )
    assert objects(postgres) == ["people"]
    assert "not read: staff (inheriting people, read with it)" in about(postgres)
    landed = postgres.pull()["people"]
    assert (landed.rows, landed.rejected) == (4, 1)
    assert [row[0] for row in postgres.rows("people")] == [1, 2, 3]


def test_a_partition_whose_parent_is_in_another_schema_is_read(postgres: Shop) -> None:
    postgres.do(
        "CREATE SCHEMA old",
        "CREATE TABLE events (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE old.events_1 PARTITION OF events FOR VALUES FROM (1) TO (10)",
    )
    assert (objects(postgres), objects(postgres, schema="old")) == (["events"], ["events_1"])


def test_parts_that_are_named_beside_their_parent_are_told(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE events (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (10)",
    )
    postgres.objects = {"all": {"table": "events"}, "part": {"table": "events_1"}}
    assert "part is read twice: its rows are also read with all" in about(postgres)


def test_views_are_read_if_there_are_no_tables_or_if_they_are_named(shop: Shop) -> None:
    shop.do("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    shop.do("CREATE VIEW v AS SELECT id, name FROM t WHERE id > 1")
    assert objects(shop) == ["t"]
    assert "not read: v (views; name them under objects to read them)" in about(shop)
    assert shop.pull(v={"key": "id"})["v"].rows == 1
    assert shop.rows("v", "_key, name") == [("2", "b")]


def test_a_schema_of_views_only_says_so(postgres: Shop) -> None:
    postgres.do(
        "CREATE SCHEMA api",
        "CREATE TABLE t (id int PRIMARY KEY, name text)",
        "INSERT INTO t VALUES (1, 'a')",
        "CREATE VIEW api.people AS SELECT id, name FROM t",
        "CREATE MATERIALIZED VIEW api.kept AS SELECT id, name FROM t",
    )
    assert objects(postgres, schema="api") == ["kept", "people"]
    assert "there are no tables, only views: the views are read" in about(postgres, schema="api")
    assert list(discovered(postgres, schema="api")) == ["kept", "people"]
    postgres.pull(kept={"schema": "api", "key": "id"})
    assert postgres.rows("kept") == [(1, "a")]


def test_an_empty_schema_names_those_that_are_not(postgres: Shop) -> None:
    postgres.do("CREATE SCHEMA sales", "CREATE TABLE sales.orders (id int)", "CREATE SCHEMA nothing")
    for schema in ("", "nothing", "salse"):
        with pytest.raises(SourceChanged, match="no tables or views in the schema") as caught:
            objects(postgres, schema=schema)
        assert "sales" in caught.value.hint
        assert "nothing" not in caught.value.hint


def test_an_empty_sqlite_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "shop.db").touch()
    shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
    with pytest.raises(SourceChanged, match="no tables or views"):
        objects(shop)
    shop.close()


def test_search_indexes_of_sqlite_are_left_out(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as there:
        there.executescript(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT); INSERT INTO notes (text) VALUES ('one');"
            "CREATE VIRTUAL TABLE notes_fts USING fts5 (text, content='notes', content_rowid='id');"
            "CREATE VIRTUAL TABLE old_index USING fts4 (text); CREATE VIRTUAL TABLE places USING rtree (id, a, b);"
            "CREATE TABLE notes_content (id INTEGER PRIMARY KEY); ANALYZE;"
        )
    shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
    assert objects(shop) == ["notes", "notes_content"]
    lines = about(shop)
    assert "not read: notes_fts, old_index, places (an index for searching)" in lines
    assert "(parts of the index old_index)" in lines
    shop.pull(old_index={})
    shop.close()


def test_declared_foreign_keys_are_found(shop: Shop) -> None:
    key = " (id)" if shop.is_mariadb else ""  # which wants to be told
    shop.do(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES customers (id))",
        'CREATE TABLE "lines" (a INTEGER, b INTEGER, PRIMARY KEY (a, b))',  # a reserved word of MariaDB
        f"CREATE TABLE orders (id INTEGER PRIMARY KEY, buyer INTEGER REFERENCES customers{key}, a INTEGER, b INTEGER,"
        ' FOREIGN KEY (a, b) REFERENCES "lines" (a, b))',
    )
    found = discovered(shop)
    assert found["customers"].references == {"boss": ("customers", "id")}
    assert found["orders"].references == {"buyer": ("customers", "id")}  # a pair of columns points to no single one
    assert found["orders"].together == (ForeignKey(("a", "b"), "lines", ("a", "b")),)
    shop.objects = {"people": {"table": "customers"}, "sales": {"table": "orders"}}
    assert discovered(shop)["sales"].references == {"buyer": ("people", "id")}
    shop.objects = {"sales": {"table": "orders"}}
    assert discovered(shop)["sales"].references == {}


def test_discover_goes_on_after_a_table_that_cannot_be_read(postgres: Shop) -> None:
    postgres.do(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE FUNCTION broken() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$",
        "INSERT INTO a VALUES (1)",
        "CREATE VIEW b AS SELECT id, broken() AS x FROM a",
    )
    postgres.objects = {"a": {}, "b": {}}
    found = discovered(postgres)
    assert [one.name for one in found["b"].fields] == ["id", "x"]


def test_a_view_is_known_by_a_column_named_like_a_key_that_is_one(shop: Shop) -> None:
    shop.do(
        "CREATE TABLE t (id INTEGER, customer_id INTEGER, name TEXT)",
        "INSERT INTO t VALUES (1, 7, 'a'), (2, 8, 'b'), (2, 9, 'c')",
        "CREATE VIEW customers AS SELECT id, customer_id, name FROM t",
    )
    shop.objects = {"customers": {}, "t": {}}
    assert {name: one.key for name, one in discovered(shop).items()} == {"customers": ("customer_id",), "t": ()}
    assert {name: one.rows for name, one in shop.pull().items()} == {"customers": 3, "t": 3}
    assert [row[0] for row in shop.rows("customers", "_key")] == ["7", "8", "9"]
    assert shop.pull()["customers"].rows == 0
    shop.do("UPDATE t SET name = 'new' WHERE customer_id = 8", "DELETE FROM t WHERE customer_id = 7")
    landed = shop.pull()["customers"]
    assert (landed.rows, landed.deleted) == (1, 1)
    shop.do("UPDATE t SET customer_id = 9")  # no key any more: it is told
    assert shop.pull()["customers"].rejected == 1


def test_what_was_pulled_without_a_key_stays_without(shop: Shop) -> None:
    shop.do("CREATE TABLE t (id INTEGER, name TEXT)", "INSERT INTO t VALUES (1, 'a'), (1, 'b')")
    shop.pull(t={})
    keys = shop.rows("t", "_key")
    shop.do("DELETE FROM t WHERE name = 'b'")
    shop.pull()
    assert len(shop.rows("t", "_key")) == 1
    assert shop.rows("t", "_key")[0] in keys


def test_foreign_keys_of_sqlite_in_another_case(tmp_path: Path) -> None:
    (tmp_path / "shop.db").touch()
    shop = Shop(tmp_path, f"sqlite:///{tmp_path}/shop.db")
    shop.do("CREATE TABLE Customers (Id INTEGER PRIMARY KEY)", "CREATE TABLE o (c INTEGER REFERENCES customers (ID))")
    assert discovered(shop)["o"].references == {"c": ("Customers", "Id")}
    shop.close()

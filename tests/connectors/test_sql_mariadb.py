"""What is particular to MariaDB and MySQL, on a real MariaDB; what holds for all databases is in test_sql.py."""

import datetime
import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.pull import open_source
from fullcircle.errors import ConfigError, FullcircleError, SourceBroken, SourceChanged, SourceRefused, SourceUnreachable
from tests.connectors.shop import Shop
from tests.servers.mariadb import PASSWORD, USER, MariaDB


def reasons(shop: Shop, object: str) -> list[str]:
    return [row["reason"] for path in shop.landing.rejects("shop", object) for row in pq.read_table(path).to_pylist()]


def test_every_type_keeps_its_meaning(mariadb: Shop) -> None:
    mariadb.do(
        "CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, price DECIMAL(12,2), wide DECIMAL(65,30), flag TINYINT(1),"
        " yes BIT(1), bits BIT(64), kind ENUM('new','old'), tags SET('a','b'), born YEAR, span TIME(3),"
        " at TIMESTAMP(6) NULL, naive DATETIME(6),"
        " day DATE, doc JSON, photo BLOB, uid BINARY(4), ratio DOUBLE, small FLOAT, word TEXT, spot POINT,"
        " ip INET6, filled INT(5) ZEROFILL)"
        " CHARACTER SET utf8mb4"
    )
    mariadb.do(
        "SET time_zone = '+02:00'",
        "INSERT INTO t VALUES (18446744073709551615, 12.30, 12345678901234567890123456789012345.000000000000000000000000000001,"
        " 2, b'1', b'1111111111111111111111111111111111111111111111111111111111111111', 'old', 'a,b', 1999, '-838:59:59.000',"
        " '2026-01-01 12:00:00.123456', '2026-01-01 10:00:00.5', '2026-02-28', '{\"a\": [1, 2]}', x'DEADBEEF', 'ab', 0.1, 0.1,"
        " 'Zoë 😀', ST_GeomFromText('POINT(1 2)'), '::1', 7)",
        "INSERT INTO t (id, yes, flag) VALUES (7, b'0', 0)",
    )
    mariadb.pull(t={"cursor": "at"})
    names = (
        '_key, price, wide, flag, yes, bits, kind, tags, born, span, "at", naive, day, doc, photo, uid, ratio, small, word, ip, '
        "filled"
    )
    few, row = sorted(mariadb.rows("t", names), key=lambda each: -len(each[0]), reverse=True)
    assert row == (
        "18446744073709551615", Decimal("12.30"), "12345678901234567890123456789012345.000000000000000000000000000001",
        2, True, "18446744073709551615", "old", "a,b", 1999, "-838:59:59.000",
        datetime.datetime(2026, 1, 1, 10, 0, 0, 123456), datetime.datetime(2026, 1, 1, 10, 0, 0, 500000),
        datetime.date(2026, 2, 28), '{"a": [1, 2]}', "deadbeef", "61620000", 0.1, 0.1, "Zoë 😀", "::1", 7,
    )  # fmt: skip
    assert (few[0], few[3], few[4]) == ("7", 0, False)
    assert mariadb.pull()["t"].rows == 0


@pytest.mark.usefixtures("small_pages")
def test_zero_dates_cost_their_cell_also_where_they_are_the_cursor(mariadb: Shop) -> None:
    mariadb.do(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, born DATE NOT NULL, at DATETIME NOT NULL)",
        "SET sql_mode = ''",
        "INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00 00:00:00'), (2, '2024-02-00', '0000-00-00 00:00:00'),"
        " (3, '2024-02-29', '0000-00-00 00:00:00'), (4, '2024-03-01', '2026-01-01 10:00:00'),"
        " (5, '2024-03-02', '2026-01-02 10:00:00')",
    )
    mariadb.pull(t={"cursor": "at", "lag_seconds": 0})
    assert mariadb.rows("t", 'id, born, "at"') == [
        (1, None, None),
        (2, None, None),
        (3, datetime.date(2024, 2, 29), None),
        (4, datetime.date(2024, 3, 1), datetime.datetime(2026, 1, 1, 10)),
        (5, datetime.date(2024, 3, 2), datetime.datetime(2026, 1, 2, 10)),
    ]
    told = reasons(mariadb, "t")
    assert len(told) == 5
    assert any('"born" of the table t with the key 2' in each for each in told)
    mariadb.do("INSERT INTO t VALUES (6, '2024-03-02', '2026-01-03 10:00:00')")
    assert mariadb.pull()["t"].rows == 1
    mariadb.pull(q={"query": "SELECT id, born FROM t", "key": "id"})  # the driver alone knows the types of a query
    assert mariadb.rows("q", "id, born")[:3] == [(1, None), (2, None), (3, datetime.date(2024, 2, 29))]


@pytest.mark.parametrize("charset", ["latin1", "utf8mb3", "cp1251", "sjis", "utf8mb4"])
def test_text_of_any_character_set_arrives_as_it_is(mariadb: Shop, charset: str) -> None:
    word = {"cp1251": "Иван", "sjis": "山田", "utf8mb4": "Zoë 😀"}.get(charset, "Zoë")
    mariadb.do(f"CREATE TABLE t (id VARCHAR(20) PRIMARY KEY, name TEXT) CHARACTER SET {charset}")
    mariadb.do("INSERT INTO t VALUES (:word, :word)", word=word)
    mariadb.url += "?charset=latin1"  # people write it; the server would replace letters by ?
    mariadb.pull(t={"key": "id"})
    assert mariadb.rows("t", "_key, name") == [(word, word)]
    assert json.loads(mariadb.rows("t", "_raw")[0][0])["name"] == word


@pytest.mark.usefixtures("small_pages")
def test_keys_that_the_database_takes_for_equal_are_all_read(mariadb: Shop) -> None:
    """Where the key is none of the database's own, `a` and `A` are two; a page may end between them."""
    mariadb.do(
        "CREATE TABLE t (code VARCHAR(9), n INTEGER) COLLATE utf8mb4_general_ci",
        "INSERT INTO t VALUES ('a', 1), ('A', 2), ('á', 3), ('A ', 4), ('b', 5), ('B', 6), ('B', 7), (NULL, 8)",
        "CREATE TABLE old (code VARCHAR(9), n INTEGER) CHARACTER SET latin1",
        "INSERT INTO old VALUES ('é', 1), ('É', 2), ('e', 3), ('z', 4)",
    )
    mariadb.pull(t={"key": "code"}, old={"key": "code"})
    assert [row[0] for row in mariadb.rows("t", "_key")] == ["A", "A ", "B", "a", "b", "á"]
    assert [row[0] for row in mariadb.rows("old", "_key")] == ["e", "z", "É", "é"]
    told = reasons(mariadb, "t")
    assert sorted(told) == [
        "the key (code) of the table t is null",
        "the key (code) of the table t occurs 2 times: only one of these rows is used",
    ]
    mariadb.do("DELETE FROM t WHERE n = 1", "INSERT INTO old VALUES ('Z', 5)")
    assert (mariadb.pull()["t"].deleted, [row[0] for row in mariadb.rows("old", "_key")]) == (1, ["Z", "e", "z", "É", "é"])


def test_names_that_are_hard_to_write(mariadb: Shop) -> None:
    names = ["order", "group", "50%", "weiße Tür", "select *"]
    for name in names:
        quoted = f"`{name.replace('`', '``')}`"
        mariadb.do(f"CREATE TABLE {quoted} (`key` INTEGER PRIMARY KEY, {quoted} TEXT)", f"INSERT INTO {quoted} VALUES (1, 'x')")
    landed = mariadb.pull()
    assert {name: one.rows for name, one in landed.items()} == dict.fromkeys(names, 1)
    assert all(mariadb.rows(name)[0] == (1, "x") for name in names)


def test_views_and_tables_that_keep_their_history(mariadb: Shop) -> None:
    mariadb.do(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT) WITH SYSTEM VERSIONING",
        "INSERT INTO people VALUES (1, 'old')",
        "UPDATE people SET name = 'new'",
        "CREATE TABLE parts (id INTEGER, y INTEGER, PRIMARY KEY (id, y)) PARTITION BY HASH (y) PARTITIONS 4",
        "INSERT INTO parts VALUES (1, 1), (1, 2)",
        "CREATE SEQUENCE counter",
        "CREATE VIEW seen AS SELECT id, name FROM people",
    )
    assert {name: one.rows for name, one in mariadb.pull().items()} == {"people": 1, "parts": 2}
    assert mariadb.rows("people", "id, name") == [(1, "new")]
    assert mariadb.pull(seen={})["seen"].rows == 1
    mariadb.do("CREATE TABLE gone (id INTEGER)", "CREATE VIEW broken AS SELECT id FROM gone", "DROP TABLE gone")
    mariadb.objects = {"broken": {}}
    with pytest.raises(SourceBroken, match="the view broken cannot be read"):
        mariadb.pull()


def test_the_modes_of_a_server_change_nothing(mariadb: Shop, mariadb_server: MariaDB) -> None:
    mariadb.do("CREATE TABLE `order` (`a b` VARCHAR(9) PRIMARY KEY, n INTEGER)", "INSERT INTO `order` VALUES ('x\\y', 1)")
    try:
        mariadb_server.run(
            "SET GLOBAL sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH'", "SET GLOBAL time_zone = '-05:00'"
        )
        mariadb.do("CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP)", "INSERT INTO t VALUES (1, '2026-01-01 10:00:00')")
        mariadb.pull(t={"cursor": "at"}, order={})
        assert mariadb.rows("t", '"at"') == [(datetime.datetime(2026, 1, 1, 15),)]
        assert mariadb.rows("order", "_key, n") == [("x\\y", 1)]
        assert mariadb.pull()["t"].rows == 0
    finally:
        mariadb_server.run("SET GLOBAL sql_mode = DEFAULT", "SET GLOBAL time_zone = DEFAULT")


def wrong(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FullcircleError:
    monkeypatch.setenv("MARIADB", url)
    with (
        pytest.raises(FullcircleError) as caught,
        closing(open_source("shop", SourceSettings(connector="sql", url="env:MARIADB"), folder)) as source,
    ):
        source.objects()
    assert "-password" not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"
    return caught.value


def test_what_is_wrong_with_a_login_is_told_without_the_password(
    mariadb: Shop, mariadb_server: MariaDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = mariadb.url.rpartition("/")[2]
    for url, kind in (
        (mariadb_server.url(there, USER, "wrong-password"), SourceRefused),
        (mariadb_server.url(there, USER, PASSWORD), SourceRefused),  # may log in, but not into this database
        (mariadb_server.url("no_such_database"), SourceRefused),
        (mariadb_server.url(""), ConfigError),
        (mariadb.url, SourceChanged),  # no tables
        ("mysql://root:some-password@127.0.0.1:1/shop", SourceUnreachable),
        (mariadb.url.replace("mysql:", "mariadb:"), SourceChanged),
    ):
        assert type(wrong(url, tmp_path, monkeypatch)) is kind, url
    mariadb.do("CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE TABLE secret (id INTEGER PRIMARY KEY)")
    mariadb_server.run(f"GRANT SELECT ON `{there}`.t TO {USER}@'%'")
    monkeypatch.setenv("MARIADB", mariadb_server.url(there, USER, PASSWORD))
    mariadb.url = "env:MARIADB"
    source = open_source("shop", mariadb.settings(), tmp_path)
    assert source.check()[0].startswith("mariadb 11.")
    assert source.objects() == ["t"]
    source.close()
    with pytest.raises(SourceRefused, match="error 1142"):
        mariadb.pull(secret={})
    mariadb.objects = {}
    with pytest.raises(FullcircleError, match=r"the query of q failed \(error 1064\)"):
        mariadb.pull(q={"query": "SELECT nothing at all FROM", "key": "id"})

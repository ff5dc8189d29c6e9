"""The table engine: transactions, streaming beside writing, locks, errors of ours."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from fullcircle.engine.base import fingerprint, literal, located, quick_hash, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import Busy, ConfigError


def test_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    engine = DuckDB(tmp_path / "t.duckdb")
    engine.run("CREATE TABLE t AS SELECT 1 AS a")
    with pytest.raises(ZeroDivisionError), engine.transaction():
        engine.run("INSERT INTO t VALUES (2)")
        raise ZeroDivisionError
    assert engine.rows("SELECT a FROM t") == [(1,)]
    with engine.transaction(), engine.transaction():
        engine.run("INSERT INTO t VALUES (3)")
    engine.close()
    assert DuckDB(tmp_path / "t.duckdb").rows("SELECT a FROM t ORDER BY a") == [(1,), (3,)]


def test_batches_stream_while_others_write() -> None:
    engine = DuckDB()
    engine.run("CREATE TABLE t AS SELECT range AS a FROM range(250000)")
    engine.run("CREATE TABLE seen (n BIGINT)")
    for batch in engine.batches("SELECT a FROM t", 100_000):
        assert batch.num_rows <= 100_000
        engine.run("INSERT INTO seen VALUES ($n)", {"n": batch.num_rows})
    assert engine.value("SELECT sum(n) FROM seen") == 250_000


def test_lend_and_take_back() -> None:
    engine = DuckDB()
    with engine.register("mine", pa.table({"a": [1, 2]})):
        assert engine.value("SELECT sum(a) FROM mine") == 3
    assert not engine.has("mine")


def test_second_process_is_told_who_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "t.duckdb"
    code = (
        "import sys; from pathlib import Path; from fullcircle.engine.duckdb import DuckDB\n"
        "held = DuckDB(Path(sys.argv[1])); print('open', flush=True); sys.stdin.readline()"
    )
    other = subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    with pytest.raises(Busy):
        DuckDB(path)
    other.communicate("\n")
    DuckDB(path).close()


FIXED = 8207670862247782028  # fingerprints are kept in graphs: they must never change between versions


def test_fingerprint_tells_null_from_empty_and_order() -> None:
    engine = DuckDB()
    values = [
        engine.value(f"SELECT {fingerprint(*pair)}") for pair in (("NULL", "''"), ("''", "NULL"), ("'a'", "'b'"), ("'ab'", "''"))
    ]
    assert len(set(values)) == 4
    assert all(0 <= value < 2**63 for value in values)
    assert engine.value(f"SELECT {fingerprint(literal('Müller'), '1.5::DOUBLE')}") == FIXED


def test_quoting() -> None:
    assert quoted('a"b') == '"a""b"'
    assert literal("O'Hara") == "'O''Hara'"
    assert literal(None) == "NULL"


def test_a_folder_that_the_library_cannot_open_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'because its name has a "\?"'):
        DuckDB(tmp_path / "what?" / "tables.duckdb")


@pytest.mark.parametrize("name", ["a#b", "a%20b", "a[1]", "a*", "year=2024", "a b'c"])
def test_other_signs_in_names_are_names(tmp_path: Path, name: str) -> None:
    engine = DuckDB(tmp_path / name / "tables.duckdb", threads=1)
    path = tmp_path / name / "some.parquet"
    engine.write_parquet("SELECT 1 AS a", path)
    engine.run(f"CREATE TABLE b AS SELECT * FROM read_parquet({located(path)}, hive_partitioning = false)")
    assert engine.columns("b") == {"a": "INTEGER"}
    engine.close()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("['x'] AS p, NULL::VARCHAR[] AS q", "NULL::VARCHAR[] AS p, ['x'] AS q"),
        ("['x'] AS p, []::VARCHAR[] AS q", "[]::VARCHAR[] AS p, ['x'] AS q"),
        ("[]::VARCHAR[] AS p, ['x'] AS q", "NULL::VARCHAR[] AS p, ['x'] AS q"),
        ("['x'] AS p, ['y'] AS q", "['y'] AS p, ['x'] AS q"),
        ("['x', 'y'] AS p, NULL::VARCHAR[] AS q", "['x'] AS p, ['y'] AS q"),
    ],
)
def test_a_quick_hash_keeps_the_places_of_lists(a: str, b: str) -> None:
    engine = DuckDB()
    hashed = quick_hash(["n", "p", "q", "z"], ["p", "q"])
    found = [engine.value(f"SELECT {hashed} FROM (SELECT 'n' AS n, {one}, 1 AS z)") for one in (a, a, b)]
    assert found[0] == found[1] != found[2]
    engine.close()

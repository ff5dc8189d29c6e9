"""Landing: durable before the cursor, newest row of a key, columns that change."""

import errno
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.connectors.base import META, Batch, FullRead
from fullcircle.connectors.landing import Landing
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import DiskFull, SourceBroken
from tests.properties import examples


def batch(
    keys: list[str], cursor: int = 0, ops: list[str] | None = None, into: list[str | None] | None = None, **own: object
) -> Batch:
    meta = [
        pa.array(keys, pa.string()),
        pa.array(ops or ["upsert"] * len(keys), pa.string()),
        pa.array(into or [None] * len(keys), pa.string()),
        pa.nulls(len(keys), pa.timestamp("us")),
        pa.nulls(len(keys), pa.string()),
    ]
    columns = [value if isinstance(value, pa.Array) else pa.array(value) for value in own.values()]
    return Batch(pa.table([*meta, *columns], names=[*META.names, *own]), {"at": cursor})


def now(landing: Landing, columns: str = "_key, name") -> list[tuple[object, ...]]:
    return landing.engine.rows(f"SELECT {columns} FROM ({landing.current_sql('crm', 'contacts')}) ORDER BY _key")


def test_the_newest_row_of_a_key_wins_and_deletes_are_gone(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1", "2", "3", "4"], 1, name=["a", "b", "c", "d"]))
    landing.land("crm", "contacts", batch(["2", "2"], 2, name=["b2", "b3"]))
    landing.land("crm", "contacts", batch(["3", "4"], 3, ops=["delete", "merge"], into=[None, "1"]))
    assert now(landing, "_key, name, _op, _into") == [
        ("1", "a", "upsert", None),
        ("2", "b3", "upsert", None),
        ("4", None, "merge", "1"),
    ]
    assert landing.cursor("crm", "contacts") == {"at": 3}
    assert landing.objects() == [("crm", "contacts")]


def test_a_deleted_key_can_come_back(landing: Landing) -> None:
    for cursor, op in enumerate(["upsert", "delete", "upsert"]):
        landing.land("crm", "contacts", batch(["1"], cursor, ops=[op], name=[op + str(cursor)]))
    assert now(landing) == [("1", "upsert2")]


def test_an_empty_batch_moves_the_cursor_and_writes_no_file(landing: Landing) -> None:
    landing.land("crm", "contacts", batch([], 7, name=pa.array([], pa.string())))
    assert landing.cursor("crm", "contacts") == {"at": 7}
    assert landing.files("crm", "contacts") == []
    assert now(landing) == []
    assert list(landing.root.rglob("*.parquet")) == []


def test_never_pulled_objects_are_empty(landing: Landing) -> None:
    assert landing.cursor("crm", "contacts") is None
    assert now(landing, "_key, _at") == []


def test_a_column_that_changes_its_type_becomes_text(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1"], 1, name=[5], paid=pa.array([Decimal("1.10")], pa.decimal128(10, 2))))
    landing.land("crm", "contacts", batch(["2"], 2, name=["five"], paid=pa.array([Decimal("2.5")], pa.decimal128(10, 1))))
    landing.land("crm", "contacts", batch(["3"], 3, name=pa.nulls(1), added=[True]))
    assert landing.columns("crm", "contacts") == {"name": "VARCHAR", "paid": "VARCHAR", "added": "BOOLEAN"}
    assert now(landing, "_key, name, paid, added") == [
        ("1", "5", "1.10", None),
        ("2", "five", "2.5", None),
        ("3", None, None, True),
    ]


def test_a_column_that_had_no_value_yet_takes_the_type_of_the_first(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1"], 1, name=pa.nulls(1)))
    landing.land("crm", "contacts", batch(["2"], 2, name=[5]))
    landing.land("crm", "contacts", batch(["3"], 3, name=pa.nulls(1)))
    assert landing.columns("crm", "contacts") == {"name": "BIGINT"}
    assert now(landing) == [("1", None), ("2", 5), ("3", None)]


def test_names_that_clash_stay_apart_and_never_move(landing: Landing) -> None:
    own = {"Email": ["A"], "email": ["b"]}
    landing.land("crm", "contacts", batch(["1"], 1, **own))
    landing.land("crm", "contacts", batch(["2"], 2, email=["c"], EMAIL=["d"]))
    assert list(landing.columns("crm", "contacts")) == ["Email", "email_1"]
    assert now(landing, '_key, "Email", email_1') == [("1", "A", "b"), ("2", "d", "c")]


def test_a_source_column_named_like_ours_is_kept_beside_it(landing: Landing) -> None:
    given_ = batch(["1"], 1, name=["x"])
    rows = pa.table(
        [*given_.rows.columns, pa.array(["mine"]), pa.array(["seq"])], names=[*given_.rows.schema.names, "_KEY", "_seq"]
    )
    landing.land("crm", "contacts", Batch(rows, {}))
    assert now(landing, '_key, "_KEY_1", "_seq_1"') == [("1", "mine", "seq")]


@pytest.mark.parametrize(
    ("object", "other"), [("Order Details", "order_details"), ("A", "a"), ("../up", ".._up"), ("Ä" * 200, "ä" * 200)]
)
def test_objects_with_odd_names_have_folders_of_their_own(landing: Landing, object: str, other: str) -> None:
    landing.land("crm", object, batch(["1"], 1, name=["x"]))
    landing.land("crm", other, batch(["2"], 1, name=["y"]))
    for name, key in ((object, "1"), (other, "2")):
        [file] = landing.files("crm", name)
        assert landing.root.resolve() in file.resolve().parents
        assert landing.engine.rows(f"SELECT _key FROM ({landing.current_sql('crm', name)})") == [(key,)]


def test_a_missing_or_cut_file_is_named(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1"], 1, name=["x"]))
    [file] = landing.files("crm", "contacts")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceBroken, match=f"{file.name}.*crm.contacts.*cut"):
        landing.current_sql("crm", "contacts")
    file.unlink()
    with pytest.raises(SourceBroken, match=f"{file.name}.*is missing") as caught:
        landing.files("crm", "contacts")
    assert "pull again" in caught.value.hint
    file.parent.rmdir()
    assert landing.lost("crm", "contacts")


def test_rejects_stay_until_their_file_is_read_again(landing: Landing) -> None:
    def rejects(*lines: str) -> pa.Table:
        return pa.table({"key": list(lines), "reason": ["bad"] * len(lines), "raw": ["?"] * len(lines)})

    rows = batch(["1"], 1, name=["x"]).rows
    landing.land("crm", "contacts", Batch(rows, {}, rejects("a:1"), FullRead("a", "r1", ends=True)))
    landing.land("crm", "contacts", Batch(rows, {}, rejects("b:1"), FullRead("b", "r2", ends=True)))
    landing.land("crm", "contacts", Batch(rows, {}, rejects("a:2"), FullRead("a", "r3", ends=True)))
    found = [pq.read_table(path)["key"].to_pylist() for path in landing.rejects("crm", "contacts")]
    assert found == [["b:1"], ["a:2"]]
    assert len(landing.files("crm", "contacts")) == 2  # the rows of the first reading of a are replaced, too


def test_a_whole_reading_replaces_only_when_it_ends(landing: Landing) -> None:
    landing.land("crm", "contacts", batch(["1", "2"], 1, name=["x", "y"]))
    first = batch(["2"], 2, name=["y2"])
    landing.land("crm", "contacts", Batch(first.rows, {}, full_read=FullRead("f", "r1", whole=True)))
    assert now(landing) == [("1", "x"), ("2", "y2")]
    landing.land(
        "crm", "contacts", Batch(batch(["3"], name=["z"]).rows, {}, full_read=FullRead("f", "r1", ends=True, whole=True))
    )
    assert now(landing) == [("2", "y2"), ("3", "z")]
    landing.tidy()
    assert len(list(landing.root.rglob("*.parquet"))) == 2


def test_the_fingerprint_changes_with_what_is_landed(landing: Landing) -> None:
    prints = [landing.fingerprint()]
    for cursor in (1, 2):
        landing.land("crm", "contacts", batch(["1"], cursor, name=[str(cursor)]))
        prints.append(landing.fingerprint())
    landing.land("crm", "contacts", batch([], 9, name=pa.array([], pa.string())))
    assert len(set(prints)) == 3
    assert landing.fingerprint() == prints[-1]


@pytest.mark.parametrize("where", ["fsync", "write"])
def test_a_full_disk_registers_nothing(landing: Landing, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    landing.land("crm", "contacts", batch(["1"], 1, name=["x"]))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync", full) if where == "fsync" else (pq, "write_table", full)))
        with pytest.raises(DiskFull, match="contacts"):
            landing.land("crm", "contacts", batch(["2"], 2, name=["y"]))
    assert (landing.cursor("crm", "contacts"), now(landing)) == ({"at": 1}, [("1", "x")])
    assert not list(landing.root.rglob("*.tmp"))
    landing.land("crm", "contacts", batch(["2"], 2, name=["y"]))
    assert now(landing) == [("1", "x"), ("2", "y")]


CHILD = """
import os, signal, sys
from pathlib import Path
import pyarrow as pa
from fullcircle.book.book import Book
from fullcircle.connectors.base import META, Batch
from fullcircle.connectors.landing import Landing
from fullcircle.engine.duckdb import DuckDB

home, left = Path(sys.argv[1]), int(sys.argv[2])

def deadly(module, name, after):
    real = getattr(module, name)
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(module, name, call)

import pyarrow.parquet as pq
deadly(pq, "write_table", after=True)
deadly(os, "fsync", after=False)
deadly(os, "replace", after=True)
deadly(Book, "write", after=True)
landing = Landing(home / "landing", Book(home / "book.sqlite"), DuckDB(threads=1))
landing.tidy()
start = (landing.cursor("crm", "contacts") or {"at": 0})["at"]
for at in range(start, 4):
    keys = [str(at), str(at + 1)]
    empty = [pa.nulls(2, field.type) for field in list(META)[2:]]
    columns = [pa.array(keys), pa.array(["upsert"] * 2), *empty, pa.array([at, at])]
    landing.land("crm", "contacts", Batch(pa.table(columns, names=[*META.names, "name"]), {"at": at + 1}))
"""


@pytest.mark.parametrize("step", [1, 2, 3, 4, 6, 8, 9, 13])
def test_killed_at_any_step_nothing_is_lost_or_doubled(tmp_path: Path, step: int) -> None:
    def child(left: int) -> int:
        return subprocess.run([sys.executable, "-c", CHILD, str(tmp_path), str(left)], check=False).returncode

    assert child(step) == -signal.SIGKILL
    assert child(0) == 0
    book, engine = Book(tmp_path / "book.sqlite"), DuckDB(threads=1)
    landing = Landing(tmp_path / "landing", book, engine)
    assert now(landing) == [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 3)]
    assert len(landing.files("crm", "contacts")) == 4
    landing.tidy()
    assert len([path for path in landing.root.rglob("*") if path.is_file()]) == 4
    book.close()


@settings(max_examples=examples(10, soak=125), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["upsert", "delete"]), st.integers(0, 9)), max_size=4),
        max_size=6,
    )
)
def test_current_is_what_replaying_the_log_gives(
    tmp_path_factory: pytest.TempPathFactory, log: list[list[tuple[str, str, int]]]
) -> None:
    home = tmp_path_factory.mktemp("log")
    book, engine = Book(home / "book.sqlite"), DuckDB(threads=1)
    landing = Landing(home / "landing", book, engine)
    truth: dict[str, int] = {}
    for at, events in enumerate(log):
        keys, ops, values = ([event[place] for event in events] for place in range(3))
        landing.land("crm", "contacts", batch(keys, at, ops=ops, name=pa.array(values, pa.int64())))
        for key, op, value in events:
            truth.pop(key, None) if op == "delete" else truth.__setitem__(key, value)
    if log:
        assert dict(now(landing)) == truth
    book.close()

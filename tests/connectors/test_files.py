"""The files connector through the whole pull: objects by name, only new files, keys, snapshots, rejects, clear errors."""

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.pull import open_source, pull
from fullcircle.connectors.sources.files.source import object_name
from fullcircle.errors import ConfigError, SourceBroken, SourceChanged, SourceUnreachable
from fullcircle.model.progress import Silent
from tests.connectors.town import Town


@pytest.mark.parametrize(
    ("name", "object"),
    [
        ("orders.csv", "orders"), ("orders_2026-01-31.csv.gz", "orders"), ("orders-2.jsonl", "orders"),
        ("orders 20260131T1200.csv", "orders"),
        ("order_lines.parquet", "order_lines"), ("2026.csv", "2026"), ("b2b_customers.csv", "b2b_customers"),
    ],
)  # fmt: skip
def test_files_find_their_object_by_name(name: str, object: str) -> None:
    assert object_name(Path(name)) == object


def test_a_folder_of_many_kinds(town: Town) -> None:
    town.put("customers_1.csv", "id,name\n1,Ada\n")
    town.put("customers_2.csv.gz", gzip.compress(b"id,name\n2,Bo\n"))
    town.put("old/orders.jsonl", '{"id":1,"amount":1.10}\n')
    pq.write_table(pa.table({"id": [1]}), town.files / "products.parquet")
    town.put("readme.md", "no data")
    town.put(".hidden.csv", "a,b\n1,2\n")
    town.put("~$locked.xlsx", "")
    landed = town.pull()
    assert {name: one.rows for name, one in landed.items()} == {"customers": 2, "orders": 1, "products": 1}
    assert town.rows("customers") == [("1", "Ada"), ("2", "Bo")]
    assert town.rows("orders", "amount") == [("1.10",)]
    assert [json.loads(raw) for (raw,) in town.rows("customers", "_raw")] == [
        {"id": "1", "name": "Ada"},
        {"id": "2", "name": "Bo"},
    ]


def test_a_second_pull_reads_nothing_new(town: Town) -> None:
    town.put("customers.csv", "id,name\n1,Ada\n")
    town.pull()
    before = town.landing.fingerprint()
    assert town.pull()["customers"].rows == 0
    os.utime(town.files / "customers.csv")  # only touched
    assert town.pull()["customers"].rows == 0
    assert town.landing.fingerprint() == before


def test_a_changed_file_is_read_again_and_the_key_keeps_rows_apart(town: Town) -> None:
    objects = {"customers": {"key": "id", "updated_at": "changed"}}
    path = town.put("customers.csv", "id,name,changed\n1,Ada,2026-01-01T10:00:00+02:00\n2,Bo,\n")
    town.pull(objects=objects)
    stat = path.stat()
    town.put("customers.csv", "id,name,changed\n1,Ava,2026-01-01T10:00:00+02:00\n2,Bo,\n")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # same size, same time, other content
    assert town.pull()["customers"].rows == 1
    assert town.rows("customers", "_key, name, CAST(_at AS VARCHAR)") == [("1", "Ava", "2026-01-01 08:00:00"), ("2", "Bo", None)]


def test_of_two_files_the_later_name_wins_numbers_in_order(town: Town) -> None:
    town.put("customers_10.csv", "id,name\n1,ten\n")
    town.put("customers_9.csv", "id,name\n1,nine\n2,only nine\n")
    town.pull(objects={"customers": {"key": "id"}})
    assert town.rows("customers") == [("1", "ten"), ("2", "only nine")]


def test_of_two_rows_with_one_key_in_a_file_the_later_wins(town: Town) -> None:
    lines = [f"{number % 1000},{number}" for number in range(50_000)]
    town.put("customers.csv", "id,name\n" + "\n".join(lines) + "\n")
    town.pull(objects={"customers": {"key": "id"}})
    assert town.rows("customers", "count(*), min(CAST(name AS INT))") == [(1000, 49_000)]


def test_without_a_key_equal_rows_are_all_kept_and_reading_again_adds_only_the_new(town: Town) -> None:
    town.put("visits.csv", "who,page\nada,/\nada,/\nbo,/x\n")
    town.pull()
    assert town.rows("visits") == [("ada", "/"), ("ada", "/"), ("bo", "/x")]
    town.put("visits.csv", "page,who,note\n/,ada,\n/,ada,\n/x,bo,\n/,ada,\n")  # columns moved, one added, one more row
    town.pull()
    assert town.rows("visits", "who, page") == [("ada", "/")] * 3 + [("bo", "/x")]


def test_numbering_of_equal_rows_does_not_hang_on_the_batches(town: Town) -> None:
    town.put("visits.csv", "who,page\n" + "ada,/\n" * 7 + "bo,/\n" * 2)
    settings = SourceSettings(connector="files", path="in")
    keys = []
    for size in (2, 3, 100):
        source: Any = open_source("shop", settings, town.folder)
        source._rows = size
        keys.append(sorted(key for batch in source.pull("visits", None) for key in batch.rows["_key"].to_pylist()))
        source.close()
    assert keys[0] == keys[1] == keys[2]
    assert len(set(keys[0])) == 9


def test_several_key_columns(town: Town) -> None:
    town.put("lines.csv", "order,pos,sku\n1,1,a\n1,2,b\n1|1,2,c\n1,1|2,d\n")
    town.pull(objects={"lines": {"key": ["order", "pos"]}})
    assert town.rows("lines", "_key, sku") == [("1\\|1|2", "c"), ("1|1", "a"), ("1|1\\|2", "d"), ("1|2", "b")]


def test_a_snapshot_is_the_whole_truth(town: Town) -> None:
    objects = {"customers": {"key": "id", "snapshot": True}}
    town.put("customers_2026-01.csv", "id,name\n1,Ada\n2,Bo\n")
    town.put("customers_2025-12.csv", "id,name\n9,Old\n")
    town.pull(objects=objects)
    assert town.rows("customers") == [("1", "Ada"), ("2", "Bo")]
    newer = town.put("customers_2026-02.csv", "id,name\n2,Bob\n3,Cy\n")
    town.pull()
    assert town.rows("customers") == [("2", "Bob"), ("3", "Cy")]
    assert town.pull()["customers"].rows == 0
    newer.unlink()
    town.pull()
    assert town.rows("customers") == [("1", "Ada"), ("2", "Bo")]
    town.put("customers_2026-03.csv", "")
    with pytest.raises(SourceBroken, match="does not even have a header"):
        town.pull()
    assert town.rows("customers") == [("1", "Ada"), ("2", "Bo")]


def test_bad_rows_and_empty_keys_are_rejected_until_the_file_is_mended(town: Town) -> None:
    town.put("customers.csv", "id,name\n1,Ada\n2\n,Nobody\n3,Cy\n")
    landed = town.pull(objects={"customers": {"key": "id"}})["customers"]
    assert (landed.rows, landed.rejected) == (2, 2)
    found = {row["key"]: (row["reason"], row["raw"]) for row in town.rejects("customers")}
    assert found["customers.csv:3"] == ("line 3 of customers.csv has 1 columns, the header has 2", "2")
    assert "key (id) is empty" in found["customers.csv:4"][0]
    assert "Nobody" in found["customers.csv:4"][1]
    town.put("customers.csv", "id,name\n1,Ada\n2,Bo\n4,Somebody\n3,Cy\n")
    assert town.pull()["customers"].rejected == 0
    assert town.rejects("customers") == []
    assert len(town.rows("customers")) == 4


def test_globs_and_one_file(town: Town) -> None:
    town.put("a/x_1.csv", "id\n1\n")
    town.put("b/x_2.csv", "id\n2\n")
    town.put("b/y.csv", "id\n3\n")
    assert set(town.pull(path="in/*/x_*.csv")) == {"x"}
    assert town.rows("x") == [("1",), ("2",)]
    assert town.pull(path="in/b/y.csv", objects={"why": {"key": "id"}})["why"].rows == 1
    assert town.pull(path="in", objects={"both": {"files": "b/*"}})["both"].rows == 2


def test_columns_named_like_ours_or_like_each_other(town: Town) -> None:
    town.put("odd.csv", "_key,_op,Email,email,filename\n1,2,A,b,c\n")
    town.pull(objects={"odd": {"key": "_key"}})
    assert town.rows("odd", '_key, _op, "_key_1", "_op_1", "Email", email_1, filename') == [
        ("1", "upsert", "1", "2", "A", "b", "c")
    ]


def test_what_is_wrong_is_named(town: Town) -> None:
    with pytest.raises(SourceUnreachable, match="nowhere"):
        town.pull(path="nowhere")
    with pytest.raises(ConfigError, match="unknown key"):
        town.pull(path="in", objects={"x": {"keys": "id"}})
    town.put("customers.csv", "id,name\n1,Ada\n")
    with pytest.raises(SourceChanged, match=r'customers\.csv has no column "number"') as caught:
        town.pull(objects={"customers": {"key": "number"}})
    assert "id, name" in caught.value.hint
    town.put("x.dat", "id\n1\n")
    with pytest.raises(ConfigError, match=r"x\.dat"):
        town.pull(objects={"x": {"files": "x.dat"}})
    assert town.pull(objects={"x": {"files": "x.dat", "format": "csv"}})["x"].rows == 1


def test_a_cut_file_stops_the_pull_and_a_mended_one_continues(town: Town) -> None:
    town.put("a.csv", "id\n1\n")
    pq.write_table(pa.table({"id": list(range(1000))}), town.files / "b.parquet")
    whole = (town.files / "b.parquet").read_bytes()
    town.put("b.parquet", whole[: len(whole) // 2])
    with pytest.raises(SourceBroken, match=r"b\.parquet"):
        town.pull()
    assert town.rows("a") == [("1",)]
    town.put("b.parquet", whole)
    assert town.pull()["b"].rows == 1000


def test_only_chosen_objects(town: Town) -> None:
    town.put("a.csv", "id\n1\n")
    town.put("b.csv", "id\n1\n")
    sources = {"shop": SourceSettings(connector="files", path="in"), "other": SourceSettings(connector="files", path="nowhere")}
    landed = pull(sources, town.folder, town.landing, Silent(), ["shop.b"])
    assert [one.object for one in landed.objects] == ["b"]
    for wrong, message in (("shops", 'no source "shops"'), ("shop.c", 'no object "c"')):
        with pytest.raises(ConfigError, match=message):
            pull(sources, town.folder, town.landing, Silent(), [wrong])


def test_discover_tells_columns_and_shapes_but_no_values(town: Town) -> None:
    town.put("customers.csv", "id,mail\n,\n17,ada@example.org\n")
    source = open_source("shop", SourceSettings(connector="files", path="in"), town.folder)
    [found] = source.discover()
    assert [(field.name, field.example) for field in found.fields] == [("id", "99"), ("mail", "aaa@aaaaaaa.aaa")]
    assert source.check() == ["customers: 1 file"]
    source.close()


def test_a_deleted_landing_folder_means_from_the_start(town: Town) -> None:
    import shutil

    town.put("customers.csv", "id,name\n1,Ada\n")
    town.pull()
    shutil.rmtree(town.landing.folder("shop", "customers"))
    assert town.pull()["customers"].rows == 1
    assert town.rows("customers") == [("1", "Ada")]


CHILD = """
import os, signal, sys
from pathlib import Path
from fullcircle.book.book import Book
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.sources.files import source as files
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.progress import Silent
from tests.connectors.town import Town

home, left = Path(sys.argv[1]), int(sys.argv[2])
real = Landing.land
def land(*args):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*args)
Landing.land = land
start = files.Files.__init__
def small(self, context):
    start(self, context)
    self._rows = 3
files.Files.__init__ = small
source = SourceSettings(connector="files", path="in")
pull({"shop": source}, home, Landing(home / "landing", Book(home / "book.sqlite"), DuckDB(threads=1)), Silent())
"""


@pytest.mark.parametrize("batch", [2, 4, 5])
def test_killed_between_batches_the_end_is_the_same(town: Town, batch: int) -> None:
    town.put("visits_1.csv", "who,page\n" + "ada,/\n" * 7 + "bad\n")
    town.put("visits_2.csv", "who,page\n" + "bo,/\n" * 5)
    child = subprocess.run([sys.executable, "-c", CHILD, str(town.folder), str(batch)], check=False)
    assert child.returncode == -signal.SIGKILL
    town.pull()
    assert town.rows("visits") == [("ada", "/")] * 7 + [("bo", "/")] * 5
    assert [row["key"] for row in town.rejects("visits")] == ["visits_1.csv:9"]

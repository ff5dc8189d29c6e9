"""What is special about the Ladybug store: one writer and readers beside it, large portions, damaged files, the query guard."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from fullcircle.errors import DiskFull, QueryError, StoreError
from fullcircle.graph.base import StoreContext, Wanted
from fullcircle.graph.shape import schema
from fullcircle.graph.stores.cypher_guard import why_refused
from fullcircle.graph.stores.ladybug import failures
from fullcircle.graph.stores.ladybug import store as ladybug
from fullcircle.graph.stores.ladybug.cypher import DIALECT
from fullcircle.graph.stores.ladybug.failures import ours
from fullcircle.graph.stores.ladybug.store import Ladybug
from tests.graph import town
from tests.graph.town import ADA, BEN, CUP, HOME, edge, everything, rows

SMALL = {"memory": "256MB", "threads": 1}


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Ladybug]:
    made = Ladybug(StoreContext(tmp_path / "graph", SMALL))
    made.prepare()
    town.settle_in(made)
    yield made
    made.close()


def open_elsewhere(path: Path, read_only: bool, then: str = "") -> subprocess.CompletedProcess[str]:
    """Open the graph in another process and say what came of it."""
    text = f"""
from pathlib import Path
from fullcircle.errors import FullcircleError
from fullcircle.graph.base import StoreContext, Wanted
from fullcircle.graph.stores.ladybug import failures
from fullcircle.graph.stores.ladybug.failures import ours
from fullcircle.graph.stores.ladybug.store import Ladybug
try:
    store = Ladybug(StoreContext(Path({str(path)!r}), {SMALL!r}, read_only={read_only}))
    print(sum(store.count().values()))
    {then}
except FullcircleError as error:
    print(type(error).__name__)
"""
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=120)


def test_a_second_writer_is_busy_and_a_reader_is_not(graph: Ladybug, tmp_path: Path) -> None:
    assert open_elsewhere(tmp_path / "graph", read_only=False).stdout == "Busy\n"
    everyone = sum(graph.count().values())
    assert open_elsewhere(tmp_path / "graph", read_only=True).stdout == f"{everyone}\n"
    graph.write_vertices("Customer", rows("Customer", {"id": "customer:new"}))  # in the log, not yet in the file
    assert open_elsewhere(tmp_path / "graph", read_only=True).stdout == f"{everyone + 1}\n"


def test_a_damaged_or_foreign_file_says_how_to_make_it_anew(graph: Ladybug, tmp_path: Path) -> None:
    graph.close()
    whole = (tmp_path / "graph").read_bytes()
    for name, content in {
        "text": b"this is no graph\n" * 1000,
        "cut": whole[:9000],
        "version": whole[:4] + bytes([whole[4] + 1]) + whole[5:],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StoreError, match="damaged") as caught:
            Ladybug(StoreContext(tmp_path / name, SMALL))
        assert "--rebuild-graph" in caught.value.hint


def test_too_little_memory_and_a_full_disk_are_told_apart(graph: Ladybug, monkeypatch: pytest.MonkeyPatch) -> None:
    full = RuntimeError(
        "Buffer manager exception: Unable to allocate memory! The buffer pool is full and no memory could be freed!"
    )
    assert "memory" in ours(full, graph._path).hint
    assert isinstance(ours(RuntimeError("IO exception: Cannot write to file: No space left on device"), graph._path), DiskFull)
    failed = RuntimeError("IO exception: Cannot write to file. path: somewhere")
    assert not isinstance(ours(failed, graph._path), DiskFull)
    monkeypatch.setattr(failures.full, "free", lambda _: 0)
    assert isinstance(ours(failed, graph._path), DiskFull)


FULL = """
import sys
from pathlib import Path
import pyarrow as pa
from fullcircle.errors import DiskFull
from fullcircle.graph.base import StoreContext, Wanted
from fullcircle.graph.stores.ladybug import failures
from fullcircle.graph.stores.ladybug.failures import ours
from fullcircle.graph.stores.ladybug.store import Ladybug
store = Ladybug(StoreContext(Path(sys.argv[1]) / "graph", {}))
store.prepare()
ids = [f"customer:{n}" for n in range(2000)]
rows = pa.table({"id": ids, "source": ids, "hash": pa.array(range(2000), pa.int64())})
rows = rows.rename_columns(["id", "name", "hash"])
try:
    for part in range(500):
        store.write_vertices("Category", rows.set_column(0, "id", pa.array([f"category:{part}-{n}" for n in range(2000)])))
except DiskFull:
    print("full")
    store.close()
    sys.exit(7)
"""


def test_a_full_disk_does_not_end_the_process_that_uses_the_store(tmp_path: Path) -> None:
    """The library ends a process whose database it cannot close: a program that uses ours must live on."""
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("needs the right to mount a small disk (tmpfs)")
    try:
        done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.split()) == (7, ["full"]), done.stderr
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_errors_hold_no_values(graph: Ladybug) -> None:
    with pytest.raises(StoreError) as caught:
        graph.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Secret"}), insert_only=True)
    assert ADA not in caught.value.message + caught.value.hint


def test_large_portions_come_out_like_small_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladybug, "COPY_ROWS", 2)
    store = Ladybug(StoreContext(tmp_path / "graph", SMALL))
    store.prepare()
    town.settle_in(store)
    for label, given in {**town.VERTICES, **town.EDGES}.items():
        assert everything(store, label) == {row["id"]: row for row in rows(label, *given).to_pylist()}
    with pytest.raises(StoreError, match="already"):
        store.write_vertices("Customer", rows("Customer", {"id": ADA}, {"id": "customer:new"}), insert_only=True)
    assert store.vertex("customer:new") is None, "all or nothing"
    bad = rows("PURCHASED", edge("PURCHASED", BEN, "product:none"), edge("PURCHASED", BEN, "product:shop:p:pot"))
    with pytest.raises(StoreError):
        store.write_edges("PURCHASED", bad, insert_only=True)
    assert store.count()["PURCHASED"] == 3
    more = rows("MEMBER_OF", edge("MEMBER_OF", BEN, HOME), edge("MEMBER_OF", "customer:cleo", HOME))
    store.write_edges("MEMBER_OF", more, insert_only=True)
    assert store.count()["MEMBER_OF"] == 5
    store.close()


def test_long_scans_go_through_in_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladybug, "WINDOW_ROWS", 700)
    store = Ladybug(StoreContext(tmp_path / "graph", SMALL))
    store.prepare()
    table = pa.table({"id": [f"product:{number}" for number in range(5000)], "hash": range(5000)})
    for field in list(schema("Product"))[2:]:
        table = table.append_column(field.name, pa.nulls(5000, field.type))
    store.write_vertices("Product", table)
    store.forget_vertices("Product", pa.array([f"product:{number}" for number in range(0, 5000, 3)]))
    found = [row for page in store.scan("Product", ["hash"], rows=100) for row in page["hash"].to_pylist()]
    assert sorted(found) == [number for number in range(5000) if number % 3]
    store.close()


def test_a_model_that_grew_is_added_to_the_graph(graph: Ladybug, tmp_path: Path) -> None:
    for text in ("ALTER TABLE Customer DROP gender", "DROP TABLE HAS_HABITS", "DROP TABLE Habits"):
        graph._run(text)
    graph.prepare()
    graph.write_vertices("Customer", rows("Customer", {"id": ADA, "gender": "f"}))
    graph.write_vertices("Habits", rows("Habits", {"id": "habits:ada", "due": True}))
    graph.write_edges("HAS_HABITS", rows("HAS_HABITS", edge("HAS_HABITS", ADA, "habits:ada")))
    found = graph.vertex(ADA)
    assert found is not None
    assert found.properties == {"gender": "f"}


def test_a_graph_of_an_older_version_can_be_read(graph: Ladybug) -> None:
    whole = {label: everything(graph, label) for label in ("Customer", "PURCHASED")}
    whole_neighbours = graph.neighbours(ADA)
    gone = ("Customer DROP gender", "Customer DROP birth_date", "Customer DROP search", "PURCHASED DROP amount")
    for text in (*(f"ALTER TABLE {what}" for what in gone), "DROP TABLE HAS_CONSENT", "DROP TABLE Consent"):
        graph._run(text)
    for label in ("Customer", "PURCHASED"):
        table = pa.concat_tables(graph.scan(label))
        assert table.schema == schema(label)
        assert {*everything(graph, label)} == {*whole[label]}
    assert graph.greatest_neighbours(ADA, "PURCHASED", "out", "amount")
    found = graph.vertex(ADA)
    assert found is not None
    assert "gender" not in found.properties
    assert graph.find("Customer", "")
    assert [one.id for one in graph.find("Customer", "ada@example.org")] == [ADA]
    assert (graph.count()["Customer"], graph.count()["Consent"], graph.count()["HAS_CONSENT"]) == (3, 0, 0)
    assert graph.vertex("consent:a:b:1") is None
    assert not [page for label in ("Consent", "HAS_CONSENT") for page in graph.scan(label) if page.num_rows]
    near = graph.around(ADA, [Wanted("HAS_CONSENT", "out"), Wanted("PURCHASED", "out", "amount")])
    assert near is not None
    assert (near.totals["HAS_CONSENT"], near.totals["PURCHASED"]) == (0, 2)
    assert len(graph.neighbours(ADA)) == len(whole_neighbours)
    assert graph.path(ADA, BEN)


def test_queries(graph: Ladybug) -> None:
    assert graph.languages() == ["cypher"]
    found = graph.query("MATCH (c:Customer)-[:PURCHASED]->(x:Product {id: 'product:shop:p:cup'}) RETURN c.id AS id ORDER BY id")
    assert found.to_pylist() == [{"id": ADA}, {"id": BEN}]
    assert graph.query("MATCH (c:Customer {id: 'customer:nobody'}) RETURN c.name AS name;", "cypher").to_pylist() == []
    assert graph.query("RETURN 'SET; DROP' AS t").to_pylist() == [{"t": "SET; DROP"}]
    with pytest.raises(QueryError, match="Nonsense"):
        graph.query("MATCH (n:Nonsense) RETURN n")
    with pytest.raises(QueryError):
        graph.query("g.V()", "gremlin")


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (:Customer {id: 'customer:evil'})",
        "MATCH (c:Customer) SET c.name = 'x'",
        "match (c:Customer) detach delete c",
        "MATCH (c:Customer) /* RETURN */ DELETE c",
        "RETURN 1; MATCH (c:Customer) DETACH DELETE c",
        "COPY (MATCH (c:Customer) RETURN c.id) TO 'stolen.csv'",
        "LOAD FROM 'secret.csv' RETURN *",
        "MERGE (c:Customer {id: 'x'})",
        "DROP TABLE Customer",
        "INSTALL json",
        "ATTACH 'x' AS y (dbtype duckdb)",
        "CALL threads=1",
        "CHECKPOINT",
        "COMMIT",
        "EXPORT DATABASE 'somewhere'",
    ],
)
def test_queries_that_do_more_than_read_are_refused(graph: Ladybug, text: str) -> None:
    before = graph.count()
    with pytest.raises(QueryError, match="Only reading"):
        graph.query(text)
    assert graph.count() == before


def test_reading_words_are_not_mistaken_for_writing() -> None:
    for text in (
        "MATCH (c:Customer) WHERE c.name = 'DELETE; DROP' RETURN c.set, c.`drop` // CREATE",
        'RETURN "it\'s; MERGE"',
        "MATCH (x:Set)-[r:Use]->() RETURN x.load;",
        "CALL show_tables() RETURN *",
        "MATCH (c) RETURN c.created_at AS offset_set",
    ):
        assert why_refused(text, DIALECT) == "", text
    assert why_refused("RETURN 'a' ; CREATE (n)", DIALECT)
    assert why_refused("RETURN 'it\\'s' CREATE (:X)", DIALECT)


def test_the_customer_is_found_in_a_path_through_a_log(graph: Ladybug) -> None:
    """What is written but not yet settled is read like the rest."""
    graph.write_edges("PURCHASED", rows("PURCHASED", edge("PURCHASED", "customer:cleo", CUP)))
    assert len(graph.path("customer:cleo", HOME)) == 7

"""What is particular to the SQLite store: one file, readers beside a writer, ids of edges that are not kept, SQL of users."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.errors import Busy, DiskFull, QueryError, StoreError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.sqlite import store as module
from fullcircle.graph.stores.sqlite import writing
from fullcircle.graph.stores.sqlite.failures import ours
from fullcircle.graph.stores.sqlite.opening import connect
from fullcircle.graph.stores.sqlite.store import Sqlite
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import VertexLabel
from tests.graph import town
from tests.graph.town import ADA, BEN, CLEO, CUP, POT, TEA, edge, everything, ids, rows
from tests.properties import examples


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Sqlite]:
    """The town in a file."""
    made = Sqlite(StoreContext(tmp_path / "graph"))
    made.prepare()
    town.settle_in(made)
    yield made
    made.close()


def reader_of(path: Path) -> Sqlite:
    return Sqlite(StoreContext(path, read_only=True))


# -- one writer, many readers ------------------------------------------------------------------------------------------
def test_a_second_writer_is_busy_and_a_reader_is_not(graph: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "connect", partial(connect, wait=0.05))
    other, reader = Sqlite(StoreContext(tmp_path / "graph")), reader_of(tmp_path / "graph")
    with graph._writing() as connection:
        connection.execute("DELETE FROM vertex_Product")
        with pytest.raises(Busy, match="Another process is writing"):
            other.put_stamp("x")
        assert reader.count()["Product"] == 3, "what is not finished is not seen"
    assert reader.count()["Product"] == 0
    other.close()
    reader.close()


def test_what_is_written_together_is_seen_together_or_not_at_all(graph: Sqlite, tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "graph")
    before = everything(reader, "Customer"), everything(reader, "PLACED")
    with pytest.raises(StoreError), graph.together():
        graph.forget_vertices("Customer", ids(ADA))
        graph.write_edges("PLACED", rows("PLACED", edge("PLACED", "customer:nobody", "order:shop:x:none")))
    assert (everything(graph, "Customer"), everything(graph, "PLACED")) == before
    with graph.together():
        graph.forget_vertices("Customer", ids(ADA))
        graph.write_vertices("Customer", rows("Customer", {"id": "customer:new"}))
        assert (everything(reader, "Customer"), everything(reader, "PLACED")) == before
        assert graph.vertex("customer:new"), "who writes sees it"
    assert reader.vertex("customer:new")
    assert reader.vertex(ADA) is None
    graph.put_stamp("and on its own again")
    assert reader.stamp() == "and on its own again"
    reader.close()


def test_a_scan_is_of_one_moment(graph: Sqlite, tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "graph")
    pages = reader.scan("Customer", rows=1)
    first = next(pages)
    graph.forget_vertices("Customer", ids(ADA, BEN))
    assert first.num_rows + sum(page.num_rows for page in pages) == 3
    assert reader.count()["Customer"] == 1
    reader.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.sqlite.opening import connect
from fullcircle.graph.stores.sqlite.store import Sqlite
from tests.graph.town import rows
store = Sqlite(StoreContext(Path(sys.argv[1])))
store.write_vertices("Customer", rows("Customer", {"id": "customer:kept"}))
with store._writing() as connection:
    connection.execute("DELETE FROM vertex_Customer")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_writer_had_written_is_there_and_nothing_half(graph: Sqlite, tmp_path: Path) -> None:
    graph.close()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "graph")], check=False, timeout=60, cwd=Path.cwd())
    assert killed.returncode == -signal.SIGKILL
    reader = reader_of(tmp_path / "graph")
    assert len(everything(reader, "Customer")) == 4
    reader.close()


# -- files -------------------------------------------------------------------------------------------------------------
def test_a_damaged_or_foreign_file_says_how_to_make_it_anew(graph: Sqlite, tmp_path: Path) -> None:
    graph.close()
    whole = (tmp_path / "graph").read_bytes()
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE book (page)")
    other.close()
    for name, content in {"text": b"this is no graph\n" * 1000, "cut": whole[:90_000], "short": whole[:50]}.items():
        (tmp_path / name).write_bytes(content)
    for name in ("text", "cut", "short", "other"):
        for read_only in (True, False):
            with pytest.raises(StoreError, match="damaged") as caught:
                Sqlite(StoreContext(tmp_path / name, read_only=read_only))
            assert "--rebuild-graph" in caught.value.hint


def test_a_graph_in_a_folder_with_odd_letters(tmp_path: Path) -> None:
    place = tmp_path / "a#b%20?c" / "graph"
    made = Sqlite(StoreContext(place))
    made.prepare()
    made.put_stamp("here")
    made.close()
    reader = reader_of(place)
    assert reader.stamp() == "here"
    assert [path.name for path in place.parent.iterdir() if not path.name.startswith("graph-")] == ["graph"]
    reader.close()


def test_errors_say_what_happened_without_values(tmp_path: Path) -> None:
    assert isinstance(ours(sqlite3.OperationalError("database or disk is full"), tmp_path), DiskFull)
    said = ours(sqlite3.OperationalError("no such column: ada@example.org"), tmp_path)
    assert "ada@" not in str(said) and "ada@" not in said.hint


def test_a_model_that_grew_is_added_to_the_graph(graph: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.close()
    was = VERTICES["Category"]
    monkeypatch.setitem(VERTICES, "Category", VertexLabel("Category", {**was.properties, "colour": "string", "since": "date"}))
    grown = Sqlite(StoreContext(tmp_path / "graph"))
    grown.prepare()
    grown.write_vertices("Category", rows("Category", {"id": "category:red", "colour": "red", "since": date(2026, 1, 2)}))
    assert grown.query("SELECT id, colour, since FROM Category ORDER BY id").to_pylist()[-1] == {
        "id": "category:red", "colour": "red", "since": "2026-01-02",
    }  # fmt: skip
    grown.close()


def test_a_graph_of_an_older_version_can_be_read(graph: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.close()
    was = VERTICES["Product"]
    monkeypatch.setitem(VERTICES, "Product", VertexLabel("Product", {**was.properties, "colour": "string", "since": "date"}))
    monkeypatch.setitem(VERTICES, "Shelf", VertexLabel("Shelf", {"name": "string"}))
    reader = reader_of(tmp_path / "graph")
    tea = reader.vertex(TEA)
    assert tea is not None and tea.properties == {"name": "Tea", "price": 2.5}
    assert {near.vertex.id for near in reader.neighbours(ADA, ["PURCHASED"])} == {TEA, CUP}
    assert everything(reader, "Product")[TEA]["colour"] is None
    assert (reader.count()["Shelf"], reader.count()["Product"]) == (0, 3)
    assert reader.greatest_neighbours(ADA, "PURCHASED", "out", "colour", 1)
    assert [vertex.id for vertex in reader.find("Product", "tea")] == [TEA]
    reader.close()


# -- ids of edges ------------------------------------------------------------------------------------------------------
NAMES = st.sampled_from([ADA, BEN, "customer:a>b", "customer:a>product:b", "customer:a"])
GOODS = st.sampled_from([TEA, CUP, "product:b", "product:b>product:b", "product:>"])
OWN = st.sampled_from(["purchased:7", "purchased:customer:a>product:b>product:b", f"purchased:{ADA}>{TEA}", "x", "purchased:>"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), NAMES, GOODS, st.none() | OWN, st.integers(0, 9)),
        st.tuples(st.just("forget"), NAMES, GOODS, st.none() | OWN, st.just(0)),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_edges_of_any_id_are_those_of_a_plain_store(tmp_path: Path, steps: Any) -> None:
    for path in tmp_path.glob("graph*"):
        path.unlink()
    both = (Memory(StoreContext(tmp_path)), Sqlite(StoreContext(tmp_path / "graph")))
    for one in both:
        one.prepare()
        for label, names in (("Customer", (ADA, BEN, "customer:a>b", "customer:a>product:b", "customer:a")),
                             ("Product", (TEA, CUP, "product:b", "product:b>product:b", "product:>"))):  # fmt: skip
            one.write_vertices(label, rows(label, *({"id": id} for id in names)))
        for verb, source, target, own, times in steps:
            made = edge("PURCHASED", source, target, times=times)
            made["id"] = own or made["id"]
            if verb == "write":
                one.write_edges("PURCHASED", rows("PURCHASED", made))
            else:
                one.forget_edges("PURCHASED", ids(made["id"]))
    assert everything(both[0], "PURCHASED") == everything(both[1], "PURCHASED")
    for id in (ADA, "customer:a", "product:b"):
        assert both[0].neighbours(id) == both[1].neighbours(id)
        assert both[0].count_neighbours(id, "PURCHASED", "out") == both[1].count_neighbours(id, "PURCHASED", "out")
    both[1].close()


@pytest.mark.parametrize("insert_only", [True, False])
def test_large_portions_come_out_like_small_ones(
    graph: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, insert_only: bool
) -> None:
    monkeypatch.setattr(writing, "MANY", 1)
    large = Sqlite(StoreContext(tmp_path / "large"))
    large.prepare()
    town.settle_in(large)
    more = [edge("PURCHASED", who, what, times=7) for who in (CLEO, BEN) for what in (POT, TEA)]
    for one in (graph, large):
        one.write_edges("PURCHASED", rows("PURCHASED", *more), insert_only=insert_only)
        with pytest.raises(StoreError, match="have an end that is not in the graph"):
            one.write_edges("PURCHASED", rows("PURCHASED", edge("PURCHASED", ADA, POT), edge("PURCHASED", ADA, "product:no")))
    for label in EDGES:
        assert everything(large, label) == everything(graph, label)
        assert large.neighbours(TEA, [label]) == graph.neighbours(TEA, [label])
    large.examine()
    large.close()


def test_words_are_found_after_every_change(graph: Sqlite) -> None:
    def found(words: str) -> list[str]:
        return [vertex.id for vertex in graph.find("Customer", words)]

    kept = rows("Customer", {"id": ADA, "search": "|ada|keller||61412555106|"}, {"id": BEN, "search": "|ben|keller|"})
    graph.write_vertices("Customer", kept)
    assert (found("kell"), found("keller ada"), found("0061412555106")) == ([ADA, BEN], [ADA], [ADA])
    assert (found("eller"), found("ada ben"), found("keller 61412555106")) == ([ADA, BEN], [], [ADA])
    assert found('ada" OR search:ben') == [] == found('"')
    graph.write_vertices("Customer", rows("Customer", {"id": ADA, "search": "|ada|ito|"}))
    assert (found("kell"), found("ito")) == ([BEN], [ADA])
    graph.forget_vertices("Customer", ids(ADA))
    assert found("ito") == []
    graph.examine()


def test_a_customer_of_many_orders_has_a_page_and_a_count(graph: Sqlite) -> None:
    made = [{"id": f"order:shop:o:{n}", "ordered_at": datetime(2020, 1, 1, n % 24, n % 60)} for n in range(3000)]
    graph.write_vertices("Order", rows("Order", *made), insert_only=True)
    graph.write_edges("PLACED", rows("PLACED", *(edge("PLACED", ADA, row["id"]) for row in made)), insert_only=True)
    found = graph.around(ADA, [module.Wanted("PLACED", "out", "ordered_at", 5)])
    assert found is not None and found.totals["PLACED"] == 3000
    newest = sorted(made, key=lambda row: (-row["ordered_at"].timestamp(), f"placed:{ADA}>{row['id']}"))[:5]
    assert [near.vertex.id for near in found.near["PLACED"]] == [row["id"] for row in newest]


# -- queries of users --------------------------------------------------------------------------------------------------
def test_queries_see_ids_and_readable_times(graph: Sqlite) -> None:
    assert graph.query("SELECT name, first_seen, birth_date FROM Customer WHERE id = 'customer:ada'").to_pylist() == [
        {"name": "Ada Müller", "first_seen": "2020-01-02 03:04:05.678", "birth_date": "1815-12-10"}
    ]
    text = "SELECT p.source, p.target, x.name FROM PURCHASED p JOIN Product x ON x.id = p.target ORDER BY p.id"
    assert [tuple(row.values()) for row in graph.query(text, "sql").to_pylist()] == [
        (ADA, CUP, "Cup"), (ADA, TEA, "Tea"), (BEN, CUP, "Cup"),
    ]  # fmt: skip
    assert graph.query("SELECT 1 AS one UNION ALL SELECT 'two'").to_pylist() == [{"one": "1"}, {"one": "two"}]
    assert graph.query("SELECT id FROM Customer WHERE false").num_rows == 0
    assert graph.query("SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a").to_pylist() == [{"a": 1, "a_2": 2, "a_2_2": 3, "a_3": 4}]


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM vertex_Customer",
        "INSERT INTO meta VALUES ('a', 'b')",
        "WITH x AS (SELECT 1) UPDATE meta SET value = 1",
        "PRAGMA writable_schema = 1",
        "PRAGMA user_version",
        "ATTACH '/tmp/other' AS other",
        "CREATE TEMP TABLE x (y)",
        "SELECT 1; DELETE FROM meta",
        "SELECT load_extension('x')",
        "BEGIN",
        "VACUUM",
        "EXPLAIN DELETE FROM meta",
        "",
        "SELECT * FROM pragma_database_list",
        "SELECT writefile('/tmp/x', 'y')",
    ],
)
def test_queries_that_do_more_than_read_are_refused(graph: Sqlite, text: str) -> None:
    before = graph.count()
    with pytest.raises(QueryError):
        graph.query(text)
    assert graph.count() == before


def test_a_query_has_limits_and_cypher_is_said_to_be_elsewhere(graph: Sqlite, tmp_path: Path) -> None:
    hasty = Sqlite(StoreContext(tmp_path / "graph", {"query_seconds": 1.0}))
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(QueryError, match="longer than 1 seconds"):
        hasty.query(endless)
    hasty.close()
    narrow = Sqlite(StoreContext(tmp_path / "graph", {"query_rows": 2}))
    with pytest.raises(QueryError, match="more than 2 rows"):
        narrow.query("SELECT id FROM Customer")
    with pytest.raises(QueryError) as caught:
        narrow.query("MATCH (c:Customer) RETURN c.name")
    assert "graph copy" in caught.value.hint
    narrow.close()


def test_a_copy_of_the_file_is_a_graph(graph: Sqlite, tmp_path: Path) -> None:
    graph.checkpoint()
    shutil.copy(tmp_path / "graph", tmp_path / "copy")
    copied = reader_of(tmp_path / "copy")
    assert everything(copied, "PURCHASED") == everything(graph, "PURCHASED")
    copied.close()

"""What every graph store promises (graph/base.py), over all of STORES."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import FullcircleError, NotFound, QueryError, StoreError
from fullcircle.graph import shape
from fullcircle.graph.base import Edge, GraphStore, KeepsStamp, ListPlace, Neighbour, Part, Vertex, Wanted
from fullcircle.graph.digest import digest_of_label
from fullcircle.graph.rdf import vocabulary
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.stores.rdf.store import Rdf
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.graph.conftest import GAPS
from tests.graph.town import ADA, BEN, CLEO, CUP, FIRM, HOME, POT, TEA, edge, everything, ids, rows

NASTY = (
    "", " ", "  two  blanks ", "x" * 70_000,
    "O'Brien \"the\" \\back\\slash", "line\nbreak\r\ntab\t", "$dollar `tick` {brace} %s ?1 :x",
    "null", "NULL", "None", "émigré ﬁ 山田太郎 Ω", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "مرحبا", "e\u0301", "\u200b\ufeff",
    "\x01\x1f\x7f", "a,b;c|d>e<f&g", "</x>",
)  # fmt: skip
STAMPS = (
    datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(1, 1, 1), datetime(1900, 2, 28, 12), datetime(9999, 12, 31, 23, 59, 59),
    datetime(2024, 2, 29, 0, 0, 0, 1), datetime(1970, 1, 1),
)  # fmt: skip


def same(store: GraphStore, label: str, *given: dict[str, Any]) -> None:
    """The store holds exactly these rows of the kind."""
    wanted = {row["id"]: row for row in rows(label, *given).to_pylist()}
    assert everything(store, label) == wanted


# -- writing -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("insert_only", [True, False])
def test_what_is_written_can_be_read(store: GraphStore, insert_only: bool) -> None:
    for label, given in town.VERTICES.items():
        store.write_vertices(label, rows(label, *given), insert_only=insert_only)
    for label, given in town.EDGES.items():
        store.write_edges(label, rows(label, *given), insert_only=insert_only)
    store.checkpoint()
    for label, given in {**town.VERTICES, **town.EDGES}.items():
        same(store, label, *given)


def test_preparing_twice_changes_nothing(store: GraphStore) -> None:
    town.settle_in(store)
    before = store.count()
    store.prepare()
    assert store.count() == before


def test_writing_the_same_twice_leaves_one(store: GraphStore) -> None:
    town.settle_in(store)
    before = store.count()
    for label, given in town.VERTICES.items():
        store.write_vertices(label, rows(label, *given))
    for label, given in town.EDGES.items():
        store.write_edges(label, rows(label, *given))
    assert store.count() == before
    for label, given in {**town.VERTICES, **town.EDGES}.items():
        same(store, label, *given)


def test_fresh_rows_join_those_that_are_there(store: GraphStore) -> None:
    town.settle_in(store)
    store.write_vertices("Product", rows("Product", {"id": "product:new", "name": "New"}), insert_only=True)
    store.write_edges("PURCHASED", rows("PURCHASED", edge("PURCHASED", CLEO, "product:new", times=1)), insert_only=True)
    same(store, "Product", *town.VERTICES["Product"], {"id": "product:new", "name": "New"})
    same(store, "PURCHASED", *town.EDGES["PURCHASED"], edge("PURCHASED", CLEO, "product:new", times=1))


def test_replacing_clears_what_is_null_now(store: GraphStore) -> None:
    town.settle_in(store)
    store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Ada"}))
    same(store, "Customer", {"id": ADA, "name": "Ada"}, *town.VERTICES["Customer"][1:])
    store.write_edges("PURCHASED", rows("PURCHASED", edge("PURCHASED", ADA, TEA, quantity=1.0)))
    same(store, "PURCHASED", edge("PURCHASED", ADA, TEA, quantity=1.0), *town.EDGES["PURCHASED"][1:])
    assert store.count()["MAY_LIKE"] == 2, "replacing a vertex keeps its edges"


def test_an_edge_moves_to_other_ends(store: GraphStore) -> None:
    town.settle_in(store)
    store.write_vertices("Ticket", rows("Ticket", {"id": "ticket:1", "subject": "Broken"}))
    store.write_edges("RAISED", rows("RAISED", {"id": "raised:1", "source": ADA, "target": "ticket:1"}))
    store.write_edges("RAISED", rows("RAISED", {"id": "raised:1", "source": BEN, "target": "ticket:1"}))
    same(store, "RAISED", {"id": "raised:1", "source": BEN, "target": "ticket:1"})
    assert not store.neighbours(ADA, ["RAISED"])


def test_a_kind_of_edge_may_join_several_kinds(store: GraphStore) -> None:
    town.settle_in(store)
    assert {near.vertex.id for near in store.neighbours(ADA, ["MEMBER_OF"])} == {HOME, FIRM}
    store.forget_edges("MEMBER_OF", ids(f"member_of:{ADA}>{FIRM}", f"member_of:{ADA}>{HOME}"))
    same(store, "MEMBER_OF", edge("MEMBER_OF", BEN, FIRM))


def test_an_edge_without_an_end_is_refused_and_not_written(store: GraphStore) -> None:
    town.settle_in(store)
    good, bad = edge("PURCHASED", CLEO, CUP), edge("PURCHASED", ADA, "product:nowhere")
    with pytest.raises(StoreError):
        store.write_edges("PURCHASED", rows("PURCHASED", good, bad))
    store.write_edges("PURCHASED", rows("PURCHASED", good))
    same(store, "PURCHASED", *town.EDGES["PURCHASED"], good)


def test_writing_nothing_is_no_error(store: GraphStore) -> None:
    store.write_vertices("Product", rows("Product"), insert_only=True)
    store.write_vertices("Product", rows("Product"))
    store.write_edges("PURCHASED", rows("PURCHASED"), insert_only=True)
    store.write_edges("PURCHASED", rows("PURCHASED"))
    store.forget_vertices("Product", ids())
    store.forget_edges("PURCHASED", ids())
    assert sum(store.count().values()) == 0


def test_rows_that_do_not_fit_the_model_are_refused(store: GraphStore) -> None:
    fitting = rows("Product", {"id": "product:1"})
    with pytest.raises(StoreError, match="price"):
        store.write_vertices("Product", fitting.drop_columns(["price"]))
    with pytest.raises(StoreError, match="colour"):
        store.write_vertices("Product", fitting.append_column("colour", pa.array(["red"])))
    with pytest.raises(StoreError):
        store.write_vertices("Product", fitting.set_column(2, "name", pa.array([["a list"]])))
    with pytest.raises(StoreError, match="id"):
        store.write_vertices("Product", rows("Product", {"id": None}))
    with pytest.raises(StoreError, match="NUL"):
        store.write_vertices("Product", rows("Product", {"id": "product:1", "name": "a\0b"}))
    with pytest.raises(NotFound):
        store.write_vertices("Dragon", fitting)
    assert sum(store.count().values()) == 0


# -- values ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("insert_only", [True, False])
def test_texts_come_back_as_they_were(store: GraphStore, insert_only: bool) -> None:
    given = [{"id": f"product:{place}", "name": text, "brand": None} for place, text in enumerate(NASTY)]
    store.write_vertices("Product", rows("Product", *given), insert_only=insert_only)
    same(store, "Product", *given)
    linked = [edge("BOUGHT_WITH", "product:0", f"product:{place}", why=text) for place, text in enumerate(NASTY)]
    store.write_edges("BOUGHT_WITH", rows("BOUGHT_WITH", *linked), insert_only=insert_only)
    same(store, "BOUGHT_WITH", *linked)


@pytest.mark.parametrize("insert_only", [True, False])
def test_ids_may_hold_anything(store: GraphStore, insert_only: bool) -> None:
    given = [{"id": f"identifier:handle:{text}", "value": text} for text in NASTY if len(text) < 1000]
    store.write_vertices("Identifier", rows("Identifier", *given), insert_only=insert_only)
    store.write_vertices("Customer", rows("Customer", {"id": ADA}), insert_only=insert_only)
    linked = [edge("HAS_IDENTIFIER", ADA, row["id"], records=1) for row in given]
    store.write_edges("HAS_IDENTIFIER", rows("HAS_IDENTIFIER", *linked), insert_only=insert_only)
    same(store, "Identifier", *given)
    same(store, "HAS_IDENTIFIER", *linked)
    for row in given:
        assert store.vertex(row["id"]) == Vertex(row["id"], "Identifier", {"value": row["value"]})
        assert [near.vertex.id for near in store.neighbours(row["id"])] == [ADA]
    store.forget_edges("HAS_IDENTIFIER", ids(*(row["id"] for row in linked[::2])))
    same(store, "HAS_IDENTIFIER", *linked[1::2])
    store.forget_vertices("Identifier", ids(*(row["id"] for row in given[::2])))
    same(store, "Identifier", *given[1::2])


@pytest.mark.parametrize("insert_only", [True, False])
def test_numbers_come_back_as_they_were(store: GraphStore, insert_only: bool) -> None:
    whole = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
    broken = (0.0, -1.5, 0.1, 1e-300, 1.7976931348623157e308, 123456789.123456789, 5e-324)
    given = [{"id": f"customer:{place}", "records": number, "hash": number} for place, number in enumerate(whole)]
    store.write_vertices("Customer", rows("Customer", *given), insert_only=insert_only)
    same(store, "Customer", *given)
    priced = [{"id": f"product:{place}", "price": number} for place, number in enumerate(broken)]
    store.write_vertices("Product", rows("Product", *priced), insert_only=insert_only)
    same(store, "Product", *priced)


@pytest.mark.parametrize("insert_only", [True, False])
def test_dates_times_and_booleans_come_back_as_they_were(store: GraphStore, insert_only: bool) -> None:
    given: list[dict[str, Any]] = [
        {"id": f"habits:{place}", "first_order": at, "next_order": at.date(), "due": (True, False, None)[place % 3]}
        for place, at in enumerate(STAMPS)
    ]
    given.append({"id": "habits:none"})
    store.write_vertices("Habits", rows("Habits", *given), insert_only=insert_only)
    same(store, "Habits", *given)
    found = store.vertex("habits:0")
    assert found is not None
    assert found.properties["first_order"] == STAMPS[0].replace(microsecond=999000), "milliseconds, cut toward the past"
    assert found.properties["next_order"] == date(1969, 12, 31)
    assert found.properties["due"] is True


# -- forgetting --------------------------------------------------------------------------------------------------------
def test_forgetting_a_vertex_takes_its_edges_along(store: GraphStore) -> None:
    town.settle_in(store)
    store.forget_vertices("Customer", ids(ADA, "customer:nobody"))
    same(store, "Customer", *town.VERTICES["Customer"][1:])
    same(store, "PURCHASED", town.EDGES["PURCHASED"][2])
    same(store, "RELATED_TO")
    same(store, "MAY_LIKE", town.EDGES["MAY_LIKE"][1])
    same(store, "MEMBER_OF", town.EDGES["MEMBER_OF"][2])
    store.forget_vertices("Customer", ids(ADA))
    same(store, "Product", *town.VERTICES["Product"])


def test_forgetting_edges_leaves_the_vertices(store: GraphStore) -> None:
    town.settle_in(store)
    store.forget_edges("PURCHASED", ids(f"purchased:{ADA}>{TEA}", "purchased:never>was"))
    same(store, "PURCHASED", *town.EDGES["PURCHASED"][1:])
    same(store, "Customer", *town.VERTICES["Customer"])
    store.forget_edges("PURCHASED", ids(f"purchased:{ADA}>{TEA}"))
    same(store, "PURCHASED", *town.EDGES["PURCHASED"][1:])


def test_a_forgotten_vertex_can_come_back(store: GraphStore) -> None:
    town.settle_in(store)
    store.forget_vertices("Customer", ids(ADA))
    store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Ada again"}), insert_only=True)
    store.write_edges("PURCHASED", rows("PURCHASED", *town.EDGES["PURCHASED"][:1]), insert_only=True)
    assert [near.vertex.id for near in store.neighbours(ADA)] == [TEA]


# -- scanning and counting ---------------------------------------------------------------------------------------------
def test_counts_have_every_kind(store: GraphStore) -> None:
    assert store.count() == dict.fromkeys((*VERTICES, *EDGES), 0)
    town.settle_in(store)
    found = store.count()
    assert {label: number for label, number in found.items() if number} == {
        label: len(given) for label, given in {**town.VERTICES, **town.EDGES}.items()
    }
    assert set(found) == {*VERTICES, *EDGES}


def test_scanning_in_pages_gives_everything_once(store: GraphStore) -> None:
    given = [{"id": f"product:{number}", "name": str(number)} for number in range(25)]
    store.write_vertices("Product", rows("Product", *given))
    linked = [edge("BOUGHT_WITH", "product:0", f"product:{number}", together=number) for number in range(1, 25)]
    store.write_edges("BOUGHT_WITH", rows("BOUGHT_WITH", *linked))
    for label, wanted in (("Product", given), ("BOUGHT_WITH", linked)):
        pages = list(store.scan(label, rows=7))
        assert all(0 < page.num_rows <= 7 for page in pages)
        assert sorted(row["id"] for page in pages for row in page.to_pylist()) == sorted(row["id"] for row in wanted)
        assert all(page.schema.equals(shape.schema(label)) for page in pages)


def test_an_edge_to_itself_is_no_neighbour(store: GraphStore) -> None:
    town.settle_in(store)
    store.write_edges("BOUGHT_WITH", rows("BOUGHT_WITH", edge("BOUGHT_WITH", POT, POT)))
    assert {near.vertex.id for near in store.neighbours(POT)} == {ADA}
    store.forget_edges("BOUGHT_WITH", ids(f"bought_with:{POT}>{POT}"))
    same(store, "BOUGHT_WITH")


def test_finding_what_has_no_text_by_its_id(store: GraphStore) -> None:
    store.write_vertices("Order", rows("Order", {"id": "order:shop:o:1001"}, {"id": "order:shop:o:1002"}))
    assert [vertex.id for vertex in store.find("Order", "1002")] == ["order:shop:o:1002"]


def test_times_have_a_sense_of_order_far_from_now(store: GraphStore) -> None:
    """The same moment written and read a thousand times does not drift (time zones, rounding)."""
    at = datetime(2024, 3, 31, 2, 30) + timedelta(milliseconds=1)  # an hour that does not exist in Europe
    store.write_vertices("Ticket", rows("Ticket", {"id": "ticket:1", "opened_at": at}))
    for _ in range(3):
        page = next(iter(store.scan("Ticket")))
        store.write_vertices("Ticket", page)
    found = store.vertex("ticket:1")
    assert found is not None
    assert found.properties["opened_at"] == at


# -- query, mark -------------------------------------------------------------------------------------------------------
def test_query_refuses_what_it_does_not_know(store: GraphStore) -> None:
    for language in ("klingon", "" if not store.languages() else "x"):
        with pytest.raises(QueryError):
            store.query("whatever this is", language)
    if store.languages():
        with pytest.raises(QueryError):
            store.query("this is no query in any language")


def test_errors_are_ours(store: GraphStore) -> None:
    with pytest.raises(FullcircleError):
        store.query("this is no query in any language")


def test_a_mark_is_kept_and_is_no_part_of_the_graph(store: GraphStore) -> None:
    if not isinstance(store, KeepsStamp):
        pytest.skip("this store does not keep marks: syncs compare counts")
    assert store.stamp() == ""
    store.put_stamp("one")
    store.put_stamp("two")
    assert store.stamp() == "two"
    store.put_stamp("")
    assert store.stamp() == ""
    assert sum(store.count().values()) == 0


def test_gaps_are_few_and_have_reasons() -> None:
    assert len(GAPS) <= 6
    assert all(len(reason) > 20 for reason in GAPS.values())


# -- the greatest neighbours -------------------------------------------------------------------------------------------
def test_the_newest_neighbours_come_first_and_all_are_counted(store: GraphStore) -> None:
    store.write_vertices("Customer", rows("Customer", {"id": ADA}, {"id": BEN}))
    start = datetime(2020, 1, 1)
    placed = [
        {"id": f"order:shop:o:{n:02}", "ordered_at": start + timedelta(days=n * 7 % 30) if n % 10 else None} for n in range(30)
    ]
    store.write_vertices("Order", rows("Order", *placed))
    store.write_edges("PLACED", rows("PLACED", *(edge("PLACED", ADA, row["id"]) for row in placed)))
    known = sorted((row for row in placed if row["ordered_at"]), key=lambda row: row["ordered_at"], reverse=True)
    wanted = [row["id"] for row in known] + [row["id"] for row in placed if not row["ordered_at"]]
    for limit in (1, 5, 28, 100):
        found = store.greatest_neighbours(ADA, "PLACED", "out", "ordered_at", limit)
        assert [near.vertex.id for near in found] == wanted[:limit]
    assert found[0].edge == Edge(f"placed:{ADA}>{wanted[0]}", "PLACED", ADA, wanted[0])
    assert found[0].vertex == Vertex(wanted[0], "Order", {"ordered_at": known[0]["ordered_at"]})
    assert store.count_neighbours(ADA, "PLACED", "out") == 30
    assert store.count_neighbours(ADA, "PLACED", "in") == store.count_neighbours(BEN, "PLACED", "out") == 0
    assert store.greatest_neighbours("customer:nobody", "PLACED", "out", "ordered_at") == []
    assert store.count_neighbours("customer:nobody", "PLACED", "out") == 0


def test_the_greatest_by_a_property_of_the_edge(store: GraphStore) -> None:
    town.settle_in(store)
    loop = edge("RELATED_TO", ADA, ADA, score=1.0)
    same_score = edge("RELATED_TO", ADA, CLEO, score=0.9)
    store.write_edges("RELATED_TO", rows("RELATED_TO", loop, same_score))
    assert [near.vertex.id for near in store.greatest_neighbours(ADA, "RELATED_TO", "out", "score")] == [BEN, CLEO]
    assert store.count_neighbours(ADA, "RELATED_TO", "out") == 2, "a vertex is no neighbour of itself"
    assert [near.vertex.id for near in store.greatest_neighbours(BEN, "RELATED_TO", "in", "score")] == [ADA]
    assert [near.vertex.id for near in store.greatest_neighbours(CUP, "PURCHASED", "in", "times")] == [BEN, ADA]
    assert [near.vertex.id for near in store.greatest_neighbours(ADA, "MEMBER_OF", "out", "street")] == [FIRM, HOME]
    with pytest.raises(NotFound, match="colour"):
        store.greatest_neighbours(ADA, "PLACED", "out", "colour")
    with pytest.raises(NotFound, match="LOVES"):
        store.count_neighbours(ADA, "LOVES", "out")


def test_a_long_list_is_read_page_by_page(store: GraphStore) -> None:
    """Equal and missing values too; each page goes on where the one before ended, and a page that is read again is the same."""
    store.write_vertices("Customer", rows("Customer", {"id": ADA}))
    start = datetime(1999, 12, 31, 23, 59, 59, 999000)
    placed = [
        {
            "id": f"order:shop:o:{n:02}é>%",
            "ordered_at": start + timedelta(days=n % 4 * 2) if n % 5 else None,
            "source": "shop" if n % 3 else "crm",
        }
        for n in range(30)
    ]
    store.write_vertices("Order", rows("Order", *placed))
    store.write_edges("PLACED", rows("PLACED", *(edge("PLACED", ADA, row["id"]) for row in placed)))

    def page(after: ListPlace | None, limit: int, source: str = "") -> list[Neighbour]:
        return store.greatest_neighbours(ADA, "PLACED", "out", "ordered_at", limit, Part(after, source))

    whole = [near.vertex.id for near in page(None, 100)]
    assert len(whole) == 30
    for source in ("", "shop", "crm", "nobody"):
        wanted = [id for id in whole if not source or {row["id"]: row["source"] for row in placed}[id] == source]
        for size in (1, 4, 30):
            after, read = None, list[str]()
            while near := page(after, size, source):
                read += [one.vertex.id for one in near]
                after = ListPlace(near[-1].vertex.properties.get("ordered_at"), near[-1].edge.id)
            assert read == wanted
    for day in (0, 2, 3):
        before = start + timedelta(days=day)
        assert {one.vertex.id for one in page(ListPlace(before), 100)} == {
            row["id"] for row in placed if row["ordered_at"] is None or row["ordered_at"] < before
        }
        assert len(page(ListPlace(before, ""), 100)) == sum(
            row["ordered_at"] is None or row["ordered_at"] <= before for row in placed
        )
    assert page(ListPlace(None), 100) == []
    assert [one.vertex.id for one in page(ListPlace(None, ""), 100)] == whole[-6:]


def test_a_page_by_a_property_of_the_edge_or_of_some_neighbours(store: GraphStore) -> None:
    town.settle_in(store)
    whole = store.greatest_neighbours(BEN, "RELATED_TO", "in", "score")
    assert (
        store.greatest_neighbours(BEN, "RELATED_TO", "in", "score", 10, Part(ListPlace(whole[0].edge.properties["score"]))) == []
    )
    buyers = store.greatest_neighbours(CUP, "PURCHASED", "in", "times")
    after = ListPlace(buyers[0].edge.properties["times"], buyers[0].edge.id)
    assert store.greatest_neighbours(CUP, "PURCHASED", "in", "times", 10, Part(after)) == buyers[1:]
    homes = store.greatest_neighbours(ADA, "MEMBER_OF", "out", "street")  # a company has no street: it is among those without
    for place, near in enumerate(homes):
        after = ListPlace(near.vertex.properties.get("street"), near.edge.id)
        assert store.greatest_neighbours(ADA, "MEMBER_OF", "out", "street", 10, Part(after)) == homes[place + 1 :]


# -- values of other programs ------------------------------------------------------------------------------------------
GROOVY = {
    "string": ("5", "true", "new Date(0)", "1.5G"), "int": ("'many'", "2.5d", "2.0G", "99999999999999999999", "true"),
    "double": ("'cheap'", "2.5G", "true", "new Date(0)"), "bool": ("'yes'", "1"),
    "date": ("'1815-12-10'", "5", "2.5G"),
    "timestamp": (
        "'2020-01-02'", "5L", "true", "new Date(Long.MAX_VALUE)", "java.time.Instant.now()", "java.time.OffsetDateTime.now()",
        "InetAddress.getByName('127.0.0.1')",
    ),
}  # fmt: skip
SPARQL = {
    "int": ('"many"', '"2.5"', '"99999999999999999999"'), "double": ('"cheap"', "true"), "bool": ('"maybe"',),
    "date": ('"soon"', '"1815-13-10"'), "timestamp": ('"soon"', "5"),
}  # fmt: skip
ODD = {
    "string": ("Product", "name"), "int": ("Customer", "records"), "double": ("Product", "price"), "bool": ("Habits", "due"),
    "date": ("Customer", "birth_date"), "timestamp": ("Customer", "first_seen"),
}  # fmt: skip


@pytest.fixture(scope="module")
def adding() -> Iterator[Engine]:
    """An engine that only computes."""
    made = DuckDB()
    yield made
    made.close()


def skip_unless_others_write_into(store: GraphStore) -> None:
    if not isinstance(store, Gremlin | Rdf):
        pytest.skip("nothing but this store can write into it, and it has types")


def write_past(store: GraphStore, id: str, name: str, value: str, of_edge: bool = False) -> None:
    """Write a value as another program would."""
    if isinstance(store, Gremlin):
        single = "" if of_edge else "single, "
        store._pool.ask(f"g.{'E' if of_edge else 'V'}('{id}').property({single}'{name}', {value}).iterate()")
    else:
        assert isinstance(store, Rdf)
        graph = f"<{vocabulary.iri(id)}>" if of_edge else f"<{vocabulary.VERTEX_GRAPH}>"
        pattern = f"GRAPH {graph} {{ <{vocabulary.iri(id)}> <{vocabulary.predicate(name)}>"
        store._channel.update(f"DELETE WHERE {{ {pattern} ?old }} }} ; INSERT DATA {{ {pattern} {value} }} }}")


@pytest.mark.parametrize("type_", sorted(ODD))
def test_a_value_of_another_type_becomes_null_and_its_hash_unknown(store: GraphStore, adding: Engine, type_: str) -> None:
    skip_unless_others_write_into(store)
    town.settle_in(store)
    store.write_vertices("Habits", rows("Habits", {"id": "habits:ada", "due": True}, {"id": "habits:ben", "due": False}))
    label, name = ODD[type_]
    id = next(iter(everything(store, label)))
    values = (SPARQL if isinstance(store, Rdf) else GROOVY).get(type_, ())
    for value in values or ('""',):
        was = everything(store, label)
        write_past(store, id, name, value)
        if not values:
            return
        wanted = {**was, id: {**was[id], name: None, "hash": None}}
        assert everything(store, label) == wanted, value
        found = store.vertex(id)
        assert found is not None and name not in found.properties
        around = store.around(id, [])
        assert around is not None and around.vertex == found
        store.neighbours(id, hops=2)
        store.find(label, "a")
        digest_of_label(adding, store, label, Silent())
        store.write_vertices(label, rows(label, {key: one for key, one in was[id].items() if key != "hash"}))
        assert (everything(store, label)[id][name], everything(store, label)[id]["hash"] is None) == (was[id][name], False)


@pytest.mark.parametrize(("type_", "name"), [("int", "times"), ("double", "amount"), ("timestamp", "first")])
def test_a_value_of_another_type_on_an_edge(store: GraphStore, type_: str, name: str) -> None:
    skip_unless_others_write_into(store)
    town.settle_in(store)
    id = f"purchased:{ADA}>{TEA}"
    for value in (SPARQL if isinstance(store, Rdf) else GROOVY)[type_]:
        was = everything(store, "PURCHASED")
        write_past(store, id, name, value, of_edge=True)
        assert everything(store, "PURCHASED") == {**was, id: {**was[id], name: None, "hash": None}}, value
        near = next(near for near in store.neighbours(ADA, ["PURCHASED"]) if near.edge.id == id)
        assert name not in near.edge.properties
        around = store.around(ADA, [Wanted("PURCHASED", "out", name)])
        assert around is not None and near in around.near["PURCHASED"] and len(around.near["PURCHASED"]) == 2
        assert len(store.greatest_neighbours(ADA, "PURCHASED", "out", name)) == 2
        store.write_edges("PURCHASED", rows("PURCHASED", {**was[id]}))


def test_an_unknown_hash_is_told_by_a_narrow_scan(store: GraphStore) -> None:
    skip_unless_others_write_into(store)
    town.settle_in(store)
    write_past(store, ADA, "hash", "'x'" if isinstance(store, Gremlin) else '"x"')
    found = {row["id"]: row["hash"] for page in store.scan("Customer", ["id", "hash"]) for row in page.to_pylist()}
    assert found[ADA] is None
    assert found[BEN] is not None

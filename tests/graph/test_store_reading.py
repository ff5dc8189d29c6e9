"""What every store answers when it is read: single vertices, neighbours, paths, words. The town is settled once a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
import pytest

from fullcircle.errors import NotFound
from fullcircle.graph.base import AroundVertex, Edge, GraphStore, Vertex, Wanted, Way
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.stores.rdf.store import Rdf
from fullcircle.model.graph import EDGES
from tests.graph import town
from tests.graph.conftest import STORES, as_parameter
from tests.graph.town import ADA, BEN, CLEO, CUP, FIRM, HOME, POT, TEA


@pytest.fixture(scope="module", params=[as_parameter(name) for name in sorted(STORES)])
def settled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The town in a store of each sort: to be read only."""
    opened = STORES[request.param](request, tmp_path_factory.mktemp("town"))
    town.settle_in(opened)
    yield opened
    opened.close()


def test_scanning_gives_the_columns_asked_for(settled: GraphStore) -> None:
    pages = list(settled.scan("PURCHASED", ["hash", "id", "target"]))
    assert [page.column_names for page in pages] == [["hash", "id", "target"]]
    assert pages[0].schema.types == [pa.int64(), pa.string(), pa.string()]
    assert not [page for page in settled.scan("Ticket") if page.num_rows]
    with pytest.raises(NotFound):
        list(settled.scan("Dragon"))
    with pytest.raises(NotFound):
        list(settled.scan("Product", ["colour"]))


def test_a_vertex_has_what_is_known_of_it(settled: GraphStore) -> None:
    known = {name: value for name, value in town.VERTICES["Customer"][0].items() if name != "id"}
    assert settled.vertex(ADA) == Vertex(ADA, "Customer", known)
    for nothing in ("customer:nobody", "dragon:1", "", "customer", "' OR 1=1 //"):
        assert settled.vertex(nothing) is None


def test_neighbours_in_both_directions(settled: GraphStore) -> None:
    found = settled.neighbours(BEN)
    assert [near.edge.id for near in found] == sorted(near.edge.id for near in found)
    assert {(near.edge.label, near.vertex.id) for near in found} == {
        ("MAY_LIKE", TEA), ("MEMBER_OF", FIRM), ("PURCHASED", CUP), ("RELATED_TO", ADA),
    }  # fmt: skip
    assert {near.hops for near in found} == {1}
    assert {near.vertex.id for near in settled.neighbours(BEN, direction="in")} == {ADA}
    assert {near.vertex.id for near in settled.neighbours(BEN, direction="out")} == {TEA, FIRM, CUP}


def test_neighbours_bring_edges_and_vertices_whole(settled: GraphStore) -> None:
    cup, tea = settled.neighbours(ADA, ["PURCHASED"])
    assert tea.edge == Edge(
        f"purchased:{ADA}>{TEA}", "PURCHASED", ADA, TEA, {"times": 3, "amount": 7.5, "first": datetime(2021, 5, 6)}
    )
    assert tea.vertex == Vertex(TEA, "Product", {"name": "Tea", "price": 2.5})
    assert cup.vertex == Vertex(CUP, "Product", {"name": "Cup"})


def test_neighbours_of_some_kinds(settled: GraphStore) -> None:
    assert [near.vertex.id for near in settled.neighbours(ADA, ["MAY_LIKE"])] == [POT]
    assert {near.edge.label for near in settled.neighbours(ADA, ["MAY_LIKE", "RELATED_TO"])} == {"MAY_LIKE", "RELATED_TO"}
    assert settled.neighbours(CLEO) == []
    assert settled.neighbours("customer:nobody") == []
    with pytest.raises(NotFound):
        settled.neighbours(ADA, ["LOVES"])


def test_neighbours_further_away(settled: GraphStore) -> None:
    found = [(near.hops, near.edge.label, near.vertex.id) for near in settled.neighbours(HOME, hops=3, limit=50)]
    assert found[:1] == [(1, "MEMBER_OF", ADA)]
    assert set(found[1:6]) == {
        (2, "MAY_LIKE", POT), (2, "MEMBER_OF", FIRM), (2, "PURCHASED", CUP), (2, "PURCHASED", TEA), (2, "RELATED_TO", BEN),
    }  # fmt: skip
    assert set(found[6:]) == {(3, "IN_CATEGORY", "category:kitchen")}
    two_ways = [(near.hops, near.vertex.id) for near in settled.neighbours(TEA, ["PURCHASED", "MAY_LIKE"], hops=2)]
    assert two_ways == [(1, BEN), (1, ADA), (2, POT), (2, CUP), (2, CUP)], "a vertex two edges lead to comes with both"


def test_neighbours_are_limited_nearest_first(settled: GraphStore) -> None:
    every = settled.neighbours(HOME, hops=3)
    for limit in range(1, len(every) + 1):
        assert len(settled.neighbours(HOME, hops=3, limit=limit)) == limit
    assert settled.neighbours(HOME, hops=3, limit=4) == every[:4]


def test_a_shortest_path(settled: GraphStore) -> None:
    way = settled.path(HOME, "category:kitchen")
    assert [step.id for step in way[::2]] == [HOME, ADA, CUP, "category:kitchen"]
    assert [step.label for step in way[1::2]] == ["MEMBER_OF", "PURCHASED", "IN_CATEGORY"]
    for before, edge_, after in zip(way[::2], way[1::2], way[2::2], strict=False):
        assert isinstance(edge_, Edge)
        assert {edge_.source, edge_.target} == {before.id, after.id}
    assert settled.path("category:kitchen", HOME)[::2] == way[::2][::-1]
    assert way[2] == settled.vertex(ADA)
    assert len(settled.path(ADA, BEN)) == 3


def test_where_there_is_no_path(settled: GraphStore) -> None:
    assert settled.path(ADA, CLEO) == []
    assert settled.path(ADA, "customer:nobody") == []
    assert settled.path("customer:nobody", ADA) == []
    assert settled.path(HOME, "category:kitchen", max_hops=2) == []
    assert [step.id for step in settled.path(HOME, "category:kitchen", max_hops=3)[::2]][-1] == "category:kitchen"
    assert settled.path(ADA, ADA) == [settled.vertex(ADA)]


def test_finding_by_words(settled: GraphStore) -> None:
    for words, wanted in {
        "ada": [ADA, CLEO],
        "MÜLLER ada": [ADA],
        "ada müller": [ADA],
        "example.org": [BEN, ADA],
        "org ben": [BEN],
        "123456": [ADA],
        "nobody": [],
        "ada ben": [],
        "%": [],
        "_": [],
        ".*": [],
        "'": [],
        "\\": [],
    }.items():
        assert [vertex.id for vertex in settled.find("Customer", words)] == wanted, words
    assert [vertex.id for vertex in settled.find("Customer", "  ")] == [BEN, ADA, CLEO]
    assert [vertex.id for vertex in settled.find("Customer", "ada", limit=1)] == [ADA]
    assert settled.find("Customer", "ben") == [settled.vertex(BEN)]
    with pytest.raises(NotFound):
        settled.find("Dragon", "smaug")


# -- several lists at once ---------------------------------------------------------------------------------------------
BY = {
    ("PLACED", "out"): "ordered_at",
    ("PURCHASED", "in"): "times",
    ("RELATED_TO", "out"): "score",
    ("MEMBER_OF", "out"): "street",
}
WAYS: tuple[Way, ...] = ("out", "in")


def wanted(way: Way, limit: int) -> list[Wanted]:
    return [Wanted(label, way, BY.get((label, way), ""), limit) for label in EDGES]


@pytest.mark.parametrize("limit", [1, 2, 1000])
@pytest.mark.parametrize("id", [ADA, BEN, CUP, FIRM])
def test_what_is_around_a_vertex_is_what_its_lists_give_one_by_one(settled: GraphStore, id: str, limit: int) -> None:
    for way in WAYS:
        found = settled.around(id, wanted(way, limit))
        assert found is not None
        assert found.vertex == settled.vertex(id)
        for one in wanted(way, limit):
            alone = (
                settled.greatest_neighbours(id, one.label, way, one.by, limit)
                if one.by
                else settled.neighbours(id, [one.label], way, limit=limit)
            )
            assert found.near[one.label] == alone, one
            assert found.totals[one.label] == settled.count_neighbours(id, one.label, way), one


def test_around_nobody_and_with_nothing_wanted(settled: GraphStore) -> None:
    for nothing in ("customer:nobody", "dragon:1", "", "' OR 1=1 //"):
        assert settled.around(nothing, wanted("out", 10)) is None
    ada = settled.vertex(ADA)
    assert ada is not None
    assert settled.around(ADA, []) == AroundVertex(ada, {}, {})
    with pytest.raises(NotFound, match="LOVES"):
        settled.around(ADA, [Wanted("LOVES", "out")])


def test_all_around_a_vertex_takes_one_or_two_trips(settled: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    trips: list[object] = []

    def counted(owner: object, name: str) -> None:
        asked = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *given: (trips.append(given), asked(*given))[1])

    if isinstance(settled, Gremlin):
        counted(settled._pool, "ask")
    elif isinstance(settled, Rdf):
        counted(settled._channel, "select")
    else:
        pytest.skip("there are no trips: the graph is in this process")
    assert settled.around(ADA, wanted("out", 1000))
    assert 1 <= len(trips) <= 2

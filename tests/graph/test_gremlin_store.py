"""What the Gremlin store does beyond the contract every store keeps: how it writes, what goes over the wire, queries."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.errors import QueryError, StoreError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.gremlin import guard, writing
from fullcircle.graph.stores.gremlin.connection import ConnectionPool, ServerAddress
from fullcircle.graph.stores.gremlin.reading import stamp
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.stores.transient import RetryBudget
from tests.graph import town
from tests.graph.town import ADA, edge, everything, rows
from tests.servers.gremlin import GremlinServer
from tests.servers.unruly import Cut, unruly

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]
Dial = Callable[..., Gremlin]


@pytest.fixture
def server(gremlin_server: GremlinServer) -> GremlinServer:
    gremlin_server.clear()
    return gremlin_server


@pytest.fixture
def dial(server: GremlinServer) -> Iterator[Dial]:
    opened: list[Gremlin] = []

    def make(url: str = server.url, read_only: bool = False, **options: object) -> Gremlin:
        opened.append(Gremlin(StoreContext(Path(), {"url": url, **options}, read_only)))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


# -- cardinality -------------------------------------------------------------------------------------------------------
def test_a_replaced_property_has_one_value(server: GremlinServer, dial: Dial) -> None:
    store = dial()
    for name in ("Ada", "Ada M.", "Ada Müller"):
        store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": name, "records": len(name)}))
    assert server.ask(f"g.V('{ADA}').properties('name').count()") == [1]
    assert server.ask(f"g.V('{ADA}').properties().count()") == [3]
    assert server.ask(f"g.V('{ADA}').values('name')") == ["Ada Müller"]


def test_values_piled_up_by_others_are_replaced(server: GremlinServer, dial: Dial) -> None:
    store = dial()
    store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Ada", "city": "Jena"}))
    server.ask(f"g.V('{ADA}').property(set, 'name', 'Bob').property(set, 'city', 'Bonn').property('note', 'keep me').iterate()")
    assert server.ask(f"g.V('{ADA}').properties('name').count()") == [2], "the server bites like Neptune"
    store.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Ada"}))
    assert server.ask(f"g.V('{ADA}').values('name')") == ["Ada"]
    assert server.ask(f"g.V('{ADA}').properties('city').count()") == [0]
    assert server.ask(f"g.V('{ADA}').values('note')") == ["keep me"], "what is not of our model is not ours to delete"


def test_whole_numbers_are_longs_whatever_their_size(server: GremlinServer, dial: Dial) -> None:
    dial().write_vertices("Customer", rows("Customer", {"id": ADA, "records": 1}))
    assert server.ask(f"g.V('{ADA}').values('records').next().getClass().getSimpleName()") == ["Long"]


# -- many at once ------------------------------------------------------------------------------------------------------
def test_many_workers_write_everything_once(dial: Dial) -> None:
    store = dial(workers=4, records_per_request=100)
    people = rows("Customer", *({"id": f"customer:{number}", "name": str(number)} for number in range(2500)))
    store.write_vertices("Customer", people, insert_only=True)
    # Ends of one kind: a vertex may be the source for one worker and the target for another, and those conflict.
    linked = [edge("RELATED_TO", f"customer:{n % 50}", f"customer:{(n * 7) % 2500}", shared=n) for n in range(2500)]
    table = rows("RELATED_TO", *{one["id"]: one for one in linked}.values())
    for insert_only in (True, False):
        store.write_edges("RELATED_TO", table, insert_only=insert_only)
        assert everything(store, "RELATED_TO") == {row["id"]: row for row in table.to_pylist()}
    assert store.count()["Customer"] == 2500
    assert len(store.neighbours("customer:1", limit=1000)) == len(
        store.neighbours("customer:1", direction="out", limit=1000)
    ) + len(store.neighbours("customer:1", direction="in", limit=1000))


def test_two_writers_at_once_end_in_one_state(dial: Dial) -> None:
    stores = [dial(workers=2) for _ in range(2)]
    people = rows("Customer", *({"id": f"customer:{number}", "name": "x"} for number in range(600)))
    linked = rows("RELATED_TO", *(edge("RELATED_TO", f"customer:{n}", f"customer:{(n + 1) % 600}", shared=1) for n in range(600)))
    errors: list[BaseException] = []

    def write(store: Gremlin) -> None:
        try:
            store.write_vertices("Customer", people)
            store.write_edges("RELATED_TO", linked)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    found = stores[0].count()
    assert (found["Customer"], found["RELATED_TO"]) == (600, 600)
    assert everything(stores[1], "RELATED_TO") == {row["id"]: row for row in linked.to_pylist()}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=300), st.integers(1, 6))
def test_workers_never_share_a_vertex_in_a_turn(pairs: list[tuple[int, int]], workers: int) -> None:
    many = pairs * (1 + writing.ROWS_PER_WORKER * workers // len(pairs))
    sources, targets = [f"s{a}" for a, _ in many], [f"t{b}" for _, b in many]
    load = writing.Load("PURCHASED", pa.table({"id": sources, "source": sources, "target": targets}), True)
    met: list[int] = []
    for turn in writing.turns(load, workers):
        seen: dict[str, int] = {}
        for worker, share in enumerate(turn):
            met += share.tolist()
            for row in share.tolist():
                assert seen.setdefault(sources[row], worker) == worker
                assert seen.setdefault(targets[row], worker) == worker
    assert sorted(met) == list(range(len(many)))


def test_requests_are_packed_by_records() -> None:
    table = rows("Product", *({"id": f"product:{n}", "name": "a", "sku": "b" if n % 2 else None} for n in range(500)))
    load = writing.Load("Product", table, insert_only=False)
    sent = []
    writing.job(load, np.arange(500), writing.Manner(200))(lambda message: sent.append(message) or [])
    merges = [message for message in sent if message.step_instructions[0][0] == "mergeV"]
    sizes = [(message.steps - 1) // 3 for message in merges]
    assert sum(sizes) == 500
    assert set(sizes[:-1]) <= {57, 58}, "3.5 records each: a label, the hash, a name, and a sku for every other"
    assert all(message.steps <= 1500 for message in merges)


# -- the wire ----------------------------------------------------------------------------------------------------------
FORBIDDEN = ("inject", "unfold", "coalesce", "choose", "discard", "none", "sideEffect", "addV", "addE", "lambda", "property")


def test_only_steps_neptune_runs_natively_are_written(server: GremlinServer, dial: Dial) -> None:
    with unruly(server.url) as proxy:
        store = dial(proxy.url)
        town.settle_in(store)
        for label, given_ in town.VERTICES.items():
            store.write_vertices(label, rows(label, *({"id": row["id"]} for row in given_)))
        store.write_edges("PURCHASED", rows("PURCHASED", edge("PURCHASED", ADA, town.TEA)))
        store.forget_vertices("Product", town.ids(town.POT))
        store.put_stamp("x")
        sent = b"".join(proxy.requests)
    for step in FORBIDDEN:
        name = step.encode()
        assert b"\x00" + len(name).to_bytes(4, "big") + name not in sent, step
    for step in (b"mergeV", b"mergeE", b"onMatch", b"single"):
        assert step in sent


def test_headers_are_made_anew_for_every_dial(server: GremlinServer) -> None:
    made: list[int] = []

    def sign() -> dict[str, str]:
        made.append(1)
        return {"Authorization": f"signed {len(made)}"}

    with unruly(server.url) as proxy:
        address = ServerAddress(proxy.url, headers=sign)
        lines = ConnectionPool(lambda: address, 1, RetryBudget(10))
        lines.ask(stamp("x"))
        proxy.script.append(Cut())
        lines.ask(stamp("x"))
        lines.close()
        assert [one["Authorization"] for one in proxy.headers] == ["signed 1", "signed 2"]


def test_missing_ends_are_told_by_kind_and_number(dial: Dial) -> None:
    store = dial()
    town.settle_in(store)
    with pytest.raises(StoreError, match=r"2 vertices at the ends of edges PURCHASED"):
        store.write_edges(
            "PURCHASED", rows("PURCHASED", edge("PURCHASED", ADA, "product:x"), edge("PURCHASED", "customer:y", town.TEA))
        )


def test_reading_only(dial: Dial) -> None:
    store = dial(read_only=True)
    for write in (
        lambda: store.write_vertices("Product", rows("Product")),
        lambda: store.forget_edges("PURCHASED", pa.array([], pa.string())),
        lambda: store.put_stamp("x"),
    ):
        with pytest.raises(StoreError, match="reading only"):
            write()


def test_finding_without_regular_expressions(dial: Dial) -> None:
    town.settle_in(dial())
    store = dial(search="contains")
    assert [vertex.id for vertex in store.find("Customer", "ada MÜLLER")] == [ADA]


# -- queries -----------------------------------------------------------------------------------------------------------
READING = (
    "g.V().hasLabel('Customer').count()",
    "g.V('customer:ada').outE('PURCHASED').order().by('times', desc).inV().values('name')",
    """g.V().has("name", TextP.containing('a "b" $c')).project('n', 'out').by(id).by(__.out().count())""",
    "g.V().repeat(__.both().simplePath()).until(__.hasId('x').or().loops().is(3)).path().limit(2)",
    "g.E().groupCount().by(T.label)",
    "g.V().has('first_seen', P.gte(1)).valueMap(true).range(0, 10)",
    "g.withSack(0.0f).V().sack(sum).by(constant(-1.5)).sack()",
    "g.V().as('a').out().where(neq('a')).dedup().\n  select('a').by('name')",
)
WRITING = (
    "g.addV('x')", "g.V().drop()", "g.V().property('a', 1)", "g.mergeV([(T.id):'x'])", "g.E().mergeE([:])", "g.V().addE('x')",
    "g.V().count(); g.V().drop()", "x = 1", "System.exit(0)", "g.V().map{it.get()}", "g.V().map({ -> 1 })", "graph.close()",
    'g.V("${System.exit(0)}")', "g.V().has('a', new Date())", "g.io('f').read()", "g.call('x')", "g.getGraph().close()",
    "g.V().each { it.remove() }", "g.tx().commit()", "g.V().'drop'()", "g.V()['drop']()", "g.V().\"drop\"()", "g.V().drop ()",
    "g.inject(1)", "g.V().program(x)", "g", "", "g.V() // .drop()", "g.V().with('x').write()", "import java.io.File; g.V()",
    "g.withStrategies(x).V()", "g.withRemote('f').V()", "g.V().sideEffect(drop())", "g.V().execute()", "g.graph.close()",
)  # fmt: skip


@pytest.mark.parametrize("text", READING)
def test_reading_queries_pass(dial: Dial, text: str) -> None:
    store = dial()
    town.settle_in(store)
    store.query(text)


@pytest.mark.parametrize("text", WRITING)
def test_anything_else_is_refused_before_it_is_sent(text: str) -> None:
    with pytest.raises(QueryError):
        guard.allow(text)


def test_results_are_tables(dial: Dial) -> None:
    store = dial()
    town.settle_in(store)
    text = "g.V().hasLabel('Customer').order().by(id).project('who', 'bought').by('name').by(__.out('PURCHASED').count())"
    assert store.query(text).to_pydict() == {"who": ["Ada Müller", "Ben Ito", "Cleo Muller-Ada"], "bought": [2, 1, 0]}
    assert store.query("g.V().hasLabel('Product').values('name').order()", "gremlin").to_pydict() == {
        "value": ["Cup", "Pot", "Tea"]
    }
    assert store.query("g.V('nobody')").num_rows == 0
    assert store.query(f"g.V('{ADA}')").to_pydict() == {"value": [ADA]}
    with pytest.raises(QueryError, match="refuses the query"):
        store.query("g.V().has('name').by('nothing')")


def test_a_query_has_limits(dial: Dial) -> None:
    store = dial(query_rows=2, query_seconds=1)
    town.settle_in(store)
    with pytest.raises(QueryError, match="more than 2 rows"):
        store.query("g.V().id()")
    with pytest.raises(QueryError, match=r"took too long|refuses the query"):
        store.query("g.V().repeat(__.both()).times(60).path().count()")
    assert store.query("g.V().hasLabel('Customer').count()").to_pylist() == [{"value": 3}]

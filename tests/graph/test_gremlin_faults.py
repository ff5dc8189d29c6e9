"""What the Gremlin store does when the server or the line to it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fullcircle.errors import ConfigError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.base import StoreSetting
from fullcircle.graph.stores.gremlin import Gremlin
from fullcircle.graph.stores.tinkerpop.retry import Patience, judge
from tests.graph import town
from tests.graph.town import ADA, rows
from tests.servers.gremlin import GremlinServer, free_port
from tests.servers.unruly import Cut, Say, Unruly, unruly

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]
Dial = Callable[..., Gremlin]


@pytest.fixture
def proxy(gremlin_server: GremlinServer) -> Iterator[Unruly]:
    gremlin_server.clear()
    with unruly(gremlin_server.url) as made:
        yield made


@pytest.fixture
def dial() -> Iterator[Dial]:
    opened: list[Gremlin] = []

    def make(url: str, **options: object) -> Gremlin:
        opened.append(Gremlin(StoreSetting(Path(), {"url": url, "workers": 2, **options})))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


PASSING = (
    '{"requestId":"x","code":"ConcurrentModificationException","detailedMessage":"Failed to complete Insert"}',
    '{"code":"ThrottlingException","detailedMessage":"slow down"}',
    '{"code":"TooManyRequestsException"}',
    '{"code":"ConstraintViolationException"}',
    '{"code":"QueryLimitExceededException"}',
    '{"code":"ReadOnlyViolationException","detailedMessage":"the writer is somebody else now"}',
    '{"code":"TimeLimitExceededException"}',
    "Conflict: element modified in another transaction",
    "Vertex with id already exists: product:1",
)
FINAL = ('{"code":"MalformedQueryException"}', '{"code":"InternalFailureException"}', '{"code":"UnsupportedOperationException"}')


@pytest.mark.parametrize("text", PASSING)
def test_errors_that_pass_are_tried_again(proxy: Unruly, dial: Dial, text: str) -> None:
    store = dial(proxy.url)
    store.prepare()
    proxy.script.append(Say(text))
    store.write_vertices("Product", rows("Product", {"id": "product:1", "name": "Tea"}))
    assert store.count()["Product"] == 1
    assert not proxy.script


@pytest.mark.parametrize("text", FINAL)
def test_errors_that_are_final_are_told_at_once(proxy: Unruly, dial: Dial, text: str) -> None:
    store = dial(proxy.url)
    store.prepare()
    proxy.script.append(Say(text))
    asked = len(proxy.requests)
    with pytest.raises(StoreError, match=r"Exception"):
        store.vertex(ADA)
    assert len(proxy.requests) == asked + 1


def test_access_denied_is_a_refusal(proxy: Unruly, dial: Dial) -> None:
    proxy.script.append(Say('{"code":"AccessDeniedException","detailedMessage":"not authorised"}', 403))
    with pytest.raises(StoreRefused):
        dial(proxy.url).prepare()


@pytest.mark.parametrize("done", [False, True])
def test_a_cut_line_is_dialled_again_and_nothing_is_doubled(proxy: Unruly, dial: Dial, done: bool) -> None:
    store = dial(proxy.url)
    store.prepare()
    town.settle_in(store)
    before, dialled = store.count(), len(proxy.headers)
    proxy.script.extend([Cut(done)] * 3)
    town.settle_in(store)
    assert not proxy.script
    assert store.count() == before
    assert len(proxy.headers) > dialled


def test_patience_ends(proxy: Unruly, dial: Dial) -> None:
    store = dial(proxy.url, patience_seconds=0)
    store.prepare()
    proxy.script.extend([Say(PASSING[0])] * 50)
    with pytest.raises(StoreError, match="ConcurrentModification"):
        store.vertex(ADA)


def test_a_worker_that_fails_stops_the_others(proxy: Unruly, dial: Dial) -> None:
    store = dial(proxy.url)
    store.prepare()
    many = rows("Product", *({"id": f"product:{number}", "name": "x"} for number in range(4000)))
    proxy.script.append(Say(FINAL[0]))
    asked = len(proxy.requests)
    with pytest.raises(StoreError, match="Malformed"):
        store.write_vertices("Product", many, fresh=True)
    assert len(proxy.requests) - asked < 20, "4000 rows are about 60 requests"
    store.write_vertices("Product", many, fresh=True)
    assert store.count()["Product"] == 4000


def test_nobody_there_is_told_at_once(dial: Dial) -> None:
    store = dial(f"ws://127.0.0.1:{free_port()}/gremlin")
    with pytest.raises(StoreUnreachable) as told:
        store.prepare()
    assert told.value.retry
    assert "127.0.0.1" in told.value.message


def test_a_server_of_another_sort(proxy: Unruly, dial: Dial) -> None:
    with pytest.raises(StoreError, match="404"):
        dial(proxy.url.replace("/gremlin", "/elsewhere")).prepare()


@pytest.mark.parametrize(
    "options",
    [{"url": "http://localhost:8182"}, {"url": "ws://me:secret@localhost/gremlin"}, {}, {"url": "ws://x", "worker": 2},
     {"url": "ws://localhost:8182/gremlin", "user": "me", "password": "in the clear"}],
)  # fmt: skip
def test_wrong_options(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as told:
        Gremlin(StoreSetting(Path(), options))
    assert "secret" not in str(told.value)
    assert "in the clear" not in str(told.value)


def test_pauses_grow_and_differ() -> None:
    slept: list[float] = []
    verdict = judge(Exception(PASSING[0]), "here")
    patience = Patience(60, slept.append, lambda: 0.0)
    for tried in range(1, 30):
        assert patience.pause(verdict, tried, 0.0)
    assert 0.05 <= slept[0] <= 0.15
    assert max(slept) <= 15
    assert len({round(pause, 6) for pause in slept[10:]}) > 10, "workers that failed together do not come back together"


def test_messages_do_not_repeat_what_the_server_says() -> None:
    for text in (*PASSING, *FINAL, "weird: ada@example.org"):
        assert "detailedMessage" not in judge(Exception(text), "here").error.message
        assert "ada@" not in judge(Exception(text), "here").error.message

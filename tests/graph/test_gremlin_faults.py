"""What the Gremlin store does when the server or the line to it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fullcircle.errors import ConfigError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.gremlin import connection
from fullcircle.graph.stores.gremlin.retry import classify_error
from fullcircle.graph.stores.gremlin.store import Gremlin, Pace
from fullcircle.graph.stores.transient import RetryBudget, Tries
from tests.graph import town
from tests.graph.town import ADA, rows
from tests.servers.gremlin import GremlinServer, free_port
from tests.servers.unruly import Cut, Late, Say, Silence, Unruly, unruly

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
        opened.append(Gremlin(StoreContext(Path(), {"url": url, "workers": 2, **options})))
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
    '{"code":"CancelledByUserException"}',
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


# -- slow answers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """We stop waiting for an answer after half a second, instead of 15 after the server's own limit."""

    class Impatient(connection._Transport):
        def __init__(self, address: connection.ServerAddress) -> None:
            super().__init__(address)
            self._read_timeout = 0.5

    monkeypatch.setattr(connection, "_Transport", Impatient)


def test_late_answers_are_waited_for(proxy: Unruly, dial: Dial, impatient: None) -> None:
    store = dial(proxy.url)
    store.prepare()
    town.settle_in(store)
    before, asked, dialled = store.count(), len(proxy.requests), len(proxy.headers)
    town.settle_in(store)
    alone = len(proxy.requests) - asked
    proxy.script.extend([Late(0.2)] * alone)
    town.settle_in(store)
    assert not proxy.script
    assert len(proxy.requests) == asked + 2 * alone, "nothing was asked twice"
    assert len(proxy.headers) == dialled, "and no line was given up"
    assert store.count() == before


@pytest.mark.parametrize("done", [False, True])
def test_after_a_silence_it_is_asked_again_and_nothing_is_doubled(proxy: Unruly, dial: Dial, impatient: None, done: bool) -> None:
    store = dial(proxy.url)
    store.prepare()
    proxy.script.extend([Silence(done), None, Silence(done)])
    dialled = len(proxy.headers)
    town.settle_in(store)
    assert not proxy.script
    assert len(proxy.headers) == dialled + 2, "a silent line is of no use any more"
    counted = store.count()
    for label, given in {**town.VERTICES, **town.EDGES}.items():
        assert counted[label] == len(given)
        assert town.everything(store, label) == {row["id"]: row for row in rows(label, *given).to_pylist()}


def test_a_silence_that_stays_is_one_clear_error(proxy: Unruly, dial: Dial, impatient: None) -> None:
    store = dial(proxy.url, patience_seconds=0.3)
    store.prepare()
    proxy.script.extend([Silence()] * 50)
    with pytest.raises(StoreUnreachable, match="does not answer") as raised:
        store.write_vertices("Product", rows("Product", {"id": "product:1", "name": "Tea"}))
    assert raised.value.retry
    proxy.script.clear()
    store.write_vertices("Product", rows("Product", {"id": "product:1", "name": "Tea"}))
    assert store.count()["Product"] == 1


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
        store.write_vertices("Product", many, insert_only=True)
    assert len(proxy.requests) - asked < 20, "4000 rows are about 60 requests"
    store.write_vertices("Product", many, insert_only=True)
    assert store.count()["Product"] == 4000


def test_nobody_there_is_told_at_once(dial: Dial) -> None:
    store = dial(f"ws://127.0.0.1:{free_port()}/gremlin")
    with pytest.raises(StoreUnreachable) as raised:
        store.prepare()
    assert raised.value.retry
    assert "127.0.0.1" in raised.value.message


def test_a_server_of_another_sort(proxy: Unruly, dial: Dial) -> None:
    with pytest.raises(StoreError, match="404"):
        dial(proxy.url.replace("/gremlin", "/elsewhere")).prepare()


@pytest.mark.parametrize(
    "options",
    [{"url": "http://localhost:8182"}, {"url": "ws://me:secret@localhost/gremlin"}, {}, {"url": "ws://x", "worker": 2},
     {"url": "ws://localhost:8182/gremlin", "user": "me", "password": "in the clear"}],
)  # fmt: skip
def test_wrong_options(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as raised:
        Gremlin(StoreContext(Path(), options))
    assert "secret" not in str(raised.value)
    assert "in the clear" not in str(raised.value)


def test_pauses_grow_and_differ() -> None:
    slept: list[float] = []
    verdict = classify_error(Exception(PASSING[0]), "here")
    tries = RetryBudget(60, slept.append, lambda: 0.0).begin()
    for _ in range(29):
        assert tries.pause(verdict)
    assert 0.05 <= slept[0] <= 0.15
    assert max(slept) <= 15
    assert len({round(pause, 6) for pause in slept[10:]}) > 10, "workers that failed together do not come back together"


class Clock:
    """Time that passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def begin(self, **given: float) -> Tries:
        return RetryBudget(sleep=self.sleep, clock=lambda: self.now, **given).begin()


def test_a_request_that_worked_for_long_is_still_tried_again() -> None:
    """RetryBudget counts from the first failure on: the server may work for 120 seconds before it gives up."""
    clock = Clock()
    tries, slow = clock.begin(), classify_error(Exception(PASSING[6]), "here")
    clock.now = 240.0
    assert tries.pause(slow)
    clock.now += 240.0
    assert not tries.pause(slow), "it will always be too slow"


def test_patience_outlasts_a_failover() -> None:
    """Neptune says up to 120 seconds, of which a dead host may swallow 30 at a time."""
    clock = Clock()
    tries, gone = clock.begin(seconds=Pace().patience_seconds), classify_error(OSError("refused"), "here")
    clock.now = 100.0
    while clock.now < 220.0:
        assert tries.pause(gone), f"gave up after {clock.now - 100:.0f} s"
        clock.now += 5.0
    clock.now = 300.0
    assert not tries.pause(gone), "but not without end"


def test_messages_do_not_repeat_what_the_server_says() -> None:
    for text in (*PASSING, *FINAL, "weird: ada@example.org"):
        assert "detailedMessage" not in classify_error(Exception(text), "here").error.message
        assert "ada@" not in classify_error(Exception(text), "here").error.message

"""Bulk loads into Neptune: files in S3, jobs, errors told with file and row, broken off and brought to an end.

S3 is moto's, the loader and /status are tests/servers/fake_neptune.py, the graph is a real Gremlin Server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import Busy, ConfigError, StoreError, StoreRefused
from fullcircle.graph.base import LoadsInBulk, StoreContext
from fullcircle.graph.copy import copy
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.stores.neptune.store import LOAD, Neptune
from fullcircle.graph.sync import sync
from fullcircle.graph.tables.build import build
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.graph.town import edge, ids, rows
from tests.servers.fake_neptune import REGION, ROLE, FakeNeptune, Hold, Refuse, fake_neptune, left, options
from tests.servers.gremlin import running_gremlin_server
from tests.servers.unruly import Cut, Say

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("neptune")]
EVERY = [*VERTICES, *EDGES]
Dial = Callable[..., Neptune]
NASTY = ("", " ", 'a "b" \\ c', "l1\nl2\r\n", "a,b;c", "''", "émigré 山田 👩‍👩‍👧", "null", "=1+1", "~id", "\\;", '"')


class Heard(Silent):
    """Keeps what is said aloud; may break off at a step."""

    def __init__(self, break_at: str = "") -> None:
        self.said: list[str] = []
        self._break_at = break_at

    def say(self, text: str) -> None:
        self.said.append(text)

    def step(self, what: str, total: int | None = None) -> None:
        if self._break_at and self._break_at in what:
            raise KeyboardInterrupt


@pytest.fixture
def dial(aws: str) -> Iterator[Dial]:
    opened: list[Neptune] = []

    def make(fake: FakeNeptune, **more: object) -> Neptune:
        own = {"bucket": f"s3://{aws}/graph", "loader_role": ROLE, "bulk_from": 1, **more}
        opened.append(Neptune(StoreContext(Path(), options(fake, **own))))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def test_a_whole_sync_by_bulk_load(neptune: FakeNeptune, aws: str, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    store, progress = dial(neptune), Heard()
    assert isinstance(store, LoadsInBulk)
    done = sync(engine, store, book, EVERY, progress)
    assert digest(store) == clean
    assert any(f"rows: bulk load through s3://{aws}/graph" in line for line in progress.said)
    jobs = [job.given for job in neptune.jobs.values()]
    assert [job["source"].rstrip("/").rpartition("/")[2] for job in jobs] == ["vertices", "edges"]
    assert all(job["source"].endswith("/") for job in jobs), "without the slash it would take neighbours along"
    assert jobs[1]["dependencies"] == [next(iter(neptune.jobs))]
    for job in jobs:
        assert job["updateSingleCardinalityProperties"] is True
        assert job["parserConfiguration"] == {"allowEmptyStrings": "true"}
        assert (job["mode"], job["failOnError"], job["queueRequest"], job["region"]) == ("NEW", True, True, REGION)
    assert left(aws) == []
    assert store._kept(LOAD) == ""
    assert done.written["Customer"] == 3
    assert sync(engine, store, book, EVERY, Silent()).written == {}


def test_a_small_change_goes_by_requests(neptune: FakeNeptune, engine: Engine, book: Book, dial: Dial) -> None:
    sync(engine, dial(neptune), book, EVERY, Silent())
    jobs = len(neptune.jobs)
    engine.run("""UPDATE customers SET city = 'Ham', email = NULL WHERE customer_id = 'customer:ann';
        DELETE FROM tickets; INSERT INTO products (product_id, name, source, object, key) VALUES
        ('product:shop:p:9', 'Jam', 'shop', 'p', '9')""")
    build(engine, Silent())
    progress = Heard()
    store = dial(neptune, bulk_from=50)
    done = sync(engine, store, book, EVERY, progress)
    assert done.written["Customer"] == 1
    assert done.deleted["Ticket"] == 2
    assert progress.said == ["1 row: batched requests (a bulk load from 50 on)."]
    assert len(neptune.jobs) == jobs
    ann = store.vertex("customer:ann")
    assert ann is not None
    assert "email" not in ann.properties, "a property that went away went away"


def test_changes_go_by_requests_even_beside_a_bulk_load(neptune: FakeNeptune, engine: Engine, book: Book, dial: Dial) -> None:
    """A file cannot take a property away, so only new rows go into files."""
    store = dial(neptune)
    sync(engine, store, book, EVERY, Silent())
    engine.run("""UPDATE customers SET email = NULL WHERE customer_id = 'customer:ann';
        INSERT INTO products (product_id, name, source, object, key) VALUES ('product:shop:p:9', 'Jam', 'shop', 'p', '9')""")
    build(engine, Silent())
    jobs = len(neptune.jobs)
    sync(engine, store, book, EVERY, Silent())
    assert len(neptune.jobs) == jobs + 1
    ann = store.vertex("customer:ann")
    assert ann is not None
    assert "email" not in ann.properties
    assert store.vertex("product:shop:p:9") is not None


def test_nasty_values_arrive_as_they_are(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    products = rows("Product", *({"id": f"product:{n}", "name": text, "price": n / 7} for n, text in enumerate(NASTY)))
    bought = rows("BOUGHT_WITH", edge("BOUGHT_WITH", "product:0", "product:1", together=3, lift=float("inf")))
    store.bulk_load([("Product", products), ("BOUGHT_WITH", bought)], Silent())
    found = {row["id"]: row for page in store.scan("Product") for row in page.to_pylist()}
    assert found == {row["id"]: row for row in products.to_pylist()}
    assert [row for page in store.scan("BOUGHT_WITH") for row in page.to_pylist()] == bought.to_pylist()


@pytest.mark.parametrize("moment", ["preparing", "loads vertices", "loads edges"])
def test_broken_off_and_brought_to_its_end(
    neptune: FakeNeptune,
    aws: str,
    engine: Engine,
    book: Book,
    clean: str,
    dial: Dial,
    moment: str,
) -> None:
    neptune.hold = Hold() if moment == "loads vertices" else None
    with pytest.raises(KeyboardInterrupt):
        sync(engine, dial(neptune), book, EVERY, Heard(break_at=moment))
    if neptune.hold:
        neptune.hold.release.set()
    store, progress = dial(neptune), Heard()
    sync(engine, store, book, EVERY, progress)
    assert digest(store) == clean
    assert ("A bulk load was interrupted: completing it." in progress.said) is (moment != "preparing")
    assert left(aws) == []


def test_broken_off_while_laying_down_files(
    neptune: FakeNeptune,
    aws: str,
    engine: Engine,
    book: Book,
    clean: str,
    dial: Dial,
) -> None:
    class Dies(Silent):
        def advance(self, rows: int) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(engine, dial(neptune), book, EVERY, Dies())
    assert left(aws), "something was laid down"
    store = dial(neptune)
    sync(engine, store, book, EVERY, Silent())
    assert digest(store) == clean
    assert left(aws) == []


def test_the_server_dies_in_the_middle_of_a_load(aws: str, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    with running_gremlin_server() as server, fake_neptune(server.url) as fake:
        hold = fake.hold = Hold()

        class Kills(Silent):
            def step(self, what: str, total: int | None = None) -> None:
                if "loads vertices" in what and not hold.release.is_set():
                    server.kill()
                    hold.release.set()

        store = dial(fake, patience_seconds=1)
        with pytest.raises(StoreError):
            sync(engine, store, book, EVERY, Kills())
        server.start()  # empty: the worst case
        fake.hold = None
        sync(engine, store, book, EVERY, Silent())
        assert digest(store) == clean


@pytest.mark.parametrize("end", ["LOAD_DATA_DEADLOCK", "LOAD_COMMITTED_W_WRITE_CONFLICTS"])
def test_a_job_that_ends_halfway_is_started_again(
    neptune: FakeNeptune, engine: Engine, book: Book, clean: str, dial: Dial, end: str
) -> None:
    neptune.ends.append(end)
    store, progress = dial(neptune), Heard()
    sync(engine, store, book, EVERY, progress)
    assert any(end in line for line in progress.said)
    assert digest(store) == clean
    assert [job.given["parallelism"] for job in neptune.jobs.values()].count("LOW") >= 1


def test_every_loader_error_is_told_with_file_and_row(
    neptune: FakeNeptune,
    aws: str,
    engine: Engine,
    book: Book,
    clean: str,
    dial: Dial,
) -> None:
    neptune.bad_row = ("customer", 2)
    store, progress = dial(neptune), Heard()
    with pytest.raises(StoreError, match=r"PARSING_ERROR in s3://.*/vertices/customer-\d+\.csv\.gz row 2") as raised:
        sync(engine, store, book, EVERY, progress)
    assert any("row 2" in line for line in progress.said)
    assert not any("ann@example" in line for line in (*progress.said, raised.value.message)), "no values of customers"
    assert left(aws), "the files stay, to be looked at"
    # Asked again it loads the files, and where the loader refuses them again it writes their rows by requests.
    again = Heard()
    sync(engine, store, book, EVERY, again)
    assert any("now written by batched requests" in line for line in again.said)
    assert digest(store) == clean
    assert left(aws) == []


def test_a_load_that_adds_too_little_is_an_error(neptune: FakeNeptune, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    tea = rows("Product", {"id": "product:1", "name": "Tea"})
    store.write_vertices("Product", tea)
    with pytest.raises(StoreError, match="Product 0 instead of 1"):
        store.bulk_load([("Product", tea)], Silent())


def test_the_loader_role_may_not_read(neptune: FakeNeptune, engine: Engine, book: Book, dial: Dial) -> None:
    with pytest.raises(StoreRefused, match="may not read"):
        sync(engine, dial(neptune, loader_role="arn:aws:iam::1:role/other"), book, EVERY, Silent())


def test_a_bucket_that_is_not_there(neptune: FakeNeptune, engine: Engine, book: Book, dial: Dial) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        sync(engine, dial(neptune, bucket="s3://nobody-has-this"), book, EVERY, Silent())


def test_the_right_to_load_is_named_where_it_is_missing(neptune: FakeNeptune, engine: Engine, book: Book, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    neptune.script.append(Refuse(403, "AccessDeniedException", "not allowed"))
    with pytest.raises(StoreRefused, match="neptune-db:StartLoaderJob"):
        sync(engine, store, book, EVERY, Silent())


def test_a_busy_loader_is_asked_again(neptune: FakeNeptune, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    store = dial(neptune)
    store.prepare()
    neptune.script.extend([Refuse(429, "ThrottlingException"), Refuse(500, "ConcurrentModificationException")])
    sync(engine, store, book, EVERY, Silent())
    assert not neptune.script
    assert digest(store) == clean


def test_a_vertex_deleted_behind_our_back(neptune: FakeNeptune, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    store = dial(neptune)
    sync(engine, store, book, EVERY, Silent())
    store.forget_vertices("Customer", ids("customer:ann"))
    assert digest(store) != clean
    sync(engine, store, book, EVERY, Silent(), verify=True)
    assert digest(store) == clean


def test_two_syncs_at_once(neptune: FakeNeptune, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    store = dial(neptune)
    met: list[BaseException] = []

    class Meanwhile(Silent):
        def step(self, what: str, total: int | None = None) -> None:
            if "loads" in what and not met:
                try:
                    sync(engine, dial(neptune), book, EVERY, Silent())
                except Busy as error:
                    met.append(error)

    sync(engine, store, book, EVERY, Meanwhile())
    assert met, "one of them waits its turn"
    assert digest(store) == clean


def test_without_a_bucket_it_says_what_would_be_quicker(neptune: FakeNeptune, engine: Engine, book: Book, dial: Dial) -> None:
    progress = Heard()
    sync(engine, dial(neptune, bucket="", loader_role=""), book, EVERY, progress)
    assert any("batched requests; with bucket and loader_role" in line for line in progress.said)
    assert not neptune.jobs


def test_a_graph_is_copied_by_bulk_load(neptune: FakeNeptune, aws: str, dial: Dial, tmp_path: Path) -> None:
    memory = Memory(StoreContext(tmp_path))
    town.settle_in(memory)
    store = dial(neptune)
    store.prepare()
    store.write_vertices("Customer", rows("Customer", {"id": town.BEN, "name": "somebody else"}))
    progress = Heard()
    done = copy(memory, store, progress)
    assert done.digest == digest(memory)
    assert done.written["Customer"] == 3
    assert len(neptune.jobs) == 2
    assert any("bulk load through" in line for line in progress.said)
    assert left(aws) == []
    assert copy(memory, store, Silent()).written == {}


def test_a_sync_over_a_bad_line(neptune: FakeNeptune, engine: Engine, book: Book, clean: str, dial: Dial) -> None:
    """Crowded, conflicting, cut, failed over: on the WebSocket and on the loader's calls, in one sync each way."""
    troubles = ["ConcurrentModificationException", "ThrottlingException", "ReadOnlyViolationException"]
    store = dial(neptune, patience_seconds=60)
    store.prepare()
    for name in troubles:
        neptune.proxy.script.extend([Say(f'{{"code":"{name}"}}'), None, Cut(), Cut(done=True)])
    neptune.script.extend([Refuse(429, "TooManyRequestsException"), None, Refuse(500, "ReadOnlyViolationException"), None])
    sync(engine, store, book, EVERY, Silent())
    assert not neptune.proxy.script
    assert not neptune.script
    assert digest(store) == clean
    again = dial(neptune, bulk_from=0, patience_seconds=60)
    again.prepare()
    neptune.proxy.script.extend([Cut(done=True), None, Say('{"code":"ConcurrentModificationException"}'), None, Cut()])
    engine.run("UPDATE products SET name = name || '!'")
    build(engine, Silent())
    assert sync(engine, again, book, EVERY, Silent()).written["Product"] == 4
    assert not neptune.proxy.script
    assert sync(engine, again, book, EVERY, Silent(), verify=True).written == {}


def test_a_dry_run_only_counts(neptune: FakeNeptune, aws: str, engine: Engine, book: Book, dial: Dial) -> None:
    store, progress = dial(neptune), Heard()
    assert sync(engine, store, book, EVERY, progress, dry_run=True).written["Customer"] == 3
    assert not neptune.jobs
    assert not neptune.called("/loader")
    assert left(aws) == []
    assert not any(store.count().values())

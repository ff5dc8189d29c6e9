"""The 360 view over HTTP, with policy, masks and audit log, beside a bare handler of the same framework on the same graph.

Both are processes of their own on loopback, as is this one, on the same cores. First in turns on one connection: what the
governed answer takes more. Then the highest load, four fifths of it at a steady rate (a request that waits for its turn has begun
when it should have), a search, and twice the highest load for a while: 429s, and what memory does.
"""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fullcircle.config.read import read_config
from fullcircle.demo import company
from fullcircle.desk import open_desk
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKeys
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run as run_all
from fullcircle.stage import Choice

MEANING = "the 360 view and search over HTTP, against a bare handler; highest load, and twice as much"
SIZES = {"2k": 2_000, "20k": 20_000, "1M": 1_000_000}  # customers, about
ASKED, WARM, SECONDS = 600, 100, 8
ROLE, CONNECTIONS, TOO_MANY = "agent", 8, 160
GOAL_MS, GOAL_MORE, GOAL_SEARCH_MS = 25.0, 0.2, 200.0
ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)/")
Taken = tuple[float, int]  # milliseconds, status


def run(size: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        config = company.make(Path(folder), people=SIZES[size])
        with open_desk(read_config(config), Silent()) as desk:
            run_all(desk, Choice(only=("pull", "conform", "check", "resolve", "graph", "insights")))
            some = f"SELECT customer_id FROM customers ORDER BY hash(customer_id) LIMIT {ASKED}"
            ids = [one for (one,) in desk.engine.rows(some)]
            words = [one for (one,) in desk.engine.rows(f"SELECT name FROM customers ORDER BY hash(customer_id) LIMIT {ASKED}")]
        config.write_text(f"{config.read_text()}\n[govern]\n[serve]\nper_minute = 0\n")
        with closing(open_book(read_config(config))) as book:
            key = ApiKeys(book).make("bench", [ROLE], "os:bench", 1)[1]
            os.environ["FULLCIRCLE_TOKEN"] = ApiKeys(book).make("server", ["service"], "os:bench", 1)[1]  # who may start it
        plain = config.with_name("bare.toml")
        plain.write_text(config.read_text().replace("\n[govern]\n", "\n"))
        ours = [f"/v1/customers/{one}" for one in ids]
        governed = ("fullcircle.serve.cli.main", "serve", "--port", "0", "--config", str(config))
        with _started("bench.peers.bare_handler", str(plain)) as bare, _started(*governed) as served:
            found = _figures(served, bare, key, ids, words, ours)
    more = found["more_than_bare"]
    return {
        **found,
        "ok": found["at_80_percent_ms"]["p95"] < GOAL_MS and more < GOAL_MORE and found["search_ms"]["p95"] < GOAL_SEARCH_MS,
    }


def _figures(
    served: "Process", bare: "Process", key: str, ids: Sequence[str], words: Sequence[str], ours: Sequence[str]
) -> dict[str, Any]:
    one, other = Client(served.port, key), Client(bare.port)
    turns: dict[str, list[Taken]] = {"governed": [], "bare": []}
    for place, id in enumerate([*ids[:WARM], *ids]):
        taken = {"governed": one.get(f"/v1/customers/{id}"), "bare": other.get(f"/customers/{id}")}
        if place >= WARM:
            for name, each in taken.items():
                turns[name].append(each)
    alone = {name: _percentiles(taken) for name, taken in turns.items()}
    highest = _rate(drive(served, key, ours, CONNECTIONS, SECONDS))
    bare_highest = _rate(drive(bare, "", [f"/customers/{id}" for id in ids], CONNECTIONS, SECONDS))
    steady = drive(served, key, ours, CONNECTIONS, SECONDS, 0.8 * highest)
    searches = drive(served, key, [f"/v1/customers?q={quote(one)}" for one in words], 1, SECONDS)
    memory = [served.rss()]  # before, and after each time: from the first to the last of these it should be flat
    for _ in range(3):
        flood = drive(served, key, ours, TOO_MANY, SECONDS, 2 * highest)
        memory.append(served.rss())
    answered = [one for one in flood if one[1] == 200]
    return {
        "one_connection_ms": alone, "more_than_bare": round(alone["governed"]["p50"] / alone["bare"]["p50"] - 1, 3),
        "highest_per_second": round(highest), "bare_highest_per_second": round(bare_highest),
        "at_80_percent_ms": _percentiles(steady), "search_ms": _percentiles(searches),
        "twice_the_highest": {
            "statuses": dict(Counter(str(status) for _, status in flood)), "answered_ms": _percentiles(answered),
            "rss_mib": memory,
        },
    }  # fmt: skip


class Client:
    """One connection that is kept."""

    def __init__(self, port: int, key: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, since: float | None = None) -> Taken:
        since = time.perf_counter() if since is None else since
        self._connection.request("GET", path, headers=self._headers)
        got = self._connection.getresponse()
        got.read()
        return 1000 * (time.perf_counter() - since), got.status


def drive(
    process: "Process", key: str, paths: Sequence[str], connections: int, seconds: float, per_second: float = 0
) -> list[Taken]:
    """Ask on so many connections for a while, as often as answers come, or at a steady rate."""
    taken: list[Taken] = []
    until = time.perf_counter() + seconds
    lock, places = threading.Lock(), iter(enumerate(cycle(paths)))
    began = time.perf_counter()

    def work() -> None:
        client = Client(process.port, key)
        while True:
            with lock:
                place, path = next(places)
            at = began + place / per_second if per_second else None
            if (at or time.perf_counter()) > until:
                return
            if at is not None and (wait := at - time.perf_counter()) > 0:
                time.sleep(wait)
            taken.append(client.get(path, at))

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return taken


def _rate(taken: Sequence[Taken]) -> float:
    return sum(status == 200 for _, status in taken) / SECONDS


def _percentiles(taken: Sequence[Taken]) -> dict[str, float]:
    ordered = sorted(one for one, _ in taken)
    return {f"p{part}": round(ordered[len(ordered) * part // 100], 2) for part in (50, 95, 99)} if ordered else {}


class Process:
    """A server that was started, and answers."""

    def __init__(self, started: subprocess.Popen[bytes], port: int) -> None:
        self.started, self.port = started, port

    def rss(self) -> int:
        """Its memory in MiB."""
        lines = Path(f"/proc/{self.started.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) // 1024


@contextmanager
def _started(module: str, *words: str) -> Iterator[Process]:
    started = subprocess.Popen([sys.executable, "-m", module, *words], stdout=subprocess.PIPE)
    assert started.stdout is not None
    try:
        said = b""
        while not (found := ADDRESS.search(said)):
            line = started.stdout.readline()
            if not line:
                raise RuntimeError(f"{module} did not start: {said!r}")
            said += line
        _wait(int(found[1]))
        yield Process(started, int(found[1]))
    finally:
        started.terminate()
        started.wait(30)


def _wait(port: int) -> None:
    """Until it answers."""
    until = time.perf_counter() + 30
    while True:
        try:
            Client(port).get("/health")
            return
        except OSError:
            if time.perf_counter() > until:
                raise
            time.sleep(0.1)

"""What the policy, the masks and the noting cost: the 360 view of customers, bare and as each role sees it, in turns.

The demo company of that size is run into the embedded graph; every customer that is asked for is asked for by all in turn.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from fullcircle.ask.reader import Reader, open_reader
from fullcircle.config.read import read_config
from fullcircle.demo import company
from fullcircle.desk import open_desk
from fullcircle.govern.log import ListLog
from fullcircle.govern.principal import Principal
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run as run_all
from fullcircle.stage import Choice

MEANING = "the 360 view with policy, masks and noting, against a bare read"
SIZES = {"2k": 2_000, "20k": 20_000}  # customers, about
ASKED = 400
ROLES = ("steward", "agent", "marketer", "analyst")
GOAL = 0.2  # more than a bare read


def run(size: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        config = company.make(Path(folder), people=SIZES[size])
        with open_desk(read_config(config), Silent()) as desk:
            run_all(desk, Choice(only=("pull", "conform", "check", "resolve", "graph", "insights")))
            some = f"SELECT customer_id FROM customers ORDER BY hash(customer_id) LIMIT {ASKED}"
            ids = [one for (one,) in desk.engine.rows(some)]
        began = time.perf_counter()
        open_reader(read_config(config)).close()
        opened = time.perf_counter() - began
        bare = open_reader(read_config(config))
        config.write_text(f"{config.read_text()}\n[govern]\n")
        readers: dict[str, Reader] = {"bare": bare}
        for role in ROLES:
            began = time.perf_counter()
            readers[role] = open_reader(read_config(config), Principal(f"os:{role}", frozenset({role})), log=ListLog())
            opened_governed = time.perf_counter() - began  # of the last one: the library is there
        taken: dict[str, list[float]] = {name: [] for name in readers}
        for id in [*ids[:20], *ids]:  # the first ones warm everything up
            for name, reader in readers.items():
                began = time.thread_time()
                reader.show(id)
                taken[name].append(1000 * (time.thread_time() - began))
        for reader in readers.values():
            reader.close()
    found = {name: _figures(times[20:]) for name, times in taken.items()}
    more = {name: round(one["p50"] / found["bare"]["p50"] - 1, 3) for name, one in found.items() if name != "bare"}
    return {
        "cpu_ms": found, "more_than_bare": more, "open_ms": round(1000 * opened, 1),
        "open_with_policy_ms": round(1000 * opened_governed, 1), "ok": max(more.values()) < GOAL,
    }  # fmt: skip


def _figures(times: list[float]) -> dict[str, float]:
    return {"p50": round(median(times), 3), "p95": round(quantiles(times, n=20)[18], 3)}

"""Insights that a Gremlin server computes live, at the moment of the question: time and the server's CPU for one answer.

The demo company of that size is run into a real Gremlin Server; then customers and products are asked for in turn, and every
answer is compared with what the run computed from the tables.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

from fullcircle.config.read import read_config
from fullcircle.demo import company
from fullcircle.desk import open_desk
from fullcircle.graph.open import open_store
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run as run_all
from fullcircle.stage import Choice
from tests.servers.gremlin import running_gremlin_server

MEANING = "related, habits and bought together, computed by a Gremlin server"
SIZES = {"2k": 2_000, "20k": 20_000}  # customers, about
ASKED = 60  # questions of each kind, after others that warm the server up
WARM = 600  # a server that stays up has compiled what it runs
STAGES = ("pull", "conform", "check", "resolve", "graph", "insights")
TICK = 100.0  # clock ticks a second, in /proc


def run(size: str) -> dict[str, Any]:
    with running_gremlin_server(heap="-Xmx6g", graph="TinkerGraph", java=()) as server, tempfile.TemporaryDirectory() as folder:
        config = company.make(Path(folder), people=SIZES[size])
        config.write_text(f'{config.read_text()}\n[graph]\nstore = "gremlin"\nurl = "{server.url}"\n')
        settings = read_config(config)
        with open_desk(settings, Silent()) as desk:
            run_all(desk, Choice(only=STAGES))
            engine = desk.engine
            who = [one for (one,) in engine.rows("SELECT customer_id FROM insight_habits ORDER BY hash(customer_id)")]
            what = [
                one for (one,) in engine.rows("SELECT DISTINCT product_id FROM insight_bought_together ORDER BY hash(product_id)")
            ]
            with open_store(settings) as store:
                live: Any = store
                asks: dict[str, tuple[list[str], Callable[[str], Any]]] = {
                    "related": (who, live.related_customers),
                    "habits": (who, live.habits_of),
                    "bought_together": (what, live.bought_together_with),
                }
                found = {name: asked(ask, ids, server.process.pid) for name, (ids, ask) in asks.items()}
                same = sum(_is_same(engine, live, id) for id in who[:ASKED])
            counts = dict(
                engine.rows("SELECT 'customers', count(*) FROM customers UNION ALL SELECT 'purchases', count(*) FROM purchases")
            )
    return {**counts, **found, "related_equal_to_the_tables": f"{same} of {min(ASKED, len(who))}"}


def asked(ask: Callable[[str], Any], ids: list[str], server: int) -> dict[str, float]:
    """Milliseconds for an answer, and of the server's CPU."""
    for id in ids[ASKED : ASKED + WARM]:
        ask(id)
    before, took = _cpu(server), []
    for id in ids[:ASKED]:
        began = time.perf_counter()
        ask(id)
        took.append(1000 * (time.perf_counter() - began))
    cuts = quantiles(took, n=20)
    cpu = 1000 * (_cpu(server) - before) / len(took)
    return {"p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1), "server_cpu_ms": round(cpu, 1)}


def _is_same(engine: Any, store: Any, who: str) -> bool:
    wanted = engine.rows(f"SELECT related_id, score, shared, why FROM insight_related WHERE customer_id = '{who}' ORDER BY rank")
    found = store.related_customers(who).to_pylist()
    return [(one["related_id"], round(one["score"], 2), one["shared"], one["why"]) for one in found] == wanted


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK

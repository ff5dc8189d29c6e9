"""Looking up one record over HTTP: a real server on loopback, with the policy and the audit log on, half of the calls creating.

The demo company of that size is run up to `resolve` and `graph`; records that it has, and strangers, are asked for in turn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from fullcircle.config.read import read_config
from fullcircle.demo import company
from fullcircle.desk import open_desk
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKeys
from fullcircle.govern.users import Users, os_user
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run as run_all
from fullcircle.stage import Choice

MEANING = "latency of look-up-or-create over HTTP, with policy and audit log"
SIZES = {"5k": 5_000, "100k": 100_000, "1M": 1_000_000}  # records, about
STAGES = ("pull", "conform", "check", "resolve", "graph")
ASKED, WARM = 300, 20
GOAL_MS = 50.0  # p95


def run(size: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        config = company.make(Path(folder), people=company.people_for(SIZES[size]))
        config.write_text(config.read_text() + "\n[govern]\n[serve]\nper_minute = 0\n")
        settings = read_config(config)
        with open_desk(settings, Silent()) as desk:
            run_all(desk, Choice(only=STAGES))
            known = desk.engine.arrow(
                "SELECT full_name, email, phone, city, postcode FROM records WHERE full_name IS NOT NULL "
                f"ORDER BY md5(record_id) LIMIT {ASKED + WARM}"
            ).to_pylist()
            records = desk.engine.count("records")
        with closing(open_book(settings)) as book:
            Users(book).add(os_user(), ["admin"], "bench")  # who starts the server
            key = ApiKeys(book).make("bench", ["steward"], "bench", 1)[1]
        command = [sys.executable, "-m", "fullcircle.serve.cli.main", "serve", "--port", "0", "-c", str(config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "200"}) as server:
            try:
                assert server.stdout
                origin = server.stdout.readline().split(" at ")[1].strip()
                found = _asked(origin, key, known)
            finally:
                server.terminate()
    return {"records": records, **found, "ok": found["look_up_ms"]["p95"] < GOAL_MS}


def _asked(origin: str, key: str, known: list[dict[str, Any]]) -> dict[str, Any]:
    times: dict[str, list[float]] = {"look_up_ms": [], "create_ms": []}
    states: dict[str, int] = {}
    with httpx.Client(base_url=origin, headers={"authorization": f"Bearer {key}"}, timeout=600) as client:
        began = time.perf_counter()
        for place, row in enumerate(known):
            fields = {name: value for name, value in row.items() if value}
            stranger = {"full_name": f"Zyx Quorn{place}", "email": f"quorn{place}@example.org"}
            for name, body in (("look_up_ms", {"record": fields}), ("create_ms", {"record": stranger, "create": True})):
                wall = time.perf_counter()
                answer = client.post("/v1/records/look-up", json=body)
                answer.raise_for_status()
                if place >= WARM:
                    times[name].append(1000 * (time.perf_counter() - wall))
                elif place == 0 and name == "look_up_ms":
                    first = time.perf_counter() - began
                states[answer.json()["state"]] = states.get(answer.json()["state"], 0) + 1
    return {"first_seconds": round(first, 1), "states": states, **{name: _percentiles(values) for name, values in times.items()}}


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {f"p{part}": round(ordered[len(ordered) * part // 100], 1) for part in (50, 95, 99)}

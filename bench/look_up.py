"""Looking up one record at a time: latency, and whether the answer is right, for records that the tables do not have.

The made-up crowd of tests/identity; some records are taken out of it and looked up. A person of whom a record is left should be
found, the others should be unknown. Customers are the true ones: what is measured is the look-up, not the run.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measure import measured
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.look_up import LookUpIndex
from fullcircle.model.tables import MEMBERS
from tests.identity.crowd import make_crowd

MEANING = "latency of looking up one record, and whether the answer is right"
SIZES = ("20k", "100k", "1M")
HOUSEHOLDS = {"20k": 4_000, "100k": 20_000, "1M": 200_000}
ASKED, WARM = 300, 20


def run(size: str) -> dict[str, Any]:
    engine = DuckDB(memory="4GB")
    make_crowd(engine, HOUSEHOLDS[size])
    out = engine.arrow(
        f"SELECT r.*, t.entity_id FROM records r JOIN truth t USING (record_id) ORDER BY md5(record_id) LIMIT {ASKED + WARM}"
    )
    engine.run(MEMBERS.ddl())
    with engine.register("taken_out", out):
        for table in ("records", "identifiers", "truth"):
            engine.run(f"DELETE FROM {table} WHERE record_id IN (SELECT record_id FROM taken_out)")
    engine.run("INSERT INTO members SELECT record_id, entity_id, NULL, 'alone' FROM truth")
    known = {row[0] for row in engine.rows("SELECT DISTINCT entity_id FROM truth")}
    with tempfile.TemporaryDirectory() as folder, measured() as building:
        index = LookUpIndex(engine, Book(Path(folder) / "book"), IdentitySettings())
    milliseconds, cpu, counts = [], [], dict.fromkeys(("right", "wrong", "missed", "rightly unknown"), 0)
    for place, row in enumerate(out.to_pylist()):
        person, wall, used = row.pop("entity_id"), time.perf_counter(), time.process_time()
        found = [one for one in index.candidates(row) if one.linked]
        if place >= WARM:
            milliseconds.append(1000 * (time.perf_counter() - wall))
            cpu.append(1000 * (time.process_time() - used))
        if found:
            counts["right" if found[0].customer_id == person else "wrong"] += 1
        else:
            counts["missed" if person in known else "rightly unknown"] += 1
    index.close()
    return {
        "records": engine.count("records"), "asked": len(milliseconds), "building": building, "answers": counts,
        "look_up_ms": _percentiles(milliseconds), "look_up_cpu_ms": _percentiles(cpu),
    }  # fmt: skip


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {f"p{part}": round(ordered[len(ordered) * part // 100], 1) for part in (50, 95, 99)}

"""Looking up one record at a time: latency, whether the answer is right, and whether it is what a run says of the same record.

The made-up crowd of tests/identity, resolved as a whole: that is what a run says. Some records are then taken out, the others are
resolved again by the same weights, and those taken out are looked up. A person of whom a record is left should be found, the
others should be unknown. The run and the look-up are each compared with the truth, and with each other.
"""

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.measure import measured
from fullcircle.ask.look_up import look_up
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.look_up import LookUpIndex
from fullcircle.identity.resolve import resolve
from tests.identity.crowd import make_crowd

MEANING = "latency of looking up one record, and whether the answer is right and that of a run"
SIZES = ("20k", "100k", "1M")
HOUSEHOLDS = {"20k": 4_000, "100k": 20_000, "1M": 200_000}
ASKED, WARM = 300, 20
KINDS = ("right", "wrong", "missed", "rightly unknown")
OTHERS = """
    SELECT t.record_id, list({what}) FROM taken_out t JOIN {of} a USING (record_id) JOIN {of} b ON b.{by} = a.{by}
        JOIN truth x ON x.record_id = b.record_id
    WHERE b.record_id NOT IN (SELECT record_id FROM taken_out) GROUP BY t.record_id"""


def run(size: str) -> dict[str, Any]:
    engine, settings = DuckDB(memory="4GB"), IdentitySettings()
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder) / "book")
        make_crowd(engine, HOUSEHOLDS[size])
        resolve(engine, book, settings)
        engine.run(f"CREATE TABLE taken_out AS FROM records ORDER BY md5(record_id) LIMIT {ASKED + WARM}")
        asked = engine.arrow("SELECT r.*, t.entity_id FROM taken_out r JOIN truth t USING (record_id)").to_pylist()
        run_says = dict(engine.rows(OTHERS.format(what="x.entity_id", of="members", by="customer_id")))
        known = dict(engine.rows(OTHERS.format(what="x.record_id", of="truth", by="entity_id")))
        for table in ("records", "identifiers"):
            engine.run(f"DELETE FROM {table} WHERE record_id IN (SELECT record_id FROM taken_out)")
        resolve(engine, book, settings)
        people = dict(
            engine.rows("SELECT customer_id, list(entity_id) FROM members JOIN truth USING (record_id) GROUP BY customer_id")
        )
        with measured() as building:
            index = LookUpIndex(engine, book, settings)
        milliseconds, cpu, answers, by_run, alike = [], [], Counter[str](), Counter[str](), 0
        for place, row in enumerate(asked):
            person, id = row.pop("entity_id"), row["record_id"]
            wall, used = time.perf_counter(), time.process_time()
            found = look_up(index, book, settings, {**row, "record_id": f"record:new:{id}"}, []).customer_id
            if place >= WARM:
                milliseconds.append(1000 * (time.perf_counter() - wall))
                cpu.append(1000 * (time.process_time() - used))
            said, expected = people.get(found or "", []), run_says.get(id, [])
            answers[_kind(said, person, id in known)] += 1
            by_run[_kind(expected, person, id in known)] += 1
            alike += bool(set(said) & set(expected)) if said and expected else not said and not expected
        index.close()
        book.close()
    return {
        "records": engine.count("records"), "asked": len(asked), "building": building,
        "answers": {kind: answers[kind] for kind in KINDS},
        "a_run_says": {kind: by_run[kind] for kind in KINDS}, "as_a_run": alike,
        "look_up_ms": _percentiles(milliseconds), "look_up_cpu_ms": _percentiles(cpu),
    }  # fmt: skip


def _kind(said: list[str], person: str, known: bool) -> str:
    """An answer, as the true persons of the records that it names, beside the truth."""
    if not said:
        return "missed" if known else "rightly unknown"
    return "right" if Counter(said).most_common(1)[0][0] == person else "wrong"


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {f"p{part}": round(ordered[len(ordered) * part // 100], 1) for part in (50, 95, 99)}

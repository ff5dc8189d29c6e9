"""How many customers change that should not: the same run again, rows in another order, learning anew, and 1 % more records.

Of each set of bench/identity.py: ids and groups after the change, compared with those before. `small` leaves out the big ones.
The goal is that no id changes, and that 1 % more records regroup under 1 % of the customers. Exit code 1 if it is not reached.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bench.identity import SETS
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.model_change import measure_effect
from fullcircle.identity.resolve import resolve

MEANING = "ids that change: the same run again, shuffled, learned anew, and with 1 % more records"
SMALL = ("febrl3", "sites", "mails", "sparse", "households-20k")
BIG = ("historical_50k", "households-100k")
SIZES = ("small", "all", *BIG, *SMALL)
MOST_CHANGED = 0.01
BOTH = "SELECT record_id, b.customer_id AS before, m.customer_id AS now FROM before b JOIN members m USING (record_id)"
TABLES = ("records", "identifiers", "addresses")


def run(size: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in SMALL if size == "small" else (*SMALL, *BIG) if size == "all" else (size,):
        try:
            found[name] = one(name)
        except OSError as error:
            found[name] = f"not measured: {error}"
        print(name, found[name], flush=True)
    there = [one for one in found.values() if isinstance(one, dict)]
    return {"sets": found, "ok": bool(there) and all(_stable(one) for one in there)}


def _stable(found: dict[str, Any]) -> bool:
    changed = sum(count for name, count in found.items() if name.startswith("ids changed"))
    return changed == 0 and found["share of them"] < MOST_CHANGED


def one(name: str) -> dict[str, Any]:
    """All but 1 % of the records; then again, shuffled, learned anew; then the rest of them."""
    with tempfile.TemporaryDirectory(prefix="fullcircle-bench-") as folder:
        engine, book = DuckDB(Path(folder) / "t.duckdb", threads=1), Book(Path(folder) / "book.sqlite")
        SETS[name](engine)
        for table in TABLES:
            engine.run(f"CREATE TABLE all_{table} AS FROM {table}; DELETE FROM {table} WHERE hash(record_id, 'new') % 100 = 0")
        resolve(engine, book, IdentitySettings())
        engine.run("CREATE TABLE before AS SELECT record_id, customer_id FROM members")
        found: dict[str, Any] = {"records": engine.count("records"), "customers": engine.count("customers")}
        resolve(engine, book, IdentitySettings())
        found["ids changed: again"] = _ids_changed(engine)
        for table in TABLES:
            engine.run(f"CREATE OR REPLACE TABLE {table} AS FROM {table} ORDER BY md5({table}::VARCHAR)")
        resolve(engine, book, IdentitySettings())
        found["ids changed: shuffled"] = _ids_changed(engine)
        resolve(engine, book, IdentitySettings(train="always"))
        found["ids changed: learned anew"] = _ids_changed(engine)
        for table in TABLES:
            engine.run(f"CREATE OR REPLACE TABLE {table} AS FROM all_{table}")
        resolve(engine, book, IdentitySettings())
        effect = measure_effect(engine, f"SELECT record_id, before AS customer_id, before AS old, now AS new FROM ({BOTH})")
        found["records added"] = engine.count("records") - found["records"]
        found["customers changed by them"], found["share of them"] = effect.changed, round(effect.share, 5)
        engine.close()
        book.close()
    return found


def _ids_changed(engine: Engine) -> int:
    return int(engine.value(f"SELECT count(*) FROM ({BOTH}) WHERE before IS DISTINCT FROM now"))

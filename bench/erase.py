"""Erasing people of a made-up company: seconds for the list, for everything else, for the next pull, and a scan of all bytes.

The people are those of the most records whose e-mail address nobody else has; the traces that are looked for are these
addresses. Before and after, every file is scanned, decoded where it is packed.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.measure import measured
from fullcircle import pipeline
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.demo.company import make, people_for
from fullcircle.desk import open_desk
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.privacy.erase import erase
from fullcircle.steward.who import customer_named

MEANING = "erasing 1,000 people (10k: 100), the next pull, and a scan of every byte"
SIZES = ("10k", "100k", "1M")
RECORDS = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
PEOPLE = {"10k": 100, "100k": 1_000, "1M": 1_000}
MAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[A-Za-z]")


def run(size: str) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="fullcircle-bench-"))
    try:
        return _run(folder, RECORDS[size], PEOPLE[size])
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, records: int, people: int) -> dict[str, Any]:
    settings = read_config(make(folder, people=people_for(records)))
    with open_desk(settings) as desk, measured() as first:
        pipeline.run(desk)
    with open_desk(settings) as desk, measured() as nothing:
        pipeline.run(desk)
    chosen = _people(settings, people)
    before = _scan(settings, chosen)
    with measured() as erasing:
        certificates = erase(settings, sorted(chosen), customer_named, "bench")
    with measured() as scanning:
        left = _scan(settings, chosen)
    with open_desk(settings) as desk, measured() as again:
        pipeline.run(desk)
    found_later = _scan(settings, chosen)
    rows = sum(one.counts.get("landed rows", 0) for one in certificates)
    return {
        "people": len(chosen), "rows_erased": rows, "first_run": first, "run_with_nothing_new": nothing, "erasing": erasing,
        "people_per_second": round(len(chosen) / erasing["seconds"], 1), "next_run": again, "scan": scanning,
        "files_with_traces": {"before": len(before), "after": len(left), "after the next run": len(found_later)},
        "ok": bool(before) and not left and not found_later,
    }  # fmt: skip


def _people(settings: Config, number: int) -> dict[str, str]:
    """Customers of the most records, each with an e-mail address of its own."""
    with open_desk(settings) as desk:
        rows = desk.engine.rows(
            "SELECT customer_id, min(value) FROM (SELECT customer_id, i.value, count(DISTINCT record_id) OVER "
            "(PARTITION BY customer_id) AS records FROM identifiers i JOIN members USING (record_id) WHERE i.kind = 'email' "
            "QUALIFY min(customer_id) OVER (PARTITION BY i.value) = max(customer_id) OVER (PARTITION BY i.value)) "
            f"GROUP BY customer_id ORDER BY max(records) DESC, customer_id LIMIT {number}"
        )
    return {customer: str(mail).lower() for customer, mail in rows}


def _scan(settings: Config, people: dict[str, str]) -> list[str]:
    """The files with any of these addresses."""
    engine, found = open_engine(None, "2GB"), []
    try:
        engine.run("CREATE TABLE traces (mail VARCHAR)")
        values = ", ".join(f"({literal(mail)})" for mail in people.values())
        engine.run(f"INSERT INTO traces VALUES {values}")
        for path in sorted(settings.home.rglob("*")):
            if path.is_file() and _has_trace(engine, path):
                found.append(path.name)
    finally:
        engine.close()
    return found


def _has_trace(engine: Engine, path: Path) -> bool:
    if path.suffix == ".parquet":
        return _among(engine, f"SELECT CAST(to_json(p) AS VARCHAR) AS x FROM read_parquet({literal(path)}) p")
    if path.suffix == ".duckdb":
        engine.run(f"ATTACH {literal(path)} AS kept (READ_ONLY)")
        tables = engine.rows("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'kept'")
        hit = any(_among(engine, f'SELECT CAST(to_json(p) AS VARCHAR) AS x FROM kept."{a}"."{b}" p') for a, b in tables)
        engine.run("DETACH kept")
        if hit:
            return True
    mails = {mail.lower() for mail in MAIL.findall(path.read_bytes())}
    with engine.register("in_bytes", pa.table({"x": pa.array([mail.decode() for mail in mails], pa.string())})):
        return bool(engine.value("SELECT count(*) FROM in_bytes SEMI JOIN traces ON mail = x"))


def _among(engine: Engine, texts: str) -> bool:
    mails = f"SELECT DISTINCT lower(unnest(regexp_extract_all(x, '{MAIL.pattern.decode()}'))) AS x FROM ({texts})"
    return bool(engine.value(f"SELECT count(*) FROM ({mails}) SEMI JOIN traces ON mail = x"))

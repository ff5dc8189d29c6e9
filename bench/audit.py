"""The audit log: appends a second, one by one, from several threads and in batches; how long it takes to verify and to search.

An append is durable when it returns, so what is measured first of all is how long the disk takes to say so: `fsync_ms` beside it.
"""

import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.measure import measured
from fullcircle.ask.audit import audit_entries, audit_verify
from fullcircle.config.sections import Config
from fullcircle.govern.audit import open_audit
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.entry import AuditEntry
from fullcircle.govern.principal import Principal

MEANING = "appends to the audit log and verifies of it, a second"
SIZES = ("10k", "100k", "1M")
ENTRIES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
ONE_BY_ONE, THREADS, BATCH = 2_000, 16, 100
WHO = Principal("os:maria", frozenset({"agent"}), "rest")
FIELDS = ("birth_date:absent", "city", "email:partial", "name", "orders", "phone:partial")


def run(size: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Config(folder=Path(folder))
        settings.home.mkdir()
        with open_audit(settings.home, settings) as log:
            one = _rate(ONE_BY_ONE, lambda: [log.note(_entry(number)) for number in range(ONE_BY_ONE)])
            each = ONE_BY_ONE // THREADS
            threads = [
                threading.Thread(target=lambda start=start: [log.note(_entry(start + number)) for number in range(each)])
                for start in range(0, ONE_BY_ONE, each)
            ]
            by_threads = _rate(each * len(threads), lambda: _all(threads))
            left = ENTRIES[size] - ONE_BY_ONE - each * len(threads)
            batches = _rate(
                left,
                lambda: [
                    log.note_many([_entry(start + number) for number in range(min(BATCH, left - start))])
                    for start in range(0, left, BATCH)
                ],
            )
        with measured() as verifying:
            report = audit_verify(settings)
        with measured() as searching:
            found = audit_entries(settings, customer="customer:0000000000000042", limit=10_000)
        bytes_each = (settings.home / AUDIT).stat().st_size // report.entries
        return {
            "ok": report.whole, "entries": report.entries, "bytes_an_entry": bytes_each, "fsync_ms": _fsync(Path(folder)),
            "appends_a_second": {"one_by_one": one, f"{THREADS}_threads": by_threads, f"batches_of_{BATCH}": batches},
            "verifies_a_second": int(report.entries / verifying["cpu_seconds"]), "verifying": verifying,
            "found_of_a_customer": len(found), "searching": searching,
        }  # fmt: skip


def _entry(number: int) -> AuditEntry:
    return AuditEntry(WHO, "show", "answered", (f"customer:{number % 50_000:016d}",), FIELDS, "agent-reads", "1 customer")


def _all(threads: list[threading.Thread]) -> None:
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _rate(many: int, work: Any) -> int:
    began = time.perf_counter()
    work()
    return int(many / (time.perf_counter() - began))


def _fsync(folder: Path) -> float:
    """What the disk takes for the smallest durable write."""
    with (folder / "probe").open("wb", buffering=0) as file:
        began = time.perf_counter()
        for _ in range(200):
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
    return round(1000 * (time.perf_counter() - began) / 200, 3)

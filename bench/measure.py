"""Seconds, CPU seconds and peak memory of a piece of work in this process (Linux)."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Measured = dict[str, float]


@contextmanager
def measured() -> Iterator[Measured]:
    """Fills the dict at the end: seconds, cpu_seconds (with children), peak_gib (of this process, from here on)."""
    found: Measured = {}
    _forget_peak()
    wall, cpu = time.perf_counter(), _cpu()
    yield found
    found["seconds"] = round(time.perf_counter() - wall, 2)
    found["cpu_seconds"] = round(_cpu() - cpu, 2)
    found["peak_gib"] = round(_peak() / 2**20, 2)


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_utime + resource.getrusage(kind).ru_stime for kind in kinds)


def _forget_peak() -> None:
    """Linux lets a process reset its own high-water mark."""
    Path(f"/proc/{os.getpid()}/clear_refs").write_text("5")


def _peak() -> int:
    """The high-water mark of resident memory in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))

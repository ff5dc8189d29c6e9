"""Opens a table engine. This is the only place that knows which engine it is."""

from __future__ import annotations

from pathlib import Path

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB


def open_engine(path: Path | None = None, memory: str = "2GB", threads: int = 0, in_order: bool = False) -> Engine:
    """An engine over a file, or in memory where no path is given; `threads` 0: all cores. Close it when done.

    `in_order`: what reads files keeps the order of their rows, which takes memory.
    """
    return DuckDB(path, memory, threads, in_order)

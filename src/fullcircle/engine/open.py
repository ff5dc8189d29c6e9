"""Opens a table engine. This is the only place that knows which engine it is."""

from __future__ import annotations

from pathlib import Path

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB, write_again


def open_engine(path: Path | None = None, memory: str = "2GB", threads: int = 0, in_order: bool = False) -> Engine:
    """An engine over a file, or in memory where no path is given; `threads` 0: all cores. Close it when done.

    `in_order`: what reads files keeps the order of their rows, which takes memory.
    """
    return DuckDB(path, memory, threads, in_order)


def without_remains(path: Path, memory: str = "2GB", threads: int = 0) -> None:
    """Write the file of an engine again, so that it has nothing of deleted rows any more. Busy while another process has it.

    Killed at any point, the file is the old or the new one.
    """
    if path.exists():
        write_again(path, memory, threads)

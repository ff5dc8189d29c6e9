"""Errors of SQLite as ours, which say what happened and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from fullcircle.errors import Busy, FullcircleError, StoreError, disk_full, is_disk_full

REBUILD = "If the error stays, build the graph again from the tables: `fullcircle run --rebuild-graph`."


def ours(error: sqlite3.Error, path: Path) -> FullcircleError:
    """Our error for an error of SQLite. Its text may contain values, so it is not repeated."""
    text, name = str(error).lower(), getattr(error, "sqlite_errorname", "")
    if is_disk_full(error) or name == "SQLITE_FULL":
        return disk_full(path)
    if "locked" in text or name.startswith("SQLITE_BUSY"):
        return Busy(f"Another process is writing into the graph {path}.", "Wait for it to end, then try again.")
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        return StoreError(
            "Some vertices or edges are in the graph already, although they should be new.", "Run again with --verify."
        )
    if "no such module: fts5" in text:
        return StoreError(
            "The SQLite of this Python has no full-text search (FTS5).", "Use a Python whose SQLite was built with it."
        )
    if name == "SQLITE_READONLY" or "readonly" in text:
        return StoreError(f"The graph {path} cannot be written.", "See that its folder belongs to you and is not read-only.")
    if isinstance(error, sqlite3.OperationalError) and "unable to open" in text:
        return StoreError(f"The graph {path} cannot be opened.", "See that it is there and that you may read it.")
    return StoreError(f"The graph in {path} is damaged, or another program made it.", REBUILD)

"""Opens the file of a graph, and sees that it is one."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from fullcircle.graph.stores.sqlite import statements as sql
from fullcircle.graph.stores.sqlite.older import complete

PAGE = 8192  # bytes: customers and records with their JSON fit into one
WAIT = 20.0  # seconds to wait for another writer
OURS = 0x66633630  # "fc60", in the file's header: a graph of ours


def connect(path: Path, read_only: bool, memory: int = 0, wait: float = WAIT) -> sqlite3.Connection:
    """A connection to a graph, with so many bytes of memory. sqlite3.DatabaseError if the file is of another kind, or cut off."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{_mode(path, read_only)}",
        timeout=wait, isolation_level=None, check_same_thread=False, cached_statements=512, uri=True,
    )  # fmt: skip
    try:
        connection.create_function("lowered", 1, str.lower, deterministic=True)
        _see_what_it_is(connection, path, read_only)
        if read_only:
            complete(connection)
        else:
            connection.execute("PRAGMA synchronous = FULL")
        if memory:
            connection.execute(f"PRAGMA cache_size = -{memory // 1024}")
    except BaseException:
        connection.close()
        raise
    return connection


def _mode(path: Path, read_only: bool) -> str:
    """A reader needs to write a few bytes beside the file, unless nobody writes and the folder is read-only."""
    if not read_only:
        return "mode=rwc"
    alone = not _log(path).exists() and not os.access(path.parent, os.W_OK)
    return "mode=ro&immutable=1" if alone else "mode=ro"


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _see_what_it_is(connection: sqlite3.Connection, path: Path, read_only: bool) -> None:
    kind, pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "page_count"))
    if kind == OURS:
        if path.stat().st_size < pages * PAGE and not _log(path).exists():
            raise sqlite3.DatabaseError("the file is cut off")
        return
    if pages or read_only:
        raise sqlite3.DatabaseError("this file has no graph")
    connection.execute(f"PRAGMA page_size = {PAGE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(sql.META)
    connection.execute(f"PRAGMA application_id = {OURS}")
    connection.execute("COMMIT")

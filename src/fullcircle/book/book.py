"""The book: one SQLite file (WAL) with all state that must survive and cannot be computed again.

Each room has its own tables in it: it creates them with `book.define(DDL)` and uses `read` and `write`. There is one writer at
a time and any number of readers, also in other processes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fullcircle.book.connection import connect, library, unreadable
from fullcircle.errors import Busy, ConfigError, FullcircleError, disk_full, is_disk_full

FILE_NAME = "book.sqlite"  # in the home
Params = Sequence[object] | Mapping[str, object]


class Book:
    """A durable, transactional SQLite file. With `read_only` it can be opened while another process writes.

    With a `key` of 32 bytes it is encrypted, its log and its journal too.
    """

    def __init__(self, path: Path, read_only: bool = False, key: bytes | None = None) -> None:
        self.path = path
        self.read_only = read_only
        self._key = key
        self._failures: tuple[type[Exception], ...] = (library(key is not None).Error, OSError)
        with self._translated():
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = connect(path, key, read_only)
            if not read_only:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
            self._db.isolation_level = None
        self._depth = 0

    def define(self, ddl: str) -> None:
        """Create a room's tables if they do not exist (`CREATE TABLE IF NOT EXISTS ...`). Does nothing if read-only.

        Inside a transaction it is a part of it.
        """
        if self.read_only:
            return
        with self._translated():
            if not self._depth:
                self._db.executescript(ddl)
                return
            statement = ""  # a script would end the transaction
            for line in ddl.splitlines(keepends=True):
                statement += line
                if sqlite3.complete_statement(statement):
                    self._db.execute(statement)
                    statement = ""
            if statement.strip():  # the last one may do without a semicolon
                self._db.execute(statement)

    def read(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._translated():
            return list(self._db.execute(sql, params).fetchall())

    def write(self, sql: str, params: Params = ()) -> None:
        """Run one statement. It is durable when this returns, or at the end of the enclosing transaction."""
        with self._translated():
            self._db.execute(sql, params)

    def write_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for many rows, in one transaction."""
        with self.transaction(), self._translated():
            self._db.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Writes inside the `with` block take effect together or not at all; a nested transaction joins the outer one."""
        if self._depth == 0:
            with self._translated():
                self._db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0 and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            with self._translated():
                self._db.execute("COMMIT")

    def copy_to(self, path: Path) -> None:
        """Write a copy of the whole book, as it is at this moment, into a new file."""
        with self._translated():
            copy = connect(path, self._key)
            try:
                self._db.backup(copy)
            finally:
                copy.close()

    def without_remains(self) -> None:
        """Write the file again, so that it and its log have nothing of deleted rows any more. Busy while somebody reads it."""
        with self._translated():
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("VACUUM")
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise Busy(f"Another process is reading the book {self.path}.", "Wait until it has ended, then try again.")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            text = str(error).lower()
            if is_disk_full(error):
                raise disk_full(self.path) from error
            if "locked" in text:
                raise Busy(
                    f"Another process is writing to the book {self.path}.", "Wait until it has ended, then try again."
                ) from error
            if "not a database" in text and (about := unreadable(self.path, self._key is not None)):
                raise ConfigError(*about) from error
            if "malformed" in text or "not a database" in text or "disk i/o error" in text:
                raise FullcircleError(
                    f"The book {self.path} is damaged and cannot be read.",
                    "It contains the customer ids: copy a backup of it back. Without a backup, `fullcircle run --new-book` "
                    "begins a new one: the ids are given anew.",
                ) from error
            raise

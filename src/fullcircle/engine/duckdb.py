"""The default table engine: DuckDB on one file, with a folder for spilling beside it."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import threading
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pyarrow as pa

from fullcircle.engine import expressions
from fullcircle.engine.base import Params, literal, quoted
from fullcircle.errors import Busy, ConfigError, EngineFull, disk_full, is_disk_full

TAKEN = ("set lock on file", "Unique file handle conflict")  # by another process; by another part of this one
_BUILT_IN: set[str] = set()  # the functions of values; asked once, as they are the same in each engine


class DuckDB:
    """See `engine.base.Engine`. With `path` None everything is in memory."""

    dialect = "duckdb"

    def __init__(self, path: Path | None = None, memory: str = "2GB", threads: int = 0, in_order: bool = False) -> None:
        self.path = path
        self._instance: _Instance | None = None
        options: dict[str, object] = {
            "memory_limit": memory,
            "preserve_insertion_order": in_order,
            "autoinstall_known_extensions": False,  # nothing is fetched from the network
        }
        if threads:
            options["threads"] = threads
        with self._translated():
            if path is None:
                self._instance = _Instance.lent(options)
                self.connection = self._instance.connection()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                options["temp_directory"] = str(path.with_suffix(".spill"))
                self.connection = duckdb.connect(_openable(path), config=options)
            self.connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")

    def run(self, sql: str, params: Params | None = None) -> None:
        """Run statements for their effect."""
        if self._instance and sql.startswith("SET "):
            self._instance.reusable = False  # it would be set for who borrows it next
        with self._translated():
            self.connection.execute(sql, dict(params) if params else None)

    def rows(self, sql: str, params: Params | None = None) -> list[tuple[Any, ...]]:
        """The result as Python tuples."""
        with self._translated():
            return list(self.connection.execute(sql, dict(params) if params else None).fetchall())

    def value(self, sql: str, params: Params | None = None) -> Any:
        """The single value of a one-row result; None if the result is empty."""
        found = self.rows(sql, params)
        return found[0][0] if found else None

    def arrow(self, sql: str) -> pa.Table:
        """The whole result as an Arrow table."""
        with self._translated():
            return self.connection.sql(sql).to_arrow_table()

    def batches(self, sql: str, rows: int = 100_000) -> pa.RecordBatchReader:
        """The result as a stream of Arrow batches, on its own cursor."""
        with self._translated():
            own = self._instance.connection() if self._instance else self.connection.cursor()
            return own.sql(sql).to_arrow_reader(rows)

    @contextmanager
    def register(self, name: str, table: pa.Table | pa.RecordBatchReader) -> Iterator[None]:
        """Make an Arrow table readable in SQL as `name`. Not visible to `batches`, which has its own cursor."""
        self.connection.register(name, table)
        try:
            yield
        finally:
            self.connection.unregister(name)

    def offer(self, name: str, rows: pa.dataset.Dataset) -> None:
        """Make rows in files readable in SQL as `name` as long as the engine is open. Not visible to `batches`."""
        self.connection.register(name, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the statements inside as one transaction; a nested transaction joins the outer one."""
        if getattr(self, "_inside", False):
            yield
            return
        self._inside = True
        self.connection.begin()
        try:
            yield
            with self._translated():
                self.connection.commit()
        except BaseException:
            self._rollback()
            raise
        finally:
            self._inside = False

    def _rollback(self) -> None:
        with suppress(duckdb.Error):  # a failed statement may have ended the transaction already
            self.connection.rollback()

    def has(self, table: str) -> bool:
        """True if the table or view exists and what it reads does too."""
        schema, _, name = table.rpartition(".")
        try:  # to name one in SQL that does not exist would end a transaction
            self.connection.table(f"{quoted(schema or 'main')}.{quoted(name)}")
        except duckdb.CatalogException:
            return False
        except duckdb.BinderException:  # a view whose tables have other columns now
            return True
        return True

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table: name -> SQL type."""
        return {row[0]: row[1] for row in self.rows(f"SELECT column_name, column_type FROM (DESCRIBE {table})")}

    def count(self, table: str) -> int:
        """The number of rows of the table."""
        return int(self.value(f"SELECT count(*) FROM {table}"))

    def write_parquet(self, sql: str, path: Path) -> int:
        """Write a result to a zstd Parquet file and return the number of rows."""
        with self._translated(path):
            found = self.connection.execute(f"COPY ({sql}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
            return int(found.fetchone()[0])

    def refusal(self, expression: str) -> str:
        """Why an expression may not be part of our SQL; empty if it only computes."""
        if len(expression) > expressions.LONGEST:
            return f"it has more than {expressions.LONGEST:,} characters"
        found = self.value("SELECT CAST(json_serialize_sql($sql) AS VARCHAR)", {"sql": f"SELECT ({expression})"})
        return expressions.refusal(expression, json.loads(found), self._functions())

    def query_refusal(self, sql: str, tables: Set[str]) -> str:
        """Why a query may not be part of our SQL; empty if it only computes, from these tables alone."""
        if len(sql) > expressions.LONGEST:
            return f"it has more than {expressions.LONGEST:,} characters"
        found = self.value("SELECT CAST(json_serialize_sql($sql) AS VARCHAR)", {"sql": sql})
        return expressions.query_refusal(json.loads(found), self._functions(), tables)

    def _functions(self) -> set[str]:
        """The built-in functions of values."""
        if not _BUILT_IN:
            kinds = "internal AND function_type IN ('scalar', 'aggregate', 'macro')"
            _BUILT_IN.update(row[0] for row in self.rows(f"SELECT function_name FROM duckdb_functions() WHERE {kinds}"))
        return _BUILT_IN

    def native(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection."""
        return self.connection

    def close(self) -> None:
        """Close the file, so that other processes can open it."""
        instance, self._instance = self._instance, None
        if instance:
            instance.give_back(self.connection)
        self.connection.close()

    @contextmanager
    def _translated(self, where: Path | None = None) -> Iterator[None]:
        try:
            yield
        except (duckdb.Error, OSError) as error:
            if is_disk_full(error):
                raise disk_full(where or self.path or "memory") from error
            if any(words in str(error) for words in TAKEN):
                raise Busy(
                    f"A run, or another reader, is using the tables{f' in {self.path}' if self.path else ''}.",
                    "Wait until the other run has ended. Reading (show, search, related) works in the meantime.",
                ) from error
            if isinstance(error, duckdb.OutOfMemoryException):
                raise EngineFull(
                    "The table engine reached its memory limit.",
                    "Raise `memory` in [engine] of the config file, or free disk space for spilling.",
                ) from error
            raise


def write_again(path: Path, memory: str, threads: int) -> None:
    """See `engine.open.without_remains`: blocks that are free keep what was in them, so the tables are copied into a new file."""
    draft = path.with_name(f"{path.name}.again")
    for rest in path.parent.glob(f"{draft.name}*"):
        rest.unlink()
    engine = DuckDB(path, memory, threads, in_order=True)  # what the log still has is written into the file when it is closed
    try:
        engine.run(f"ATTACH {literal(draft)} AS fresh")
        here = engine.value("SELECT current_database()")
        with engine.transaction():
            for (schema,) in engine.rows(
                f"SELECT DISTINCT schema_name FROM duckdb_tables() WHERE database_name = {literal(here)}"
            ):
                engine.run(f"CREATE SCHEMA IF NOT EXISTS fresh.{quoted(schema)}")
            tables = engine.rows(
                f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = {literal(here)} AND NOT temporary"
            )
            for schema, name in tables:
                there = f"{quoted(schema)}.{quoted(name)}"
                engine.run(f"CREATE TABLE fresh.{there} AS FROM {quoted(here)}.{there}")
        engine.run("CHECKPOINT fresh; DETACH fresh; CHECKPOINT")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    finally:
        engine.close()
        draft.unlink(missing_ok=True)


class _Instance:
    """DuckDB's own database in memory, without tables: an engine in memory is one attached to it, alone with it while it lasts.

    To make an instance takes some 15 ms, to attach a database to one under 1 ms. So this process keeps a few that are idle.
    """

    KEPT = 4  # idle ones of the same options
    _idle: ClassVar[dict[tuple[object, ...], list[_Instance]]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()
    _numbers: ClassVar[Iterator[int]] = itertools.count()

    def __init__(self, options: dict[str, object]) -> None:
        self._options = options
        self._base = duckdb.connect(":memory:", config=options)
        self._database = ""
        self.reusable = True

    @classmethod
    def lent(cls, options: dict[str, object]) -> _Instance:
        """One with these options and an empty database."""
        with cls._lock:
            idle = cls._idle.get(tuple(options.values()))
            lent = idle.pop() if idle else None
        lent = lent or cls(options)
        lent._database = f"memory_{next(cls._numbers)}"  # a new name: a result that is still read may hold on to an old one
        lent._base.execute(f"ATTACH ':memory:' AS {lent._database}")
        return lent

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A connection to the attached database."""
        made = self._base.cursor()
        made.execute(f"USE {self._database}")
        return made

    def give_back(self, used: duckdb.DuckDBPyConnection) -> None:
        """Drop what `used` has made, and keep the instance for the next. Where that fails, it is closed."""
        try:
            with suppress(duckdb.Error):  # there may be no transaction
                used.rollback()
            used.execute("USE memory")
            for (name,) in used.execute("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall():
                if name != "memory":
                    used.execute(f"DETACH {quoted(name)}")
        except duckdb.Error:
            self.reusable = False
        with self._lock:
            idle = self._idle.setdefault(tuple(self._options.values()), [])
            if self.reusable and len(idle) < self.KEPT:
                idle.append(self)
                return
        self._base.close()

    @classmethod
    def close_idle(cls) -> None:
        """Before the process ends: the library lists what is open then."""
        with cls._lock:
            for instance in itertools.chain.from_iterable(cls._idle.values()):
                instance._base.close()
            cls._idle.clear()


atexit.register(_Instance.close_idle)
os.register_at_fork(after_in_child=_Instance._idle.clear)  # their threads are not there


def _openable(path: Path) -> str:
    """The path as text. The library takes what follows a `?` for options, and would look for its log elsewhere."""
    if "?" in str(path.absolute()):
        raise ConfigError(
            f'The tables cannot be kept in {path.parent}, because its name has a "?".',
            "Rename the folder, or set another home in [project].",
        )
    return str(path)

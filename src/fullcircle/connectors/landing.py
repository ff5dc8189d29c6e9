"""Stores pulled rows: as Parquet files, which are durable before the cursor after them is stored. Start at `Landing.land`.

    <root>/<source>/<object>/0000000001.parquet            rows
    <root>/<source>/<object>/0000000001.rejects.parquet    rows that could not be read
    <root>/<source>/<object>/0000000001-0000000064.parquet    rows of files that were merged: see compact.py
    <root>/<source>/<object>/0000000001.encrypted.parquet    rows that are encrypted: see encrypted.py

The book lists the valid files. A file that a crash left unregistered is ignored, and removed later.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.connectors import durable, encrypted
from fullcircle.connectors.base import META, Batch, Cursor
from fullcircle.connectors.columns import landable, sql_type, stored_names, widened
from fullcircle.connectors.encrypted import FileKeys, is_encrypted
from fullcircle.connectors.pull_log import PullLog
from fullcircle.connectors.written import WrittenFields
from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import ConfigError, SourceBroken

DDL = """
CREATE TABLE IF NOT EXISTS landed_file (
    path TEXT PRIMARY KEY, source TEXT NOT NULL, object TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, columns TEXT NOT NULL,
    reading TEXT NOT NULL, reading_of TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS landed_file_object ON landed_file (source, object, kind, number);
CREATE TABLE IF NOT EXISTS landed_column (
    source TEXT NOT NULL, object TEXT NOT NULL, name TEXT NOT NULL, stored TEXT NOT NULL, place INTEGER NOT NULL,
    type TEXT NOT NULL, PRIMARY KEY (source, object, name));
CREATE TABLE IF NOT EXISTS landed_cursor (
    source TEXT NOT NULL, object TEXT NOT NULL, cursor TEXT NOT NULL, PRIMARY KEY (source, object));
CREATE TABLE IF NOT EXISTS landed_part (
    path TEXT NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (path, number));
"""
# Of merged files by what they were merged from, so that merging does not change it.
FINGERPRINT = """
SELECT source, object, kind, number, sha256 FROM landed_file WHERE path NOT IN (SELECT path FROM landed_part)
UNION ALL SELECT f.source, f.object, f.kind, p.number, p.sha256 FROM landed_part p JOIN landed_file f ON f.path = p.path
ORDER BY 1, 2, 3, 4
"""
ROWS, REJECTS = "rows", "rejects"


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file with rows. `like` is what two files must share to be one: their columns, and the reading that they belong to."""

    path: str
    number: int
    rows: int
    bytes: int
    like: tuple[str, ...]


class Landing:
    """The landed files of all sources under `root`, registered in the book. Only one process may land at a time."""

    def __init__(self, root: Path, book: Book, engine: Engine, keys: FileKeys | None = None) -> None:
        self.root = root
        self.engine = engine
        self._keys = keys
        self._book = book
        self.pulls = PullLog(book)
        self.written = WrittenFields(book)
        book.define(DDL)

    # -- writing ---------------------------------------------------------------------------------------------------
    def land(self, source: str, object: str, batch: Batch) -> None:
        """Write a batch durably, then register its files and its cursor together. Killed at any point, it is all or nothing."""
        number = self._next_number(source, object)
        names = self._stored(source, object, batch.rows)
        table = _shaped(batch.rows, names, number)
        columns = {field.name: sql_type(field.type) for field in table.schema if field.name not in {*META.names, "_seq"}}
        full_read, of = (batch.full_read.id, batch.full_read.of) if batch.full_read else ("", "")
        written = []
        folder = self.folder(source, object)
        for kind, rows, ending in ((ROWS, table, "parquet"), (REJECTS, batch.rejects, "rejects.parquet")):
            if rows is not None and rows.num_rows:
                path = self._named(folder / f"{number:010d}.{ending}")
                size, sha = durable.write(path, rows, self._key(path, source))
                named = json.dumps(columns if kind == ROWS else {})
                place = path.relative_to(self.root).as_posix()
                written.append((place, source, object, kind, number, rows.num_rows, size, sha, named, full_read, of))
        if written:
            durable.sync_folders(folder, self.root)
        with self._book.transaction():
            self._book.write_many("INSERT OR REPLACE INTO landed_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", written)
            self._keep_columns(source, object, batch.rows, columns, names)
            self._replace(source, object, batch)
            self._book.write("INSERT OR REPLACE INTO landed_cursor VALUES (?, ?, ?)", (source, object, json.dumps(batch.cursor)))

    def listed(self, source: str, object: str) -> list[LandedFile]:
        """The files with rows, in landing order."""
        rows = self._book.read(
            "SELECT path, number, rows, bytes, columns, reading, reading_of FROM landed_file "
            "WHERE source = ? AND object = ? AND kind = ? ORDER BY number",
            (source, object, ROWS),
        )
        return [LandedFile(path, number, count, size, (columns, *like)) for path, number, count, size, columns, *like in rows]

    def merge(self, source: str, object: str, files: Sequence[LandedFile]) -> LandedFile:
        """Make one file of neighbours in landing order that are alike. No row is dropped, and `fingerprint` stays as it is.

        The file is durable before the book names it instead of the others: killed at any point, either is whole.
        """
        for one in files:
            self._check(self.root / one.path, one.bytes, f"{source}.{object}")
        table = pa.concat_tables([self.read(source, self.root / one.path) for one in files])
        number, folder = files[-1].number, self.folder(source, object)
        first = number << 32
        table = table.set_column(len(META), "_seq", pa.array(np.arange(first, first + table.num_rows)))
        path = self._named(folder / f"{files[0].number:010d}-{number:010d}.parquet")
        size, sha = durable.write(path, table, self._key(path, source))
        durable.sync_folders(folder, self.root)
        made = LandedFile(path.relative_to(self.root).as_posix(), number, table.num_rows, size, files[0].like)
        with self._book.transaction():
            for one in files:
                self._book.write("UPDATE landed_part SET path = ? WHERE path = ?", (made.path, one.path))
                self._book.write(
                    "INSERT OR IGNORE INTO landed_part SELECT ?, number, sha256 FROM landed_file WHERE path = ?",
                    (made.path, one.path),
                )
                self._book.write("DELETE FROM landed_file WHERE path = ?", (one.path,))
            self._book.write(
                "INSERT INTO landed_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (made.path, source, object, ROWS, number, made.rows, size, sha, *made.like),
            )
            self._forget_parts()
        for one in files:
            with suppress(OSError):  # if it stays, `tidy` removes it
                (self.root / one.path).unlink()
        return made

    def rewrite(self, source: str, path: Path, rows: pa.Table) -> None:
        """Put these rows in the place of a landed file; `fingerprint` changes. Killed at any point, either file is whole."""
        old = path.relative_to(self.root).as_posix()
        stem, ending = path.name.split(".", 1)
        first, _, times = stem.partition("_")
        made = path.with_name(f"{first}_{int(times or 0) + 1}.{ending}")
        size, sha = durable.write(made, rows, self._key(made, source))
        durable.sync_folders(path.parent, self.root)
        with self._book.transaction():
            self._book.write("DELETE FROM landed_part WHERE path = ?", (old,))
            self._book.write(
                "UPDATE landed_file SET path = ?, rows = ?, bytes = ?, sha256 = ? WHERE path = ?",
                (made.relative_to(self.root).as_posix(), rows.num_rows, size, sha, old),
            )
        path.unlink(missing_ok=True)

    def forget(self, source: str, object: str) -> None:
        """Forget the landed files and the cursor of an object: the next pull reads it from the start."""
        with self._book.transaction():
            for table in ("landed_file", "landed_column", "landed_cursor"):
                self._book.write(f"DELETE FROM {table} WHERE source = ? AND object = ?", (source, object))
            self._forget_parts()

    def tidy(self) -> None:
        """Remove files that are not registered: left by a crash, replaced, or forgotten."""
        counted = {row[0] for row in self._book.read("SELECT path FROM landed_file")}
        for path in self.root.rglob("*.parquet*"):
            if path.relative_to(self.root).as_posix() not in counted:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    # -- reading ---------------------------------------------------------------------------------------------------
    def cursor(self, source: str, object: str) -> Cursor | None:
        """The cursor after the last landed batch; None if nothing was landed yet."""
        found = self._book.read("SELECT cursor FROM landed_cursor WHERE source = ? AND object = ?", (source, object))
        return json.loads(found[0][0]) if found else None

    def objects(self) -> list[tuple[str, str]]:
        """(source, object) of all objects that were ever pulled, sorted."""
        return [(row[0], row[1]) for row in self._book.read("SELECT source, object FROM landed_cursor ORDER BY 1, 2")]

    def files(self, source: str, object: str) -> list[Path]:
        """The files with rows, in landing order. Raises SourceBroken if one is missing or has another size."""
        return [path for path, _ in self._registered(source, object, ROWS)]

    def rejects(self, source: str, object: str) -> list[Path]:
        """The files with rejected rows (text columns key, reason, raw), in landing order."""
        return [path for path, _ in self._registered(source, object, REJECTS)]

    def reader(self, source: str, paths: Sequence[Path]) -> str:
        """SQL: a table function that reads landed files of a source, which are all encrypted, or all plain."""
        return encrypted.reader(self.engine, paths, self._key(paths[0], source))

    def fingerprint(self) -> str:
        """A hash that changes whenever the landed data changes."""
        return hashlib.sha256(json.dumps(self._book.read(FINGERPRINT)).encode()).hexdigest()

    def lost(self, source: str, object: str) -> bool:
        """True if files are registered but their folder was deleted: the object is to be read from the start."""
        return bool(self._rows_of(source, object)) and not self.folder(source, object).exists()

    def holds(self, source: str, object: str) -> bool:
        """True if anything of the object is landed."""
        return bool(self._rows_of(source, object))

    def folder(self, source: str, object: str) -> Path:
        """The folder of an object's files."""
        return self.root / _safe(source) / _safe(object)

    def columns(self, source: str, object: str) -> dict[str, str]:
        """The source's own columns in `current_sql`: landed name -> SQL type."""
        rows = self._book.read(
            "SELECT stored, type FROM landed_column WHERE source = ? AND object = ? ORDER BY place", (source, object)
        )
        return {stored: "VARCHAR" if kind == "NULL" else kind for stored, kind in rows}

    def current_sql(self, source: str, object: str, numbered: bool = False) -> str:
        """A SELECT of the newest row of each key, without deleted keys: META columns, then the source's own.

        A key whose newest row is a merge is included, with `_op` 'merge' and `_into`. A column that changed its type is VARCHAR.
        With `numbered` there is also `_seq`, which is greater for rows that landed later (of files: those of later files).
        """
        own = self.columns(source, object)
        more = ["_seq"] if numbered else []
        readers = self._readers(source, object)
        if not readers:
            types = {**_meta_types(), **dict.fromkeys(more, "BIGINT"), **own}
            empty = [f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in types.items()]
            return f"SELECT {', '.join(empty)} WHERE false"
        everything = " UNION ALL ".join(_select(reader, columns, own) for reader, columns in readers.items())
        narrow = " UNION ALL ".join(f"SELECT _key, _seq FROM {reader}" for reader in readers)
        names = ", ".join(quoted(name) for name in (*META.names, *own))
        turns = self._turns(source, object)
        if turns is None:
            return (
                f"SELECT {', '.join([names, *more])} FROM ({everything}) WHERE _op <> 'delete' "
                f"AND _seq IN (SELECT max(_seq) FROM ({narrow}) GROUP BY _key)"
            )
        last = f"SELECT arg_max(_seq, _turn) AS _last, max(_turn) AS _turn FROM ({_turned(narrow, turns)}) GROUP BY _key"
        names = ", ".join(f"e.{quoted(name)}" for name in (*META.names, *own)) + (", t._turn AS _seq" if numbered else "")
        return f"SELECT {names} FROM ({everything}) AS e JOIN ({last}) AS t ON e._seq = t._last WHERE e._op <> 'delete'"

    def every_sql(self, source: str, object: str) -> str:
        """A SELECT of all landed rows, also of those that no longer count, but without deletes; columns as in `current_sql`."""
        own = self.columns(source, object)
        readers = self._readers(source, object)
        if not readers:
            return self.current_sql(source, object, numbered=True)
        everything = " UNION ALL ".join(_select(reader, columns, own) for reader, columns in readers.items())
        names = ", ".join(quoted(name) for name in (*META.names, *own))
        return f"SELECT {names}, _seq FROM ({everything}) WHERE _op <> 'delete'"

    def _readers(self, source: str, object: str) -> dict[str, dict[str, str]]:
        """SQL of what reads the files with rows, with the columns that are there; those of a kind are read together."""
        groups: dict[tuple[str, bool], list[Path]] = defaultdict(list)
        for path, columns in self._registered(source, object, ROWS):
            groups[columns, is_encrypted(path)].append(path)
        return {self.reader(source, paths): json.loads(columns) for (columns, _), paths in groups.items()}

    # -- encryption ------------------------------------------------------------------------------------------------
    def change_form(self, source: str, object: str, dry_run: bool = False) -> int:
        """Encrypt the files of an object that are plain, or the reverse if new files are plain; how many are written anew.

        A file is durable before the book names it instead of the old one, and `fingerprint` stays as it is.
        """
        rows = self._book.read(
            "SELECT path, number, sha256 FROM landed_file WHERE source = ? AND object = ? ORDER BY number", (source, object)
        )
        others = [row for row in rows if self._named(self.root / row[0]) != self.root / row[0]]
        for place, number, before in others if not dry_run else ():
            old = self.root / place
            new = self._named(old)
            size, sha = durable.write(new, self.read(source, old), self._key(new, source))
            durable.sync_folders(new.parent, self.root)
            name = new.relative_to(self.root).as_posix()
            with self._book.transaction():
                if not self._book.read("SELECT 1 FROM landed_part WHERE path = ?", (place,)):
                    self._book.write("INSERT INTO landed_part VALUES (?, ?, ?)", (name, number, before))
                self._book.write("UPDATE landed_part SET path = ? WHERE path = ?", (name, place))
                self._book.write(
                    "UPDATE landed_file SET path = ?, bytes = ?, sha256 = ? WHERE path = ?", (name, size, sha, place)
                )
            with suppress(OSError):  # if it stays, `tidy` removes it
                old.unlink()
        return len(others)

    def _named(self, path: Path) -> Path:
        """The name of a file as it is to be written now: encrypted or plain."""
        return encrypted.named(path, self._keys is not None and self._keys.encrypts)

    def _key(self, path: Path, source: str) -> bytes | None:
        if not is_encrypted(path):
            return None
        if self._keys is None:
            raise ConfigError(
                f"The landed file {path} is encrypted, and the config has no key.",
                "Name the key in [security] that it was encrypted with.",
            )
        return self._keys.of(source)

    def read(self, source: str, path: Path) -> pa.Table:
        """All rows of a landed file."""
        return encrypted.read(path, self._key(path, source))

    # -- the book --------------------------------------------------------------------------------------------------
    def _rows_of(self, source: str, object: str) -> int:
        return int(self._book.read("SELECT count(*) FROM landed_file WHERE source = ? AND object = ?", (source, object))[0][0])

    def _next_number(self, source: str, object: str) -> int:
        found = self._book.read("SELECT max(number) FROM landed_file WHERE source = ? AND object = ?", (source, object))
        return int(found[0][0] or 0) + 1

    def _registered(self, source: str, object: str, kind: str) -> list[tuple[Path, str]]:
        rows = self._book.read(
            "SELECT path, bytes, columns FROM landed_file WHERE source = ? AND object = ? AND kind = ? ORDER BY number",
            (source, object, kind),
        )
        for path, size, _ in rows:
            self._check(self.root / path, size, f"{source}.{object}")
        return [(self.root / path, columns) for path, _, columns in rows]

    def _turns(self, source: str, object: str) -> list[int] | None:
        """The numbers of the landed files in the order in which their rows count; None if that is the order of landing.

        Things that are read as a whole count in the order of their names, whichever of them was read last.
        """
        found = self._book.read(
            "SELECT DISTINCT number, reading_of FROM landed_file WHERE source = ? AND object = ? AND kind = ? ORDER BY number",
            (source, object, ROWS),
        )
        numbers = [number for number, _ in found]
        turns = [number for number, _ in sorted(found, key=lambda row: (natural(row[1]), row[0]))]
        return None if turns == numbers else turns

    def _check(self, path: Path, size: int, what: str) -> None:
        there = path.stat().st_size if path.is_file() else None
        if there == size:
            return
        state = "is missing" if there is None else f"has {there} bytes instead of {size}: it was cut or changed"
        raise SourceBroken(
            f"The landed file {path} of {what} {state}.",
            f"Restore it from a backup, or delete the folder {path.parent} and pull again: {what} is then read from the start.",
        )

    def _stored(self, source: str, object: str, rows: pa.Table) -> list[str]:
        known = dict(self._book.read("SELECT name, stored FROM landed_column WHERE source = ? AND object = ?", (source, object)))
        return stored_names(rows.schema.names[len(META) :], known)

    def _keep_columns(self, source: str, object: str, rows: pa.Table, types: dict[str, str], stored: list[str]) -> None:
        before = {
            row[0]: (row[1], row[2], row[3])
            for row in self._book.read(
                "SELECT name, stored, place, type FROM landed_column WHERE source = ? AND object = ?", (source, object)
            )
        }
        by_stored = {value[0]: name for name, value in before.items()}
        place = len(before)
        for name, landed in zip(rows.schema.names[len(META) :], stored, strict=True):
            known = by_stored.get(landed, name)
            if known in before:
                _, at, kind = before[known]
                kind = types[landed] if kind == "NULL" else kind if types[landed] == "NULL" else widened([kind, types[landed]])
            else:
                place, at, kind = place + 1, place + 1, types[landed]
            if before.get(known) != (landed, at, kind):
                self._book.write(
                    "INSERT OR REPLACE INTO landed_column VALUES (?, ?, ?, ?, ?, ?)", (source, object, known, landed, at, kind)
                )

    def _replace(self, source: str, object: str, batch: Batch) -> None:
        """When a full reading ends, remove what earlier readings of the same thing landed; see `FullRead`."""
        full_read = batch.full_read
        if full_read is None or not full_read.ends:
            return
        sql = "DELETE FROM landed_file WHERE source = ? AND object = ? AND reading <> ?"
        if full_read.whole:
            self._book.write(sql, (source, object, full_read.id))
        else:
            self._book.write(f"{sql} AND reading_of = ?", (source, object, full_read.id, full_read.of))
        self._forget_parts()

    def _forget_parts(self) -> None:
        """Forget of what the merged files were made that count no more: another file may get the same path."""
        self._book.write("DELETE FROM landed_part WHERE path NOT IN (SELECT path FROM landed_file)")


def natural(text: str) -> list[tuple[int, str]]:
    """The sort key of a name with numbers: part2 comes before part10."""
    return [(int(word), "") if word.isdecimal() else (-1, word) for word in re.split(r"(\d+)", text)]


def _shaped(rows: pa.Table, names: list[str], number: int) -> pa.Table:
    """META columns in their types, `_seq`, and the source's own columns under their landed names."""
    if rows.schema.names[: len(META)] != META.names:
        raise ValueError(f"A batch must start with the columns {', '.join(META.names)}, not with {rows.schema.names[:5]}.")
    meta = [rows.column(place).cast(field.type) for place, field in enumerate(META)]
    if meta[0].null_count:
        raise ValueError("A connector returned a row without a key.")
    own = [landable(rows.column(place)) for place in range(len(META), rows.num_columns)]
    first = number << 32
    seq = pa.array(np.arange(first, first + rows.num_rows))
    return pa.table([*meta, seq, *own], names=[*META.names, "_seq", *names])


def _select(reader: str, there: dict[str, str], own: dict[str, str]) -> str:
    columns = [
        quoted(name)
        if there.get(name) == kind
        else f"CAST({quoted(name) if name in there else 'NULL'} AS {kind}) AS {quoted(name)}"
        for name, kind in own.items()
    ]
    return f"SELECT {', '.join([*META.names, '_seq', *columns])} FROM {reader}"


def _turned(narrow: str, turns: list[int]) -> str:
    """SQL: `_key`, `_seq`, and `_turn`, which is to the turns of the files what `_seq` is to the order of landing."""
    rows = ", ".join(f"({number}, {turn})" for turn, number in enumerate(turns, 1))
    return (
        "SELECT _key, _seq, CAST(_place AS BIGINT) * 4294967296 + (_seq & 4294967295) AS _turn "
        f"FROM ({narrow}) JOIN (VALUES {rows}) AS turns(_number, _place) ON _seq >> 32 = _number"
    )


def _meta_types() -> dict[str, str]:
    return {field.name: sql_type(field.type) for field in META}


def _safe(name: str) -> str:
    """A folder name that is valid on every system, and different for different names."""
    plain = re.sub(r"[^a-z0-9_-]", "_", name.lower())[:60] or "_"
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"

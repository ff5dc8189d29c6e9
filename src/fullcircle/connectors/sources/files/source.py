"""The `files` connector: CSV, JSON, Parquet and Excel files in a folder or matching a glob. Reads only new and changed files.

[sources.shop]
connector = "files"
path = "exports"                      # a folder, a file or a glob, relative to the config file

[sources.shop.objects.customers]      # without objects: each file name, without dates and numbers, is an object
files = "customers_*.csv"
key = "customer_no"
"""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.connectors.base import META, Batch, Cursor, FoundField, FoundObject, FullRead, SourceContext
from fullcircle.connectors.columns import key_sql, raw_json
from fullcircle.connectors.sources.files import delimited, jsonlines, parquet
from fullcircle.connectors.sources.files.part import REPLACE_FILE, FilePart, How, Reject
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, SourceBroken, SourceChanged, SourceUnreachable

Reader = Callable[[Path, How, Engine], Iterator[FilePart]]
SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel",
}  # fmt: skip
HASHED_BELOW = 1 << 20  # bytes; smaller files are hashed even if size and modification time are unchanged
DATE_AT_END = re.compile(r"[\s_.\-]*\d[\d_.:T\-]*$")


class FileObjectOptions(Settings):
    """[sources.<name>.objects.<object>]."""

    files: str = ""  # a glob below `path`; empty: the files whose name, without dates and numbers, is the object's name
    key: str | tuple[str, ...] = ()  # empty: a hash of the row's content, with a number for repeated rows of a file
    format: Literal["", "csv", "json", "parquet", "excel"] = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    snapshot: bool = False  # the last file (by name) is complete: rows that are not in it were deleted
    updated_at: str = ""  # the column with the time a row changed

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns."""
        return (self.key,) if isinstance(self.key, str) else self.key


class FilesOptions(Settings):
    """[sources.<name>] with connector = "files"."""

    path: str
    objects: dict[str, FileObjectOptions] = Field(default_factory=dict)


class Files:
    """Files as a source; see `connectors.base.Connector`."""

    def __init__(self, context: SourceContext) -> None:
        self.name = context.name
        self.options = parse(FilesOptions, dict(context.options), f"[sources.{context.name}]")
        self._rows = context.batch_rows
        self._place = context.folder / self.options.path
        self._engine = open_engine(memory="1GB")
        self._engine.run("SET preserve_insertion_order = true")  # of two rows of a file with the same key, the later one counts

    def check(self) -> list[str]:
        """The number of files of each object; raises if the folder does not exist."""
        return [f"{name}: {len(self._files(name)):,} files" for name in self.objects()] or [f"no files in {self._place}"]

    def objects(self) -> list[str]:
        """The objects of the config, else one for each file name without dates and numbers."""
        if self.options.objects:
            self._all()
            return list(self.options.objects)
        return sorted({object_name(path) for path in self._all()})

    def discover(self) -> list[FoundObject]:
        """The objects, with the columns of their last file and the pattern of a first value."""
        return [self._found(name) for name in self.objects()]

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows of the files that are new or changed since the cursor, in name order."""
        options = self._options(name)
        seen: dict[str, Any] = dict((since or {}).get("files", {}))
        files = self._files(name)
        for path in files[-1:] if options.snapshot else files:
            place = path.relative_to(self._root()).as_posix()
            state = _file_state(path, seen.get(place))
            if state == seen.get(place):
                continue
            # A snapshot's earlier file may become the last one again, so only the file that was read last is remembered.
            after = {"files": {place: state} if options.snapshot else {**seen, place: state}}
            if not _only_touched(seen.get(place), state):
                yield from self._read(path, place, name, {"files": seen}, after)
            elif after["files"] != seen:
                yield Batch(_no_rows(), after)
            seen = after["files"]

    def close(self) -> None:
        """Close the engine that converts the rows."""
        self._engine.close()

    # -- finding files ---------------------------------------------------------------------------------------------
    def _options(self, name: str) -> FileObjectOptions:
        return self.options.objects.get(name, FileObjectOptions())

    def _root(self) -> Path:
        """The folder that file names are relative to: the part of the path before any pattern."""
        place = self._place
        while glob.has_magic(str(place)):
            place = place.parent
        return place if place.is_dir() else place.parent

    def _all(self) -> list[Path]:
        if self._place.is_file():
            return [self._place]
        if self._place.is_dir():
            found: Iterator[Path] = self._place.rglob("*")
        else:
            found = (Path(path) for path in glob.iglob(str(self._place), recursive=True))
        if not self._root().is_dir() or (not self._place.is_dir() and not glob.has_magic(str(self._place))):
            raise SourceUnreachable(
                f"[sources.{self.name}] path: {self._place} does not exist.",
                "Check the path. A relative path starts at the folder of the config file.",
            )
        return sorted((path for path in found if self._counts(path)), key=_natural)

    def _counts(self, path: Path) -> bool:
        parts = path.relative_to(self._root()).parts
        if any(part.startswith((".", "~$")) for part in parts) or not path.is_file():
            return False
        wanted = any(_matches(path, self._root(), options.files) for options in self.options.objects.values() if options.files)
        return wanted or _suffix(path) in SUFFIXES

    def _files(self, name: str) -> list[Path]:
        pattern = self._options(name).files
        if pattern:
            return [path for path in self._all() if _matches(path, self._root(), pattern)]
        files = self._all()
        if self._place.is_file() and len(self.options.objects) == 1:
            return files
        return [path for path in files if object_name(path) == name]

    # -- reading ---------------------------------------------------------------------------------------------------
    def _reader(self, path: Path, options: FileObjectOptions) -> Reader:
        kind = options.format or SUFFIXES.get(_suffix(path), "")
        if kind == "excel":
            from fullcircle.connectors.sources.files import excel

            return excel.read
        readers: dict[str, Reader] = {"csv": delimited.read, "json": jsonlines.read, "parquet": parquet.read}
        if kind not in readers:
            raise ConfigError(
                f"The format of the file {path.name} cannot be determined from its name.",
                'Set `format` for its object: "csv", "json", "parquet" or "excel".',
            )
        return readers[kind]

    def _parts(self, path: Path, options: FileObjectOptions, rows: int) -> Iterator[FilePart]:
        how = How(options.encoding, options.delimiter, options.sheet, rows)
        return self._reader(path, options)(path, how, self._engine)

    def _read(self, path: Path, place: str, name: str, before: Cursor, after: Cursor) -> Iterator[Batch]:
        """The batches of one file. The last one moves the cursor and has all the rejects.

        A file whose reading was interrupted is therefore read again from the start. Its rows land twice, of which the newer
        count, and its rejects once.
        """
        options, rejects, one = self._options(name), list[Reject](), uuid.uuid4().hex
        last: pa.Table | None = None
        self._engine.run("CREATE OR REPLACE TEMP TABLE seen (hash VARCHAR)")
        for part in self._parts(path, options, self._rows):
            if last is not None and last.num_rows:
                yield Batch(last, before, reading=FullRead(place, one, whole=options.snapshot))
            rejects += part.rejects
            last = self._shaped(part, options, path, rejects)
        if last is None and options.snapshot:
            raise SourceBroken(f"The snapshot {path} is empty: it does not even have a header.", REPLACE_FILE)
        ends = FullRead(place, one, ends=True, whole=options.snapshot)
        yield Batch(_no_rows() if last is None else last, after, _rejects(place, rejects), ends)

    def _shaped(self, part: FilePart, options: FileObjectOptions, path: Path, rejects: list[Reject]) -> pa.Table:
        """The META columns, then the file's own. Rows without a key are added to `rejects`."""
        own = part.rows
        for column in (*options.keys, *([options.updated_at] if options.updated_at else ())):
            if column not in own.schema.names and own.num_rows:
                raise SourceChanged(
                    f'The file {path} has no column "{column}", which is named in [sources.{self.name}].',
                    f"Its columns are: {', '.join(own.schema.names[:30])}.",
                )
        raw = part.raw if part.raw is not None else raw_json(self._engine, own)
        places = pa.array(range(own.num_rows), pa.int64())
        numbered = own.rename_columns([f"c{number}" for number in range(own.num_columns)]).append_column("n", places)
        with self._engine.register("part", numbered):
            made = self._engine.arrow(self._keyed_sql(own, options)) if options.keys else self._hashed(own, options)
        columns = [made["_key"], pa.array(["upsert"] * own.num_rows), pa.nulls(own.num_rows, pa.string()), made["_at"], raw]
        table = pa.table([*columns, *own.columns], names=[*META.names, *own.schema.names])
        if not made["_key"].null_count:
            return table
        empty = made["_key"].is_null()
        for line, text in zip(part.lines.filter(empty.combine_chunks()).to_pylist(), raw.filter(empty).to_pylist(), strict=True):
            rejects.append(Reject(line, f"the key ({', '.join(options.keys)}) is empty", text or ""))
        return table.filter(made["_key"].is_valid())

    def _keyed_sql(self, own: pa.Table, options: FileObjectOptions) -> str:
        names = own.schema.names
        key = key_sql([f"c{names.index(column)}" for column in options.keys]) if own.num_rows else "NULL::VARCHAR"
        return f"SELECT {key} AS _key, {_at_sql(names, options)} AS _at FROM part ORDER BY n"

    def _hashed(self, own: pa.Table, options: FileObjectOptions) -> pa.Table:
        """Keys made from the content of each row: its hash, and from the second occurrence in the file on, a number."""
        names = own.schema.names
        self._engine.run(
            "CREATE OR REPLACE TEMP TABLE hashed AS "
            f"SELECT n, {_hash_sql(names)} AS hash, {_at_sql(names, options)} AS _at FROM part"
        )
        made = self._engine.arrow(
            "SELECT hash || CASE WHEN number > 1 THEN '-' || number ELSE '' END AS _key, _at FROM ("
            "SELECT n, hash, _at, row_number() OVER (PARTITION BY hash ORDER BY n) + coalesce(before, 0) AS number FROM hashed "
            "LEFT JOIN (SELECT hash, count(*) AS before FROM seen WHERE hash IN (SELECT hash FROM hashed) GROUP BY hash) "
            "USING (hash)) ORDER BY n"
        )
        self._engine.run("INSERT INTO seen SELECT hash FROM hashed")
        return made

    def _found(self, name: str) -> FoundObject:
        options, files = self._options(name), self._files(name)
        fields: tuple[FoundField, ...] = ()
        if files:
            for part in islice(self._parts(files[-1], options, 1000), 2):  # the first part may have columns but no rows
                fields = tuple(FoundField(f.name, str(f.type), _example(part.rows[f.name])) for f in part.rows.schema)
        return FoundObject(name, options.keys, fields, None, options.updated_at)


def object_name(path: Path) -> str:
    """The object that a file belongs to: `orders_2026-01-31.csv.gz` and `orders_2.csv` both belong to `orders`."""
    name = path.name.removesuffix(".gz")
    stem = Path(name).stem
    return DATE_AT_END.sub("", stem) or stem


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _matches(path: Path, root: Path, pattern: str) -> bool:
    place = path.relative_to(root).as_posix()
    return fnmatch.fnmatchcase(place, pattern) or fnmatch.fnmatchcase(path.name, pattern)


def _natural(path: Path) -> list[tuple[int, str]]:
    """The sort key for file names with numbers: part2 comes before part10."""
    return [(int(word), "") if word.isdigit() else (-1, word) for word in re.split(r"(\d+)", path.as_posix())]


def _file_state(path: Path, known: dict[str, Any] | None) -> dict[str, Any]:
    """Size, modification time and hash of a file. A large file with the known size and time is assumed to be unchanged."""
    stat = path.stat()
    state: dict[str, Any] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    if known and stat.st_size > HASHED_BELOW and all(known.get(name) == value for name, value in state.items()):
        return known
    with path.open("rb") as file:
        return {**state, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _only_touched(known: dict[str, Any] | None, state: dict[str, Any]) -> bool:
    return known is not None and known.get("sha256") == state["sha256"]


def _at_sql(names: list[str], options: FileObjectOptions) -> str:
    """The time a row changed according to its own column. A time without a zone is assumed to be in UTC."""
    if options.updated_at not in names:
        return "CAST(NULL AS TIMESTAMP)"
    return f"timezone('UTC', TRY_CAST(c{names.index(options.updated_at)} AS TIMESTAMPTZ))"


def _hash_sql(names: list[str]) -> str:
    """A hash of a row's content. It depends neither on the order of the columns nor on empty columns."""
    order = sorted(range(len(names)), key=lambda place: names[place])
    parts = [f"{literal(names[place] + chr(30))} || CAST(c{place} AS VARCHAR)" for place in order]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))" if parts else "md5('')"


def _rejects(place: str, rejects: list[Reject]) -> pa.Table | None:
    if not rejects:
        return None
    return pa.table(
        {
            "key": pa.array([f"{place}:{reject.line}" for reject in rejects], pa.string()),
            "reason": pa.array([f"line {reject.line} of {place} {reject.reason}" for reject in rejects], pa.string()),
            "raw": pa.array([reject.raw for reject in rejects], pa.string()),
        }
    )


def _no_rows() -> pa.Table:
    return META.empty_table()


def _example(column: pa.ChunkedArray) -> str:
    value = next((str(value) for value in column.to_pylist() if value is not None), "")[:40]
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))


PLUGIN = Files

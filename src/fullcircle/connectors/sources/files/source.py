"""The `files` connector: CSV, JSON, Parquet files and workbooks in a folder or matching a glob. Reads only new and changed files.

[sources.shop]
connector = "files"
path = "exports"                      # a folder, a file or a glob, relative to the config file

[sources.shop.objects.customers]      # without objects: each file name, without dates and numbers, is an object
files = "customers_*.csv"
key = "customer_no"
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.connectors.base import META, Batch, Cursor, FoundField, FoundObject, FullRead, SourceContext
from fullcircle.connectors.sources.files import delimited, jsonlines, parquet
from fullcircle.connectors.sources.files.beside import Beside
from fullcircle.connectors.sources.files.finding import SUFFIXES, Folder, Piece, object_name, own_name, suffix
from fullcircle.connectors.sources.files.header import tail_reason
from fullcircle.connectors.sources.files.keyed import FileRoles, Keyed, check_roles
from fullcircle.connectors.sources.files.kinds import Kinds
from fullcircle.connectors.sources.files.part import REPLACE_FILE, UNPACK_RATIO, FilePart, How, Reject, not_too_wide, unwrapped
from fullcircle.connectors.sources.files.pieces import Pieces
from fullcircle.connectors.sources.files.renamed import Headers
from fullcircle.connectors.sources.files.within import set_aside
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, FullcircleError, SourceBroken, SourceChanged
from fullcircle.model.counting import counted

Reader = Callable[[Path, How, Engine], Iterator[FilePart]]
HASHED_BELOW = 1 << 20  # bytes; smaller files are hashed even if size and modification time are unchanged
READS = 5  # grows when files are read differently: all of them are then read again
TAIL = 5  # the last rows of a file, which may be totals or notes
ROUNDED_ID = r"^\d([.,]\d+)?[eE]\+(1[1-9]|[2-9]\d)$"  # 12 digits or more: not an amount, but an id that lost its digits


class FileObjectOptions(Settings):
    """[sources.<name>.objects.<object>]."""

    files: str = ""  # a glob below `path`; empty: the files whose name, without dates and numbers, is the object's name
    key: str | tuple[str, ...] = ()  # empty: a hash of the row's content, with a number for repeated rows of a file
    format: Literal["", "csv", "json", "parquet", "excel"] = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = Field(0, ge=0)  # the line or row with the names of the columns, from 1; 0: found
    snapshot: bool = False  # the last file (by name) is complete: rows that are not in it were deleted
    updated_at: str = ""  # the column with the time a row changed
    deleted: str = ""  # a column that is true, or not empty, if the row is deleted
    merged_into: str = ""  # a column with the key of the record that this one was merged into
    rename: dict[str, str] = Field(default_factory=dict)  # columns that got another name in later files: new name -> old name
    where: str = ""  # an SQL condition over the columns of the file: other rows are left out
    unpack_ratio: int = Field(UNPACK_RATIO, ge=1)  # how many times its own size a packed file may unpack to

    @property
    def roles(self) -> FileRoles:
        """The columns with a special meaning."""
        key = (self.key,) if isinstance(self.key, str) else self.key
        return FileRoles(key, self.updated_at, self.deleted, self.merged_into, self.where)


class FilesOptions(Settings):
    """[sources.<name>] with connector = "files"."""

    path: str
    unlisted: bool = True  # files of no object in `objects` are objects of their own
    removed: Literal["", "delete", "keep"] = ""  # rows of files that are gone; empty: delete, but ask if no file is left
    objects: dict[str, FileObjectOptions] = Field(default_factory=dict)


class Files:
    """Files as a source; see `connectors.base.Connector`."""

    def __init__(self, context: SourceContext) -> None:
        self.name = context.name
        self.options = parse(FilesOptions, dict(context.options), f"[sources.{context.name}]")
        for name, options in self.options.objects.items():
            check_roles(options.roles, f"{self.name}.objects.{name}")
        self._rows, self._reported, self._country = context.batch_rows, False, context.country
        self._folder = Folder(self.name, context.folder, self.options.path)
        self._pieces = Pieces(self._folder, lambda piece: self._options_of(piece).unpack_ratio)
        self._engine = open_engine(memory="1GB", in_order=True)  # of two rows of a file with the same key, the later one counts
        self._kinds = Kinds(self._columns)
        self._beside = Beside(self._folder, self._pieces, self._all)

    def check(self) -> list[str]:
        """The number of files of each object; raises if the folder does not exist."""
        return [f"{name}: {counted(len(self._files(name)), 'file')}" for name in self.objects()] or [
            f"no files in {self._folder.place}"
        ]

    def objects(self) -> list[str]:
        """The objects of the config, and one for each name (without dates and numbers) of the files that belong to none."""
        listed = list(self.options.objects)
        if not self._all() and (others := [*self._folder.unreadable(), *self._pieces.left_out]):
            raise SourceBroken(
                f"{self._folder.place} holds only files of a kind that is not read: {', '.join(others[:5])}.",
                "Save them as CSV, .xlsx, JSON lines or Parquet; unpack archives other than .zip.",
            )
        if listed and not self.options.unlisted:
            self._all()
            return listed
        return listed + sorted({*self._kinds.names(self._unclaimed()).values()} - set(listed))

    def discover(self) -> list[FoundObject]:
        """The objects, with the columns of their last file and the pattern of a first value."""
        return [self._found(name) for name in self.objects()]

    def gone(self, landed: Sequence[str]) -> list[str]:
        """The landed objects without any file now. Raises SourceChanged if no file at all is left."""
        objects = set(self.objects())
        lost = [name for name in landed if name not in objects]
        for name in self._kinds.apart.keys() & {*lost}:
            raise _not_one(self.name, name, self._kinds.apart[name])
        for name in lost:
            if now := next((one for one in objects - {*landed} if one.casefold() == name.casefold()), ""):
                raise SourceChanged(
                    f"[sources.{self.name}]: the files of the object {name} are called {now} now; the rows read before would go.",
                    f'Give them their old name, or write [sources.{self.name}.objects.{name}] with files = "{now}*".',
                )
        if lost and not self.options.removed and not self._all():
            raise SourceChanged(
                f"[sources.{self.name}] path: {self._folder.place} holds no files any more, but {len(landed)} objects were read "
                "from it before.",
                f'Put the files back. If their rows are to go, set removed = "delete" in [sources.{self.name}]; '
                'if they are to stay, removed = "keep".',
            )
        return [] if self.options.removed == "keep" else lost

    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows of the files that are new or changed since the cursor, in name order; and which files are gone."""
        options, since = self._options(name), since or {}
        read_as = f"{READS}-{hashlib.sha256(options.model_dump_json().encode()).hexdigest()[:16]}"
        seen: dict[str, Any] = dict(since.get("files", {}))
        if since.get("as") != read_as:  # read in another way: nothing is known about these files
            seen = dict.fromkeys(seen)
        files = self._files(name)[-1:] if options.snapshot else self._files(name)
        headers = Headers(options.rename, since, same=since.get("as") == read_as)
        for piece in files:
            place = self._folder.title(piece)
            state = _file_state(piece, seen.get(place), self._pieces.digest(piece))
            if state == seen.get(place):
                continue
            # A snapshot's earlier file may become the last one again, so only the file that was read last is remembered.
            after: Cursor = {"files": {place: state} if options.snapshot else {**seen, place: state}, "as": read_as}
            if not _only_touched(seen.get(place), state):
                yield from self._read(piece, name, {"files": seen, "as": read_as, **headers.cursor}, after, headers)
            elif after["files"] != seen:
                yield Batch(_no_rows(), {**after, **headers.cursor})
            seen = after["files"]
        yield from self._removed(seen, {self._folder.title(piece) for piece in files}, {"as": read_as, **headers.cursor})

    def _removed(self, seen: dict[str, Any], there: set[str], rest: Cursor) -> Iterator[Batch]:
        if self.options.removed == "keep":
            return
        for place in [place for place in seen if place not in there]:
            seen = {other: state for other, state in seen.items() if other != place}
            note = f"{place} is gone, so its rows no longer count"
            full_read = FullRead(place, uuid.uuid4().hex, ends=True)
            yield Batch(_no_rows(), {"files": seen, **rest}, full_read=full_read, notes=(note,))

    def close(self) -> None:
        """Close the engine that converts the rows."""
        self._pieces.close()
        self._engine.close()

    # -- finding files ---------------------------------------------------------------------------------------------
    def _options(self, name: str) -> FileObjectOptions:
        return self.options.objects.get(name, FileObjectOptions())

    def _options_of(self, piece: Piece) -> FileObjectOptions:
        """The options of the object that a file belongs to; needed before it is looked into."""
        objects = self.options.objects.items()
        named = [one for _, one in objects if one.files and self._folder.matches(piece, one.files)]
        return next(iter(named), None) or self._options(object_name(piece))

    def _all(self) -> list[Piece]:
        return self._pieces.of(self._folder.files([options.files for options in self.options.objects.values() if options.files]))

    def _files(self, name: str, pieces: list[Piece] | None = None) -> list[Piece]:
        pieces, options = self._all() if pieces is None else pieces, self.options.objects.get(name)
        if options and options.files:  # of a workbook one sheet: the one that is named, or the first
            return [piece for piece in pieces if not piece.sheet and self._folder.matches(piece, options.files)]
        if options and self._folder.is_file and len(self.options.objects) == 1:
            return [piece for piece in pieces if not piece.sheet]
        if options:
            of_name = [piece for piece in pieces if object_name(piece) == name]
            return of_name or [piece for piece in pieces if own_name(piece) == name]
        if self.options.objects and not self.options.unlisted:
            return []
        return [piece for piece, own in self._kinds.names(self._unclaimed(pieces)).items() if own == name]

    def _unclaimed(self, pieces: list[Piece] | None = None) -> list[Piece]:
        """The pieces of no object of the config; a workbook that one of them names by `files` is theirs with all its sheets."""
        pieces = self._all() if pieces is None else pieces
        claimed = {piece for name in self.options.objects for piece in self._files(name, pieces)}
        whole = {
            (piece.path, piece.member)
            for name, options in self.options.objects.items()
            if options.files or options.sheet or self._folder.is_file
            for piece in self._files(name, pieces)
        }
        return [piece for piece in pieces if piece not in claimed and (piece.path, piece.member) not in whole]

    def _left_over(self, name: str) -> tuple[str, ...]:
        """Notes about files that have the object's name but do not match its pattern, and once about what else is not read."""
        pieces = self._all()
        others = [] if self._reported else self._folder.unreadable()
        notes = [] if self._reported else [f"not read: {why}" for why in self._pieces.left_out]
        for names in self._kinds.apart.values() if not self._reported else ():
            listed = " and ".join(names[:5])
            notes.append(f"{listed}: their names differ by a number only, but hardly a column is the same: objects of their own")
        self._reported = True
        if others:
            more = f" and {len(others) - 5:,} more" if len(others) > 5 else ""
            notes.append(f"not read, because this kind of file is not known: {', '.join(others[:5])}{more}; save as CSV or .xlsx")
        options = self._options(name)
        if not options.files:
            return tuple(notes)
        left = [self._folder.title(piece) for piece in self._unclaimed(pieces) if object_name(piece) == name]
        if left:
            notes.insert(0, f"not read, because `files` does not match: {', '.join(left[:5])}")
        own = {(piece.path, piece.member) for piece in self._files(name, pieces)}
        named = {each.sheet for each in self.options.objects.values()}
        sheets = [
            piece.sheet for piece in pieces if piece.sheet and (piece.path, piece.member) in own and piece.sheet not in named
        ]
        if sheets and not options.sheet:
            notes.insert(
                0, f"only the first sheet was read, not {', '.join(dict.fromkeys(sheets))}; set sheet to read another one"
            )
        return tuple(notes)

    # -- reading ---------------------------------------------------------------------------------------------------
    def _reader(self, path: Path, options: FileObjectOptions) -> tuple[str, Reader]:
        kind = options.format or SUFFIXES.get(suffix(path), "")
        if kind == "excel":
            from fullcircle.connectors.sources.files import workbook

            return kind, workbook.read
        readers: dict[str, Reader] = {"csv": delimited.read, "json": jsonlines.read, "parquet": parquet.read}
        if kind not in readers:
            raise ConfigError(
                f"The format of the file {path.name} cannot be determined from its name.",
                'Set `format` for its object: "csv", "json", "parquet" or "excel"; save files of other kinds as one of these.',
            )
        return kind, readers[kind]

    def _columns(self, piece: Piece) -> list[str] | None:
        """The names of the columns of a file of no object of the config; None if it cannot be read."""
        try:
            with self._pieces.on_disk(piece) as path:
                part = next(self._parts(path, piece, FileObjectOptions(), 100), None)
                return part.rows.schema.names if part else None
        except FullcircleError:  # its reading says what is wrong with it
            return None

    def _parts(self, path: Path, piece: Piece, options: FileObjectOptions, rows: int) -> Iterator[FilePart]:
        sheet, ratio = options.sheet or piece.sheet, options.unpack_ratio
        by_hand = (options.encoding, options.delimiter, sheet, rows, options.header_row, ratio)
        how = How(*by_hand, self._country, lambda: self._beside.of(piece))
        kind, reader = self._reader(path, options)
        parts = _narrow(reader(path, how, self._engine), path)
        if kind in {"json", "parquet"}:
            return parts
        return set_aside(_table_ends(replace(p, rows=unwrapped(p.rows)) for p in parts))

    def _read(self, piece: Piece, name: str, before: Cursor, after: Cursor, headers: Headers) -> Iterator[Batch]:
        with self._pieces.on_disk(piece) as path:
            known = before["files"].get(self._folder.title(piece)) is not None
            for batch in self._read_file(piece, path, name, headers, known):
                is_last = batch.full_read is not None and batch.full_read.ends
                yield replace(batch, cursor={**after, **headers.cursor} if is_last else before)

    def _read_file(self, piece: Piece, path: Path, name: str, headers: Headers, known: bool) -> Iterator[Batch]:
        """The batches of one file. The last one moves the cursor and has all the rejects.

        A file whose reading was interrupted is therefore read again from the start. Its rows land twice, of which the newer
        count, and its rejects once. A `known` file, read before, has a header still, or its export has failed.
        """
        options, one, place = self._options(name), uuid.uuid4().hex, self._folder.title(piece)
        keyed = Keyed(self._engine, options.roles, path, f"{self.name}.objects.{name}")
        last: pa.Table | None = None
        notes, rounded = list[str](), dict[str, int]()
        for part in self._parts(path, piece, options, self._rows):
            if last is not None and last.num_rows:
                yield Batch(last, {}, full_read=FullRead(place, one, whole=options.snapshot))
            named = headers.named(part.rows) if self._has_header(path, options) else part.rows
            if last is None and named is not part.rows and (lost := headers.strange(named.schema.names)):
                raise SourceChanged(
                    f"{path} has none of the columns that {self.name}.{name} had before ({lost}): it was damaged or replaced by "
                    "another table. What was read before is kept.",
                    "Put the right file back. If it is another table, give it another name or an object of its own; if all its "
                    "columns got other names, write them as rename for the object.",
                )
            if last is None and named is not part.rows:
                notes += headers.read(part.rows.schema.names, named.schema.names)
            notes += part.notes
            last = keyed.shaped(replace(part, rows=named))
            _count_rounded(part.rows, rounded)
        if last is None and options.snapshot:
            raise SourceBroken(f"The snapshot {path} is empty: it does not even have a header.", REPLACE_FILE)
        if last is None and known and self._has_header(path, options):
            raise SourceChanged(
                f"{path} is empty now, without even a header: its export has failed. What was read before is kept.",
                "Put the right file back. If its rows are to go, leave the header in the file.",
            )
        ends = FullRead(place, one, ends=True, whole=options.snapshot)
        notes += [f"{counted(keyed.left_out, 'row was', 'rows were')} left out by `where`"] if keyed.left_out else []
        notes += [
            f'column "{column}" holds {counted(count, "number")} in scientific notation without last digits: export it as text'
            for column, count in rounded.items()
        ]
        reported = tuple(f"{place}: {note}" for note in notes) + self._left_over(name)
        yield Batch(_no_rows() if last is None else last, {}, _rejects(place, keyed.rejects), ends, reported)

    def _has_header(self, path: Path, options: FileObjectOptions) -> bool:
        """True if the file itself names its columns, once for all rows."""
        return self._reader(path, options)[0] in {"csv", "excel"}

    def _found(self, name: str) -> FoundObject:
        """The object; its columns are those of its last file, and what only its first one has."""
        options, files = self._options(name), self._files(name)
        headers, fields = Headers(options.rename), dict[str, FoundField]()
        for piece in dict.fromkeys([*files[:1], *files[-1:]]):
            with self._pieces.on_disk(piece) as path:
                for part in islice(self._parts(path, piece, options, 1000), 2):  # the first may have columns but no rows
                    rows = headers.named(part.rows) if self._has_header(path, options) else part.rows
                    headers.read(rows.schema.names, rows.schema.names)
                    here = {f.name: FoundField(f.name, str(f.type), _example(rows[f.name])) for f in rows.schema}
                    fields = {**here, **{each: old for each, old in fields.items() if each not in here}}
        return FoundObject(name, options.roles.key, tuple(fields.values()), None, options.updated_at)


def _narrow(parts: Iterator[FilePart], path: Path) -> Iterator[FilePart]:
    """The parts, none of which has too many columns."""
    for part in parts:
        not_too_wide(path, part.rows.num_columns)
        yield part


def _not_one(source: str, name: str, objects: Sequence[str]) -> SourceChanged:
    """Files that were read as one object before, and whose headers say now that they are several."""
    of = f"[sources.{source}.objects."
    return SourceChanged(
        f"[sources.{source}]: the files {' and '.join(objects[:3])} were read as one object, {name}, but have hardly a column in "
        "common: they are different tables, or one was damaged or replaced.",
        f"If a file is wrong, put the right one back. To read them apart, write {of}{objects[0]}] with files = "
        f'"{objects[0]}.*", and so for each; to go on reading them as one, {of}{name}] with files = "{name}*".',
    )


def _table_ends(parts: Iterator[FilePart]) -> Iterator[FilePart]:
    """The parts; of the last rows of the last one, totals and notes below the table become rejects."""
    last: FilePart | None = None
    for part in parts:
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield _without_tail(last)


def _without_tail(part: FilePart) -> FilePart:
    rows = part.rows.num_rows
    begin = max(0, rows - TAIL)
    records = [["" if value is None else str(value) for value in row.values()] for row in part.rows.slice(begin).to_pylist()]
    above = [
        ["" if v is None else str(v) for v in row.values()] for row in part.rows.slice(max(0, begin - 20), begin).to_pylist()
    ]
    rejects, end = list[Reject](), len(records)
    while end and (reason := tail_reason(records[end - 1], above + records[: end - 1])):
        end -= 1
        rejects.insert(0, Reject(part.lines[begin + end].as_py(), reason, ", ".join(records[end])))
    if not rejects:
        return part
    keep = begin + end
    raw = part.raw.slice(0, keep) if part.raw is not None else None
    return replace(part, rows=part.rows.slice(0, keep), lines=part.lines.slice(0, keep), raw=raw, rejects=part.rejects + rejects)


def _count_rounded(rows: pa.Table, counts: dict[str, int]) -> None:
    for each in rows.schema:
        if pa.types.is_string(each.type):
            found = pc.sum(pc.match_substring_regex(rows[each.name], ROUNDED_ID)).as_py() if rows.num_rows else 0
            if found:
                counts[each.name] = counts.get(each.name, 0) + found


def _file_state(piece: Piece, known: dict[str, Any] | None, digest: str) -> dict[str, Any]:
    """Size, modification time and hash of a file. A large file with the known size and time is assumed to be unchanged."""
    path = piece.path
    stat = path.stat()
    state: dict[str, Any] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    if digest:
        return {**state, "sha256": digest}
    if known and stat.st_size > HASHED_BELOW and all(known.get(name) == value for name, value in state.items()):
        return known
    with path.open("rb") as file:
        return {**state, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _only_touched(known: dict[str, Any] | None, state: dict[str, Any]) -> bool:
    return known is not None and known.get("sha256") == state["sha256"]


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

"""The `iceberg` target: Apache Iceberg tables (format v2), in a folder or on AWS (ground.py).

Each send is one commit: readers see the table before or after it. Unchanged content makes no snapshot. New rows are appended,
and rows that changed or went are named in a file of deletes; where these would be many, the table is rewritten. What the table
was left with is kept in the engine (kept.py): it is read only if somebody else has written since, or the columns are others.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, ValidationException
from pyiceberg.table import Table

from fullcircle.config.read import parse
from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import Busy, ConfigError, FullcircleError, MissingExtra, disk_full, is_disk_full
from fullcircle.model.field_classes import CLASSES, CONTACT, PLAIN, class_of
from fullcircle.publish import difference as diff
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.kept import Kept, RowFile
from fullcircle.publish.targets.iceberg import place
from fullcircle.publish.targets.iceberg.commit import Rows, commit
from fullcircle.publish.targets.iceberg.folder import FolderLake
from fullcircle.publish.targets.iceberg.ground import Ground, IcebergOptions
from fullcircle.publish.targets.iceberg.sweep import YOUNG_SECONDS, needed, referenced

CLASSIFIED = "fullcircle.classified"  # a property of a table: for which columns their classes are written
DIGEST = "fullcircle.digest"  # in the summary of a snapshot: the digest of what was written
TRIES = 3
MANY_FILES = 20  # with this many files a table is rewritten into few
MOST_GONE = 0.1  # ... or if so many of its rows are only named as deleted
PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.target-file-size-bytes": str(128 * 2**20),  # also the memory used while a file is written
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


@dataclass(frozen=True, slots=True)
class _New:
    """The new content of a table: its columns, a SELECT of its rows, and columns that no longer exist: they stay there, empty."""

    fields: list[diff.Field]
    schema: pa.Schema
    sql: str
    gone: list[str]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [*self.schema.names, *self.gone]

    @property
    def full(self) -> str:
        """The rows, with nulls in the columns that no longer exist."""
        return f"SELECT *{''.join(f', NULL AS {quoted(name)}' for name in self.gone)} FROM ({self.sql})"

    def old(self, table: Table, rows: str, *more: str) -> str:
        """The content of the Iceberg table (registered as `rows`) in the new columns and types."""
        there = _names(table)
        columns = [
            f"{f'TRY_CAST({quoted(field.name)} AS {field.sql_type})' if field.name in there else 'NULL'} AS {quoted(field.name)}"
            for field in self.fields
        ]
        return f"SELECT {', '.join([*columns, *map(quoted, self.gone), *more])} FROM {rows}"

    @property
    def plain(self) -> bool:
        """True if the files have the columns under the same names."""
        return not self.gone and all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) for name in self.names)

    def row_file(self, table: Table, file: str, rows: str) -> RowFile:
        """A data file of the Iceberg table, with its rows (`rows` reads them) in the new columns and types, and their numbers."""
        return RowFile(file, self.old(table, rows, "file_row_number AS place"))


class Iceberg:
    """See `publish.base.Target`."""

    def __init__(self, context: TargetContext) -> None:
        self.name = context.name
        self.options = _options(context)
        self.ground = _ground(self.options, context)
        with self._translated("the catalog"):
            self.catalog = self.ground.open()
            self.catalog.create_namespace_if_not_exists(self.options.namespace)

    @staticmethod
    def check_options(context: TargetContext) -> None:
        """See `publish.base.ChecksTarget`."""
        _ground(_options(context), context)

    @staticmethod
    def problem(context: TargetContext) -> str:
        """See `publish.base.Examines`. What is in AWS is looked at when it is written into."""
        options = _options(context)
        ground = _ground(options, context)
        return ground.problem(options.namespace) if isinstance(ground, FolderLake) else ""

    @staticmethod
    def discard(context: TargetContext) -> None:
        """See `publish.base.Examines`."""
        ground = _ground(_options(context), context)
        if isinstance(ground, FolderLake):
            place.clear(ground.folder)

    @staticmethod
    def heal(context: TargetContext) -> str:
        """See `publish.base.Heals`."""
        options = _options(context)
        ground = _ground(options, context)
        return ground.heal(options.namespace) if isinstance(ground, FolderLake) else ""

    def send(self, engine: Engine, what: Outgoing) -> Sent:
        """Bring the Iceberg table to the state of the engine's, in one commit. Retried if another writer was faster."""
        with self._translated(what.name), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pyiceberg warns about deletes that match nothing
            for left in reversed(range(TRIES)):
                try:
                    return self._send(engine, what)
                except (CommitFailedException, ValidationException):
                    if not left:
                        raise
        raise AssertionError("the loop returns or raises")

    def drop_older_content(self, sent: Collection[str]) -> list[str]:
        """See `publish.base.DropsOlderContent`: all snapshots but the newest, with their files, and those of killed runs."""
        with self._translated("the catalog"):
            there = sorted(name[-1] for name in self.catalog.list_tables(self.options.namespace))
            for name in there:
                if name in sent:
                    table = self.catalog.load_table(f"{self.options.namespace}.{name}")
                    if _totals(table)[1]:  # the files still hold the rows that are named as deleted
                        rows = Rows(table.scan().to_arrow_batch_reader(), anew=True)
                        commit(table, table.schema().as_arrow(), {}, rows, {DIGEST: _stored_digest(table) or ""})
                    self._tidy(table, keep=1, young_seconds=0)
        return [name for name in there if name not in sent]

    def close(self) -> None:
        """Close the catalog."""
        self.catalog.close()

    def _send(self, engine: Engine, what: Outgoing) -> Sent:
        fields = diff.fields_of(engine, what.table)
        sql = diff.select(what.table, fields)
        schema = engine.batches(f"SELECT * FROM ({sql}) LIMIT 0").schema
        table = self._table(what.name, schema)
        sent = self._bring(engine, what, table, _New(fields, schema, sql, sorted(_names(table) - set(schema.names)), what.key))
        self._classify(table, what.name)
        return sent

    def _bring(self, engine: Engine, what: Outgoing, table: Table, new: _New) -> Sent:
        """Make the rows and columns of the table the new ones."""
        fields, schema = new.fields, new.schema
        with diff.compared(engine, new.full, what.key, new.names):
            digest = diff.digest(engine, fields)
            if not (shape := _needs(table, schema)) and _stored_digest(table) == digest:
                return Sent(what.name, engine.count(diff.NEW))
            kept = Kept(engine, repr((self.name, what.name)))
            known = not shape and kept.holds(self._basis(table, new))
            if not known:
                with engine.register("iceberg_rows", table.scan().to_arrow_batch_reader()):
                    diff.hold_old(engine, new.old(table, "iceberg_rows"), what.key, new.names)
            found = diff.difference(engine, kept.table if known else diff.OLD)
            if shape or not found.nothing:
                rows = _rows(engine, table, new, found, kept, known, bool(shape))
                added = commit(table, schema, shape, rows, {DIGEST: digest})
                if found.keyed and new.plain:
                    anew = rows.anew or not known
                    files = _data_files(table) if anew else added
                    with self.ground.reading(engine, table, files) as readable:
                        noted = [new.row_file(table, file, rows) for file, rows in readable.items()]
                        kept.note(self._basis(table, new), noted, what.key, new.names, anew)
                self._tidy(table, self.options.keep_snapshots)
        return Sent(what.name, found.rows, found.inserted, found.changed, found.deleted)

    def _classify(self, table: Table, name: str) -> None:
        """Write beside each column what class of fields it is of, once: who governs the lake sees what is personal data."""
        classes = {column: _class(name, column) for column in sorted(_names(table))}
        state = sha256(repr(classes).encode()).hexdigest()[:16]
        if table.properties.get(CLASSIFIED) == state:
            return
        self.ground.classify(table, classes)
        with table.transaction() as change:
            with change.update_schema() as update:
                for column, one in classes.items():
                    update.update_column(column, doc=f"{one}: {CLASSES[one]}")
            change.set_properties({CLASSIFIED: state})

    def _basis(self, table: Table, new: _New) -> object:
        """What the kept fingerprints are good for: this snapshot of this lake, and the columns as they are made."""
        snapshot = table.current_snapshot()
        return self.ground.name, table.name(), snapshot.snapshot_id if snapshot else None, new.fields, new.gone, new.key

    def _table(self, name: str, schema: pa.Schema) -> Table:
        identifier = f"{self.options.namespace}.{name}"
        try:
            return self.catalog.load_table(identifier)
        except NoSuchTableError:
            return self.catalog.create_table_if_not_exists(identifier, schema, properties=PROPERTIES)

    def _tidy(self, table: Table, keep: int, young_seconds: float = YOUNG_SECONDS) -> None:
        """Expire all but the newest snapshots. Remove the files that only the expired ones used, and those of killed runs."""
        needs = needed(table)
        before = referenced(table, needs)
        snapshots = sorted(table.snapshots(), key=lambda snapshot: snapshot.sequence_number or 0)
        old = [snapshot.snapshot_id for snapshot in snapshots[:-keep]]
        if old:
            table.maintenance.expire_snapshots().by_ids(old).commit()
            table.refresh()
        self.ground.sweep(table, before, referenced(table, needs), young_seconds)

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        """Raise errors of the library as our own, without their text, which may contain data."""
        try:
            yield
        except FullcircleError:
            raise
        except Exception as error:
            if is_disk_full(error):
                raise disk_full(Path(self.ground.name)) from error
            if "locked" in str(error).lower() or isinstance(error, CommitFailedException):
                raise Busy(
                    f"Another process is writing {what} to the lake {self.ground.name}.",
                    "Wait until it has ended, then publish again.",
                ) from error
            raise self.ground.refusal(error, what) from error


def _options(context: TargetContext) -> IcebergOptions:
    return parse(IcebergOptions, context.options, f"[publish.targets.{context.name}]")


def _ground(options: IcebergOptions, context: TargetContext) -> Ground:
    where = f"[publish.targets.{context.name}]"
    if options.catalog == "glue":
        try:
            from fullcircle.publish.targets.iceberg.glue import GlueLake
        except ImportError as error:
            raise MissingExtra(f"{where} needs boto3, which is not installed.", "pip install 'fullcircle[glue]'") from error
        GlueLake.check(options, where)
        return GlueLake(options)
    if options.catalog or options.warehouse or options.region or options.catalog_id or options.kms_key:
        raise ConfigError(
            f'{where}: catalog is "{options.catalog}".',
            'Write catalog = "glue", or leave out what is for AWS: then it is a folder.',
        )
    return FolderLake(options.path or context.folder / "lake")


def _class(table: str, column: str) -> str:
    """The class of a published column. Ids and lists, which are read apart, may hold an address."""
    found = PLAIN if column == "customer_id" else class_of(table, column)
    return found if found in CLASSES else CONTACT


def _names(table: Table) -> set[str]:
    return {field.name for field in table.schema().fields}


def _data_files(table: Table) -> list[str]:
    return [task.file.file_path for task in table.scan().plan_files()]


def _stored_digest(table: Table) -> str | None:
    snapshot = table.current_snapshot()
    summary: Any = snapshot.summary if snapshot else None
    return summary.additional_properties.get(DIGEST) if summary else None


def _needs(table: Table, wanted: pa.Schema) -> dict[str, str]:
    """The columns of the Iceberg table that must be added, widened or replaced: name -> action."""
    there = table.schema().as_arrow()
    needs = {}
    for field in wanted:
        if field.name not in there.names:
            needs[field.name] = "add"
        elif (how := _change(_plain(there.field(field.name).type), _plain(field.type))) != "keep":
            needs[field.name] = how
    return needs


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type without the distinction of large and small offsets, which Iceberg does not have."""
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_large_binary(kind):
        return pa.binary()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    return kind


def _change(old: pa.DataType, new: pa.DataType) -> str:
    if pa.types.is_list(old) and pa.types.is_list(new):
        return "keep" if old.value_type == new.value_type else "replace"
    if old == new or (old, new) in ((pa.int64(), pa.int32()), (pa.float64(), pa.float32())):
        return "keep"
    if (old, new) in ((pa.int32(), pa.int64()), (pa.float32(), pa.float64())):
        return "widen"
    if pa.types.is_decimal(old) and pa.types.is_decimal(new) and old.scale == new.scale:
        return "widen" if new.precision > old.precision else "keep"
    return "replace"  # no safe conversion: the column starts anew, and older snapshots keep the old one


def _totals(table: Table) -> tuple[int, int, int]:
    """How many data files and delete files the table has, and how many rows those delete."""
    snapshot = table.current_snapshot()
    said: Any = snapshot.summary.additional_properties if snapshot and snapshot.summary else {}
    names = ("total-data-files", "total-delete-files", "total-position-deletes")
    data, deletes, positions = (int(said.get(name, 0)) for name in names)
    return data, deletes, positions


def _rows(engine: Engine, table: Table, new: _New, found: diff.TableDifference, kept: Kept, known: bool, shape: bool) -> Rows:
    """What a commit has to write: what is new and which rows went, or everything anew (so if the columns change: `shape`)."""
    data, deletes, positions = _totals(table)
    gone = found.changed + found.deleted
    few = positions + gone <= MOST_GONE * found.rows if known else not (gone or deletes)
    if not data:
        return Rows(engine.batches(diff.ordered(new.sql, new.key)))
    if shape or not found.keyed or not few or data + deletes >= MANY_FILES:
        return Rows(engine.batches(diff.ordered(new.sql, new.key)), anew=True)
    unseen = diff.unseen(new.full, new.names, new.schema.names, kept.table if known else diff.OLD)
    places = f"SELECT file AS file_path, place AS pos FROM ({kept.gone()}) ORDER BY ALL"
    return Rows(engine.batches(diff.ordered(unseen, new.key)), engine.arrow(places) if gone else None)


PLUGIN = Iceberg

"""One commit to an Iceberg table: its columns change, files with new rows come, and old rows go.

Rows go in one of two ways. Few of them are named in a file of position deletes, and nothing else is read or written ("merge on
read"). Or all files go, and what comes is the whole table. The library writes no position deletes itself, so the manifest that
lists such a file is written here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.exceptions import ValidationException
from pyiceberg.io.pyarrow import _dataframe_to_data_files
from pyiceberg.manifest import (
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriterV2,
)
from pyiceberg.table import Table, Transaction
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.typedef import Record

from fullcircle.publish.targets.iceberg.place import DELETES

# The columns of a file of position deletes, with the numbers that the format gives them.
POSITIONS = pa.schema(
    [
        pa.field("file_path", pa.string(), nullable=False, metadata={"PARQUET:field_id": "2147483546"}),
        pa.field("pos", pa.int64(), nullable=False, metadata={"PARQUET:field_id": "2147483545"}),
    ]
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a commit does to the rows: `new` ones come; those of `gone` (file_path, pos) go, or with `anew` all others."""

    new: pa.RecordBatchReader
    gone: pa.Table | None = None
    anew: bool = False


def commit(table: Table, schema: pa.Schema, shape: Mapping[str, str], rows: Rows, summary: Mapping[str, str]) -> list[str]:
    """Change the table in one transaction and return the places of the new data files.

    `schema` are the columns of the new rows, `shape` says which of them are added, widened or replaced.
    """
    with table.transaction() as change:
        if shape:
            _reshape(change, schema, shape)
        there = change.table_metadata.schema().as_arrow()
        new = rows.new.cast(pa.schema([there.field(name) for name in schema.names]))
        with _Snapshot.begun(change, table, rows, summary) as snapshot:
            if rows.anew:
                for file in _files(table):
                    snapshot.delete_data_file(file)
            added = list(_dataframe_to_data_files(change.table_metadata, new, table.io))
            for file in added:
                snapshot.append_data_file(file)
            if rows.gone is not None and rows.gone.num_rows:
                snapshot.append_data_file(_positions(change, table, rows.gone))
    return [file.file_path for file in added]


def _reshape(change: Transaction, wanted: pa.Schema, shape: Mapping[str, str]) -> None:
    anew = [name for name, how in shape.items() if how == "replace"]
    if anew:
        with change.update_schema(allow_incompatible_changes=True) as update:
            for name in anew:
                update.delete_column(name)
    with change.update_schema() as update:
        update.union_by_name(pa.schema([wanted.field(name) for name in shape]))


def _files(table: Table) -> list[DataFile]:
    """All files of the table as it is: of rows and of position deletes."""
    snapshot = table.current_snapshot()
    manifests = snapshot.manifests(table.io) if snapshot else []
    return [entry.data_file for manifest in manifests for entry in manifest.fetch_manifest_entry(table.io)]


def _positions(change: Transaction, table: Table, gone: pa.Table) -> DataFile:
    """Write a file of position deletes: rows sorted by file and place."""
    path = table.location_provider().new_data_location(f"00000{DELETES}{uuid.uuid4()}.parquet")
    output = table.io.new_output(path)
    with output.create() as file:
        pq.write_table(gone.cast(POSITIONS), file, compression="zstd")
    return DataFile.from_args(
        content=DataFileContent.POSITION_DELETES, file_path=path, file_format=FileFormat.PARQUET, partition=Record(),
        record_count=gone.num_rows, file_size_in_bytes=len(output), spec_id=change.table_metadata.default_spec_id,
    )  # fmt: skip


def _without_values(file: DataFile) -> DataFile:
    made = DataFile.from_args(
        content=file.content, file_path=file.file_path, file_format=file.file_format, partition=file.partition,
        record_count=file.record_count, file_size_in_bytes=file.file_size_in_bytes,
    )  # fmt: skip
    made.spec_id = file.spec_id
    return made


class _Snapshot(_OverwriteFiles):  # type: ignore[misc]
    """A snapshot with files of rows and of position deletes. It fails if another writer came in between."""

    _added_data_files: list[DataFile]

    @classmethod
    def begun(cls, change: Transaction, table: Table, rows: Rows, summary: Mapping[str, str]) -> _Snapshot:
        only_new = rows.gone is None and not rows.anew
        operation = Operation.APPEND if only_new else Operation.OVERWRITE
        return cls(operation, change, table.io, snapshot_properties=dict(summary))

    def _deleted_entries(self) -> list[ManifestEntry]:
        """Files that go, without the least and the greatest values of their columns: people may be erased."""
        found: list[ManifestEntry] = super()._deleted_entries()
        return [
            ManifestEntry.from_args(
                status=entry.status, snapshot_id=entry.snapshot_id, sequence_number=entry.sequence_number,
                file_sequence_number=entry.file_sequence_number, data_file=_without_values(entry.data_file),
            )
            for entry in found
        ]  # fmt: skip

    def _validate_concurrency(self) -> None:
        window = self._commit_window
        if window is not None and not window.is_empty():
            raise ValidationException("another writer was faster")

    def _validate_required_deletes(self, deleted_entries: list[ManifestEntry]) -> None:
        """Delete files go with their manifests; the library takes all that goes for data files."""
        found = {entry.data_file for entry in deleted_entries}
        if any(file.content == DataFileContent.DATA and file not in found for file in self._deleted_data_files):
            raise ValidationException("another writer was faster")

    def _manifests(self) -> list[ManifestFile]:
        came: list[DataFile] = self._added_data_files
        deletes = [file for file in came if file.content == DataFileContent.POSITION_DELETES]
        try:
            self._added_data_files = [file for file in came if file not in deletes]
            manifests: list[ManifestFile] = super()._manifests()
        finally:
            self._added_data_files = came
        return [*manifests, *([self._deletes(deletes)] if deletes else [])]

    def _deletes(self, files: Sequence[DataFile]) -> ManifestFile:
        output, schema = self.new_manifest_output(), self.schema()
        spec = self._transaction.table_metadata.spec()
        with _DeletesWriter(spec, schema, output, self._snapshot_id, self._compression) as writer:
            for file in files:
                writer.add(
                    ManifestEntry.from_args(
                        status=ManifestEntryStatus.ADDED, snapshot_id=self._snapshot_id, sequence_number=None,
                        file_sequence_number=None, data_file=file,
                    )
                )  # fmt: skip
        return writer.to_manifest_file()


class _DeletesWriter(ManifestWriterV2):  # type: ignore[misc]
    """Writes a manifest of delete files."""

    def content(self) -> ManifestContent:
        return ManifestContent.DELETES

    @property
    def _meta(self) -> dict[str, Any]:
        return {**super()._meta, "content": "deletes"}

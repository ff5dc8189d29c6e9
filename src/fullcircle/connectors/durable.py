"""Files of rows that survive a loss of power: synced under a draft's name, then renamed, then their folders synced."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fullcircle.book.kept_file import sync
from fullcircle.connectors.encrypted import writing
from fullcircle.errors import disk_full, is_disk_full


def write(path: Path, rows: pa.Table, key: bytes | None = None) -> tuple[int, str]:
    """Write a Parquet file durably under its final name, encrypted if there is a key; returns its bytes and its sha256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".tmp")
    try:
        with draft.open("wb") as file:
            pq.write_table(_storable(rows), file, compression="zstd", **writing(key))
            file.flush()
            os.fsync(file.fileno())
        with draft.open("rb") as file:
            sha = hashlib.file_digest(file, "sha256").hexdigest()
        size = draft.stat().st_size
        os.replace(draft, path)
    except (OSError, pa.ArrowException) as error:
        if not is_disk_full(error):
            raise
        draft.unlink(missing_ok=True)
        raise disk_full(path) from error
    return size, sha


def _storable(rows: pa.Table) -> pa.Table:
    """Columns without any value are stored as text, because not every reader supports Parquet's null type."""
    return rows.cast(pa.schema([pa.field(f.name, pa.string() if pa.types.is_null(f.type) else f.type) for f in rows.schema]))


def sync_folders(folder: Path, root: Path) -> None:
    """Make the file names durable as well: sync the folder of the files and those above it, which may be new."""
    for place in (folder, folder.parent, root):
        sync(place)

"""Removes files of an Iceberg table that no snapshot needs. Expiring snapshots alone deletes no files."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

YOUNG_SECONDS = 3_600  # younger files that no snapshot knows may belong to a commit in progress


def referenced(table: Any) -> set[str]:
    """The paths of all files that an Iceberg table needs: metadata, manifest lists, manifests, data files."""
    paths = {table.metadata_location, *(entry.metadata_file for entry in table.metadata.metadata_log)}
    for snapshot in table.snapshots():
        paths.add(snapshot.manifest_list)
        for manifest in snapshot.manifests(table.io):
            if manifest.manifest_path not in paths:
                paths.add(manifest.manifest_path)
                paths.update(entry.data_file.file_path for entry in manifest.fetch_manifest_entry(table.io))
    return {path.removeprefix("file://") for path in paths}


def sweep(folder: Path, before: set[str], now: set[str]) -> int:
    """Delete the files below `folder` that are no longer needed, and old unknown ones; returns the number of files."""
    removed = 0
    old = time.time() - YOUNG_SECONDS
    for path in folder.rglob("*"):
        name = str(path)
        if name in now or not path.is_file():
            continue
        if name in before or path.stat().st_mtime < old:
            with suppress(FileNotFoundError):
                path.unlink()
                removed += 1
    return removed

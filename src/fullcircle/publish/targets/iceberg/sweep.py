"""Removes files of an Iceberg table that no snapshot needs. Expiring snapshots alone deletes no files."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

YOUNG_SECONDS = 3_600  # younger files that no snapshot knows may belong to a commit in progress


def needed(table: Any) -> dict[int, set[str]]:
    """The files that each snapshot of an Iceberg table needs: its manifest list, manifests and data files."""
    listed: dict[str, set[str]] = {}  # manifest -> the files it lists; snapshots share most of them
    found = {}
    for snapshot in table.snapshots():
        manifests = snapshot.manifests(table.io)
        for manifest in manifests:
            if manifest.manifest_path not in listed:
                listed[manifest.manifest_path] = {entry.data_file.file_path for entry in manifest.fetch_manifest_entry(table.io)}
        paths = {one.manifest_path for one in manifests}
        found[snapshot.snapshot_id] = {snapshot.manifest_list, *paths, *(file for path in paths for file in listed[path])}
    return found


def referenced(table: Any, needs: Mapping[int, set[str]]) -> set[str]:
    """The locations of all files that a table needs, by what each of its snapshots does: also those of metadata."""
    paths = {table.metadata_location, *(entry.metadata_file for entry in table.metadata.metadata_log)}
    for snapshot in table.snapshots():
        paths |= needs[snapshot.snapshot_id]
    return paths


def sweep(folder: Path, before: set[str], now: set[str], young_seconds: float = YOUNG_SECONDS) -> int:
    """Delete the files below `folder` that are no longer needed, and old unknown ones; returns the number of files."""
    removed = 0
    old = time.time() - young_seconds
    for path in folder.rglob("*"):
        name = str(path)
        if name in now or not path.is_file():
            continue
        if name in before or path.stat().st_mtime < old:
            with suppress(FileNotFoundError):
                path.unlink()
                removed += 1
    return removed

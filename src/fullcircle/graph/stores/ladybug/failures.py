"""Errors of ladybug as ours, which say what happened and what to do."""

from __future__ import annotations

from pathlib import Path

from fullcircle.errors import Busy, FullcircleError, StoreError, disk_full, is_disk_full
from fullcircle.graph.stores.ladybug import full

REBUILD = "If the error stays, build the graph again from the tables: `fullcircle run --rebuild-graph`."


def ours(error: Exception, path: Path) -> FullcircleError:
    """Our error for an error of ladybug. Its text may contain values, so it is not repeated."""
    text = str(error).lower()
    if is_disk_full(error) or ("io exception" in text and full.free(path) < full.LEAST):
        return disk_full(path)
    if "could not set lock" in text:
        return Busy(f"Another process is writing into the graph {path}.", "Wait for it to end, then try again.")
    if "buffer pool is full" in text or "buffer manager" in text:
        return StoreError(
            "The graph store has used all the memory that it may use.", 'Raise memory in [graph], for example to "4GB".'
        )
    if "not a valid" in text or "different version" in text or "checkpoint" in text or "corrupt" in text or "checksum" in text:
        return StoreError(f"The graph in {path} is damaged or was made by another version of ladybug.", REBUILD)
    if "primary key value" in text:
        return StoreError(
            "An edge has an end that is not in the graph, or a vertex would exist twice.", "Run again with --verify."
        )
    return StoreError(f"The graph in {path} failed: {text.split(':')[0]}.", REBUILD)

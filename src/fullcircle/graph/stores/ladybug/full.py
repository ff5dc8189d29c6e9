"""What to do with an open graph on a full disk: leave it open until the process ends.

The library writes once more when its database is closed, or when Python forgets it. If that fails, it ends the whole process
(SIGABRT). So the database is never closed then. Its log may be torn, as after a power cut: the next run makes the graph again.
"""

from __future__ import annotations

import ctypes
import shutil
from pathlib import Path
from typing import Any

LEAST = 1 << 20  # bytes that closing may need in any case


def free(path: Path) -> int:
    """The free bytes of the disk that a path is on, or would be on."""
    folder = next((parent for parent in path.parents if parent.exists()), None)
    return shutil.disk_usage(folder).free if folder else 1 << 40


def has_no_room(path: Path) -> bool:
    """True if there may be too little space to close the graph, which moves its log into it."""
    log = path.with_name(f"{path.name}.wal")
    return free(path) < LEAST + (2 * log.stat().st_size if log.exists() else 0)


def leave_open(*objects: Any) -> None:
    """Never let Python forget these objects, and what they hold of the library."""
    for one in objects:
        for each in (one, *(getattr(one, name, None) for name in ("_database", "_pybind_database", "_connection"))):
            if each is not None:
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(each))

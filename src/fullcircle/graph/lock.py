"""A lock on a file, so that only one process at a time syncs with a book or exports into a folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fullcircle.errors import Busy, cannot_write


@contextmanager
def locked(path: Path, busy: Busy) -> Iterator[None]:
    """Hold the lock on a file, which is created, inside the `with` block; raises `busy` if another process holds it.

    The operating system releases the lock when the process ends, also when it is killed.
    """
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:  # PermissionError: on some network file systems
            raise busy from error
        except OSError as error:
            raise cannot_write(f"The lock file {path}", error) from error
        yield

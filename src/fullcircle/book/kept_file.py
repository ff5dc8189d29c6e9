"""Small files of the home that survive a loss of power: whole or as they were, for their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put this in the place of what is there, durably. OSError if that fails; the file is as before then."""
    draft = _draft(path, content)
    try:
        os.replace(draft, path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet. One that is there stays: another process was first."""
    draft = _draft(path, content)
    try:
        name_it(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def name_it(draft: Path, path: Path) -> None:
    """Give a whole file its name, durably, unless there is one of this name."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not path.exists():
            draft.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def file_identity(path: Path) -> tuple[int, int]:
    """Which file is at a path now: another one if it was made anew or put back; zeros for none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino

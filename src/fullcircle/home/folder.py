"""The folder itself: where each part is, and that only its owner may read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fullcircle.errors import ConfigError, disk_full, is_disk_full

TABLES, BOOK, LANDING, LAKE, PUBLISHED = "tables.duckdb", "book.sqlite", "landing", "lake", "published"
OTHERS = stat.S_IRWXG | stat.S_IRWXO  # the permissions of everybody but the owner
PRIVATE = 0o077  # the umask under which new files get 0600 and new folders 0700


def made(home: Path) -> Path:
    """The home, created if it does not exist, for its owner alone. ConfigError if it cannot be a folder that is written to."""
    try:
        if home.exists() and not home.is_dir():
            raise _unusable(home, "it is a file, not a folder")
        if not home.is_dir():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(home) from error
        raise _unusable(home, (error.strerror or type(error).__name__).lower()) from error
    if not os.access(home, os.W_OK | os.X_OK) or os.statvfs(home).f_flag & os.ST_RDONLY:
        raise _unusable(home, "it is read-only, or belongs to another user")
    return home


def _unusable(home: Path, reason: str) -> ConfigError:
    return ConfigError(
        f"The home of the project, {home}, cannot be written: {reason}.",
        "Set `home` in [project] to a folder that you may write to, or correct the permissions of this one.",
    )


@contextmanager
def private() -> Iterator[int]:
    """New files inside the `with` block are for their owner alone, whichever library makes them. Gives the umask before."""
    before = os.umask(PRIVATE)
    try:
        yield before
    finally:
        os.umask(before)


@contextmanager
def as_before(umask: int) -> Iterator[None]:
    """The user's own umask again, for files outside the home that others may be meant to read."""
    ours = os.umask(umask)
    try:
        yield
    finally:
        os.umask(ours)


def too_open(home: Path) -> list[Path]:
    """The home and what is in it, as far as others than the owner may read or write it."""
    if not home.is_dir():
        return []
    found = [home] if home.stat().st_mode & OTHERS else []
    for folder, folders, files in os.walk(home):
        for name in (*folders, *files):
            path = Path(folder, name)
            with suppress(OSError):  # removed meanwhile
                if not path.is_symlink() and path.lstat().st_mode & OTHERS:
                    found.append(path)
    return found


def tighten(home: Path) -> None:
    """Take the permissions of all others from the home and what is in it. `doctor` reports what belongs to another user."""
    for path in too_open(home):
        with suppress(OSError):
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~OTHERS)

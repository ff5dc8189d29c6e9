"""The folder itself: where each part is, and that only its owner may read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fullcircle.book.book import FILE_NAME
from fullcircle.errors import ConfigError, disk_full, is_disk_full
from fullcircle.govern.audit_file import AUDIT

TABLES, BOOK, LANDING, LAKE, PUBLISHED = "tables.duckdb", FILE_NAME, "landing", "lake", "published"
ASIDE = "damaged-*"  # what was damaged, and is set aside rather than deleted
ERASED = "erased.json"  # the list of erased people, beside the book: see govern/suppressed.py
OTHERS = stat.S_IRWXG | stat.S_IRWXO  # the permissions of everybody but the owner
OURS = (
    TABLES,
    BOOK,
    LANDING,
    LAKE,
    PUBLISHED,
    "graph.sqlite",
    "graph.ladybug",
    "seen.json",
    "keys.json",
    AUDIT,
)  # a folder with one of these is a home already
PRIVATE = 0o077  # the umask under which new files get 0600 and new folders 0700


def made(home: Path) -> Path:
    """The home, created if it does not exist, for its owner alone. ConfigError if it cannot be a folder that is written to."""
    try:
        if home.exists() and not home.is_dir():
            raise _unusable(home, "it is a file, not a folder")
        if not home.is_dir():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
        elif others := _others(home):
            raise ConfigError(
                f"The home of the project, {home}, is a folder that holds other things ({', '.join(others[:3])}). A home is a "
                "folder of its own: everything in it is closed to other users.",
                'Set `home` in [project] to a new folder, such as ".fullcircle".',
            )
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(home) from error
        raise _unusable(home, (error.strerror or type(error).__name__).lower()) from error
    if not os.access(home, os.W_OK | os.X_OK) or os.statvfs(home).f_flag & os.ST_RDONLY:
        raise _unusable(home, "it is read-only, or belongs to another user")
    return home


def _others(home: Path) -> list[str]:
    """What else is in a folder that is not a home yet; hidden files and what a new disk holds do not count."""
    names = sorted(each.name for each in home.iterdir() if not each.name.startswith(".") and each.name != "lost+found")
    is_root = home.resolve() == Path(home.resolve().anchor)
    return names if is_root or not any((home / name).exists() for name in OURS) else []


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
    """The home and what is in it on the same disk, as far as others than the owner may read or write it."""
    if not home.is_dir():
        return []
    found, disk = [home] if home.stat().st_mode & OTHERS else [], home.stat().st_dev
    for folder, folders, files in os.walk(home):
        folders[:] = [name for name in folders if os.lstat(os.path.join(folder, name)).st_dev == disk]  # no other disk under it
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

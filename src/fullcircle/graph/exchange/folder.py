"""The folder of an export: never mixed with something else, and never taken for a whole one while it is half written.

While an export writes, a file named UNFINISHED stands beside its files; it goes last. Readers refuse a folder that has it.
The next export into that folder throws the half one away. (A folder renamed at the end would need a second place on the same
disk, which mounted folders do not have.)
"""

from __future__ import annotations

import errno
import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fullcircle.errors import Busy, StoreError, cannot_write

UNFINISHED = "EXPORT-NOT-FINISHED"
OURS = re.compile(r"(?:(?:vertices|edges)-[a-z_]+-\d{5}\.(?:csv|nq)|graph\.graphml)(?:\.gz)?")
OF_FILES = {
    errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT,
    errno.EFBIG, errno.EIO, errno.ENAMETOOLONG, errno.ELOOP, errno.EMFILE, errno.EBUSY, errno.EINVAL,
}  # fmt: skip


@contextmanager
def new_files(folder: Path) -> Iterator[None]:
    """Write the files of an export into `folder` inside the `with` block; after an error there is nothing left of them."""
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_other_files(folder)
        with (folder / UNFINISHED).open("w") as stamp:
            _alone(stamp.fileno(), folder)
            _clear(folder)
            try:
                yield
                (folder / UNFINISHED).unlink()
            except BaseException:
                with suppress(OSError):
                    _clear(folder)
                    (folder / UNFINISHED).unlink()
                    if made:
                        folder.rmdir()
                raise
    except OSError as error:
        if error.errno not in OF_FILES:  # a network's, from the store
            raise
        raise cannot_write(f"The folder {folder}", error) from error


def refuse_unfinished(folder: Path) -> None:
    """StoreError where a folder to read, or one below it, is an export that was broken off or is still under way."""
    for stamp in sorted(folder.rglob(UNFINISHED)):
        raise StoreError(
            f"The export in {stamp.parent} was not finished, so rows are missing.",
            "Wait for it if it is still running; else export again into the same folder, it starts over.",
        )


def _refuse_other_files(folder: Path) -> None:
    half = (folder / UNFINISHED).exists()
    if any(path.name != UNFINISHED and not (half and OURS.fullmatch(path.name)) for path in folder.iterdir()):
        raise StoreError(f"The folder {folder} is not empty.", "Name an empty or new folder, so that two exports are not mixed.")


def _alone(stamp: int, folder: Path) -> None:
    """One export at a time; the system lets go of the lock when the process ends, however it ends."""
    try:
        fcntl.flock(stamp, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy(f"Another export is writing into {folder}.", "Wait for it to end, or name another folder.") from error


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            path.unlink()

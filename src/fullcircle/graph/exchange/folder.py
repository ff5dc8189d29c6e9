"""The folder of an export: it has no other files, and an incomplete export is never read as a complete one.

While an export writes, its folder also has the file EXPORT-NOT-FINISHED, which is deleted last. Readers refuse a folder that
has it, and the next export into that folder deletes the incomplete files first. (Renaming a finished folder instead would need
a second folder on the same disk, which mounted folders do not have.)
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fullcircle.errors import Busy, StoreError, cannot_write
from fullcircle.graph.lock import locked

UNFINISHED = "EXPORT-NOT-FINISHED"
OURS = re.compile(r"(?:(?:vertices|edges)-[a-z_]+-\d{5}\.(?:csv|nq)|graph\.graphml)(?:\.gz)?")
OF_FILES = {
    errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT,
    errno.EFBIG, errno.EIO, errno.ENAMETOOLONG, errno.ELOOP, errno.EMFILE, errno.EBUSY, errno.EINVAL,
}  # fmt: skip


@contextmanager
def new_files(folder: Path) -> Iterator[None]:
    """Write the files of an export into `folder` inside the `with` block; after an error all of them are deleted."""
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_other_files(folder)
        busy = Busy(f"Another export is writing into {folder}.", "Wait for it to end, or name another folder.")
        with locked(folder / UNFINISHED, busy):
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
        if error.errno not in OF_FILES:  # a network error, from the store
            raise
        raise cannot_write(f"The folder {folder}", error) from error


def refuse_unfinished(folder: Path) -> None:
    """StoreError if a folder to read, or a folder below it, is an export that was interrupted or is still under way."""
    for flag in sorted(folder.rglob(UNFINISHED)):
        raise StoreError(
            f"The export in {flag.parent} was not finished, so rows are missing.",
            "If it is still running, wait for it to end; otherwise export again into the same folder: it starts over.",
        )


def _refuse_other_files(folder: Path) -> None:
    half = (folder / UNFINISHED).exists()
    if any(path.name != UNFINISHED and not (half and OURS.fullmatch(path.name)) for path in folder.iterdir()):
        raise StoreError(f"The folder {folder} is not empty.", "Name an empty or new folder, so that two exports are not mixed.")


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            path.unlink()

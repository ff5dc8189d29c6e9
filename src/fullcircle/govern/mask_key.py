"""The key of a project's hashes: 32 random bytes in a file of the home that only its owner reads.

A new key makes other hashes of the same values; nothing else depends on it.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from fullcircle.errors import ConfigError, disk_full, is_disk_full

FILE = "mask.key"
SIZE = 32


def mask_key(home: Path) -> bytes:
    """The key; made when it is needed for the first time. ConfigError for one that is damaged, or cannot be made."""
    path = home / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(path) from error
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(f"{path}, the key of masked values, cannot be used: {reason}.", "Correct its permissions.") from error
    if len(key) != SIZE:
        raise ConfigError(f"{path} is damaged: it is not {SIZE} bytes long.", "Delete it: hashes of values will be others then.")
    return key


def _make(path: Path) -> None:
    """Whole or not at all, also where two begin at once: the first one's counts."""
    handle, name = tempfile.mkstemp(prefix=".mask-", dir=path.parent)  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)

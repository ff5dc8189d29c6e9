"""The key of a project's hashes: 32 random bytes in a file of the home that only its owner reads.

A new key makes other hashes of the same values; nothing else depends on it.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from fullcircle.book.kept_file import write_new
from fullcircle.errors import ConfigError, disk_full, is_disk_full

FILE = "mask.key"
SIZE = 32


def mask_key(home: Path) -> bytes:
    """The key; made when it is needed for the first time. ConfigError for one that is damaged, or cannot be made."""
    path = home / FILE
    try:
        if not path.exists():
            write_new(path, secrets.token_bytes(SIZE))
        key = path.read_bytes()
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(path) from error
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(f"{path}, the key of masked values, cannot be used: {reason}.", "Correct its permissions.") from error
    if len(key) != SIZE:
        raise ConfigError(f"{path} is damaged: it is not {SIZE} bytes long.", "Delete it: hashes of values will be others then.")
    return key

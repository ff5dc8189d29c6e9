"""Opens the SQLite file of the book: plain, or encrypted by SQLCipher with a key of 32 bytes."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from fullcircle.errors import ConfigError, MissingExtra

PLAIN = b"SQLite format 3\0"
KEYS = "keys.json"  # the wrapped data keys, beside what is encrypted: see govern/keyring.py
APPLY = "`fullcircle security apply` brings the home to what [security] says."
MOST_LOOKED_AT = 64  # a process has one book, or a few
_looked_at: dict[Path, tuple[int, tuple[int, int]]] = {}  # path -> the open file, and which file it is
_looking = threading.Lock()
SWITCH_OFF = f"Set encrypt = true in [security], or leave only its key there to decrypt the home. {APPLY}"


def library(encrypted: bool) -> ModuleType:
    """The library that opens the file: Python's own, or SQLCipher's, which is used alike."""
    if not encrypted:
        return sqlite3
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise MissingExtra(
            "An encrypted book needs SQLCipher, which is not installed.", "Run: pip install 'fullcircle[encrypt]'"
        ) from error
    return dbapi2  # type: ignore[no-any-return]


def is_encrypted(path: Path) -> bool:
    """Whether there is a file that is not a plain SQLite file: an encrypted one, or a damaged one."""
    try:
        start = _first_bytes(path, len(PLAIN))
    except OSError:
        return False
    return bool(start) and start != PLAIN


def _first_bytes(path: Path, number: int) -> bytes:
    """How a file begins. It stays open: to close it would take away the locks of this process's connections to it (POSIX).

    Another process would then take the file for its own, and put away the log that is being written: commits would be lost.
    """
    with _looking:
        about = path.stat()
        handle, known = _looked_at.pop(path, (None, None))
        if handle is not None and known != (about.st_dev, about.st_ino):  # the path has another file now
            os.close(handle)
            handle = None
        if handle is None:
            handle = os.open(path, os.O_RDONLY)
            about = os.fstat(handle)
        _looked_at[path] = (handle, (about.st_dev, about.st_ino))
        if len(_looked_at) > MOST_LOOKED_AT:
            os.close(_looked_at.pop(next(iter(_looked_at)))[0])
        return os.pread(handle, number, 0)


def connect(path: Path, key: bytes | None, read_only: bool = False) -> Any:
    """A connection, to use from any thread. ConfigError if the file is plain although there is a key, or the reverse."""
    if key is not None and path.exists() and path.stat().st_size and not is_encrypted(path):
        raise ConfigError(f"[security] encrypt is on, but the book {path} is not encrypted yet.", APPLY)
    if key is None and (about := unreadable(path, with_key=False)):
        raise ConfigError(*about)
    place = f"{path.absolute().as_uri()}?mode=ro" if read_only else path
    opened = library(key is not None).connect(place, uri=read_only, timeout=30, check_same_thread=False)
    if key is not None:
        opened.execute(pragma(key))
    return opened


def pragma(key: bytes) -> str:
    """The statement by which SQLCipher gets the key itself; nothing is derived from it."""
    return f"PRAGMA key = \"x'{key.hex()}'\""


def unreadable(path: Path, with_key: bool) -> tuple[str, str] | None:
    """Message and hint where it is about encryption that the file cannot be read; None if it is plain and damaged."""
    if with_key:
        return (
            f"The book {path} cannot be read: it is damaged, or encrypted with another key than that in {KEYS}.",
            f"Copy back a backup of the book together with its {KEYS}.",
        )
    if is_encrypted(path) and path.with_name(KEYS).exists():
        return f"The book {path} is encrypted, and [security] encrypt is off.", SWITCH_OFF
    return None

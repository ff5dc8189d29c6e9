"""Opens the SQLite file of the book: plain, or encrypted by SQLCipher with a key of 32 bytes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from fullcircle.errors import ConfigError, MissingExtra

PLAIN = b"SQLite format 3\0"
KEYS = "keys.json"  # the wrapped data keys, beside what is encrypted: see govern/keyring.py
APPLY = "`fullcircle security apply` brings the home to what [security] says."
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
        with path.open("rb") as file:
            start = file.read(len(PLAIN))
    except OSError:
        return False
    return bool(start) and start != PLAIN


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

"""The data keys of a home: one for the book, one for the landed files of each source, wrapped in `keys.json`.

What is encrypted can only be read with them: a lost keys.json, or a lost key-encryption key, is a lost book. A data key is
durable before anything is written with it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from fullcircle.book import kept_file
from fullcircle.errors import ConfigError, disk_full, is_disk_full
from fullcircle.govern.kek import SIZE, KeyEncryptionKey

BOOK_KEY = "book"


class Keyring:
    """The data keys in the file `path`, by name. Making new ones and changing the wrapping key are for one process at a time.

    Without `keep`, which is for a dry run, new keys live only as long as this object.
    """

    def __init__(self, path: Path, kek: KeyEncryptionKey, keep: bool = True) -> None:
        self.path = path
        self._keep = keep
        self._kek = kek
        self._open: dict[str, bytes] = {}
        self._wrapped = self._read()

    def key(self, name: str) -> bytes:
        """The data key with this name, of 32 bytes; made if there is none yet."""
        if name not in self._open:
            if name in self._wrapped:
                self._open[name] = self._kek.unwrap(name, self._wrapped[name])
            else:
                made = os.urandom(SIZE)
                if self._keep:
                    self._write(self._kek, {**self._wrapped, name: self._kek.wrap(name, made)})
                self._open[name] = made
        return self._open[name]

    def known(self, name: str) -> bytes:
        """The data key with this name; ConfigError if there is none, which means that keys.json is not the right one."""
        if name not in self._wrapped:
            raise ConfigError(
                f'{self.path} has no data key "{name}", but something is encrypted with it.',
                "It is lost or another one: copy a backup of keys.json into the home.",
            )
        return self.key(name)

    @property
    def names(self) -> list[str]:
        """The names of all data keys."""
        return sorted(self._wrapped)

    def rewrap(self, kek: KeyEncryptionKey) -> int:
        """Wrap all data keys with another key, in one step: killed at any time, the old or the new key opens them. The number."""
        self._write(kek, {name: kek.wrap(name, self.key(name)) for name in self._wrapped})
        self._kek = kek
        return len(self._wrapped)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            kek, wrapped = found["kek"], dict(found["keys"])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{self.path} cannot be read as a file of keys.", "Copy a backup of it into the home.") from error
        if kek != self._kek.id:
            raise ConfigError(
                f"The data keys in {self.path} are wrapped with another key ({kek}) than that of [security] ({self._kek.id}).",
                "Name the key that they were wrapped with, or the new one if they were wrapped again.",
            )
        return wrapped

    def _write(self, kek: KeyEncryptionKey, wrapped: dict[str, str]) -> None:
        text = json.dumps({"version": 1, "kek": kek.id, "keys": wrapped}, indent=1, sort_keys=True)
        try:
            kept_file.write(self.path, text.encode())
        except OSError as error:
            if is_disk_full(error):
                raise disk_full(self.path) from error
            raise
        self._wrapped = wrapped

"""The keys of a home, and the book opened with them: the one place that knows whether a home is encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fullcircle.book.book import FILE_NAME as BOOK
from fullcircle.book.book import Book
from fullcircle.book.connection import KEYS, is_encrypted
from fullcircle.config.sections import Config
from fullcircle.govern.kek import key_encryption_key
from fullcircle.govern.keyring import BOOK_KEY, Keyring

LANDED = "landing:"  # in front of the name of a source


@dataclass(frozen=True, slots=True)
class LandedKeys:
    """The keys of landed files: see `connectors.encrypted.FileKeys`."""

    ring: Keyring
    encrypts: bool

    def of(self, source: str) -> bytes:
        """The key of a source's files; made if there is none yet."""
        return self.ring.key(LANDED + source) if self.encrypts else self.ring.known(LANDED + source)


def keyring(settings: Config, keep: bool = True) -> Keyring | None:
    """The data keys of the home; None if nothing in it is encrypted, and nothing is to be. See Keyring for `keep`."""
    path = settings.home / KEYS
    if not settings.security.encrypt and not (settings.security.key and path.exists()):
        return None
    return Keyring(path, key_encryption_key(settings.security.key, settings.folder), keep)


def landed_keys(settings: Config, keep: bool = True) -> LandedKeys | None:
    """The keys of the home's landed files; None if none is encrypted, and none is to be."""
    ring = keyring(settings, keep)
    return LandedKeys(ring, settings.security.encrypt) if ring else None


def book_key(settings: Config, keep: bool = True) -> bytes | None:
    """The key of the book; None if it is to be plain. A home that has an encrypted book already must have its key."""
    ring = keyring(settings, keep) if settings.security.encrypt else None
    if ring is None:
        return None
    return ring.known(BOOK_KEY) if is_encrypted(settings.home / BOOK) else ring.key(BOOK_KEY)


def book_as_it_is(settings: Config) -> Book:
    """The book for reading, encrypted or plain, whatever [security] says; an empty one where there is none."""
    path = settings.home / BOOK
    if not path.exists():
        return Book(Path(":memory:"))
    ring = keyring(settings) if is_encrypted(path) else None
    return Book(path, read_only=True, key=ring.known(BOOK_KEY) if ring else None)


def open_book(settings: Config, read_only: bool = False) -> Book:
    """The book of a home; the caller closes it."""
    return Book(settings.home / BOOK, read_only, book_key(settings))

"""Brings a home to what [security] says: encrypts, or decrypts, the book and the landed files. Start at `apply`.

Each file is written anew beside the old one and takes its place in one step: killed at any time, the home can be read with the
same config, and `apply` goes on. The blocks of the old files are free afterwards, not wiped: see docs/how-to/encryption.md.
"""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fullcircle.book.connection import is_encrypted, library, pragma
from fullcircle.book.kept_file import sync
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.desk import open_desk
from fullcircle.engine.open import open_engine
from fullcircle.errors import Busy, NotFound
from fullcircle.govern.home_keys import book_as_it_is, keyring, landed_keys
from fullcircle.govern.kek import KeyEncryptionKey
from fullcircle.govern.keyring import BOOK_KEY
from fullcircle.home.folder import BOOK, LANDING, private
from fullcircle.model.progress import Progress

DRAFT = ".being-written"


@dataclass(frozen=True, slots=True)
class AppliedSecurity:
    """What was written anew, or in a dry run would be: whether the book, and how many landed files."""

    encrypted: bool  # what the home is now
    book: bool
    files: int


def apply(settings: Config, progress: Progress, dry_run: bool = False) -> AppliedSecurity:
    """Encrypt or decrypt the book and the landed files of the home, as [security] says. Busy while a run uses them."""
    path = settings.home / BOOK
    if not path.exists():
        raise NotFound(
            f"The project has no home yet: there is no {path}.", "`fullcircle run` makes it as [security] says from the start."
        )
    wanted = settings.security.encrypt
    turned = is_encrypted(path) != wanted
    with private():
        ring = keyring(settings)
        if turned and not dry_run and ring is not None:
            progress.step("book")
            _turn(path, ring.key(BOOK_KEY), wanted)
        if turned and dry_run:
            return AppliedSecurity(wanted, True, _count_files(settings))
        with open_desk(settings, progress) as desk:  # no run may use the files meanwhile
            objects = desk.landing.objects()
            progress.step("landed files", len(objects))
            files = 0
            for source, name in objects:
                files += desk.landing.change_form(source, name, dry_run)
                progress.advance(1)
            if not dry_run:
                desk.landing.tidy()
    return AppliedSecurity(wanted, turned, files)


def rotate(settings: Config, kek: KeyEncryptionKey) -> int:
    """Wrap the data keys with another key-encryption key; how many there are. NotFound if nothing is encrypted."""
    ring = keyring(settings)
    if ring is None or not ring.names:
        raise NotFound("Nothing in the home is encrypted, so there are no keys to wrap.", "Set encrypt = true in [security].")
    with private():
        return ring.rewrap(kek)


def _count_files(settings: Config) -> int:
    """How many landed files are not as they are to be, asked of a book that is not as it is to be either."""
    with closing(book_as_it_is(settings)) as book, closing(open_engine(None, memory="100MB", threads=1)) as engine:
        landing = Landing(settings.home / LANDING, book, engine, landed_keys(settings, keep=False))
        return sum(landing.change_form(source, name, dry_run=True) for source, name in landing.objects())


def _turn(path: Path, key: bytes, encrypt: bool) -> None:
    """Write the book anew, encrypted or plain, and let it take the place of the old one."""
    draft = path.with_name(path.name + DRAFT)
    draft.unlink(missing_ok=True)
    sqlcipher = library(encrypted=True)
    try:
        with closing(sqlcipher.connect(path, timeout=1, isolation_level=None)) as db:
            if not encrypt:
                db.execute(pragma(key))
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")
            _copy(db, draft, key.hex() if encrypt else None)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("PRAGMA journal_mode = DELETE")  # the log of the old book must not be taken for that of the new one
            sync(draft)
            os.replace(draft, path)
    except sqlcipher.OperationalError as error:
        draft.unlink(missing_ok=True)
        if "locked" in str(error).lower():
            raise Busy(f"Another process is using the book {path}.", "Wait until it has ended, then try again.") from error
        raise
    sync(path.parent)


def _copy(db: Any, draft: Path, hexed: str | None) -> None:
    text = "x'" + hexed + "'" if hexed else ""
    db.execute("ATTACH DATABASE ? AS other KEY ?", (str(draft), text))
    db.execute("SELECT sqlcipher_export('other')")
    db.execute("DETACH DATABASE other")

"""A throw-away copy of what a run writes: tables, book and landing. A dry run works with it, so the project stays as it is."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.engine.base import literal
from fullcircle.engine.open import open_engine
from fullcircle.errors import Busy, FullcircleError, disk_full, is_disk_full
from fullcircle.home.examine import damaged_tables
from fullcircle.home.folder import BOOK, LANDING, TABLES
from fullcircle.home.tables_file import held
from fullcircle.identity.ids import has_secret, secret_of

PREFIX, IN_USE = "dry-run-", "in-use"


@contextmanager
def copied(home: Path, key: bytes | None = None) -> Iterator[Path]:
    """A folder with a copy of the home's tables, book (encrypted if there is a key) and landing, gone at the end.

    Busy while another process writes them. It is inside the home, so that landed files need not be copied but only linked;
    where there is no home yet, it is elsewhere, empty, and no home is made.
    """
    remove_abandoned(home)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home if home.is_dir() else None))
    try:
        with (folder / IN_USE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _copy(home, folder, key)
            yield folder
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(folder) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(home: Path) -> None:
    """Copies left by dry runs that were killed: nobody holds their lock any more."""
    for folder in home.glob(f"{PREFIX}*"):
        with (folder / IN_USE).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            shutil.rmtree(folder, ignore_errors=True)


def _copy(home: Path, folder: Path, key: bytes | None) -> None:
    if (home / TABLES).exists():
        with held(home):
            _copy_tables(home, folder)
    if (home / BOOK).exists():
        _with_secret(home / BOOK, key)
        book = Book(home / BOOK, read_only=True, key=key)
        try:
            book.copy_to(folder / BOOK)
        finally:
            book.close()
    if (home / LANDING).exists():
        shutil.copytree(home / LANDING, folder / LANDING, copy_function=_link)


def _with_secret(path: Path, key: bytes | None) -> None:
    """Give a book that an older version made its secret: customers that are new in the copy then get the ids of the next run."""
    with closing(Book(path, read_only=True, key=key)) as book:
        if has_secret(book) or not book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_id'"):
            return
    with closing(Book(path, key=key)) as book:
        secret_of(book)


def _copy_tables(home: Path, folder: Path) -> None:
    """The tables' file, while an attached reader keeps writers out."""
    engine = open_engine(memory="100MB", threads=1)
    try:
        engine.run(f"ATTACH {literal(home / TABLES)} AS original (READ_ONLY)")
        for path in home.glob(f"{TABLES}*"):  # the write-ahead log too
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
    except Busy as error:
        raise Busy(f"Another process is using the tables in {home / TABLES}.", "Wait for the other run to end.") from error
    except (FullcircleError, OSError):
        raise
    except Exception as error:  # whatever the library says about a file that it cannot read
        raise damaged_tables(home) from error
    finally:
        engine.close()


def _link(source: str, target: str) -> None:
    """Landed files never change, so a second name is as good as a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)

"""The file of the audit log: SQLite in the home, only ever appended to, for its owner alone.

`entry` has the entries as they were hashed, each with the head of the chain after it; `log` has how far it goes, and the peaks of
the Merkle tree, so that an append need not read what is there. Which customer a pseudonym means is a table of its own: a row
can be deleted, so that nobody knows any more whom the entries are about, and every hash stays.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fullcircle.book.kept_file import name_it
from fullcircle.errors import AuditBroken, FullcircleError, NotAudited, is_disk_full
from fullcircle.govern.audit_tree import NOTHING, Tree

AUDIT = "audit.sqlite"
WAIT = 30.0  # seconds for another process to finish its append
DDL = """
CREATE TABLE log (origin TEXT NOT NULL, size INTEGER NOT NULL, head BLOB NOT NULL, peaks BLOB NOT NULL);
CREATE TABLE entry (number INTEGER PRIMARY KEY, json TEXT NOT NULL, head BLOB NOT NULL);
CREATE TABLE pseudonym (customer_id TEXT PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER entry_stays_so BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'the audit log is only appended to'); END;
"""
VERIFY = (
    "Run `fullcircle audit verify`: it says where. Copy the audit log back from a backup, or begin a new one: `fullcircle audit "
    "begin`."
)


@dataclass(frozen=True, slots=True)
class LogState:
    """How far a log goes."""

    origin: str
    size: int
    head: bytes
    tree: Tree


def new_origin(project: str) -> str:
    """A name for a new log, which no other log has: `my-company/audit/5f0c2e9a`."""
    return f"{re.sub('[^A-Za-z0-9._-]+', '-', project).strip('-') or 'fullcircle'}/audit/{secrets.token_hex(4)}"


def create(path: Path, origin: str) -> None:
    """Make a log without entries, unless another process makes it first: it is whole before it has its name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with translated(path):
            db = sqlite3.connect(draft, isolation_level=None)
            try:
                db.executescript(DDL)
                db.execute("INSERT INTO log VALUES (?, 0, ?, x'')", (origin, NOTHING))
                db.execute("PRAGMA journal_mode = WAL")
            finally:
                db.close()
            name_it(draft, path)
    except OSError as error:
        raise refused(error, path) from error
    finally:
        for left in draft.parent.glob(f"{draft.name}*"):
            left.unlink(missing_ok=True)


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """Open the file, which must be there."""
    with translated(path):
        mode = "ro" if read_only else "rw"
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False
        )
        try:
            if not read_only:
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA secure_delete = ON")  # a forgotten customer is gone from the file, too
            state(db, path)
        except BaseException:
            db.close()
            raise
    return db


def state(db: sqlite3.Connection, path: Path) -> LogState:
    """How far the log goes; AuditBroken if it is not a log."""
    if not db.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('log', 'entry', 'pseudonym')").fetchone()[0] == 3:
        raise AuditBroken(f"The file {path} is not an audit log: it is empty, or another program's.", VERIFY)
    return state_now(db, path)


def state_now(db: sqlite3.Connection, path: Path) -> LogState:
    """How far a log goes that was looked at when it was opened."""
    found = db.execute("SELECT origin, size, head, peaks FROM log").fetchall()
    if len(found) != 1:
        raise AuditBroken(f"The audit log {path} does not say how far it goes.", VERIFY)
    origin, size, head, peaks = found[0]
    return LogState(origin, size, head, Tree.read(size, peaks))


@contextmanager
def appending(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction, which no other process appends beside; durable when the `with` block is left."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def pseudonyms(db: sqlite3.Connection, customers: Sequence[str]) -> list[str]:
    """The pseudonyms of these customers, in their order; who has none yet gets one, at random."""
    known = known_pseudonyms(db, customers)
    new = {id: secrets.token_hex(12) for id in customers if id not in known}
    db.executemany("INSERT INTO pseudonym VALUES (?, ?)", new.items())
    known.update(new)
    return [known[id] for id in dict.fromkeys(customers)]


def known_pseudonyms(db: sqlite3.Connection, customers: Sequence[str]) -> dict[str, str]:
    """Customer id -> pseudonym, for those who have one."""
    found: dict[str, str] = {}
    for at in range(0, len(customers), 500):
        ids = customers[at : at + 500]
        holes = ", ".join("?" * len(ids))
        found.update(db.execute(f"SELECT customer_id, pseudonym FROM pseudonym WHERE customer_id IN ({holes})", ids).fetchall())
    return found


# -- errors ------------------------------------------------------------------------------------------------------------


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the disk become ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise refused(error, path) from error


def refused(error: Exception, path: Path) -> FullcircleError:
    """The error to raise when the log cannot be opened or appended to: AuditBroken if the file is damaged."""
    if isinstance(error, FullcircleError):
        return error
    text = str(error).lower()
    if is_disk_full(error):
        return NotAudited(f"The audit log {path} cannot be written: the disk is full.", "Free some space, then ask again.")
    if "locked" in text or "busy" in text:
        return NotAudited(f"Another process is holding the audit log {path}.", "Wait until it has ended, then ask again.")
    if any(sign in text for sign in ("malformed", "not a database", "disk image", "no such table", "no such column")):
        return AuditBroken(f"The audit log {path} is damaged: parts of it cannot be read.", VERIFY)
    if "readonly" in text or "read-only" in text or isinstance(error, PermissionError):
        return NotAudited(
            f"The audit log {path} is read-only for you: nothing is shown that cannot be noted.",
            "Correct the permissions of the home and of the files in it.",
        )
    if isinstance(error, FileNotFoundError) or "unable to open" in text:
        return NotAudited(f"The audit log {path} cannot be opened.", "See that the home is there, and that you may write to it.")
    return NotAudited(
        f"The audit log {path} cannot be written ({type(error).__name__}).", "`fullcircle audit verify` says whether it is whole."
    )

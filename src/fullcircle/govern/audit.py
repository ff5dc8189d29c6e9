"""The audit log: what was shown to whom, kept durably before it is shown. `open_audit` opens the one of a home.

An entry is noted when its transaction is on the disk. Several processes may append at once, beside a run; the threads of a server
share one transaction where they come together. Whatever goes wrong is NotAudited: the answer must not be given.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from fullcircle.book.book import FILE_NAME as BOOK
from fullcircle.book.kept_file import file_identity, write_new
from fullcircle.config.sections import Config
from fullcircle.errors import AuditBroken, Busy, FullcircleError, NotAudited
from fullcircle.govern.audit_anchor import BEGUN, LogAnchor, anchor_of, put_anchor
from fullcircle.govern.audit_file import (
    AUDIT,
    VERIFY,
    LogState,
    appending,
    connect,
    create,
    known_pseudonyms,
    new_origin,
    pseudonyms,
    refused,
    state,
    state_now,
    translated,
)
from fullcircle.govern.audit_json import begun_after, entry_json
from fullcircle.govern.audit_tree import NOTHING, chained, leaf
from fullcircle.govern.entry import AuditEntry
from fullcircle.govern.home_keys import open_book
from fullcircle.model.counting import counted

LOST = (
    "Copy it back from a backup. Without one, `fullcircle audit begin` begins a new log, whose first entry says that this one "
    "was lost."
)


@dataclass(slots=True)
class _Waiting:
    """Entries that a thread wants to have noted, and what became of them."""

    entries: Sequence[AuditEntry]
    done: bool = False
    error: NotAudited | None = None


class AuditFile:
    """An open audit log, for any number of threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: sqlite3.Connection | None = connect(path)
        self._file, self._process = file_identity(path), os.getpid()
        self._origin = self.state().origin
        self._one_at_a_time, self._queue = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting] = []

    def note(self, entry: AuditEntry) -> None:
        """Append one entry; it is durable when this returns. NotAudited: the answer must not be given."""
        self.note_many((entry,))

    def note_many(self, entries: Sequence[AuditEntry]) -> None:
        """Append several entries at once: all of them are durable when this returns, or none is."""
        mine = _Waiting(entries)
        with self._queue:
            self._waiting.append(mine)
        with self._one_at_a_time:  # whoever comes in appends for all who wait
            if not mine.done:
                with self._queue:
                    waiting, self._waiting = self._waiting, []
                error: NotAudited | None = NotAudited(f"Appending to the audit log {self.path} was interrupted.", "Ask again.")
                try:
                    error = self._tried([entry for one in waiting for entry in one.entries])
                finally:  # nobody takes what was interrupted for noted
                    for one in waiting:
                        one.done, one.error = True, error
        if mine.error:
            raise NotAudited(mine.error.message, mine.error.hint) from mine.error

    def state(self) -> LogState:
        """How far the log goes."""
        with translated(self.path):
            return state(self._open(), self.path)

    def head_after(self, number: int) -> bytes | None:
        """The head of the chain after this entry; None if the log does not have the entry."""
        if not number:
            return NOTHING
        with translated(self.path):
            found = self._open().execute("SELECT head FROM entry WHERE number = ?", (number,)).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else None

    def follows(self, origin: str) -> bool:
        """True if this log was begun because the one of this name was lost: an older book that was put back knows that one."""
        with translated(self.path):
            found = self._open().execute("SELECT CAST(json AS BLOB) FROM entry WHERE number = 1").fetchone()
        return bool(found) and begun_after(found[0]) == origin

    def pseudonyms_of(self, customers: Iterable[str]) -> list[str]:
        """The pseudonyms that the entries have for these customers, of those that occur."""
        with translated(self.path):
            return list(known_pseudonyms(self._open(), list(customers)).values())

    def forget(self, customers: Iterable[str]) -> int:
        """Delete the pseudonyms of erased customers, from all parts of the file, and return how many there were.

        The entries stay, and so does every hash, but nobody can find out any more whom they are about. Busy while another
        process is reading the log: the pseudonyms are deleted then, but may still be seen in its journal. Run it again.
        """
        with self._one_at_a_time:
            db, gone = self._open(), 0
            try:
                with appending(db):
                    for id in customers:
                        gone += db.execute("DELETE FROM pseudonym WHERE customer_id = ?", (id,)).rowcount
                busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except (sqlite3.Error, OSError) as error:
                self._drop()
                raise refused(error, self.path) from error
        if busy:
            raise Busy(f"Another process is reading the audit log {self.path}.", "Wait until it has ended, then try again.")
        return gone

    def close(self) -> None:
        """Close the file."""
        if self._db:
            self._db.close()
            self._db = None

    def __enter__(self) -> AuditFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tried(self, entries: Sequence[AuditEntry]) -> NotAudited | None:
        try:
            self._append(entries)
        except (sqlite3.Error, OSError, ValueError, TypeError, FullcircleError) as error:
            self._drop()  # after a failed write the file is opened anew: nothing is known of the connection
            found = refused(error, self.path)
            failed = found if isinstance(found, NotAudited) else NotAudited(found.message, found.hint)
            failed.__cause__ = error
            return failed
        return None

    def _append(self, entries: Sequence[AuditEntry]) -> None:
        db = self._open()
        with appending(db):
            now = state_now(db, self.path)
            if now.origin != self._origin:
                raise AuditBroken(f"The audit log {self.path} is another one than was opened.", LOST)
            head, tree, rows = now.head, now.tree, []
            for entry in entries:
                text = entry_json(tree.size + 1, entry, pseudonyms(db, entry.customers))
                new = leaf(text)
                head = chained(head, new)
                tree.add(new)
                rows.append((tree.size, text.decode(), head))
            db.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
            db.execute("UPDATE log SET size = ?, head = ?, peaks = ?", (tree.size, head, tree.packed))
        if file_identity(self.path) != self._file:
            raise AuditBroken(f"The audit log {self.path} was moved away or exchanged while it was open.", LOST)

    def _open(self) -> sqlite3.Connection:
        if self._process != os.getpid():  # a connection must not go through a fork; it stays the parent's
            self._db, self._process = None, os.getpid()
        if self._db is None:
            self._db = connect(self.path)
            self._file = file_identity(self.path)
        return self._db

    def _drop(self) -> None:
        with suppress(sqlite3.Error):
            self.close()


# -- the log of a home -------------------------------------------------------------------------------------------------


def open_audit(home: Path, settings: Config) -> AuditFile:
    """Open the audit log of a home; the first time it is begun. AuditBroken if it is lost, damaged or another one."""
    path, anchor = home / AUDIT, anchor_of(settings)
    if not path.exists():
        if lost := lost_log(home, anchor):
            raise lost
        begin(home, settings)
    audit = AuditFile(path)
    try:
        if anchor:
            check_anchor(audit, anchor)
    except BaseException:
        audit.close()
        raise
    return audit


def lost_log(home: Path, anchor: LogAnchor | None) -> AuditBroken | None:
    """The error to raise if a log was kept in this home, and is not there any more."""
    path = home / AUDIT
    if path.exists() or not (anchor or (home / BEGUN).exists()):
        return None
    known = f": the book knows of {counted(anchor.size, 'entry', 'entries')}" if anchor else ""
    return AuditBroken(f"The audit log {path} is missing, but one was kept here{known}.", LOST)


def forget_pseudonyms(settings: Config, customers: Iterable[str]) -> int:
    """Delete the pseudonyms of erased customers from the log of a project; how many there were. See `AuditFile.forget`.

    Busy while another process is reading the log. 0 if no log was begun; AuditBroken if it is lost or damaged.
    """
    home = settings.home
    if lost := lost_log(home, anchor_of(settings)):
        raise lost
    if not (home / AUDIT).exists():
        return 0
    with AuditFile(home / AUDIT) as audit:
        return audit.forget(customers)


def begin(home: Path, settings: Config) -> None:
    """Make the log of a home, and write down that there is one."""
    path = home / AUDIT
    create(path, new_origin(settings.project.name))
    try:
        write_new(home / BEGUN, f"An audit log was begun: {AUDIT}. If it is missing, it was lost.\n".encode())
    except OSError as error:
        raise refused(error, path) from error
    if (home / BOOK).is_file():
        with (
            suppress(Busy),
            closing(AuditFile(path)) as audit,
            closing(open_book(settings)) as book,
        ):
            put_anchor(book, anchor_at(audit.state()))


def anchor_at(now: LogState) -> LogAnchor:
    """The anchor of a log as it is."""
    return LogAnchor(now.origin, now.size, now.head)


def check_anchor(audit: AuditFile, anchor: LogAnchor) -> None:
    """AuditBroken if this is not the log that the book speaks of, or it does not have the entry that the book knows last."""
    now = audit.state()
    if now.origin != anchor.origin:
        if audit.follows(anchor.origin):
            return
        raise AuditBroken(f"The audit log {audit.path} is another one than was kept here.", LOST)
    if now.size < anchor.size:
        missing = counted(anchor.size - now.size, "entry is", "entries are")
        raise AuditBroken(
            f"The audit log {audit.path} was cut, or an older one was put back: after entry {now.size:,}, {missing} missing.",
            VERIFY,
        )
    if audit.head_after(anchor.size) != anchor.head:
        raise AuditBroken(f"The audit log {audit.path} was changed at entry {anchor.size:,} or before.", VERIFY)
    if audit.head_after(now.size) != now.head:
        raise AuditBroken(f"The audit log {audit.path} was cut or changed at its end, after entry {now.size:,}.", VERIFY)

"""A home with an audit log in it, and what an intruder does to the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from fullcircle.book.book import FILE_NAME, Book
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import AuditSettings, Config
from fullcircle.govern.audit import open_audit
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.entry import AuditEntry
from fullcircle.govern.principal import Principal

MARIA = Principal("os:maria", frozenset({"agent"}), "cli")


def entry(number: int, question: str = "show") -> AuditEntry:
    return AuditEntry(
        MARIA, question, "answered", (f"customer:{number:016d}",), ("email:partial", "name"), "agent-reads", "1 customer"
    )


def settings_of(folder: Path, audit: AuditSettings | None = None) -> Config:
    return Config(folder=folder, audit=audit or AuditSettings())


def home_with(folder: Path, entries: int = 0, audit: AuditSettings | None = None) -> Config:
    """A home with a book and so many entries."""
    settings = settings_of(folder, audit)
    settings.home.mkdir(exist_ok=True, parents=True)
    with closing(Book(settings.home / FILE_NAME)) as book:
        RunLog(book)
    with open_audit(settings.home, settings) as log:
        if entries:
            log.note_many([entry(number) for number in range(1, entries + 1)])
    return settings


def tamper(settings: Config, *statements: str) -> None:
    """Change the file as one does who may write to it and knows SQL."""
    with closing(sqlite3.connect(settings.home / AUDIT)) as db:
        db.executescript("DROP TRIGGER IF EXISTS entry_stays; DROP TRIGGER IF EXISTS entry_stays_so;")
        for statement in statements:
            db.executescript(statement)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

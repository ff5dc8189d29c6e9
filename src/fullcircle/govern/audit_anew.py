"""Begins a new audit log where the old one is lost or damaged: on purpose, and its first entry says so."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from fullcircle.book.book import FILE_NAME as BOOK
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, cannot_write
from fullcircle.govern.audit import AuditFile, anchor_at, begin
from fullcircle.govern.audit_anchor import BEGUN, LogAnchor, anchor_of, put_anchor
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.audit_json import BEGIN, begun_detail
from fullcircle.govern.audit_verify import verify
from fullcircle.govern.entry import AuditEntry
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.principal import Principal
from fullcircle.model.counting import counted


def begin_anew(home: Path, settings: Config, who: Principal) -> Path | None:
    """Begin a new log; ConfigError if the old one is whole. A damaged one is set aside, and where to is returned."""
    path, anchor = home / AUDIT, anchor_of(settings)
    if not path.exists() and not anchor and not (home / BEGUN).exists():
        raise ConfigError("No audit log was ever kept here.", "It is begun by itself, with the first question.")
    if path.exists() and not verify(path, (), anchor).problems:
        raise ConfigError(
            f"The audit log {path} is whole: a new one would hide what is in it.", "Move the whole home away to start anew."
        )
    aside = _set_aside(path)
    begin(home, settings)
    with closing(AuditFile(path)) as audit:
        audit.note(AuditEntry(who, BEGIN, "answered", detail=_lost(anchor, aside)))
        if (home / BOOK).is_file():
            with closing(open_book(settings)) as book:
                put_anchor(book, anchor_at(audit.state()))
    return aside


def _lost(anchor: LogAnchor | None, aside: Path | None) -> str:
    known = f"; the book knew of {counted(anchor.size, 'entry', 'entries')}" if anchor else ""
    return begun_detail(anchor.origin if anchor else "", f"it was {'damaged' if aside else 'lost'}{known}")


def _set_aside(path: Path) -> Path | None:
    """Move the file and what belongs to it away, under a name with the time."""
    at = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    moved = None
    try:
        for old in (path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))):
            with suppress(FileNotFoundError):
                new = old.with_name(f"damaged-{at}-{old.name}")
                old.rename(new)
                moved = new if old == path else moved
    except OSError as error:
        raise cannot_write(f"The audit log {path}", error) from error
    return moved

"""Consents that people gave or took back at a door of ours: one more source of consents, kept in the book and read by `conform`.

What is newest counts, as among sources (mapping/denials.py, ask/consents.py). A refusal is kept with each record of the customer,
so that it holds for whoever they turn out to be; a consent with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError

SOURCE = "fullcircle"  # of these consents
LONGEST = 100  # characters of a purpose, and of where it was said
DDL = """
CREATE TABLE IF NOT EXISTS given_consent (
    record_id TEXT NOT NULL, purpose TEXT NOT NULL, granted INTEGER NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL,
    by TEXT NOT NULL, PRIMARY KEY (record_id, purpose)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """What a customer said about a purpose."""

    record_id: str
    purpose: str  # email, sms, call, post, or any other: see `channel_of` of mapping/denials.py
    granted: bool
    at: str  # ISO, in UTC
    said: str  # where: "phone", "form on paper"
    by: str  # who wrote it down


class GivenConsents:
    """The consents in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def all(self) -> list[GivenConsent]:
        """All of them, in order."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'given_consent'"):
            return []
        rows = self._book.read("SELECT * FROM given_consent ORDER BY record_id, purpose")
        return [GivenConsent(record, purpose, bool(granted), *rest) for record, purpose, granted, *rest in rows]

    def put(self, records: Sequence[str], purpose: str, granted: bool, at: datetime, said: str, by: str) -> int:
        """What the customer of these records says now, in place of what they said before; returns how many records keep it."""
        if not (purpose.strip() and purpose.isprintable() and len(purpose) <= LONGEST and len(said) <= LONGEST):
            raise ConfigError(f"A purpose has 1 to {LONGEST} printable characters.", "Name it as `show` does: email, sms ...")
        when = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        if when > datetime.now(UTC):
            raise ConfigError("A consent cannot be given in the future.", "Leave out its time, or correct it.")
        kept = list(records) if not granted else list(records)[:1]
        with self._book.transaction():
            self.take_back(records, purpose)
            self._book.write_many(
                "INSERT INTO given_consent VALUES (?, ?, ?, ?, ?, ?)",
                ((record, purpose, int(granted), when.isoformat(timespec="seconds"), said, by) for record in kept),
            )
        return len(kept)

    def take_back(self, records: Sequence[str], purpose: str) -> None:
        """As if nothing had been said here: what the sources say counts again."""
        self._book.write_many(
            "DELETE FROM given_consent WHERE record_id = ? AND purpose = ?", ((record, purpose) for record in records)
        )


def add_given(engine: Engine, given: Sequence[GivenConsent]) -> None:
    """Add them to the staged consents, for records that there are."""
    if not given:
        return
    names = ("record_id", "purpose", "granted", "at")
    types = (pa.string(), pa.string(), pa.bool_(), pa.string())
    rows = pa.table(
        {name: pa.array([getattr(one, name) for one in given], kind) for name, kind in zip(names, types, strict=True)}
    )
    with engine.register("given_consents", rows):
        engine.run(f"""
            INSERT INTO staged_consents BY NAME
            SELECT 'consent:{SOURCE}:given:' || md5(record_id || chr(31) || purpose) AS consent_id, record_id, purpose, granted,
                CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) AS "at", '{SOURCE}' AS source, 'given' AS object,
                md5(record_id || chr(31) || purpose) AS key
            FROM given_consents SEMI JOIN staged_records USING (record_id)""")

"""Which tables and which graph the book speaks of: each has an identity, which is part of the fingerprints of the stages.

A part that was lost, replaced or restored gets a new identity (`renew`), so the stages that fill it are done again. The book
and the tables also carry a text in common, replaced at the start of every run: if the texts differ, one of the two is from
another moment or another home.
"""

from __future__ import annotations

import uuid

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine

DDL = "CREATE TABLE IF NOT EXISTS home_identity (part TEXT PRIMARY KEY, id TEXT NOT NULL)"
PAIR, NEXT = "pair", "pair next"


class Identities:
    """The identities of the parts of a home, in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def of(self, part: str) -> list[object]:
        """What to add to the fingerprint of the stage that fills this part: nothing as long as it is the first of its kind."""
        found = self._get(part)
        return [found] if found else []

    def renew(self, part: str) -> None:
        """From now on this part is another one: what was written into it before no longer counts."""
        self._put(part, uuid.uuid4().hex)

    def paired(self, engine: Engine) -> bool:
        """True if the tables and the book are from the same moment; also if neither says anything yet."""
        there = str(engine.value("SELECT id FROM home.identity") or "") if engine.has("home.identity") else ""
        return there in (self._get(PAIR), self._get(NEXT))

    def pair(self, engine: Engine) -> None:
        """Write the same new text into both. Killed at any point in between, they still count as paired."""
        text = uuid.uuid4().hex
        self._put(NEXT, text)
        engine.run("CREATE SCHEMA IF NOT EXISTS home")
        engine.run("CREATE OR REPLACE TABLE home.identity AS SELECT $id AS id", {"id": text})
        self._put(PAIR, text)

    def _get(self, part: str) -> str:
        found = self._book.read("SELECT id FROM home_identity WHERE part = ?", (part,))
        return str(found[0][0]) if found else ""

    def _put(self, part: str, id: str) -> None:
        self._book.write("INSERT OR REPLACE INTO home_identity VALUES (?, ?)", (part, id))

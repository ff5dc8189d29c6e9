"""Which fields of a source we write ourselves, in the book: what comes back in them is not a change of the source.

Each value that we write changes the date of its row, too. If such a row counted as changed, all rows would be worked on again
after each write-back, and would be the newest, so that golden values would follow what we wrote last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from fullcircle.book.book import Book
from fullcircle.engine.base import literal

DDL = """
CREATE TABLE IF NOT EXISTS written_field (
    source TEXT NOT NULL, object TEXT NOT NULL, field TEXT NOT NULL, PRIMARY KEY (source, object, field)) WITHOUT ROWID;
"""


class WrittenFields:
    """The fields that were ever written, with the columns that change with them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def note(self, source: str, object: str, fields: Iterable[str]) -> None:
        """These are written from now on."""
        self._book.write_many("INSERT OR IGNORE INTO written_field VALUES (?, ?, ?)", ((source, object, one) for one in fields))

    def of(self, source: str, object: str) -> list[str]:
        """The fields of an object, sorted."""
        rows = self._book.read("SELECT field FROM written_field WHERE source = ? AND object = ? ORDER BY 1", (source, object))
        return [row[0] for row in rows]

    def compared(self, source: str, object: str, row: str) -> str:
        """SQL of what makes a landed row (a name of one in SQL) another one than before."""
        fields = self.of(source, object)
        if not fields:
            return f"({row}._op, {row}._into, {row}._at, {row}._raw)"
        without = literal(json.dumps(dict.fromkeys(fields)))
        raw = (
            f"CASE WHEN json_valid({row}._raw) THEN CAST(json_merge_patch({row}._raw, {without}) AS VARCHAR) ELSE {row}._raw END"
        )
        return f"({row}._op, {row}._into, {raw})"

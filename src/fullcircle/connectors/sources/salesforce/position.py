"""How far the pull of an object has got: what its cursor says, and where an interrupted pull goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fullcircle.connectors.base import Cursor


@dataclass(slots=True)
class SalesforcePosition:
    """Stored as the cursor, and restored from it. Moments are texts of the server's time, `2026-11-30T10:00:00`."""

    since: str | None  # rows that changed since then are read; None: all
    upto: str  # where the next pull starts: before the first request of this one
    deleted: str  # deletes are known until then
    fields: list[str]  # what was read of each row
    sweep: bool = False  # the log of deletes did not reach back: the ids must be compared
    # Where a reading that has begun goes on: {"job", "locator", "rows", "header"} of a bulk job, {"after"} of pages, {"done"}.
    reading: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def resumed(cls, cursor: Cursor | None, fields: Sequence[str], now: str) -> tuple[SalesforcePosition, list[str]]:
        """Where this pull begins or goes on, and the fields that were not read before: with such, all rows are read again."""
        if cursor is None:
            return cls(None, now, now, list(fields)), []
        new = sorted({*fields} - {*cursor["fields"]})
        position = cls(
            cursor["since"],
            cursor.get("upto", now),
            cursor["deleted"],
            list(fields),
            cursor["sweep"],
            dict(cursor.get("reading", {})),
        )
        if new:
            position.since, position.upto, position.reading = None, now, {}
        elif not position.reading:
            position.upto = now
        return position, new

    def again(self, now: str) -> None:
        """What was read is lost at the source: the same changes are read once more."""
        self.upto, self.reading = now, {}

    def cursor(self, ended: bool = False) -> Cursor:
        """The cursor after the rows so far."""
        kept: Cursor = {"deleted": self.deleted, "sweep": self.sweep, "fields": self.fields}
        if ended:
            return {"since": self.upto, **kept}
        return {"since": self.since, "upto": self.upto, "reading": dict(self.reading), **kept}


def text_of(moment: datetime) -> str:
    """A moment as it is kept."""
    return moment.isoformat(timespec="milliseconds")


def literal_of(moment: str) -> str:
    """A moment that is kept, as a query writes it."""
    return f"{moment}Z"

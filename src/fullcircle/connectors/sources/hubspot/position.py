"""How far the pull of an object has got: what its cursor says, and where an interrupted pull goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fullcircle.connectors.base import Cursor


@dataclass(slots=True)
class HubspotPosition:
    """Stored as the cursor, and restored from it. Moments are milliseconds of the server's time, as searches ask for them."""

    since: int | None  # rows that changed since then are read; None: all
    upto: int  # where the next pull starts: before the first request of this one
    archived: int  # what went to the recycle bin is known until then
    full: int  # when all rows were read, or began to be
    swept: int  # when all ids were compared
    fields: list[str]  # what was read of each row
    sweep: bool = False  # the ids must be compared
    # Where a reading that has begun goes on: {"after"} of a list; {"from", "within"} of searches; {"done"}.
    reading: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def resumed(
        cls, cursor: Cursor | None, fields: Sequence[str], now: int, read_again: int
    ) -> tuple[HubspotPosition, list[str]]:
        """Where this pull begins or goes on, and the fields that were not read before: with such, all rows are read again.

        So they are when `read_again` milliseconds have passed since the last time.
        """
        if cursor is None:
            return cls(None, now, now, now, now, list(fields)), []
        new = sorted({*fields} - {*cursor["fields"]})
        known = {name: cursor[name] for name in ("since", "archived", "full", "swept", "sweep")}
        position = cls(upto=cursor.get("upto", now), reading=dict(cursor.get("reading", {})), fields=list(fields), **known)
        begun = bool(position.reading)
        if new or (not begun and now - position.full >= read_again):
            position.since, position.upto, position.full, position.reading = None, now, now, {}
        elif not begun:
            position.upto = now
        return position, new

    def cursor(self, ended: bool = False) -> Cursor:
        """The cursor after the rows so far."""
        kept: Cursor = {
            "archived": self.archived, "full": self.full, "swept": self.swept, "sweep": self.sweep, "fields": self.fields,
        }  # fmt: skip
        if ended:
            return {"since": self.upto, **kept}
        return {"since": self.since, "upto": self.upto, "reading": dict(self.reading), **kept}


def milliseconds(moment: datetime) -> int:
    """A moment in UTC without a zone, as milliseconds since 1970."""
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)


def moment_of(text: Any) -> int | None:
    """A moment as HubSpot writes it (2026-11-30T10:00:00.123Z, or milliseconds); None for anything else."""
    if not isinstance(text, str) or not text:
        return None
    if text.isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return milliseconds(moment.astimezone(UTC) if moment.tzinfo else moment)

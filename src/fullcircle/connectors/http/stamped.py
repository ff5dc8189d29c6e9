"""How far a pull by time stamps has got: what its cursor says, and where an interrupted pull goes on.

Moments are texts of the server's time, `2026-11-30T10:00:00Z`: they are in order as texts, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from fullcircle.connectors.base import Cursor


@dataclass(slots=True)
class StampedPosition:
    """Stored as the cursor, and restored from it."""

    since: str | None  # rows that changed since then are read; None: all
    upto: str  # where the next pull starts: some time before the first request of this one
    full: str  # when all rows were read, or began to be
    swept: str  # when all ids were compared
    fields: list[str]  # what is read of each row
    sweep: bool = False  # the ids must be compared
    ended: bool = False  # else this is a pull that was interrupted
    reading: dict[str, Any] = field(default_factory=dict)  # where a reading that has begun goes on; {"done"}: nowhere

    @classmethod
    def resumed(cls, cursor: Cursor | None, fields: Sequence[str], now: str, read_again: timedelta) -> tuple[Self, list[str]]:
        """Where this pull begins or goes on, and the fields that were not read before: with such, all rows are read again.

        So they are when `read_again` has passed since the last time.
        """
        if cursor is None:
            return cls(None, now, now, now, list(fields)), []
        position = cls(**cursor)
        position.reading = dict(position.reading)
        new = sorted({*fields} - {*position.fields})
        position.fields = list(fields)
        if new or (position.ended and moment(now) - moment(position.full) >= read_again):
            position.since, position.upto, position.full, position.reading = None, now, now, {}
        elif position.ended:
            position.since, position.upto = position.upto, now
        position.ended = False
        return position, new

    def sweeps(self, every: timedelta) -> bool:
        """True, and noted, if it is time to compare the ids."""
        self.sweep = self.sweep or moment(self.upto) - moment(self.swept) >= every
        return self.sweep

    def cursor(self) -> Cursor:
        """The cursor after the rows so far."""
        return asdict(self)

    def end(self) -> Cursor:
        """The cursor after the last row."""
        self.reading, self.ended = {}, True
        return self.cursor()


def swept(cursor: Cursor) -> Cursor:
    """The cursor once the ids have been compared."""
    return {**cursor, "sweep": False, "swept": cursor["upto"]} if cursor["sweep"] else cursor


def set_back(cursor: Cursor, to: datetime) -> Cursor:
    """The cursor, set back to a moment: what changed since then is read again."""
    then = text_of(to)
    if cursor["ended"]:
        return {**cursor, "upto": min(cursor["upto"], then)}
    return cursor if cursor["since"] is None else {**cursor, "since": min(cursor["since"], then), "reading": {}}


def text_of(moment: datetime) -> str:
    """A moment in UTC, as it is stored and asked for."""
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"


def moment(text: str) -> datetime:
    """The moment of such a text, without a zone."""
    return datetime.fromisoformat(text.removesuffix("Z"))

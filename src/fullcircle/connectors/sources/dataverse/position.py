"""How far the pull of a table has got: what its cursor says, and where an interrupted pull goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from fullcircle.connectors.base import Cursor


@dataclass(slots=True)
class DataversePosition:
    """Stored as the cursor, and restored from it. Moments are texts of the server's time, `2026-11-30T10:00:00Z`."""

    fields: list[str]  # what is read of each row
    upto: str  # without change tracking: where the next pull starts, before the first request of this one
    tracked: bool  # changes are asked for by link; else by time stamp
    refused: bool = False  # the table tracks changes, but does not list them to this user
    link: str = ""  # what has changed since all rows were read; "" as long as that has not been done
    since: str | None = None  # without change tracking: rows that changed since then are read; None: all
    sweep: bool = False  # deletes may have been missed: the ids must be compared
    # Where a reading that has begun goes on: {"next"} is the link of a page, {"after"} the time stamp of the last row.
    reading: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def resumed(cls, cursor: Cursor | None, fields: Sequence[str], tracked: bool, now: str) -> tuple[DataversePosition, str]:
        """Where this pull begins or goes on, and why all rows are read again, if they are."""
        if cursor is None:
            return cls(list(fields), now, tracked), ""
        position = cls(**cursor)
        position.reading = dict(position.reading)
        changed = sorted({one.partition(":")[0] for one in {*fields} ^ {*position.fields}})
        if changed:
            position.again(fields, now)
            return position, f"new, changed or removed columns: {', '.join(changed[:5])}"
        if tracked != position.tracked and not position.refused:
            position.tracked = tracked
            position.again(fields, now)
            return position, f"its changes are {'now' if tracked else 'no longer'} tracked by the environment"
        if not position.reading:
            position.upto = now
        return position, ""

    def again(self, fields: Sequence[str], now: str) -> None:
        """All rows are read again, and what was deleted meanwhile is found by its missing id."""
        self.fields, self.upto = list(fields), now
        self.link, self.since, self.reading, self.sweep = "", None, {}, True

    def refuse(self, now: str) -> None:
        """From here on, changes are found by time stamp, because this user may not ask for what is tracked."""
        self.tracked, self.refused = False, True
        self.again(self.fields, now)

    def cursor(self) -> Cursor:
        """The cursor after the rows so far."""
        return asdict(self)

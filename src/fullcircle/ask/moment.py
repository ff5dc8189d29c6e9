"""Times as people write them: a date, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from fullcircle.errors import ConfigError

AGO = re.compile(r"(\d{1,5}) ?([mhdw])")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, what: str) -> date | datetime | None:
    """The day or the time in UTC, without a zone; None for no text. ConfigError names `what` if it is neither."""
    text = text.strip()
    if not text:
        return None
    if ago := AGO.fullmatch(text):
        return datetime.now(UTC).replace(tzinfo=None) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        if len(text) == len("2026-11-30"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ConfigError(f"{what} {text} is not a time.", "Write 2026-11-30, 2026-11-30T14:00, 7d or 12h.") from None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def begin_of(day: date | datetime) -> datetime:
    """The first moment of a day; a time is itself."""
    return day if isinstance(day, datetime) else datetime.combine(day, time.min)


def end_of(day: date | datetime) -> datetime:
    """The first moment after a day; of a time, what follows within the next millisecond does not count either."""
    try:
        return (
            day + timedelta(milliseconds=1) if isinstance(day, datetime) else datetime.combine(day, time.min) + timedelta(days=1)
        )
    except OverflowError:
        return datetime.max

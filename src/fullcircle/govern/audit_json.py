"""An entry as bytes: JSON that can be written in one way only (RFC 8785), so that whoever hashes it gets the same hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import rfc8785

from fullcircle.govern.entry import AuditEntry

VERSION = 1


def entry_json(number: int, entry: AuditEntry, pseudonyms: Sequence[str]) -> bytes:
    """The entry with its number and the time, customers by pseudonym."""
    who = entry.who
    return rfc8785.dumps(
        {
            "v": VERSION,
            "n": number,
            "at": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "who": _text(who.name),
            "roles": sorted(_text(role) for role in who.roles),
            "door": _text(who.door),
            "via": _text(who.via),
            "question": _text(entry.question),
            "outcome": entry.outcome,
            "customers": list(pseudonyms),
            "fields": [_text(name) for name in entry.fields],
            "rule": _text(entry.rule),
            "detail": _text(entry.detail),
        }
    )


def _text(value: str) -> str:
    """A name of the operating system may hold bytes that are not UTF-8: they are written out."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")

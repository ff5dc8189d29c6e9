"""An entry as bytes: JSON that can be written in one way only (RFC 8785), so that whoever hashes it gets the same hash."""

from __future__ import annotations

import json
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


BEGIN = "audit begin"  # the question of the first entry of a log that takes the place of another


def begun_detail(former: str, why: str) -> str:
    """The detail of that entry. `former`: the name of the log before, empty if it is not known."""
    return f"{former or 'a log of unknown name'}: {why}"


def begun_after(first: str | bytes) -> str:
    """The name of the log that a first entry says was lost; empty if it says none."""
    try:
        found = json.loads(first)
        return str(found["detail"]).partition(":")[0] if found["question"] == BEGIN else ""
    except (ValueError, TypeError, KeyError):
        return ""


def _text(value: str) -> str:
    """A name of the operating system may hold bytes that are not UTF-8: they are written out."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")

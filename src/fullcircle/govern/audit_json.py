"""An entry as bytes: JSON that can be written in one way only (RFC 8785), so that whoever hashes it gets the same hash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import rfc8785

from fullcircle.govern.entry import AuditEntry

VERSION = 1
MOST_EXACT = 2**53  # of JSON's numbers


def canonical(value: Any) -> bytes:
    """JSON by RFC 8785. Of texts, whole numbers and ASCII names Python's own, sorted, is the same, and quicker."""
    if _is_plain(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return rfc8785.dumps(value)


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and name.isascii() and _is_plain(one) for name, one in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str) or (type(value) is int and abs(value) < MOST_EXACT)


def entry_json(number: int, entry: AuditEntry, pseudonyms: Sequence[str]) -> bytes:
    """The entry with its number and the time, customers by pseudonym."""
    who = entry.who
    return canonical(
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

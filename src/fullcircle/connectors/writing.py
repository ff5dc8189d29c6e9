"""How values are written back into rows of a source: what a connector does that can. Start at `RowWriter`.

Values travel as texts in one form for each kind, so that what is there and what is wanted can be compared: see KINDS. None is an
empty field. A writer never sends a request twice by itself when it does not know whether the first one was carried out: it raises
WriteUnsure, and whoever asked looks at the rows again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, runtime_checkable

from fullcircle.errors import SourceError, SourceUnreachable

KINDS: dict[str, str] = {  # kind of a field -> the form of its values
    "text": "as it is, without spaces around it",
    "number": "-12.5",
    "integer": "12",
    "boolean": "true or false",
    "date": "2026-11-30",
    "moment": "2026-11-30T10:00:00Z",
    "list": "its parts in order, with ; between them",
}
Texts = Mapping[str, str | None]  # field -> value


class WriteUnsure(SourceUnreachable):
    """A request that writes was sent, and nobody knows whether it was carried out."""


class RowsRefused(SourceError):
    """A request that writes was refused as a whole, and nothing of it was written. `reason`: a word for it, without values."""

    def __init__(self, message: str, hint: str, reason: str) -> None:
        super().__init__(message, hint)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class WritableField:
    """A field of an object, as its source describes it to this user."""

    name: str
    kind: str  # one of KINDS
    refused: str = ""  # why it cannot be written ("is computed"); empty: it can
    digits: int = 2  # decimal places that are kept
    empty: str | None = None  # what an empty field shows: "false" where a box is never empty


class RowWriter(Protocol):
    """Writes into the rows of a source."""

    read_rows: int  # rows of one request that reads
    write_rows: int  # rows of one request that writes

    def stamps(self, object: str) -> Sequence[str]:
        """The columns that change by themselves when a row is written: its date, and who did it."""
        ...

    def fields(self, object: str) -> Mapping[str, WritableField]:
        """The fields of an object. SourceRefused if this user may not change its rows at all."""
        ...

    def values(self, object: str, keys: Sequence[str], fields: Sequence[WritableField]) -> dict[str, Texts]:
        """What rows have now, by key. Those that are not there any more are missing."""
        ...

    def write(self, object: str, rows: Mapping[str, Texts], fields: Mapping[str, WritableField]) -> dict[str, str]:
        """Write these values of rows. Returns key -> why the row was refused; all others are written.

        WriteUnsure if nobody knows; RowsRefused if nothing was written.
        """
        ...


@runtime_checkable
class WritesBack(Protocol):
    """A connector whose source also takes values."""

    def writer(self) -> RowWriter:
        """What writes, with the login of the connector."""
        ...


def number_text(value: Any, digits: int) -> str | None:
    """A number in its form: rounded, without zeros at its end. None if it is empty; what is not a number stays as it is."""
    if value is None or value == "":
        return None
    try:
        rounded = round(Decimal(str(value)), digits)
    except InvalidOperation:
        return str(value)
    text = f"{rounded:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def list_text(parts: Sequence[str]) -> str | None:
    """A list in its form."""
    return ";".join(sorted(part.strip() for part in parts if part.strip())) or None


def plain_text(value: Any) -> str | None:
    """A text in its form."""
    return (str(value).strip() or None) if value is not None else None


def moment_text(value: Any) -> str:
    """A moment as an API writes it, in our form: with a zone or in UTC, or milliseconds since 1970."""
    text = str(value)
    found = _since_1970(text) if text.lstrip("-").isdigit() else datetime.fromisoformat(text)
    return f"{(found.astimezone(UTC) if found.tzinfo else found).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def day_of(value: Any) -> str:
    """A day as an API writes it: a date, or milliseconds since 1970."""
    text = str(value)
    return (_since_1970(text).date() if text.lstrip("-").isdigit() else date.fromisoformat(text[:10])).isoformat()


def _since_1970(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1000, UTC)

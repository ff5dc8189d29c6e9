"""What is asked of a web API, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

PLAIN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. Nearly all that connectors ask only reads, so it may be sent twice."""

    method: str
    url: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    into: Path | None = None  # a file for the body of a good answer, which may be larger than the memory
    # What is wrong with a good answer ("sends fewer rows than it says"): then it is asked for again; "" for nothing.
    flaw: Callable[[HttpAnswer], str] | None = None
    # It writes: sent again only where it is sure that nothing was done. WriteUnsure otherwise.
    writes: bool = False


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer: its body is in memory, or in the file that was asked for."""

    status: int
    headers: Mapping[str, str]  # names in any case
    body: bytes = b""

    def json(self, number: Callable[[str], Any] | None = None) -> Any:
        """The body as JSON; `number` makes a number of its text (`str`: as it is written). ValueError if it is something else."""
        return json.loads(self.body, parse_constant=_not_json, parse_float=number, parse_int=number)

    def object(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty if it is something else."""
        try:
            found = self.json()
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def clock(self) -> datetime:
        """The time of the server (UTC, without a zone) when it answered; ours if it does not say."""
        stamp = self.headers.get("date")
        try:
            moment = parsedate_to_datetime(stamp) if stamp else datetime.now(UTC)
        except ValueError:
            moment = datetime.now(UTC)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None, microsecond=0)


def _not_json(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def not_json(answer: HttpAnswer) -> str:
    """For `Ask.flaw`: the body must be JSON. A body that was cut off is not."""
    try:
        answer.json()
    except ValueError:
        return "does not answer with whole JSON"
    return ""


def code_word(text: Any) -> str:
    """A machine's word for an error, to be shown: letters, digits and `_`; "" for anything else, which may hold data."""
    plain = isinstance(text, str) and 0 < len(text) <= PLAIN_CHARACTERS and text.isascii()
    return text if plain and text.replace("_", "").replace("-", "").isalnum() else ""

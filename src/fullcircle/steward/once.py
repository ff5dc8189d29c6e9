"""A request that is sent twice is carried out once: its key is kept in the book, with its answer, for a day.

What a request changes and its key are written in one transaction. So after a crash either nothing was done, or it is known what
was done: `noted` says so much that the rest can be done again, and then the answer is kept. Nothing is ever done twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, FullcircleError
from fullcircle.govern.door import Door
from fullcircle.model.field_classes import CLASSES

DDL = """
CREATE TABLE IF NOT EXISTS request_once (
    who TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, sight TEXT NOT NULL, at TEXT NOT NULL, noted TEXT, answer TEXT,
    answered INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (who, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS request_once_at ON request_once (at);
"""
KEPT = timedelta(hours=24)
LONGEST = 255  # characters of a key


class KeyReused(FullcircleError):
    """An idempotency key was sent again with another request."""

    code, status = "key-reused", 422


class StillRunning(FullcircleError):
    """The first request with this idempotency key is not finished yet."""

    code, status, retry = "still-running", 409, True


class AnswerGone(FullcircleError):
    """The request was carried out, and its answer cannot be given again."""

    code, status = "answer-gone", 409


@dataclass(frozen=True, slots=True)
class RequestKey:
    """The key of one request of somebody, and what the request was."""

    who: str
    key: str
    body: str  # a hash of the operation and its body
    sight: str  # a hash of what they may see: an answer of before is not for who sees less today

    @classmethod
    def of(cls, door: Door, key: str, operation: str, body: Mapping[str, Any]) -> RequestKey:
        """The key as somebody sent it. ConfigError for one that is too long, or cannot be printed."""
        if not key.isprintable() or not 0 < len(key) <= LONGEST:
            raise ConfigError(
                f"An Idempotency-Key has 1 to {LONGEST} printable characters.", "Send a random one, such as a UUID."
            )
        levels = [door.mask.sight.level(one) for one in CLASSES]
        return cls(door.who.name, key, _hash([operation, body]), _hash([levels, sorted(door.who.scope)]))


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """What the book knows of a request that was begun."""

    noted: dict[str, Any] | None  # what was done so far, and is to be completed
    answer: Any
    answered: bool


class Requests:
    """The requests with a key, in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def kept(self, one: RequestKey) -> KeptRequest | None:
        """The request, if it was begun before. KeyReused where it was another one, AnswerGone where the answer is not kept."""
        rows = self._book.read(
            "SELECT body, sight, noted, answer, answered FROM request_once WHERE who = ? AND key = ? AND at > ?",
            (one.who, one.key, _before()),
        )
        if not rows:
            return None
        body, sight, noted, answer, answered = rows[0]
        if body != one.body:
            raise KeyReused("This Idempotency-Key was used for another request.", "Send each request with a key of its own.")
        if answered and (answer is None or sight != one.sight):
            reason = "somebody was erased since" if answer is None else "you may see other fields than then"
            raise AnswerGone(
                f"This request was carried out. Its answer is not given again, as {reason}.", "Ask for the customer instead."
            )
        return KeptRequest(json.loads(noted) if noted else None, json.loads(answer) if answer else None, bool(answered))

    def note(self, one: RequestKey, noted: Any) -> None:
        """What was done, in the transaction in which it is done."""
        self._book.write("DELETE FROM request_once WHERE at <= ?", (_before(),))
        self._book.write(
            "INSERT INTO request_once (who, key, body, sight, at, noted) VALUES (?, ?, ?, ?, ?, ?)",
            (one.who, one.key, one.body, one.sight, _now(), json.dumps(noted, default=str)),
        )

    def answer(self, one: RequestKey, answer: Any) -> Any:
        """Keep the answer of a request; returns the one that is kept: the first."""
        with self._book.transaction():
            self._book.write(
                "INSERT INTO request_once (who, key, body, sight, at, answer, answered) VALUES (?, ?, ?, ?, ?, ?, 1) "
                "ON CONFLICT DO UPDATE SET answer = excluded.answer, noted = NULL, answered = 1, sight = excluded.sight "
                "WHERE answered = 0",
                (one.who, one.key, one.body, one.sight, _now(), json.dumps(answer, ensure_ascii=False, default=str)),
            )
            found = self.kept(one)
        return found.answer if found else answer


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _before() -> str:
    return (datetime.now(UTC) - KEPT).isoformat(timespec="seconds")

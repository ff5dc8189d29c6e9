"""The webhooks of a project, in the book: where to, how far each is, and what could not be delivered."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotFound
from fullcircle.graph.feed import Feed

DDL = """
CREATE TABLE IF NOT EXISTS webhook (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, role TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
    reached INTEGER NOT NULL, first INTEGER, last INTEGER, attempts INTEGER NOT NULL DEFAULT 0, again_at REAL, problem TEXT);
CREATE TABLE IF NOT EXISTS webhook_dead (
    hook TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, attempts INTEGER NOT NULL, problem TEXT NOT NULL,
    at TEXT NOT NULL, again INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (hook, first)) WITHOUT ROWID;
"""
MOST = 20  # webhooks of a project
REFERENCE = re.compile(r"(?:env|file|aws):\S+")


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook. `reached`: the number of the last event that was delivered, or given up."""

    id: str
    url: str
    secret: str  # a reference: env:NAME, file:PATH, aws:NAME
    role: str  # what it shows is masked for this role
    by: str
    at: str
    reached: int
    first: int | None  # the delivery that is tried now: its first and last event
    last: int | None
    attempts: int
    again_at: float | None  # seconds since 1970: not before
    problem: str | None  # of the last attempt


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was given up."""

    hook: str
    first: int
    last: int
    attempts: int
    problem: str
    at: str
    again: bool  # it is about to be tried again


class Webhooks:
    """The webhooks in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)
        self._there = bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'webhook'"))

    def add(self, url: str, secret: str, role: str, by: str) -> Webhook:
        """A new one: it gets what changes from now on."""
        if not REFERENCE.fullmatch(secret):
            raise ConfigError("The secret of a webhook is a reference.", "Name it: --secret env:NAME, file:PATH or aws:NAME.")
        if len(self.all()) >= MOST:
            raise ConfigError(f"There are {MOST} webhooks already.", "Remove one: `fullcircle webhooks remove ID`.")
        id = f"hook-{secrets.token_hex(4)}"
        self._book.write(
            "INSERT INTO webhook (id, url, secret, role, by, at, reached) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (id, url, secret, role, by, _now(), Feed(self._book).newest()),
        )
        return self.get(id)

    def all(self) -> list[Webhook]:
        """All of them, the oldest first."""
        rows = self._book.read("SELECT * FROM webhook ORDER BY at, id") if self._there else []
        return [Webhook(*row) for row in rows]

    def get(self, id: str) -> Webhook:
        """One of them; NotFound if there is none of this id."""
        found = next((one for one in self.all() if one.id == id), None)
        if found is None:
            raise NotFound(f'There is no webhook "{id}".', "`fullcircle webhooks list` lists them.")
        return found

    def remove(self, id: str) -> None:
        """Nothing is sent to it any more; what it missed is forgotten."""
        self.get(id)
        with self._book.transaction():
            self._book.write("DELETE FROM webhook WHERE id = ?", (id,))
            self._book.write("DELETE FROM webhook_dead WHERE hook = ?", (id,))

    def dead(self, id: str = "") -> list[DeadLetter]:
        """What was given up, oldest first."""
        rows = self._book.read("SELECT * FROM webhook_dead ORDER BY hook, first") if self._there else []
        letters = [DeadLetter(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows]
        return [one for one in letters if id in ("", one.hook)]

    def retry(self, id: str) -> int:
        """Try again what was given up; returns how many deliveries that are."""
        self.get(id)
        self._book.write("UPDATE webhook_dead SET again = 1 WHERE hook = ?", (id,))
        return len(self.dead(id))

    # -- what the server notes while it delivers -----------------------------------------------------------------------------
    def begin(self, one: Webhook, first: int, last: int) -> None:
        """Events first to last are one delivery from now on, however often it is tried: its number stays."""
        self._book.write(
            "UPDATE webhook SET first = ?, last = ?, attempts = 0, again_at = NULL WHERE id = ?", (first, last, one.id)
        )

    def delivered(self, one: Webhook) -> None:
        """The delivery that was begun has arrived."""
        self._book.write(
            "UPDATE webhook SET reached = max(reached, last), first = NULL, last = NULL, attempts = 0, again_at = NULL, "
            "problem = NULL WHERE id = ?",
            (one.id,),
        )

    def failed(self, one: Webhook, problem: str, again_at: float | None) -> None:
        """It has not; it is tried again then, or given up."""
        with self._book.transaction():
            if again_at is not None:
                self._book.write(
                    "UPDATE webhook SET attempts = attempts + 1, again_at = ?, problem = ? WHERE id = ?",
                    (again_at, problem, one.id),
                )
                return
            self._book.write(
                "INSERT OR REPLACE INTO webhook_dead SELECT id, first, last, attempts + 1, ?, ?, 0 FROM webhook WHERE id = ?",
                (problem, _now(), one.id),
            )
            self._book.write(
                "UPDATE webhook SET reached = max(reached, last), first = NULL, last = NULL, attempts = 0, again_at = NULL, "
                "problem = ? WHERE id = ?",
                (problem, one.id),
            )

    def revived(self, one: DeadLetter) -> None:
        """What was given up has arrived after all."""
        self._book.write("DELETE FROM webhook_dead WHERE hook = ? AND first = ?", (one.hook, one.first))

    def failed_again(self, one: DeadLetter, problem: str) -> None:
        """What was given up has not arrived this time either."""
        self._book.write(
            "UPDATE webhook_dead SET again = 0, attempts = attempts + 1, problem = ?, at = ? WHERE hook = ? AND first = ?",
            (problem, _now(), one.hook, one.first),
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

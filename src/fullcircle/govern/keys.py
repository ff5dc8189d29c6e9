"""API keys: shown once, kept as their SHA-256 in the book, with roles, an end, and if wanted the only actions they are for."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotAllowed, NotFound
from fullcircle.govern.clock import CLOCK
from fullcircle.govern.users import now

PREFIX = "c360_"
BYTES = 32
SHOWN = 8  # characters of the digest by which a key is named
MOST_DAYS = 3650
DDL = """
CREATE TABLE IF NOT EXISTS govern_key (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, roles TEXT NOT NULL, scope TEXT NOT NULL,
    made_at TEXT NOT NULL, made_by TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT);
"""
COLUMNS = "id, name, roles, scope, made_at, made_by, expires_at, revoked_at"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: str  # by which it is revoked, and named in the audit log
    name: str  # what it is for
    roles: tuple[str, ...]
    scope: tuple[str, ...]  # the only actions it is for; empty: all that its roles may
    made_at: str  # ISO, in UTC, as all its times
    made_by: str
    expires_at: str
    revoked_at: str | None

    @property
    def state(self) -> str:
        """Valid, expired or revoked."""
        return "revoked" if self.revoked_at else "valid" if self.expires_at > CLOCK.text() else "expired"


class ApiKeys:
    """The keys of a book; of one that is read only, and has none, there are none."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)
        self._there = bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'govern_key'"))

    def make(self, name: str, roles: Iterable[str], by: str, days: int, scope: Iterable[str] = ()) -> tuple[ApiKey, str]:
        """A new key, and the text that is shown this once."""
        if not 1 <= days <= MOST_DAYS:
            raise ConfigError(f"A key is valid for 1 to {MOST_DAYS} days.", "Choose a number of days between the two.")
        token = PREFIX + secrets.token_urlsafe(BYTES)
        digest = _digest(token)
        end = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
        one = ApiKey(digest[:SHOWN], name, tuple(sorted(set(roles))), tuple(sorted(set(scope))), now(), by, end, None)
        self._book.write(
            f"INSERT INTO govern_key ({COLUMNS}, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [one.id, one.name, " ".join(one.roles), " ".join(one.scope), one.made_at, by, end, None, digest],
        )
        return one, token

    def list(self) -> list[ApiKey]:
        """All keys, the newest first."""
        if not self._there:
            return []
        rows = self._book.read(f"SELECT {COLUMNS} FROM govern_key ORDER BY made_at DESC, id")
        return [_key(row) for row in rows]

    def revoke(self, id: str) -> ApiKey:
        """From now on the key opens nothing; NotFound for one that there is not."""
        if id not in [one.id for one in self.list()]:
            raise NotFound(f'There is no key "{id}".', "`fullcircle keys list` lists them with their ids.")
        self._book.write("UPDATE govern_key SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", [now(), id])
        return next(one for one in self.list() if one.id == id)

    def of_token(self, token: str) -> ApiKey:
        """The valid key that this text is. NotAllowed otherwise, with the same message whatever is wrong but the end of a key."""
        rows = []
        if self._there and token.startswith(PREFIX):
            rows = self._book.read(f"SELECT {COLUMNS} FROM govern_key WHERE digest = ?", [_digest(token)])
        found = _key(rows[0]) if rows else None
        if found is None or found.state != "valid":
            ended = f" It was {found.state}." if found and found.state != "valid" else ""
            raise NotAllowed(
                f"This API key is not valid.{ended}", "An admin makes one: `fullcircle keys make NAME --role agent`."
            )
        return found


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _key(row: tuple[str, ...]) -> ApiKey:
    id, name, roles, scope, made_at, made_by, expires_at, revoked_at = row
    return ApiKey(id, name, tuple(roles.split()), tuple(scope.split()), made_at, made_by, expires_at, revoked_at)

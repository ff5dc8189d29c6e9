"""The users of a project: names of the operating system, each with roles. They are in the book."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from fullcircle.book.book import Book
from fullcircle.errors import ConfigError, NotFound, did_you_mean

DDL = """
CREATE TABLE IF NOT EXISTS govern_user (
    name TEXT PRIMARY KEY, roles TEXT NOT NULL, added_at TEXT NOT NULL, added_by TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class ListedUser:
    """Somebody who may ask."""

    name: str
    roles: tuple[str, ...]
    added_at: str  # ISO, in UTC
    added_by: str


def os_user() -> str:
    """The user this process belongs to, as the operating system has it: no environment variable is asked."""
    try:
        import pwd
    except ImportError:  # Windows
        return os.getlogin()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container without a name for its user
        return f"uid-{os.getuid()}"


def now() -> str:
    """This moment as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Users:
    """The list; of a book that is read only, and has none, it is empty."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)
        self._there = bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'govern_user'"))

    def list(self) -> list[ListedUser]:
        """Everybody, by name."""
        if not self._there:
            return []
        rows = self._book.read("SELECT name, roles, added_at, added_by FROM govern_user ORDER BY name")
        return [ListedUser(name, tuple(roles.split()), at, by) for name, roles, at, by in rows]

    def roles_of(self, name: str) -> frozenset[str]:
        """The roles of a user; none for who is not listed."""
        rows = self._book.read("SELECT roles FROM govern_user WHERE name = ?", [name]) if self._there else []
        return frozenset(rows[0][0].split()) if rows else frozenset()

    def add(self, name: str, roles: Iterable[str], by: str) -> ListedUser:
        """List somebody with these roles, in place of those of before."""
        if not name.strip() or any(map(str.isspace, name)):
            raise ConfigError(f'"{name}" is not the name of a user of the operating system.', "`id -un` prints one's own.")
        one = ListedUser(name, tuple(sorted(set(roles))), now(), by)
        self._book.write(
            "INSERT OR REPLACE INTO govern_user (name, roles, added_at, added_by) VALUES (?, ?, ?, ?)",
            [one.name, " ".join(one.roles), one.added_at, one.added_by],
        )
        return one

    def remove(self, name: str) -> None:
        """Take somebody off the list; NotFound for who is not on it."""
        known = [one.name for one in self.list()]
        if name not in known:
            raise NotFound(f"{name} is not a user of this project.", did_you_mean(name, known))
        self._book.write("DELETE FROM govern_user WHERE name = ?", [name])

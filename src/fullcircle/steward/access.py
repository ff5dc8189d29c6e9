"""What an admin decides: who is a user, with which roles, and who has an API key. It is kept in the book, and noted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, NotAllowed, did_you_mean
from fullcircle.govern.door import Door
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKey, ApiKeys
from fullcircle.govern.open import Asking, open_door
from fullcircle.govern.policy import ACTIONS, Policy
from fullcircle.govern.principal import Principal
from fullcircle.govern.users import ListedUser, Users, os_user
from fullcircle.home.folder import made, private

ADMIN = "admin"
SECTION = "Add a section [govern] to the config; docs/how-to/who-may-see-what.md says what then changes."


class AccessLists:
    """The lists of users and keys, open for changes by somebody."""

    def __init__(self, book: Book, door: Door, policy: Policy) -> None:
        self._book, self._door, self._policy = book, door, policy
        self.users, self.keys = Users(book), ApiKeys(book)

    def add_user(self, name: str, roles: Sequence[str]) -> ListedUser:
        """List somebody, or give them other roles."""
        self._policy.check_roles(frozenset(roles))
        if not roles:
            raise ConfigError("A user has at least one role.", f"Roles: {', '.join(self._policy.roles)}.")
        self._door.enter("configure", "users add")
        with self._book.transaction():
            added = self.users.add(name, roles, self._door.who.name)
            self._somebody_may_configure()
        return added

    def remove_user(self, name: str) -> None:
        """Take somebody off the list."""
        self._door.enter("configure", "users remove")
        with self._book.transaction():
            self.users.remove(name)
            self._somebody_may_configure()

    def make_key(self, name: str, roles: Sequence[str], days: int, scope: Sequence[str] = ()) -> tuple[ApiKey, str]:
        """A new key, and its text, which is not kept."""
        self._policy.check_roles(frozenset(roles))
        if not roles:
            raise ConfigError("A key has at least one role.", f"Roles: {', '.join(self._policy.roles)}.")
        for action in scope:
            if action not in ACTIONS:
                raise ConfigError(f'There is no action "{action}".', did_you_mean(action, ACTIONS))
        self._door.enter("configure", "keys make")
        return self.keys.make(name, roles, self._door.who.name, days, scope)

    def revoke_key(self, id: str) -> ApiKey:
        """From now on the key opens nothing."""
        self._door.enter("configure", "keys revoke")
        return self.keys.revoke(id)

    def _somebody_may_configure(self) -> None:
        """ConfigError, and nothing is changed, if users are left of whom nobody could change them again."""
        left = self.users.list()
        who = [Principal(f"os:{one.name}", frozenset(one.roles), self._door.who.door) for one in left]
        if left and not any(self._policy.ruling(one, "configure").allowed for one in who):
            raise ConfigError(
                "Nobody of the users that would be left may change the list again.",
                "First give somebody the role admin: `fullcircle users add NAME --role admin`.",
            )


@contextmanager
def access(settings: Config, as_: Asking = None, door: str = "python") -> Iterator[AccessLists]:
    """The lists of a project. ConfigError without [govern]."""
    if settings.govern is None:
        raise ConfigError("This project has no policy: the config has no section [govern].", SECTION)
    made(settings.home)
    with private():
        book = open_book(settings)
        try:
            opened = open_door(settings, book, as_, door)
            yield AccessLists(book, opened, opened.policy or Policy(settings.govern, settings.folder))
        finally:
            book.close()


def first_user(settings: Config, name: str = "", roles: Sequence[str] = (ADMIN,), door: str = "python") -> ListedUser:
    """The first user, added by the owner of the home while there is nobody: NotAllowed for everybody else, and later."""
    with access(settings, door=door) as lists:
        if lists.users.list():
            raise NotAllowed("This project has users already.", "An admin among them adds others: `fullcircle users add NAME`.")
        if not _owns(settings.home):
            raise NotAllowed(f"Only the owner of {settings.home} may add the first user.", "Ask the owner, or become them.")
    owner = Principal(f"os:{os_user()}", frozenset({ADMIN}), door)
    with access(settings, owner, door) as lists:
        return lists.add_user(name or os_user(), roles)


def _owns(home: Path) -> bool:
    """True for the owner of a folder, and for root; where the system does not say, for who may write it."""
    if not hasattr(os, "getuid"):
        return os.access(home, os.W_OK)
    return os.getuid() in (0, home.stat().st_uid)

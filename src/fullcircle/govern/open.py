"""Opens the door of a project for whoever asks: by the operating system, by an API key, or as a server has recognised them."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, FullcircleError
from fullcircle.govern.door import Door
from fullcircle.govern.entry import AuditLog
from fullcircle.govern.home_keys import book_as_it_is
from fullcircle.govern.keys import ApiKeys
from fullcircle.govern.log import open_audit
from fullcircle.govern.mask_key import mask_key
from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from fullcircle.govern.users import Users, os_user

Asking = str | Principal | None  # an API key; whom a server has recognised; None: the user of the operating system


def open_door(settings: Config, book: Book, as_: Asking = None, door: str = "python", log: AuditLog | None = None) -> Door:
    """The door for somebody. NotAllowed for a key that is not valid; who has no role is refused when they ask."""
    policy = policy_of(settings, book)
    who = principal_of(book, as_, door, policy)
    return Door(who, policy, log or open_audit(settings), partial(mask_key, settings.home))


def door_of(settings: Config, as_: Asking = None, door: str = "python", log: AuditLog | None = None) -> Door:
    """As `open_door`, for who has not opened the book: verbs that change something, before they begin.

    Without [govern] a damaged book is left to the verb itself, which says how to repair it.
    """
    try:
        with closing(book_as_it_is(settings)) as book:
            return open_door(settings, book, as_, door, log)
    except FullcircleError as error:
        if settings.govern is not None or as_ is not None or type(error) is not FullcircleError:
            raise
    with closing(Book(Path(":memory:"))) as nothing:
        return open_door(settings, nothing, None, door, log)


def policy_of(settings: Config, book: Book) -> Policy | None:
    """The policy of a project; None without [govern]. ConfigError where the section was taken out and there still are users."""
    if settings.govern is not None:
        return Policy(settings.govern, settings.folder)
    if Users(book).list():
        raise ConfigError(
            f"This project has users and roles, but the config in {settings.folder} has no section [govern].",
            "Put [govern] back. To let one person see all again, first remove the users: `fullcircle users remove NAME`.",
        )
    return None


def principal_of(book: Book, as_: Asking, door: str, policy: Policy | None) -> Principal:
    """Who asks, and with which roles."""
    if isinstance(as_, Principal):
        return as_
    if as_ is None:
        name = os_user()
        return Principal(f"os:{name}", Users(book).roles_of(name) if policy else frozenset(), door)
    if policy is None:
        raise ConfigError(
            "An API key was given, but this project has no policy: the config has no section [govern].",
            "Add [govern] to the config, or ask without a key.",
        )
    key = ApiKeys(book).of_token(as_)
    return Principal(f"key:{key.id}", frozenset(key.roles), door, "key", frozenset(key.scope))

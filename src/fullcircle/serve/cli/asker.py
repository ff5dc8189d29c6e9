"""Who asks at the command line: the user of the operating system, or whoever has the API key of `--as`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import fullcircle

if TYPE_CHECKING:
    from fullcircle.ask.reader import Reader
    from fullcircle.config.sections import Config
    from fullcircle.govern.door import Door
    from fullcircle.govern.principal import Principal

DOOR = "cli"
ALL_SHOWN = "It is for roles that see every class of fields: `fullcircle roles list` shows them."
_asking: list[str] = []  # the API key, if one was given; it is never printed


def ask_as(token: str) -> None:
    """From now on the holder of this key asks; an empty one: the user of the operating system."""
    _asking[:] = [token] if token else []


def asking() -> str | None:
    """The API key that was given, if any."""
    return _key()


def _key() -> str | None:
    return _asking[0] if _asking else None


def reader(config: Path | None) -> Reader:
    """The graph of a config file, open for who asks."""
    return fullcircle.open(config, as_=asking(), door=DOOR)


def door(settings: Config) -> Door:
    """The door at which who asks is, for verbs that open no reader."""
    from fullcircle.govern.open import door_of

    return door_of(settings, asking(), DOOR)


def permitted(settings: Config, action: str, verb: str) -> Principal:
    """Ask the policy alone, for verbs about an audit log that may be lost or damaged. Returns who asks."""
    from fullcircle.govern.log import NullLog
    from fullcircle.govern.open import door_of

    asked = door_of(settings, asking(), DOOR, NullLog())
    asked.check(action, verb)
    return asked.who


def enter(settings: Config, action: str, verb: str, whole: bool = False) -> Door:
    """Ask the policy before a verb begins, and note that it does. `whole`: it shows values of every class, unmasked."""
    asked = door(settings)
    asked.check(action, verb)
    if whole:
        asked.check_whole(verb, ALL_SHOWN)
    asked.enter(action, verb)
    return asked


def decides(asked: Door, actor: str = "") -> str:
    """Who is kept as having decided: as the door knows them. A name that they gave themselves does not replace that."""
    from fullcircle.govern.users import os_user

    if asked.policy is None:
        return actor or os_user()
    known = asked.who.name.removeprefix("os:")
    return f"{actor} ({known})" if actor and actor != known else known

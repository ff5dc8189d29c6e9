"""Who asks at the command line: the user of the operating system, or whoever has the API key of `--as`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import fullcircle

if TYPE_CHECKING:
    from fullcircle.ask.reader import Reader
    from fullcircle.config.sections import Config
    from fullcircle.govern.door import Door

DOOR = "cli"
ALL_SHOWN = "It is for roles that see every class of fields: `fullcircle roles list` shows them."
_asking: list[str] = []  # the API key, if one was given; it is never printed


def ask_as(token: str) -> None:
    """From now on the holder of this key asks; an empty one: the user of the operating system."""
    _asking[:] = [token] if token else []


def asking() -> str | None:
    """The API key that was given, if any."""
    return _asking[0] if _asking else None


def reader(config: Path | None) -> Reader:
    """The graph of a config file, open for who asks."""
    return fullcircle.open(config, as_=asking(), door=DOOR)


def door(settings: Config) -> Door:
    """The door at which who asks is, for verbs that open no reader."""
    from fullcircle.govern.open import door_of

    return door_of(settings, asking(), DOOR)


def permitted(settings: Config, action: str, verb: str) -> None:
    """Ask the policy alone, for verbs about an audit log that may be lost or damaged."""
    from fullcircle.govern.log import NullLog
    from fullcircle.govern.open import door_of

    door_of(settings, _asking[0] if _asking else None, DOOR, NullLog()).check(action, verb)


def enter(settings: Config, action: str, verb: str, whole: bool = False) -> Door:
    """Ask the policy before a verb begins, and note that it does. `whole`: it shows values of every class, unmasked."""
    asked = door(settings)
    asked.check(action, verb)
    if whole:
        asked.check_whole(verb, ALL_SHOWN)
    asked.enter(action, verb)
    return asked

"""What a user may read of a source: one answer for each object, also for those that are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fullcircle.connectors.base import FoundObject
from fullcircle.errors import ObjectRefused


def said_of(names: Iterable[str], say: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """What `say` says of each object, and of those that may not be read that they are skipped."""
    for name in names:
        try:
            yield from say(name)
        except ObjectRefused as error:
            yield f"{name}: skipped. {error.message}"


def found_of(names: Iterable[str], find: Callable[[str], FoundObject]) -> list[FoundObject]:
    """The objects that may be read."""
    found = []
    for name in names:
        try:
            found.append(find(name))
        except ObjectRefused:
            continue
    return found

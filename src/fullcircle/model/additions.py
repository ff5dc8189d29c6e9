"""Declarations that other packages add to the model: found by entry point and loaded together with the model."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import TypeVar

from fullcircle.errors import ConfigError

Declaration = TypeVar("Declaration")


def additions(group: str, declared_type: type[Declaration]) -> Iterator[Declaration]:
    """The declarations registered in a group, in the order of their names.

    An entry point that cannot be loaded or has another type raises ConfigError. The module of a declaration should import
    nothing heavy: every command that reads the model loads it.
    """
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            found = point.load()
        except (ImportError, AttributeError) as error:
            raise ConfigError(
                f"The entry point {point.name!r} in {group} ({point.value}) cannot be loaded.",
                "Correct or uninstall the package that registers it.",
            ) from error
        if not isinstance(found, declared_type):
            raise ConfigError(
                f"The entry point {point.name!r} in {group} ({point.value}) is not of the type {declared_type.__name__}.",
                "Correct or uninstall the package that registers it.",
            )
        yield found

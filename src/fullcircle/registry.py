"""Finds plugins by entry point and imports only the one asked for.

A plugin is registered in the group `fullcircle.<room>`. The built-in ones are listed in pyproject.toml in the same way. Another
package cannot use the name of a built-in plugin.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from fullcircle.errors import ConfigError, MissingExtra, NotFound, did_you_mean

OURS = "fullcircle"  # the distribution whose plugins are built in
# The library that a plugin needs -> the extra that installs it.
EXTRAS = {
    "psycopg": "postgres",
    "pymysql": "mysql",
    "xlrd": "xls",
    "pyiceberg": "iceberg",
    "gremlin_python": "gremlin",
    "boto3": "neptune",
    "pyoxigraph": "rdf",
    "httpx": "salesforce",
    "joserfc": "salesforce",
    "tenacity": "salesforce",
}


def names(room: str) -> list[str]:
    """The names of a room's plugins, built-in and third-party. Imports none of them."""
    return sorted(_points(room))


def load(room: str, name: str) -> Any:
    """The named plugin. The error for an unknown name says which exist; for a missing library, what to install."""
    points = _points(room)
    if name not in points:
        raise NotFound(f'The plugin "{name}" does not exist in {room}.', did_you_mean(name, sorted(points)))
    try:
        return points[name].load()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith(OURS):
            raise
        raise missing(error.name, points[name].module) from error


def _points(room: str) -> dict[str, EntryPoint]:
    """Name -> entry point of a room."""
    found = _installed(f"fullcircle.{room}", tuple(sys.path))
    own = {point.name: point for point, package in found if package == OURS}
    others = {point.name: point for point, package in found if package != OURS}
    taken = sorted(own.keys() & others.keys())
    if taken:
        raise ConfigError(
            f"The entry point {taken[0]!r} in the group fullcircle.{room} has the name of a built-in plugin.",
            "Rename it in the package that registers it, or uninstall that package.",
        )
    return own | others


@lru_cache(maxsize=64)
def _installed(group: str, path: tuple[str, ...]) -> tuple[tuple[EntryPoint, str], ...]:  # noqa: ARG001  see below
    """The entry points of a group, each with the name of its package.

    Looking through what is installed takes 15 ms, and a run asks fifty times: it is asked again when `sys.path` has changed.
    """
    return tuple((point, point.dist.name if point.dist else "") for point in entry_points(group=group))


def missing(library: str, needed_by: str) -> MissingExtra:
    """The error to raise when `needed_by` cannot work without `library`."""
    extra = EXTRAS.get(library.split(".", maxsplit=1)[0])
    what = f"fullcircle[{extra}]" if extra else library
    return MissingExtra(f"{needed_by} needs the library {library}, which is not installed.", f"Run: pip install '{what}'")

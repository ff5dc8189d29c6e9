"""Finds plugins by file name (`fullcircle/<room>/<name>.py`) or by entry point, and imports exactly one.

A plugin file holds one class or function named `PLUGIN`. A new connector, store, insight or target is one new file;
a third party registers an entry point in the group `fullcircle.<room>` and may not take a built-in's name.
"""

from __future__ import annotations

import difflib
import importlib
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from fullcircle.errors import ConfigError, MissingExtra, NotFound

# Files of a room that are not plugins. Everything else in the folder is one.
NOT_PLUGINS = {
    "connectors": {"base", "pull", "landing", "columns"},
    "graph.stores": {"base"},
    "insights": {"base", "compute", "history", "judge", "matrix", "recommender", "tables"},
    "publish": {"base", "send", "join"},
}
# The library a plugin needs -> the extra that brings it.
EXTRAS = {
    "psycopg": "postgres",
    "pyiceberg": "iceberg",
    "gremlin_python": "gremlin",
    "boto3": "neptune",
    "pyoxigraph": "rdf",
}


def names(room: str) -> list[str]:
    """The plugins of a room, built-in and third-party, without importing any."""
    return sorted({*_built_in(room), *(point.name for point in _foreign(room))})


def load(room: str, name: str) -> Any:
    """The `PLUGIN` of the named plugin; unknown names say which exist, missing libraries say what to install."""
    built_in = _built_in(room)
    if name in built_in:
        return _import_plugin(f"fullcircle.{room}.{name}").PLUGIN
    for point in _foreign(room):
        if point.name == name:
            return point.load()
    near = difflib.get_close_matches(name, names(room), 1)
    guess = f' Did you mean "{near[0]}"?' if near else ""
    raise NotFound(f'There is no plugin "{name}" in {room}.{guess}', f"Installed: {', '.join(names(room))}.")


def _built_in(room: str) -> set[str]:
    folder = Path(__file__).parent.joinpath(*room.split("."))
    found = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    return found - NOT_PLUGINS.get(room, set())


def _foreign(room: str) -> list[EntryPoint]:
    found = list(entry_points(group=f"fullcircle.{room}"))
    taken = {point.name for point in found} & _built_in(room)
    if taken:
        raise ConfigError(
            f"The entry point {sorted(taken)[0]!r} in fullcircle.{room} takes the name of a built-in plugin.",
            "Rename it in the package that brings it.",
        )
    return found


def _import_plugin(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("fullcircle"):
            raise
        raise missing(error.name, module) from error


def missing(library: str, needed_by: str) -> MissingExtra:
    """The error to raise when `needed_by` cannot work without `library`."""
    extra = EXTRAS.get(library.split(".", maxsplit=1)[0])
    what = f"fullcircle[{extra}]" if extra else library
    return MissingExtra(f"{needed_by} needs the library {library}, which is not installed.", f"pip install '{what}'")

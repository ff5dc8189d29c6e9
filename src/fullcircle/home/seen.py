"""What the files of the home looked like when the last run closed them: size and time of change; and what it found right.

A file that still looks the same is not looked into again. The list is a cache: without it, everything is.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from fullcircle.home.folder import BOOK, LAKE, LANDING, PUBLISHED, TABLES

NAME = "seen.json"
Look = tuple[int, int]  # size, time of change in nanoseconds


class Seen:
    """The files as the last run left them, and as they are now."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.there = (home / NAME).exists()
        self.moved_from = ""  # the place where the last run was, if it was another one
        self.options = ""  # the fingerprint of the options that were last found right
        self._before: dict[str, Look] = {}
        with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
            kept = json.loads((home / NAME).read_text(encoding="utf-8"))
            self._before = {name: (int(look[0]), int(look[1])) for name, look in kept["files"].items()}
            self.moved_from = str(kept["home"]) if kept["home"] != str(home) else ""
            self.options = str(kept.get("options", ""))
        self._now = _looks(home)

    def same(self, part: str) -> bool:
        """True if this file, or everything below this folder, is as the last run left it (nothing at all is not)."""
        now = {name: look for name, look in self._now.items() if _belongs(name, part)}
        return bool(now) and all(self._before.get(name) == look for name, look in now.items()) and not self.gone(part)

    def gone(self, part: str) -> list[str]:
        """The names, relative to the home, of files of this part that the last run left and that do not exist now."""
        return sorted(name for name in self._before if _belongs(name, part) and name not in self._now)

    def altered(self, part: str) -> list[str]:
        """The names of files of this part that the last run left and that look different now."""
        return sorted(name for name, look in self._before.items() if _belongs(name, part) and self._now.get(name, look) != look)

    def keep(self) -> None:
        """Note how all files look now."""
        draft = self._home / f"{NAME}.tmp"
        text = json.dumps({"home": str(self._home), "options": self.options, "files": _looks(self._home)})
        with suppress(OSError):  # without it the next run looks more closely
            draft.write_text(text, encoding="utf-8")
            draft.replace(self._home / NAME)


def _belongs(name: str, part: str) -> bool:
    return name == part or name.startswith((f"{part}/", f"{part}."))  # a log beside a file belongs to it


def _looks(home: Path) -> dict[str, Look]:
    found: dict[str, Look] = {}
    for path in (home / TABLES, home / BOOK, *home.glob("graph.*")):
        if path.is_file():
            _look(found, home, path)
        elif path.is_dir():
            _look_below(found, home, path)
    for part in (LANDING, LAKE, PUBLISHED):
        _look_below(found, home, home / part)
    return found


def _look_below(found: dict[str, Look], home: Path, top: Path) -> None:
    for folder, _, files in os.walk(top):
        for name in files:
            _look(found, home, Path(folder, name))


def _look(found: dict[str, Look], home: Path, path: Path) -> None:
    with suppress(OSError):  # removed meanwhile
        state = path.stat()
        found[path.relative_to(home).as_posix()] = (state.st_size, state.st_mtime_ns)

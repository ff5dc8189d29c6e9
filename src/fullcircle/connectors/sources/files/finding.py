"""Finds the files of a source: what the path means, which files count, and which object each belongs to."""

from __future__ import annotations

import fnmatch
import glob
import re
from pathlib import Path

from fullcircle.connectors.landing import natural
from fullcircle.errors import SourceUnreachable

SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel",
}  # fmt: skip
UNREADABLE = {
    ".xls", ".xlsb", ".ods", ".numbers", ".zip", ".7z", ".rar", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".dbf", ".mdb", ".accdb",
    ".xml", ".avro", ".orc", ".sav", ".dta", ".vcf", ".sql", ".sqlite", ".db",
}  # fmt: skip  # what may hold people, but is not read
DATE_AT_END = re.compile(r"[\s_.\-]*\d[\d_.:T\-]*$")


class Folder:
    """The files that a path of the config means: a folder, a file or a glob. A name that exists is never taken for a glob."""

    def __init__(self, source: str, folder: Path, path: str) -> None:
        self.source, self.place = source, folder / path
        there = Path(self.place.anchor)
        parts = self.place.parts[1:] if self.place.anchor else self.place.parts
        for known, part in enumerate(parts):
            if not (there / part).exists():
                self._root, self._rest = there, "/".join(parts[known:])
                break
            there = there / part
        else:
            self._root, self._rest = there, ""

    @property
    def root(self) -> Path:
        """The folder that file names are relative to: the part of the path before any pattern."""
        return self._root if self._root.is_dir() else self._root.parent

    @property
    def is_file(self) -> bool:
        """True if the path is one file."""
        return not self._rest and self._root.is_file()

    def files(self, patterns: list[str]) -> list[Path]:
        """All files with a known ending, or that match one of the patterns, in the order of their names."""
        if self.is_file:
            return [self._root]
        if not self._rest:
            found = list(self._root.rglob("*"))
        elif glob.has_magic(self._rest):
            found = [self._root / name for name in glob.iglob(self._rest, root_dir=self._root, recursive=True)]
        else:
            raise SourceUnreachable(
                f"[sources.{self.source}] path: {self.place} does not exist.",
                "Check the path. A relative path starts at the folder of the config file.",
            )
        return sorted((path for path in found if self._counts(path, patterns)), key=lambda path: natural(path.as_posix()))

    def unreadable(self) -> list[str]:
        """Files in the folder that may hold data, but are of a kind that is not read."""
        if self._rest or not self._root.is_dir():
            return []
        found = [self.name(path) for path in self._root.rglob("*") if suffix(path) in UNREADABLE and path.is_file()]
        return sorted(name for name in found if not any(part.startswith((".", "~$")) for part in name.split("/")))

    def name(self, path: Path) -> str:
        """The name of a file in messages and cursors: its path below the root."""
        return path.relative_to(self.root).as_posix()

    def matches(self, path: Path, pattern: str) -> bool:
        """True if the pattern is the file's name or its path below the root, as it is or as a glob."""
        names = (self.name(path), path.name)
        return any(name == pattern or fnmatch.fnmatchcase(name, pattern) for name in names)

    def _counts(self, path: Path, patterns: list[str]) -> bool:
        parts = path.relative_to(self.root).parts
        if any(part.startswith((".", "~$")) for part in parts) or not path.is_file():
            return False
        return suffix(path) in SUFFIXES or any(self.matches(path, pattern) for pattern in patterns)


def object_name(path: Path) -> str:
    """The object that a file belongs to: `orders_2026-01-31.csv.gz` and `orders_2.csv` both belong to `orders`."""
    name = path.name.removesuffix(".gz")
    stem = Path(name).stem
    return DATE_AT_END.sub("", stem) or stem


def suffix(path: Path) -> str:
    """The ending of a file's name that names its format, in small letters."""
    return Path(path.name.removesuffix(".gz")).suffix.lower()

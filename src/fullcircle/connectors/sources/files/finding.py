"""Finds the files of a source: what the path means, which files count, and which object each belongs to.

A workbook with several sheets, and a .zip archive, are several pieces: see pieces.py.
"""

from __future__ import annotations

import fnmatch
import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fullcircle.connectors.landing import natural
from fullcircle.errors import SourceUnreachable

SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel", ".ods": "excel",
}  # fmt: skip
ARCHIVES = {".zip"}
# Kinds of files that are not reported. All others that are not read are: .vcf, .mbox, .pdf, .xlsb, .7z ...
NO_DATA = {
    "", ".md", ".rst", ".html", ".htm", ".css", ".js", ".py", ".sh", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".log", ".lock",
    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".mp3", ".mp4", ".ttf", ".woff", ".exe", ".dll", ".so", ".crc",
    ".md5", ".sha256", ".sig", ".asc", ".pem", ".key", ".tmp", ".part", ".crdownload",
}  # fmt: skip
DATE_AT_END = re.compile(r"[\s_.\-]*\d[\d_.:T\-]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is read as one table: a file, a file in an archive, or a sheet of a workbook."""

    path: Path  # the file on the disk
    member: str = ""  # its name in the archive
    sheet: str = ""  # a further sheet; "" for the first one

    @property
    def inner(self) -> Path:
        """The path that names what is inside: its name and its ending."""
        return Path(self.member.replace("\\", "/")) if self.member else self.path  # some programs of Windows write \


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
        found = [path for path in self._root.rglob("*") if may_hold_data(path) and path.is_file()]
        return sorted(self.name(path) for path in found if not is_hidden(path.relative_to(self._root).parts))

    def name(self, path: Path) -> str:
        """The name of a file in messages: its path below the root."""
        return path.relative_to(self.root).as_posix()

    def title(self, piece: Piece) -> str:
        """The name of a piece in messages and cursors: `exports.zip/orders.csv`, `shop.xlsx/Returns`."""
        return "/".join(filter(None, (self.name(piece.path), piece.member, piece.sheet)))

    def matches(self, piece: Piece, pattern: str) -> bool:
        """True if the pattern is the name of the file (or of its archive) or its path below the root, as it is or as a glob."""
        names = (self.name(piece.path), piece.path.name, piece.inner.name, f"{self.name(piece.path)}/{piece.member}")
        return any(name == pattern or fnmatch.fnmatchcase(name, pattern) for name in names)

    def _counts(self, path: Path, patterns: list[str]) -> bool:
        if is_hidden(path.relative_to(self.root).parts) or not path.is_file():
            return False
        return suffix(path) in {*SUFFIXES, *ARCHIVES} or any(self.matches(Piece(path), pattern) for pattern in patterns)


def is_hidden(parts: Sequence[str]) -> bool:
    """True for hidden files, those in hidden folders, and what programs leave beside their files."""
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)


def may_hold_data(path: Path) -> bool:
    """True for a file that is not read, but may be one that the person counts on."""
    return suffix(path) not in {*SUFFIXES, *ARCHIVES, *NO_DATA}


def object_name(piece: Piece | Path) -> str:
    """The object that a piece seems to belong to: `orders_2026-01-31.csv.gz` and `orders_2.csv` both belong to `orders`."""
    stem = _stem(piece.inner if isinstance(piece, Piece) else piece)
    return _with_sheet(piece, DATE_AT_END.sub("", stem) or stem)


def own_name(piece: Piece | Path) -> str:
    """The name of a piece with its dates and numbers."""
    return _with_sheet(piece, _stem(piece.inner if isinstance(piece, Piece) else piece))


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem


def _with_sheet(piece: Piece | Path, name: str) -> str:
    return f"{name}_{piece.sheet}" if isinstance(piece, Piece) and piece.sheet else name


def suffix(path: Path) -> str:
    """The ending of a file's name that names its format, in small letters."""
    return Path(path.name.removesuffix(".gz")).suffix.lower()

"""The graph CSV files in a folder, and the columns in the header of each file."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from fullcircle.errors import NotFound, StoreError
from fullcircle.graph.exchange.folder import refuse_unfinished

HEADER = re.compile(r"^(?P<name>(?:\\:|[^:])+?)(?::(?P<type>\w+)(?P<single>\((?:single|set)\))?(?P<many>\[\])?)?$")
GREMLIN_IDS = {"~id": "id", "~from": "source", "~to": "target", "~label": "label"}
CYPHER_IDS = {":ID": "id", ":START_ID": "source", ":END_ID": "target", ":TYPE": "label", ":LABEL": "label"}


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A column of a file: its place, and its meaning."""

    place: int
    name: str  # a property of the model; if `fixed`, one of id, source, target, label
    header: str  # the name in the file, without its type
    fixed: bool = False
    many: bool = False  # may have several values, separated by ;

    @property
    def raw(self) -> str:
        """Its name in the table into which the file is read."""
        return f"c{self.place}"


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A CSV file and the columns in its header."""

    number: int  # its place in the order of reading
    path: Path
    columns: tuple[HeaderColumn, ...]

    @property
    def has_edges(self) -> bool:
        """True if its rows are edges: vertices have no ~from."""
        return self.fixed("source") is not None

    def fixed(self, name: str) -> HeaderColumn | None:
        """The column with the id, source, target or label."""
        return next((column for column in self.columns if column.fixed and column.name == name), None)

    def properties(self) -> dict[str, HeaderColumn]:
        """The other columns, by their names."""
        return {column.name: column for column in self.columns if not column.fixed}


def files_of(folder: Path) -> list[GraphFile]:
    """Every .csv and .csv.gz in or below a folder by name, files with vertices first."""
    refuse_unfinished(folder)
    paths = sorted(path for path in folder.rglob("*") if path.name.endswith((".csv", ".csv.gz")))
    if not paths:
        raise NotFound(f"The folder {folder} has no .csv or .csv.gz files.", "Name the folder of an export.")
    read = [_read(number, path) for number, path in enumerate(paths)]
    return sorted(read, key=lambda one: one.has_edges)


def _read(number: int, path: Path) -> GraphFile:
    try:
        with _opened(path) as lines:
            names = next(csv.reader(lines), [])
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        reason = type(error).__name__
        raise StoreError(f"{path} cannot be read as CSV: {reason}.", "Export it again, or copy it again.") from error
    file = GraphFile(number, path, tuple(_column(place, header.strip(), path) for place, header in enumerate(names)))
    named = {(column.name, column.fixed) for column in file.columns}
    if file.fixed("id") is None or len(named) != len(names) or (file.has_edges and file.fixed("target") is None):
        raise StoreError(
            f"{path} is not a graph file: its header has no ~id or :ID, or only one end of its edges, or the same name twice.",
            "Keep only graph CSV files in the folder.",
        )
    return file


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _column(place: int, header: str, path: Path) -> HeaderColumn:
    space = re.sub(r"\([^)]*\)$", "", header)  # openCypher id spaces: :START_ID(Customer)
    if header in GREMLIN_IDS:
        return HeaderColumn(place, GREMLIN_IDS[header], header, fixed=True)
    if space in CYPHER_IDS or space.endswith(":ID"):
        return HeaderColumn(place, CYPHER_IDS.get(space, "id"), space, fixed=True)
    found = HEADER.match(header)
    if not found:
        raise StoreError(f'{path}: the header "{header[:40]}" is not valid.', "Write it as name:Type or name:Type(single).")
    name = found["name"].replace("\\:", ":")
    return HeaderColumn(place, name, name, many=bool(found["many"]))

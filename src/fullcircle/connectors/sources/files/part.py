"""What every reader of a kind of file hands over, and what it is told."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from fullcircle.errors import SourceBroken, SourceRefused, SourceUnreachable

MEND = "Get the file again from where it comes from, put it in the old one's place and run the same command."


@dataclass(frozen=True, slots=True)
class How:
    """What the config says of a file; empty: find out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows: int = 100_000  # rows a part


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that could not be read: its number in the file (from 1), why, and its text."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some rows of a file: columns of text (or, from Parquet, of other types), with the line each row began on."""

    rows: pa.Table
    lines: pa.Array  # int64
    raw: pa.ChunkedArray | None = None  # the rows as JSON text where the file has them so
    rejects: list[Reject] = field(default_factory=list)


def text_table(names: list[str], records: list[list[str]]) -> pa.Table:
    """Rows of strings as a table of text columns; an empty string is no value."""
    columns = zip(*records, strict=True) if records else [()] * len(names)
    arrays = [pa.array([value or None for value in column], pa.string()) for column in columns]
    return pa.table(arrays, names=names)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if it is gzip; what goes wrong inside the block is told with the file's name."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            yield io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file
    except FileNotFoundError as error:
        raise SourceUnreachable(f"The file {path} is not there.", "Check the path in the config file.") from error
    except PermissionError as error:
        raise SourceRefused(f"The file {path} may not be read.", "Give this user the right to read it.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceBroken(f"The packed file {path} is cut or damaged.", MEND) from error

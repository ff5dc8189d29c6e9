"""What all file readers have in common: their parameters and their results."""

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

REPLACE_FILE = "Replace it with a complete copy from where it comes from, then run the same command again."


@dataclass(frozen=True, slots=True)
class How:
    """What the config says about a file. Empty values are detected."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows: int = 100_000  # rows per part


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that could not be read: its number in the file (from 1), the reason, and its text."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some rows of a file: text columns (from Parquet: also other types), with the number of the line each row began on."""

    rows: pa.Table
    lines: pa.Array  # int64
    raw: pa.ChunkedArray | None = None  # the rows as JSON text, if the file has them
    rejects: list[Reject] = field(default_factory=list)


def text_table(names: list[str], records: list[list[str]]) -> pa.Table:
    """Rows of strings as a table of text columns; an empty string becomes null."""
    columns = zip(*records, strict=True) if records else [()] * len(names)
    arrays = [pa.array([value or None for value in column], pa.string()) for column in columns]
    return pa.table(arrays, names=names)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed if it is gzip. Errors inside the `with` block are raised with the file's name."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            yield io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file
    except FileNotFoundError as error:
        raise SourceUnreachable(f"The file {path} does not exist.", "Check the path in the config file.") from error
    except PermissionError as error:
        raise SourceRefused(
            f"The file {path} cannot be read: permission denied.", "Give the current user permission to read it."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceBroken(f"The gzip file {path} is truncated or damaged.", REPLACE_FILE) from error

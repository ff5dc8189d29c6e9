"""What all file readers have in common: their parameters and their results."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.errors import FullcircleError, SourceBroken, SourceRefused, SourceUnreachable

REPLACE_FILE = "Replace it with a complete copy from where it comes from, then run the same command again."
MONEY = re.compile(r"[0#]\.0|[$€£¥₺₽₹]|\[\$|%")  # in the format of a number
MOST_COLUMNS = 10_000
UNPACKED_FREELY = 64 << 20  # bytes; what unpacks to less is never too much
UNPACK_RATIO = 100  # text that people export packs to a tenth; a thousand times is a trap, or a file of blanks


@dataclass(frozen=True, slots=True)
class How:
    """What the config says about a file. Empty values are detected."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows: int = 100_000  # rows per part
    header_row: int = 0  # the line (CSV) or row (Excel) of the header, from 1; 0: found
    unpack_ratio: int = UNPACK_RATIO  # how many times its own size a packed file may unpack to
    country: str = ""  # the project's: which encodings are offered first
    beside: Callable[[], Sequence[Any]] | None = None  # what was seen of the encodings of the other files of its folder


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
    notes: tuple[str, ...] = ()  # what a person should know: what was detected, what was skipped


Line = tuple[int, list[str], str]  # the number of a row, its values, and the cell with a formula without value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook."""

    name: str
    hidden: bool = False


@dataclass(slots=True)
class Merged:
    """The ranges of a sheet that go over several rows, by the row and column of their first cell (from 1 and from 0)."""

    ends: dict[tuple[int, int], int] = field(default_factory=dict)  # first cell -> last row
    amounts: set[tuple[int, int]] = field(default_factory=set)  # first cells with a format of money or of shares

    def add(self, first: int, last: int, column: int) -> None:
        """Note a range; those of one row do not matter."""
        if last > first:
            self.ends[first, column] = last

    def formatted(self, row: int, column: int, number_format: str) -> None:
        """Note how a cell shows its number."""
        if (row, column) in self.ends and MONEY.search(number_format):
            self.amounts.add((row, column))


class OpenBook(Protocol):
    """A workbook that is open for reading. Its errors are SourceBroken."""

    merged: Merged  # of the sheet whose lines are being read; complete for the lines that were read

    def sheets(self) -> list[Sheet]:
        """The sheets with cells, in order."""
        ...

    def holds_table(self, name: str) -> bool:
        """True if some row of the sheet has two values or more."""
        ...

    def lines(self, name: str) -> Iterator[Line]:
        """The rows of a sheet with their numbers."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


@contextmanager
def broken(kinds: tuple[type[BaseException], ...], ours: SourceBroken) -> Iterator[None]:
    """Raise an error of a library inside the `with` block as our own."""
    try:
        yield
    except FullcircleError:
        raise
    except kinds as error:
        raise ours from error


def text_table(names: list[str], records: list[list[str]]) -> pa.Table:
    """Rows of strings as a table of text columns; an empty string becomes null."""
    columns = zip(*records, strict=True) if records else [()] * len(names)
    arrays = [pa.array([value or None for value in column], pa.string()) for column in columns]
    return pa.table(arrays, names=names)


# A spreadsheet writes ="00101" so that a text of digits stays a text, and people type '00101 for the same reason. Programs put
# the apostrophe before = + - @ as well, so that no formula can begin there.
EQUALS = r'^="((?:[^"]|"")*)"$'
NUMBER_LIKE = r"^'([-+]?[0-9(][0-9 ().,/:-]*|[=+@].*|0[0-9A-Za-z-]*)$"
SHORT = r"^'\d{1,2}$"  # '99 may be a year
CAPITAL_OR_DIGIT = r"^'[\p{Lu}\d][^']*$"


def unwrapped(table: pa.Table) -> pa.Table:
    """The texts without the wrappers of spreadsheets.

    `="..."` is always a wrapper. An apostrophe is one before what a spreadsheet would change: a number, a phone, a code that
    begins with 0, or = + @; one or two digits (`'99`) only if the column has other such values. It is also one if all values of
    a column (three or more, not all the same) have it, none has a second one and none goes on with a small letter. All others
    stay: 'n Sync, 's-Hertogenbosch, 't Hooft.
    """
    for place, each in enumerate(table.schema):
        if pa.types.is_string(each.type) and table.num_rows:
            column = table.column(place)
            changed = _without_apostrophe(_without_equals(column))
            if changed is not column:
                table = table.set_column(place, each.name, changed)
    return table


def _without_equals(column: pa.ChunkedArray) -> pa.ChunkedArray:
    wrapped = pc.match_substring_regex(column, EQUALS)
    if not pc.any(wrapped).as_py():
        return column
    bare = pc.replace_substring(pc.replace_substring_regex(column, EQUALS, r"\1"), '""', '"')
    return _null_if_empty(pc.if_else(wrapped, bare, column))


def _without_apostrophe(column: pa.ChunkedArray) -> pa.ChunkedArray:
    marked = pc.starts_with(column, "'")
    if not pc.any(marked).as_py():
        return column
    wrapped = pc.match_substring_regex(column, NUMBER_LIKE)
    short = pc.match_substring_regex(column, SHORT)
    if not pc.any(pc.and_not(wrapped, short)).as_py():
        wrapped = pc.and_not(wrapped, short)
    several = len(column) - column.null_count > 2 and len(pc.unique(column.drop_null())) > 1
    if several and pc.all(pc.match_substring_regex(column, CAPITAL_OR_DIGIT)).as_py():
        wrapped = marked
    if not pc.any(wrapped).as_py():
        return column
    return _null_if_empty(pc.if_else(wrapped, pc.utf8_slice_codeunits(column, 1), column))


def _null_if_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def no_header(path: Path, line: int) -> SourceBroken:
    """The error for a file whose first row is data: its values would become names of columns, and the row would be lost."""
    return SourceBroken(
        f"The file {path} seems to have no header: line {line} holds values like those below it.",
        f"Put a line with the names of the columns above it. If it is the header all the same, set header_row = {line} for its "
        "object.",
    )


def not_too_wide(path: Path, columns: int) -> None:
    """Raise SourceBroken for a table of more columns than any export has: it was turned on its side, or is a matrix."""
    if columns > MOST_COLUMNS:
        raise SourceBroken(
            f"The file {path} has {columns:,} columns; at most {MOST_COLUMNS:,} are read.",
            "Export only the columns that matter. If each column is a customer or a product, turn the table on its side.",
        )


class _Unpacked(io.RawIOBase):
    """A gzip file that refuses to unpack to many times its size."""

    def __init__(self, path: Path, packed: BinaryIO, ratio: int) -> None:
        self._file, self._path, self._ratio = gzip.GzipFile(fileobj=packed), path, ratio
        self._left = max(UNPACKED_FREELY, path.stat().st_size * ratio)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        got = self._file.readinto(buffer)
        self._left -= got
        if self._left < 0:
            raise too_large(self._path, self._ratio)
        return got


def too_large(path: Path, ratio: int) -> SourceBroken:
    """The error for a packed file that would take too much memory or disk."""
    return SourceBroken(
        f"The file {path} unpacks to more than {ratio} times its size, so it was not read.",
        "If you know where it comes from and its content is right, set a higher unpack_ratio for its object, or unpack it.",
    )


@contextmanager
def opened(path: Path, unpack_ratio: int = UNPACK_RATIO) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed if it is gzip. Errors inside the `with` block are raised with the file's name."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            yield io.BufferedReader(_Unpacked(path, file, unpack_ratio), 1 << 16) if packed else file
    except FileNotFoundError as error:
        raise SourceUnreachable(f"The file {path} does not exist.", "Check the path in the config file.") from error
    except PermissionError as error:
        raise SourceRefused(
            f"The file {path} cannot be read: permission denied.", "Give the current user permission to read it."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceBroken(f"The gzip file {path} is truncated or damaged.", REPLACE_FILE) from error

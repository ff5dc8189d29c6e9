"""CSV and other delimited files. DuckDB reads them fast up to the first problem; from there the careful reader takes over.

The careful reader returns the same rows in the same order. It rejects only the line that it cannot read and goes on with the
next one, so a quote that is never closed costs one line and not the rest of the file.

Programs write `"a", "b"` and `"a" ,"b"`: one blank before a quoted value and any blanks after it are layout, not value.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from fullcircle.connectors.sources.files.part import UNPACK_RATIO, FilePart, How, Reject, opened, text_table
from fullcircle.connectors.sources.files.shape import Shape, has_broken_bytes, shape_of, text_of
from fullcircle.engine.base import Engine, literal, located, quoted
from fullcircle.errors import FullcircleError

LONGEST_RECORD = 1000  # lines; in a longer record a quote was never closed
LONGEST_FIELD = 1 << 24  # characters


def read(path: Path, how: How, engine: Engine) -> Iterator[FilePart]:
    """The rows of a delimited file with a header line. All values are text; empty values are null, empty rows are skipped."""
    shape = shape_of(path, how)
    if shape is None:
        return
    done = 0
    yield FilePart(
        text_table(shape.names, []), pa.array([], pa.int64()), notes=shape.notes
    )  # so that a file with only a header has columns
    if _is_plain(path, shape, how):
        try:
            for rows in engine.batches(_sql(path, shape), how.rows):
                first = shape.header_lines + done + 1
                yield FilePart(pa.Table.from_batches([rows]), pa.array(np.arange(first, first + rows.num_rows)))
                done += rows.num_rows
            return
        except FullcircleError:
            raise
        except Exception:
            pass
    yield from careful(path, shape, how.rows, skip=done, unpack_ratio=how.unpack_ratio)


def _is_plain(path: Path, shape: Shape, how: How) -> bool:
    """True if the fast reader can be used: UTF-8, several columns, no NUL byte, one kind of line ending, plain quotes."""
    if not shape.encoding.startswith("utf-8") or len(shape.names) < 2 or len(shape.delimiter) != 1:
        return False
    blanks, rest = False, b""
    with opened(path, how.unpack_ratio) as file:
        while block := file.read(1 << 22):
            if b"\x00" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
                return False
            blanks = blanks or re.search(rb'" +"', rest + block) is not None
            bare = block.rstrip(b" ")
            rest = block[len(bare) - 1 :] if bare.endswith(b'"') else b""
    return not blanks or _quotes_open_values(path, shape.delimiter, how)


def _quotes_open_values(path: Path, delimiter: str, how: How) -> bool:
    """True if every opening quote is the first character of its value. The fast reader joins the two of `"a" "b"`."""
    before, inside = ord("\n"), 0
    with opened(path, how.unpack_ratio) as file:
        while block := file.read(1 << 22):
            data = np.frombuffer(block.removeprefix(codecs.BOM_UTF8), np.uint8)
            places = np.flatnonzero(data == ord('"'))
            ahead = np.concatenate(([before], data[:-1]))[places[inside::2]]
            if not np.isin(ahead, [delimiter.encode()[-1], *b'\n"']).all():
                return False
            before, inside = int(data[-1]) if len(data) else before, (inside + len(places)) % 2
    return True


def _sql(path: Path, shape: Shape) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in shape.names)
    with path.open("rb") as file:
        packed = "gzip" if file.read(2) == b"\x1f\x8b" else "none"
    return (
        f"SELECT * FROM read_csv({located(path)}, columns={{{columns}}}, auto_detect=false, header=false, "
        f"skip={shape.header_lines}, delim={literal(shape.delimiter)}, quote='\"', escape='\"', strict_mode=true, "
        f"null_padding=false, compression={literal(packed)}, hive_partitioning=false) "
        f"WHERE coalesce({', '.join(map(quoted, shape.names))}) IS NOT NULL"
    )


def careful(path: Path, shape: Shape, rows: int, skip: int = 0, unpack_ratio: int = UNPACK_RATIO) -> Iterator[FilePart]:
    """The rows that the fast reader would return, without the first `skip`, and each unreadable line as a reject."""
    csv.field_size_limit(LONGEST_FIELD)
    with opened(path, unpack_ratio) as file:
        lines = text_of(file, shape.encoding)
        for _ in islice(lines, shape.header_lines):
            pass
        at, rest = shape.header_lines + 1, list[str]()
        while True:
            block = list(islice(lines, rows))
            buffer = rest + block
            if not buffer:
                return
            records, starts, rejects, used = _records(buffer, shape, at, last=len(block) < rows)
            kept = records[skip:]
            skip -= min(skip, len(records))
            yield FilePart(
                text_table(shape.names, kept), pa.array(starts[len(records) - len(kept) :], pa.int64()), rejects=rejects
            )
            rest, at = buffer[used:], at + used


Records = tuple[list[list[str]], list[int], list[Reject], int]


def _records(buffer: list[str], shape: Shape, at: int, last: bool) -> Records:
    """The records in the lines of `buffer`, their line numbers, the rejects, and how many lines were used.

    The first line of `buffer` has the number `at`.
    """
    text = "".join(buffer)
    if "\x00" not in text and ' "' not in text and '" ' not in text and not has_broken_bytes(text, shape.encoding):
        try:
            records = list(csv.reader(buffer, delimiter=shape.delimiter, strict=True))
        except csv.Error:
            records = []
        width = len(shape.names)
        if len(records) == len(buffer) and set(map(len, records)) == {width} and [""] * width not in records:
            return records, list(range(at, at + len(records))), [], len(buffer)
    return _Slow(buffer, shape, at, last).read()


class _Layout:
    """Removes the blanks around quoted values that are layout. A value with text beside its quotes stays as it is."""

    def __init__(self, delimiter: str) -> None:
        self.off = delimiter == " "
        stop, text = re.escape(delimiter), '(?:[^"]++|"")*+'
        self.ending = re.compile(rf'({text}") *(?=[{stop}\r\n]|\Z)')  # of a value that began on an earlier line
        self._value = re.compile(rf'( ?)(?:("{text}") *(?=[{stop}\r\n]|\Z)|("{text})\Z)|[^{stop}\r\n]+')

    def without(self, line: str, inside: bool, closes: Callable[[], bool]) -> tuple[str, bool]:
        """The line without them, and whether it ends inside a quoted value. `closes` says if such a value ends well."""
        if self.off:
            return line, False
        start, still = "", False
        if inside:
            end = self.ending.match(line)
            if end is None:
                return line, '"' not in line.replace('""', "")
            start, line = end[1], line[end.end() :]

        def tidy(value: re.Match[str]) -> str:
            nonlocal still
            if value[3] is None:
                return value[2] or value[0]
            still = not value[1] or closes()
            return value[3] if still else value[0]

        return start + self._value.sub(tidy, line), still


class _Slow:
    """Reads record by record; used only for the parts of a file that have a problem."""

    def __init__(self, buffer: list[str], shape: Shape, at: int, last: bool) -> None:
        self.buffer, self.shape, self.at, self.last = buffer, shape, at, last
        self.records: list[list[str]] = []
        self.starts: list[int] = []
        self.rejects: list[Reject] = []
        self.place = 0  # the index of the line on which the current record began
        self.layout = _Layout(shape.delimiter)

    def read(self) -> Records:
        while self.place < len(self.buffer):
            try:
                if self._run():
                    break
            except csv.Error as error:
                if "unexpected end" in str(error) and not self.last and len(self.buffer) - self.place < LONGEST_RECORD:
                    break  # the record may end in the next block
                self._reject("a quote is never closed" if "end" in str(error) else f"cannot be read as CSV: {error}")
        return self.records, self.starts, self.rejects, self.place

    def _lines(self) -> Iterator[str]:
        inside = False  # a quoted value that began on an earlier line
        for number in range(self.place, len(self.buffer)):
            if number - self.place >= LONGEST_RECORD:
                raise csv.Error("unexpected end: the quote spans too many lines")
            line = self.buffer[number]
            if '"' in line:
                line, inside = self.layout.without(line, inside, partial(self._closes, number + 1))
            yield line

    def _closes(self, after: int) -> bool:
        """True if a quoted value open at the end of a line ends well, or may do so in the next block."""
        for line in islice(self.buffer, after, after + LONGEST_RECORD):
            if '"' in line.replace('""', ""):
                return bool(self.layout.ending.match(line))
        return not self.last and len(self.buffer) - after < LONGEST_RECORD

    def _run(self) -> bool:
        """Take records until one is bad (False) or the buffer ends (True)."""
        reader, begin = csv.reader(self._lines(), delimiter=self.shape.delimiter, strict=True), self.place
        for record in reader:
            end = begin + reader.line_num
            reason = self._complaint(record, "".join(self.buffer[self.place : end]))
            if reason:
                several = end - self.place > 1
                self._reject(reason)
                if several:  # a stray quote may have joined several lines: start again at the next line
                    return False
                continue
            if not self._is_blank(record):
                self.records.append(record[: len(self.shape.names)])
                self.starts.append(self.at + self.place)
            self.place = end
        return True

    def _complaint(self, record: list[str], text: str) -> str:
        wanted = len(self.shape.names)
        if self._is_blank(record):
            return ""
        if len(record) < wanted or any(record[wanted:]):
            cut = "" if text.endswith(("\n", "\r")) else " (the last line: was the file cut?)"
            return f"has {len(record)} columns, the header has {wanted}{cut}"
        if "\x00" in text:
            return "holds a NUL byte"
        return f"holds bytes that are not {self.shape.encoding}" if has_broken_bytes(text, self.shape.encoding) else ""

    def _is_blank(self, record: list[str]) -> bool:
        """True for a line without any value: spreadsheets write thousands of them after the last row."""
        return not any(record) or (len(record) == 1 and not record[0].strip())

    def _reject(self, reason: str) -> None:
        raw = self.buffer[self.place].rstrip("\r\n").replace("\x00", "\u2400").encode("utf-8", "replace").decode()
        self.rejects.append(Reject(self.at + self.place, reason, raw))
        self.place += 1

"""The shape of a delimited file: encoding, delimiter, header. The delimiter is judged over the rows, not over the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fullcircle.connectors.columns import unique
from fullcircle.connectors.sources.files.encoding import encoding_of
from fullcircle.connectors.sources.files.header import SEARCHED, Header, find_header, looks_like_a_row, usual_width
from fullcircle.connectors.sources.files.part import EQUALS, How, no_header, not_too_wide, opened
from fullcircle.errors import ConfigError

DELIMITERS = ",;\t|"
SELDOM = "^~:\x01\x1f\xa6"  # delimiters that are tried where none of the others divides the rows
FORMAT = re.compile(r'"?(EXTF|DTVF)"?;\d{3};')  # the first line of a file for or of DATEV
SAMPLE = 200  # lines
LONGEST_LINE = 1 << 20  # characters of a line of the sample
Parsed = list[tuple[list[str], int]]  # records, each with the number of lines up to its end


@dataclass(frozen=True, slots=True)
class Shape:
    """The format of a delimited file: encoding, delimiter, column names, and the number of lines up to the header's end."""

    encoding: str
    delimiter: str
    names: list[str]
    header_lines: int
    notes: tuple[str, ...] = ()


def text_of(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The file as text. Bytes that are not of the encoding become characters that `has_broken_bytes` knows."""
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")


def has_broken_bytes(text: str, encoding: str) -> bool:
    """True if the text has bytes that are not of the file's encoding."""
    if encoding.startswith(("utf-16", "utf-32")) and "\ufffd" in text:
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def shape_of(path: Path, how: How) -> Shape | None:
    """Encoding, delimiter and column names; None for a file without any text."""
    encoding = encoding_of(path, how)
    with opened(path, how.unpack_ratio) as file:
        lines = list(islice(text_of(file, encoding.name), max(SAMPLE, how.header_row + SAMPLE)))
    before, delimiter = _beginning(lines, how.delimiter)
    if how.header_row:
        before = _given(how.header_row, lines, path)
    if before == len(lines):
        return None
    delimiter, parsed, divides = _divided(lines[before:], delimiter)
    rows = [record for record, _ in parsed]
    first = next((place for place, record in enumerate(rows) if any(value.strip() for value in record)), None)
    if first is None:  # only delimiters
        return Shape(encoding.name, delimiter, unique(rows[0]), before + parsed[0][1], _notes(encoding.note))
    searched = divides and not how.header_row  # otherwise the header is given, or it is a file of one column
    header = find_header(rows[:SEARCHED]) if searched else Header(first, first, _without_end(rows[first]))
    not_too_wide(path, len(header.names))
    line = before + (parsed[header.first - 1][1] if header.first else 0) + 1
    if not how.header_row and looks_like_a_row(header.names, rows[header.last + 1 :]):
        raise no_header(path, line)
    names = [re.sub(EQUALS, r"\1", name).encode("utf-8", "replace").decode() for name in header.names]
    note = header.note(line) if searched else ""
    return Shape(encoding.name, delimiter, unique(names), before + parsed[header.last][1], _notes(encoding.note, note))


def _beginning(lines: Sequence[str], delimiter: str) -> tuple[int, str]:
    """The number of empty lines above the first text, and the delimiter if it is known: from the config, or a line `sep=;`.

    A line in which a program names its format (`"EXTF";700;21;"Buchungsstapel"`) is as good as empty.
    """
    for before, line in enumerate(lines):
        text = line.strip()
        if text.lower().startswith("sep=") and len(text) == 5:
            delimiter = delimiter or text[4]
        elif text and not FORMAT.match(text):
            return before, delimiter
    return len(lines), delimiter


def _divided(lines: Sequence[str], delimiter: str) -> tuple[str, Parsed, bool]:
    """The delimiter that divides the rows best, the records it makes, and whether it divides them at all."""
    if len(delimiter) > 1:
        raise ConfigError(f'The delimiter "{delimiter}" is not one character.', "Set delimiter to one character.")
    best = ("", list[tuple[list[str], int]](), (-1.0, 0))
    for signs, least in ((delimiter or DELIMITERS, 0.0), ("" if delimiter else SELDOM, 0.9)):
        for sign in signs:
            parsed = _parsed(lines, sign)
            evidence = _evidence([record for record, _ in parsed])
            if evidence > best[2] and (evidence[0] >= least or not best[0]):
                best = (sign, parsed, evidence)
        if best[2][0] > 0:
            break
    return best[0], best[1], best[2][0] > 0


def _notes(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)


def _given(row: int, lines: Sequence[str], path: Path) -> int:
    if row > len(lines) or not lines[row - 1].strip():
        raise ConfigError(
            f"header_row is {row}, but line {row} of {path} is empty or not there.",
            "Set header_row to the number of the line with the column names, from 1.",
        )
    return row - 1


def _without_end(names: list[str]) -> list[str]:
    while names and not names[-1].strip():  # a delimiter at the end of every line
        names = names[:-1]
    return names


def _parsed(lines: Sequence[str], delimiter: str) -> Parsed:
    """The records of the sample. What a quote that is never closed would swallow is left out."""
    reader = csv.reader((line[:LONGEST_LINE] for line in lines), delimiter=delimiter)
    found: Parsed = []
    try:
        for record in reader:
            found.append((record, reader.line_num))
    except csv.Error:
        pass
    return found or [([lines[0]], 1)]


def _evidence(records: Sequence[list[str]]) -> tuple[float, int]:
    """How well a delimiter fits: the share of the rows that have the header's number of columns, then that number."""
    records = [record for record in records if any(value.strip() for value in record)]
    if not records:
        return 0.0, 0
    width = usual_width(records)
    if width < 2:
        width = len(records[0])
        return (0.0, width) if len(records) > 1 or width < 2 else (0.5, width)
    header = find_header(records[:SEARCHED])
    names = len(header.names)
    rows = records[header.last + 1 :]
    if names < 2:
        return 0.0, names
    if not rows:
        return 0.0 if header.last else 0.5, names
    fitting = sum(len(row) == names or (len(row) > names and not any(row[names:])) for row in rows) / len(rows)
    return fitting - (0.3 if header.last else 0), names

"""Excel workbooks (.xlsx): a sheet with a header. All values land as text, as they are shown where a format shows zeros.

A cell that is a formula without a stored value (written by a program that does not calculate) has no value that could be read:
its row is rejected, because an empty value would be wrong.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter

from fullcircle.connectors.columns import unique
from fullcircle.connectors.sources.files.header import SEARCHED, Header, find_header, looks_like_a_row
from fullcircle.connectors.sources.files.part import (
    REPLACE_FILE,
    UNPACKED_FREELY,
    FilePart,
    How,
    Reject,
    no_header,
    opened,
    text_table,
    too_large,
)
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, SourceBroken, did_you_mean

BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError)
Line = tuple[int, list[str], str]  # the number of a row, its values, and the cell with a formula without value


def read(path: Path, how: How, engine: Engine) -> Iterator[FilePart]:  # noqa: ARG001 - all readers have the same parameters
    """The rows of the sheet named in the config, else of the first one."""
    with opened(path, how.unpack_ratio) as file:
        try:
            _check_size(path, file, how.unpack_ratio)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except BROKEN as error:
            raise SourceBroken(
                f"The workbook {path} cannot be read: it is truncated, locked or not an .xlsx file.", REPLACE_FILE
            ) from error
        if how.sheet and how.sheet not in book.sheetnames:
            raise ConfigError(f'{path} has no sheet "{how.sheet}".', did_you_mean(how.sheet, book.sheetnames))
        sheet = book[how.sheet] if how.sheet else book.worksheets[0]
        others = [] if how.sheet else [other.title for other in book.worksheets if other is not sheet]
        note = (
            (f"only the sheet {sheet.title} was read, not {', '.join(others)}; set sheet to read another one",) if others else ()
        )
        sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
        try:
            yield from _parts(_lines(sheet, path), how, path, note)
        except BROKEN as error:
            raise SourceBroken(f"The sheet {sheet.title} of {path} is damaged.", REPLACE_FILE) from error
        finally:
            book.close()


def _check_size(path: Path, file: BinaryIO, ratio: int) -> None:
    with zipfile.ZipFile(file) as packed:
        unpacked = sum(one.file_size for one in packed.infolist())
    if unpacked > max(UNPACKED_FREELY, path.stat().st_size * ratio):
        raise too_large(path, ratio)
    file.seek(0)


def _lines(sheet: Any, path: Path) -> Iterator[Line]:
    """The rows with their numbers. Formulas are looked at only where the sheet has one and a value is missing."""
    formulas = _formulas(path, sheet.title) if _has_formulas(sheet) else repeat(())
    for number, (cells, sources) in enumerate(zip(sheet.iter_rows(), formulas, strict=False), 1):
        values = [_shown(cell) for cell in cells]
        missing = ""
        for place, source in enumerate(sources):
            is_formula = isinstance(source, str) and source.startswith("=")
            if is_formula and (place >= len(cells) or cells[place].value is None):
                missing = missing or f"{get_column_letter(place + 1)}{number}"
        yield number, values, missing


def _has_formulas(sheet: Any) -> bool:
    with sheet._get_source() as source:
        rest = b""
        while block := source.read(1 << 20):
            if re.search(rb"<(\w+:)?f[ >/]", rest + block):
                return True
            rest = block[-8:]
    return False


def _formulas(path: Path, title: str) -> Iterator[tuple[Any, ...]]:
    with opened(path) as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False)
        sheet = book[title]
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield tuple(cell.value if cell.data_type == "f" else None for cell in row)
        book.close()


def _parts(lines: Iterator[Line], how: How, path: Path, notes: tuple[str, ...]) -> Iterator[FilePart]:
    head = list(islice(lines, max(SEARCHED, how.header_row)))
    if how.header_row:
        if how.header_row > len(head) or not any(head[how.header_row - 1][1]):
            raise ConfigError(
                f"header_row is {how.header_row}, but this row of {path} is empty or not there.",
                "Set header_row to the number of the row with the column names, from 1.",
            )
        place = how.header_row - 1
        header = Header(place, place, _without_end(head[place][1]))
    elif not any(any(values) for _, values, _ in head):
        return
    else:
        first = next(place for place, (_, values, _) in enumerate(head) if any(values))
        header = find_header([values for _, values, _ in head])
        if looks_like_a_row(header.names, [values for _, values, _ in head[header.last + 1 :]]):
            raise no_header(path, head[header.first][0])
        if header.last > first:
            notes = (*notes, header.note(head[header.first][0]))
    names = unique(header.names)
    yield FilePart(text_table(names, []), pa.array([], pa.int64()), notes=notes)
    rows = chain(head[header.last + 1 :], lines)
    while block := list(islice(rows, how.rows)):
        yield _part(block, names)


def _without_end(names: list[str]) -> list[str]:
    while names and not names[-1].strip():
        names = names[:-1]
    return names


def _part(block: list[Line], names: list[str]) -> FilePart:
    records, numbers, rejects = [], [], []
    for number, record, missing in block:  # the library returns cells as Python values, one by one
        if missing:
            reason = f"has a formula without a value in {missing}: open the file in a spreadsheet program, and save it"
            rejects.append(Reject(number, reason, "\t".join(record)))
        elif any(record[len(names) :]):
            rejects.append(Reject(number, f"has a value outside the {len(names)} columns of the header", "\t".join(record)))
        elif any(record):
            records.append((record + [""] * len(names))[: len(names)])
            numbers.append(number)
    return FilePart(text_table(names, records), pa.array(numbers, pa.int64()), rejects=rejects)


def _shown(cell: Any) -> str:
    """The value as text; a whole number whose format shows leading zeros with them, because they belong to it (00501)."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        mask = _zeros(cell.number_format or "")
        return _masked(value, mask) if mask and value >= 0 else str(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


@cache
def _zeros(number_format: str) -> str:
    """The format as a mask of 0 and signs between them ("00000", "000-00-0000"), or "" if it shows no leading zeros."""
    section = number_format.split(";", maxsplit=1)[0]
    section = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    mask = re.sub(r'"([^"]*)"|\\(.)', lambda found: found[1] if found[1] is not None else found[2], section).strip()
    bare = re.sub(r'"[^"]*"|\\.', "", section).strip()
    is_mask = re.fullmatch(r"0[0 ()/-]*", bare) and bare.count("0") > 1 and not re.search(r"[1-9]", mask)
    return mask if is_mask and mask.count("0") == bare.count("0") else ""


def _masked(value: int, mask: str) -> str:
    digits = list(str(value).zfill(mask.count("0")))
    made: list[str] = []
    for sign in reversed(mask):
        made.append(digits.pop() if sign == "0" else sign)
    first = len(made) - mask.index("0")  # digits that have no place in the mask stand before its first zero
    return "".join(reversed(made[:first] + list(reversed(digits)) + made[first:]))

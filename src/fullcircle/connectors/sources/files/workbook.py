"""Workbooks (.xlsx, .xls, .ods): a sheet with a header. All values land as text, as they are shown where a format shows zeros.

A cell that is a formula without a stored value (written by a program that does not calculate) has no value that could be read:
its row is rejected, because an empty value would be wrong. The kind of a workbook is known from its content: programs give web
pages and text files the ending .xls.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from fullcircle import registry
from fullcircle.connectors.columns import unique
from fullcircle.connectors.sources.files import delimited, ods
from fullcircle.connectors.sources.files.header import SEARCHED, Header, find_header, looks_like_a_row
from fullcircle.connectors.sources.files.merged import Down
from fullcircle.connectors.sources.files.part import (
    UNPACKED_FREELY,
    FilePart,
    How,
    Line,
    OpenBook,
    Reject,
    no_header,
    opened,
    text_table,
    too_large,
)
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, SourceBroken, did_you_mean

OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK"


def read(path: Path, how: How, engine: Engine) -> Iterator[FilePart]:
    """The rows of the sheet named in the config, else of the first one that is not hidden."""
    kind = kind_of(path)
    if kind == "text":
        note = f"{path.name} is a text file with the name of a workbook"
        for place, part in enumerate(delimited.read(path, how, engine)):
            yield part if place else FilePart(part.rows, part.lines, part.raw, part.rejects, (note, *part.notes))
        return
    book = _opened(path, kind, how.unpack_ratio)
    try:
        names = [sheet.name for sheet in book.sheets()]
        if how.sheet and how.sheet not in names:
            raise ConfigError(f'{path} has no sheet "{how.sheet}".', did_you_mean(how.sheet, names))
        sheet = how.sheet or first_of(book)
        if sheet:
            yield from _parts(book, sheet, how, path)
    finally:
        book.close()


def first_of(book: OpenBook) -> str:
    """The first sheet that is not hidden; the first one, if all are."""
    sheets = book.sheets()
    return next((sheet.name for sheet in sheets if not sheet.hidden), sheets[0].name if sheets else "")


def tables_of(path: Path, unpack_ratio: int) -> tuple[list[str], dict[str, str]]:
    """The sheets after the first that hold a table, and why each other one is not an object: it is hidden, or holds no table."""
    if kind_of(path) == "text":
        return [], {}
    book = _opened(path, kind_of(path), unpack_ratio)
    try:
        first = first_of(book)
        others = [sheet for sheet in book.sheets() if sheet.name != first]
        left = {sheet.name: "is hidden" for sheet in others if sheet.hidden}
        left |= {sheet.name: "holds no table" for sheet in others if not sheet.hidden and not book.holds_table(sheet.name)}
    finally:
        book.close()
    return [sheet.name for sheet in others if sheet.name not in left], left


def kind_of(path: Path) -> str:
    """What a file with the name of a workbook is: "excel", "ods", "xls" or "text". Raises SourceBroken for a web page."""
    with opened(path) as file:
        begin = file.read(512)
    if begin.startswith(OLE):
        return "xls"
    if begin.startswith(ZIP):
        return "ods" if b"opendocument.spreadsheet" in begin else "excel"
    if begin.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise SourceBroken(
            f"The file {path} is a web page or XML with the name of a workbook.",
            "Open it in a spreadsheet program, and save it as .xlsx or CSV.",
        )
    return "text" if path.suffix.lower() == ".xls" else "excel"


def _opened(path: Path, kind: str, unpack_ratio: int) -> OpenBook:
    if kind == "xls":
        try:
            from fullcircle.connectors.sources.files import xls
        except ModuleNotFoundError as error:
            raise registry.missing(str(error.name), f"Reading {path.name}") from None
        return xls.OldBook(path)
    if kind == "ods":
        _check_size(path, unpack_ratio)
        return ods.OdsBook(path)
    from fullcircle.connectors.sources.files import excel

    _check_size(path, unpack_ratio)
    return excel.ExcelBook(path)


def _check_size(path: Path, ratio: int) -> None:
    with opened(path) as file:
        if not zipfile.is_zipfile(file):
            return  # the reader says what is wrong with it
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    if unpacked > max(UNPACKED_FREELY, path.stat().st_size * ratio):
        raise too_large(path, ratio)


def _parts(book: OpenBook, sheet: str, how: How, path: Path) -> Iterator[FilePart]:
    lines, notes = book.lines(sheet), tuple[str, ...]()
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
    down = Down(book.merged, names)
    rows = down.lines(chain(head[header.last + 1 :], lines))
    while block := list(islice(rows, how.rows)):
        yield replace(_part(block, names), notes=down.notes())


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

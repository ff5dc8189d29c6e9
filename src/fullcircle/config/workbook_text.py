"""The first rows of the sheets of an .xlsx workbook, as the text of a CSV file: enough to see of which country it is.

The connector reads workbooks whole, with a library; this looks at them before there is a source. See `sheets_of`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

SHEETS, ROWS, TEXTS = 10, 2_000, 50_000  # that are looked at: sheets, rows of each, texts of the workbook
MOST = 20 << 20  # bytes of a part of it, unpacked; larger ones are not looked at
ENDINGS = (".xlsx", ".xlsm")


def sheets_of(path: Path) -> list[str]:
    """The text of each sheet; [] for a file that is not a workbook, or cannot be looked at."""
    try:
        with zipfile.ZipFile(path) as book:
            names = sorted(one for one in book.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", one))
            texts = [*_texts(book)]
            return [_as_csv(_rows(book, name, texts)) for name in names[:SHEETS]]
    except (OSError, zipfile.BadZipFile, ElementTree.ParseError, RuntimeError, NotImplementedError):
        return []


def _parts(book: zipfile.ZipFile, name: str, tag: str) -> Iterator[ElementTree.Element]:
    """The elements of that name, one after the other, from a part that is not too large."""
    if name not in book.namelist() or book.getinfo(name).file_size > MOST:
        return
    with book.open(name) as part:
        for _, element in ElementTree.iterparse(part):
            if element.tag.rpartition("}")[2] == tag:
                yield element
                element.clear()


def _texts(book: zipfile.ZipFile) -> Iterator[str]:
    """The texts to which cells point by their place."""
    for place, element in enumerate(_parts(book, "xl/sharedStrings.xml", "si")):
        if place == TEXTS:
            return
        yield _text(element)


def _text(element: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in element.iter() if each.tag.rpartition("}")[2] == "t")


def _rows(book: zipfile.ZipFile, name: str, texts: list[str]) -> Iterator[list[str]]:
    for place, row in enumerate(_parts(book, name, "row")):
        if place == ROWS:
            return
        yield [_cell(cell, texts) for cell in row]


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = next((each.text or "" for each in cell if each.tag.rpartition("}")[2] == "v"), "")
    if cell.get("t") != "s":
        return value
    return texts[int(value)] if value.isdigit() and int(value) < len(texts) else ""


def _as_csv(rows: Iterator[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()

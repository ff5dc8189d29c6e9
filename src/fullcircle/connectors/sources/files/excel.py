"""Excel workbooks (.xlsx, .xlsm): sheets, rows of texts, and formulas without a stored value. See workbook.py."""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

from fullcircle.connectors.sources.files.part import REPLACE_FILE, Line, Merged, Sheet, broken, opened
from fullcircle.errors import SourceBroken

BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError)
MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+)(\d+):[A-Z]+(\d+)["']""")
BEGINNING = 1 << 20  # bytes of a sheet that are looked at to find out whether it holds a table


class ExcelBook:
    """A workbook that is open for reading; see `part.OpenBook`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._translated(""), zipfile.ZipFile(path) as packed:
            self._sheets = _listed(packed)
        self._book: Any = None
        self.merged = Merged()

    def sheets(self) -> list[Sheet]:
        """The sheets with cells, in order."""
        return [sheet for sheet, _ in self._sheets]

    def holds_table(self, name: str) -> bool:
        """True if some row near the beginning has two values or more."""
        part = next(part for sheet, part in self._sheets if sheet.name == name)
        with self._translated(name), zipfile.ZipFile(self._path) as packed, packed.open(part) as file:
            begin = file.read(BEGINNING)
        rows = re.findall(rb"<(?:\w+:)?row\b.*?</(?:\w+:)?row>", begin, re.DOTALL)
        values = [len(re.findall(rb"<(?:\w+:)?(?:v|is)>", row)) for row in rows]
        return any(count > 1 for count in values) or (not rows and len(begin) == BEGINNING)

    def lines(self, name: str) -> Iterator[Line]:
        """The rows with their numbers. Formulas are looked at only where the sheet has one and a value is missing."""
        with self._translated(name):
            if self._book is None:
                self._file = self._path.open("rb")  # by its name the library would refuse other endings
                self._book = openpyxl.load_workbook(self._file, read_only=True, data_only=True)
            sheet = self._book[name]
            sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
            self.merged = _merged(sheet)
            yield from _lines(sheet, self._path, self.merged)

    def close(self) -> None:
        """Close the file."""
        if self._book is not None:
            self._book.close()
            self._file.close()

    def _translated(self, sheet: str) -> Any:
        what = f"The sheet {sheet} of {self._path} is damaged."
        whole = f"The workbook {self._path} cannot be read: it is truncated, locked or not an .xlsx file."
        return broken(BROKEN, SourceBroken(what if sheet and self._book is not None else whole, REPLACE_FILE))


def _listed(packed: zipfile.ZipFile) -> list[tuple[Sheet, str]]:
    """The sheets and the files they are kept in, without reading the texts of the whole workbook."""
    place = next((name for name in packed.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", name)), "xl/workbook.xml")
    folder, _, file = place.rpartition("/")
    rels = ElementTree.fromstring(packed.read(f"{folder}/_rels/{file}.rels"))
    targets = {one.get("Id", ""): one for one in rels}
    found = []
    for one in ElementTree.fromstring(packed.read(place)).iter():
        if one.tag.rpartition("}")[2] != "sheet":
            continue
        rel = targets.get(next((value for name, value in one.attrib.items() if name.rpartition("}")[2] == "id"), ""))
        if rel is None or not rel.get("Type", "").endswith("/worksheet"):
            continue  # a chart
        target = rel.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found.append((Sheet(one.get("name", ""), one.get("state", "visible") != "visible"), part))
    return found


def _lines(sheet: Any, path: Path, merged: Merged) -> Iterator[Line]:
    """The rows with their numbers. Formulas are looked at only where the sheet has one and a value is missing."""
    formulas = _formulas(path, sheet.title) if _has_formulas(sheet) else repeat(())
    for number, (cells, sources) in enumerate(zip(sheet.iter_rows(), formulas, strict=False), 1):
        values = [shown(cell.value, getattr(cell, "number_format", "") or "") for cell in cells]
        for column in range(len(cells)) if merged.ends else ():
            if isinstance(cells[column].value, (int, float)):
                merged.formatted(number, column, cells[column].number_format or "")
        missing = ""
        for place, source in enumerate(sources):
            is_formula = isinstance(source, str) and source.startswith("=")
            if is_formula and (place >= len(cells) or cells[place].value is None):
                missing = missing or f"{get_column_letter(place + 1)}{number}"
        yield number, values, missing


def _merged(sheet: Any) -> Merged:
    """The ranges that the sheet merges; they follow its cells, and the library does not read them row by row."""
    found = Merged()
    with sheet._get_source() as source:
        rest = b""
        while block := source.read(1 << 20):
            text = rest + block
            for left, first, last in MERGED.findall(text):
                found.add(int(first), int(last), column_index_from_string(left.decode()) - 1)
            rest = text[-200:]
    return found


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


def shown(value: Any, number_format: str) -> str:
    """The value as text; a whole number whose format shows leading zeros with them, because they belong to it (00501)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        mask = _zeros(number_format)
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

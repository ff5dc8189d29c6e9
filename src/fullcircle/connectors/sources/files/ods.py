"""Workbooks of LibreOffice and others (.ods): XML in a zip file. See workbook.py."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from fullcircle.connectors.sources.files.part import REPLACE_FILE, Line, Merged, Sheet, broken
from fullcircle.errors import SourceBroken

BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError, NotImplementedError)
SEARCHED = 60  # rows that are looked at to find out whether a sheet holds a table
WIDEST = 16_384  # columns; a sheet has no more
Element = ElementTree.Element


class OdsBook:
    """A workbook that is open for reading; see `part.OpenBook`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.merged = Merged()
        self._found: list[Sheet] | None = None

    def sheets(self) -> list[Sheet]:
        """The sheets, in order."""
        if self._found is None:
            found, hiding = [], set()
            with self._translated():
                for event, one in self._elements():
                    if (
                        event == "end"
                        and _is(one, "style")
                        and any(_get(each, "display") == "false" for each in one if _is(each, "table-properties"))
                    ):
                        hiding.add(_get(one, "name"))
                    if event == "start" and _is(one, "table"):
                        found.append(Sheet(_get(one, "name"), _get(one, "style-name") in hiding))
                    if event == "end" and _is(one, "table-row"):
                        one.clear()
            self._found = found
        return self._found

    def holds_table(self, name: str) -> bool:
        """True if some row near the beginning has two values or more."""
        return any(sum(map(bool, values)) > 1 for _, values, _ in islice(self.lines(name), SEARCHED))

    def lines(self, name: str) -> Iterator[Line]:
        """The rows with their numbers."""
        with self._translated():
            self.merged = Merged()
            inside, number = False, 0
            for event, one in self._elements():
                if _is(one, "table"):
                    if event == "end" and inside:
                        return
                    inside = inside or (event == "start" and _get(one, "name") == name)
                elif event == "end" and _is(one, "table-row"):
                    if inside:
                        values, missing = _row(one, number + 1, self.merged)
                        times = int(_get(one, "number-rows-repeated") or 1)
                        if any(values) or missing:
                            for again in range(times):
                                yield number + again + 1, values, missing
                        number += times
                    one.clear()

    def close(self) -> None:
        """Nothing is open between two readings."""

    def _elements(self) -> Iterator[tuple[str, Element]]:
        with zipfile.ZipFile(self._path) as packed, packed.open("content.xml") as file:
            yield from ElementTree.iterparse(file, ("start", "end"))

    def _translated(self) -> Any:
        message = f"The workbook {self._path} cannot be read: it is truncated, locked by a password or not an .ods file."
        return broken(BROKEN, SourceBroken(message, REPLACE_FILE))


def _is(one: Element, name: str) -> bool:
    return one.tag.rpartition("}")[2] == name


def _get(one: Element, name: str) -> str:
    return next((value for key, value in one.attrib.items() if key.rpartition("}")[2] == name), "")


def _row(row: Element, number: int, merged: Merged) -> tuple[list[str], str]:
    """The values of a row, without empty ones at its end, and the place of a formula without a value."""
    values: list[str] = []
    missing = ""
    for cell in row:
        if _is(cell, "table-cell") or _is(cell, "covered-table-cell"):
            value = _value(cell)
            if not value and _get(cell, "formula") and not _get(cell, "value-type"):
                missing = missing or f"column {len(values) + 1} of row {number}"
            merged.add(number, number + int(_get(cell, "number-rows-spanned") or 1) - 1, len(values))
            if _get(cell, "value-type") in ("currency", "percentage"):
                merged.formatted(number, len(values), "%")
            values += [value] * min(int(_get(cell, "number-columns-repeated") or 1), WIDEST - len(values))
    while values and not values[-1]:
        values.pop()
    return values, missing


def _value(cell: Element) -> str:
    kind = _get(cell, "value-type")
    text = "\n".join(_text(one) for one in cell if _is(one, "p"))
    if kind in ("float", "percentage", "currency"):
        return _number(_get(cell, "value"), text)
    if kind == "date":
        return re.sub(r"T00:00:00(\.0+)?$", "", _get(cell, "date-value")).replace("T", " ")
    if kind == "time":
        parts = re.fullmatch(r"(-?)PT(\d+)H(\d+)M(\d+)([.,]\d+)?S", _get(cell, "time-value"))
        return f"{parts[1]}{parts[2]}:{parts[3]}:{parts[4]}" if parts else text
    if kind == "boolean":
        return _get(cell, "boolean-value")
    return text or _get(cell, "string-value")


def _number(value: str, shown: str) -> str:
    """The number as it is stored; as it is shown if its format shows leading zeros, which belong to it (00501)."""
    number = float(value)
    whole = str(int(number)) if number.is_integer() and abs(number) < 1e15 else value
    digits = re.sub(r"[ ()/-]", "", shown)
    is_masked = re.fullmatch(r"\(?0[\d ()/-]+", shown) and digits.isdigit() and int(digits) == number
    return shown if is_masked and number >= 0 else whole


def _text(one: Element) -> str:
    """The text of a paragraph: several spaces, tabs and line breaks are elements of their own; notes are not part of it."""
    parts = [one.text or ""]
    for each in one:
        if _is(each, "s"):
            parts.append(" " * int(_get(each, "c") or 1))
        elif _is(each, "tab") or _is(each, "line-break"):
            parts.append("\t" if _is(each, "tab") else "\n")
        elif not _is(each, "annotation"):
            parts.append(_text(each))
        parts.append(each.tail or "")
    return "".join(parts)

"""Workbooks of Excel before 2007 (.xls). See workbook.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from fullcircle.connectors.sources.files.excel import shown
from fullcircle.connectors.sources.files.part import Line, Merged, Sheet, broken
from fullcircle.errors import SourceBroken

SEARCHED = 60  # rows that are looked at to find out whether a sheet holds a table


class OldBook:
    """A workbook that is open for reading; see `part.OpenBook`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.merged = Merged()
        with self._translated():
            self._book = xlrd.open_workbook(str(path), formatting_info=True, on_demand=True)

    def sheets(self) -> list[Sheet]:
        """The sheets, in order."""
        hidden = getattr(self._book, "_sheet_visibility", [0] * self._book.nsheets)
        return [Sheet(name, bool(hidden[place])) for place, name in enumerate(self._book.sheet_names())]

    def holds_table(self, name: str) -> bool:
        """True if some row near the beginning has two values or more."""
        with self._translated():
            sheet = self._book.sheet_by_name(name)
            rows = range(min(sheet.nrows, SEARCHED))
            return any(sum(value != "" for value in sheet.row_values(row)) > 1 for row in rows)

    def lines(self, name: str) -> Iterator[Line]:
        """The rows with their numbers."""
        with self._translated():
            sheet = self._book.sheet_by_name(name)
            self.merged = Merged()
            for first, after, column, _ in sheet.merged_cells:
                self.merged.add(first + 1, after, column)
                self.merged.formatted(first + 1, column, self._format(sheet.cell(first, column)))
            for number in range(sheet.nrows):
                yield number + 1, [self._shown(cell) for cell in sheet.row(number)], ""

    def close(self) -> None:
        """Close the file."""
        self._book.release_resources()

    def _shown(self, cell: Any) -> str:
        if cell.ctype == xlrd.XL_CELL_DATE:
            return self._time(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return shown(bool(cell.value), "")
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        if cell.ctype != xlrd.XL_CELL_NUMBER:
            return str(cell.value)
        return shown(cell.value, self._format(cell))

    def _format(self, cell: Any) -> str:
        if cell.ctype != xlrd.XL_CELL_NUMBER:
            return ""
        style = self._book.xf_list[cell.xf_index] if cell.xf_index is not None else None
        number_format = self._book.format_map.get(style.format_key) if style is not None else None
        return str(number_format.format_str) if number_format is not None else ""

    def _time(self, value: float) -> str:
        try:
            at = xlrd.xldate.xldate_as_datetime(value, self._book.datemode)
        except (ValueError, OverflowError):  # shown by Excel as ########
            return shown(value, "")
        return shown(at.time() if 0 <= value < 1 else at, "")

    def _translated(self) -> Any:
        # The library raises errors of all kinds for a damaged file: of struct, of its own, or a failed assertion.
        message = f"The workbook {self._path} cannot be read: it is truncated, locked by a password or not an .xls file."
        return broken((Exception,), SourceBroken(message, "Open it in a spreadsheet program, and save it as .xlsx."))

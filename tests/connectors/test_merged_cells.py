"""Cells merged downwards hold their value in each of their rows, inside the range only, and amounts only once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.connectors import books
from tests.connectors.books import Range, write_ods, write_xls
from tests.connectors.town import Town

ROWS: books.Rows = [
    ["Customer", None, "Order", "Total", "Deposit"],
    ["Ada Tal", "Hull", "A1", 10.5, 100.25],
    [None, None, "A2", 20.5, None],
    [None, None, "A3", 30.5, None],
    ["Bo Berg", "York", "B1", 5.5, 1.5],
    [None, None, "B2", 6.5, None],
    ["Cy Dorn", None, "C1", 7.5, None],
]
# Ada and her city over three rows, her deposit too; the header over two columns; the city of Bo over two rows, his name is not.
MERGED: list[Range] = [(1, 3, 0, 0), (1, 3, 1, 1), (1, 3, 4, 4), (0, 0, 0, 1), (4, 5, 1, 1)]


def write(path: Path, rows: books.Rows, merged: list[Range]) -> None:
    if path.suffix == ".xls":
        write_xls(path, {"Orders": rows}, merged=merged)
    elif path.suffix == ".ods":
        write_ods(path, {"Orders": [[_ods(rows, merged, r, c) for c in range(len(row))] for r, row in enumerate(rows)]})
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(list(row))
        for first, last, left, right in merged:
            book.worksheets[0].merge_cells(start_row=first + 1, end_row=last + 1, start_column=left + 1, end_column=right + 1)
        book.save(path)


def _ods(rows: books.Rows, merged: list[Range], r: int, c: int) -> object:
    for first, last, left, right in merged:
        if (r, c) == (first, left):
            spans = f'table:number-rows-spanned="{last - first + 1}" table:number-columns-spanned="{right - left + 1}"'
            return books.ods_cell(rows[r][c]).replace("<table:table-cell", f"<table:table-cell {spans}", 1)
        if first <= r <= last and left <= c <= right:
            return "<table:covered-table-cell/>"
    return rows[r][c]


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_a_value_over_several_rows_is_that_of_each_and_no_row_outside_gets_it(town: Town, ending: str) -> None:
    write(town.files / f"orders{ending}", ROWS, MERGED)
    town.pull()
    assert town.rows("orders") == [
        ("Ada Tal", "Hull", "A1", "10.5", "100.25"), ("Ada Tal", "Hull", "A2", "20.5", None),
        ("Ada Tal", "Hull", "A3", "30.5", None),
        ("Bo Berg", "York", "B1", "5.5", "1.5"), ("Cy Dorn", None, "C1", "7.5", None), (None, "York", "B2", "6.5", None),
    ]  # fmt: skip
    told = "\n".join(town.said)
    assert "cells merged downwards hold their value in each of their rows: Customer, " in told
    assert "amounts in cells merged downwards count once, in their first row: Deposit" in told


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_a_merged_header_and_rows_with_nothing_else_stay_as_they_are(town: Town, ending: str) -> None:
    rows: books.Rows = [["Name", "Order"], ["Ada Tal", "A1"], [None, None], [None, "A2"], ["Bo Berg", "B1"]]
    write(town.files / f"orders{ending}", rows, [(1, 3, 0, 0)])
    town.pull()
    assert town.rows("orders") == [("Ada Tal", "A1"), ("Ada Tal", "A2"), ("Bo Berg", "B1")]


def test_a_whole_number_shown_as_money_counts_once_and_a_number_of_a_customer_in_each_row(town: Town) -> None:
    path = town.files / "orders.xlsx"
    write(path, [["No", "Total", "Item"], [7, 100, "a"], [None, None, "b"]], [(1, 2, 0, 0), (1, 2, 1, 1)])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B2"].number_format = "#,##0.00 €"
    book.save(path)
    town.pull()
    assert town.rows("orders") == [("7", "100", "a"), ("7", None, "b")]

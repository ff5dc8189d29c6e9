"""Workbooks of all kinds: every sheet with a table is an object, and what is left out is told."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from fullcircle.connectors.sources import files
from fullcircle.errors import SourceBroken
from tests.connectors import books
from tests.connectors.books import Day, Masked, write_ods, write_xls
from tests.connectors.town import Town

Write = Callable[..., None]


def write_xlsx(path: Path, sheets: Mapping[str, books.Rows], hidden: Sequence[str] = ()) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place, int(value) if isinstance(value, Masked | Day) else value)
                cell.number_format = (
                    "00000" if isinstance(value, Masked) else "yyyy-mm-dd" if isinstance(value, Day) else "General"
                )
    book.save(path)


WRITERS = {".xlsx": write_xlsx, ".xls": write_xls, ".ods": write_ods}
each_kind = pytest.mark.parametrize("ending", list(WRITERS))
PEOPLE: books.Rows = [["id", "name", "zip", "vip", "score"], [1, "Zoë Ø", Masked(501), True, 1.5], [2, "Bo", None, False, 1e12]]
ORDERS: books.Rows = [["id", "buyer"], [7, 1], [8, 2]]


@each_kind
def test_every_sheet_with_a_table_is_an_object(town: Town, ending: str) -> None:
    sheets = {"People": PEOPLE, "Orders": ORDERS, "Secret": ORDERS, "Notes": [["just words"], ["more"]], "Empty": []}
    WRITERS[ending](town.files / f"shop_2024-01{ending}", sheets, ["Secret"])
    assert {name: one.rows for name, one in town.pull().items()} == {"shop": 2, "shop_Orders": 2}
    assert town.rows("shop") == [("1", "Zoë Ø", "00501", "true", "1.5"), ("2", "Bo", None, "false", "1000000000000")]
    assert town.rows("shop_Orders") == [("7", "1"), ("8", "2")]
    told = "\n".join(town.said)
    for sheet, why in (("Secret", "is hidden"), ("Notes", "holds no table"), ("Empty", "holds no table")):
        assert f"not read: the sheet {sheet} of shop_2024-01{ending} {why}" in told
    assert {name: one.rows for name, one in town.pull().items()} == {"shop": 0, "shop_Orders": 0}
    WRITERS[ending](town.files / f"shop_2024-02{ending}", {"People": PEOPLE[:2], "Orders": [["id", "buyer"], [9, 1]]})
    town.pull()
    assert town.rows("shop_Orders") == [("7", "1"), ("8", "2"), ("9", "1")]
    (town.files / f"shop_2024-01{ending}").unlink()
    town.pull()
    assert town.rows("shop_Orders") == [("9", "1")]


@each_kind
def test_a_sheet_that_the_config_names_is_read_even_if_hidden(town: Town, ending: str) -> None:
    WRITERS[ending](town.files / f"shop{ending}", {"Cover": [["x", "y"], [1, 2]], "Orders": ORDERS}, ["Orders"])
    town.pull(objects={"orders": {"files": f"shop{ending}", "sheet": "Orders", "key": "id"}})
    assert town.rows("orders", "_key, buyer") == [("7", "1"), ("8", "2")]
    town.pull(objects={"first": {"files": f"shop{ending}"}})
    assert town.rows("first") == [("1", "2")]


@each_kind
def test_a_workbook_that_is_cut_or_garbage_is_named(town: Town, ending: str) -> None:
    path = town.files / f"shop{ending}"
    WRITERS[ending](path, {"People": PEOPLE, "Orders": ORDERS})
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], whole[:600], whole[:8] + bytes(5000)):
        path.write_bytes(content)
        with pytest.raises(SourceBroken, match=rf"shop\{ending}"):
            town.pull()


def test_dates_errors_and_times_of_an_old_workbook(town: Town) -> None:
    write_xls(town.files / "shop.xls", {"One": [["id", "day"], [1, Day(45292)], [2, Day(0)]]})
    town.pull()
    assert town.rows("shop") == [("1", "2024-01-01"), ("2", "00:00:00")]


def test_cells_of_libreoffice(town: Town) -> None:
    cell = "<table:table-cell office:value-type="
    write_ods(
        town.files / "shop.ods",
        {
            "One": [
                ["id", "day", "at", "time", "share", "note", "formula"],
                [
                    1,
                    f'{cell}"date" office:date-value="2024-02-29"><text:p>29.02.24</text:p></table:table-cell>',
                    f'{cell}"date" office:date-value="2024-02-29T10:30:00"/>',
                    f'{cell}"time" office:time-value="PT838H59M59S"/>',
                    f'{cell}"percentage" office:value="0.125"><text:p>12.5%</text:p></table:table-cell>',
                    f'{cell}"string"><office:annotation><text:p>a remark</text:p></office:annotation>'
                    '<text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell>',
                    f'{cell}"float" table:formula="of:=1+1" office:value="2"/>',
                ],
                [2, None, None, None, None, None, '<table:table-cell table:formula="of:=1+1"/>'],
                ['<table:table-cell office:value-type="float" office:value="3" table:number-columns-repeated="2"/>'],
            ]
        },
    )
    town.pull()
    assert town.rows("shop") == [
        ("1", "2024-02-29", "2024-02-29 10:30:00", "838:59:59", "0.125", "a  b\nc", "2"),
        ("3", "3", None, None, None, None, None),
    ]
    [reject] = town.rejects("shop")
    assert "formula without a value in column 7 of row 3" in reject["reason"]


def test_what_is_called_xls_is_told_by_its_content(town: Town) -> None:
    town.put("a.xls", "id\tname\n1\tZoë\n")
    write_xlsx(town.files / "b.xlsx", {"One": ORDERS})
    (town.files / "b.xlsx").rename(town.files / "b.xls")
    town.pull()
    assert (town.rows("a"), town.rows("b")) == ([("1", "Zoë")], [("7", "1"), ("8", "2")])
    assert any("a.xls is a text file with the name of a workbook" in text for text in town.said)
    town.put("c.xls", "<html><table><tr><td>id</td></tr></table></html>")
    with pytest.raises(SourceBroken, match=r"c\.xls is a web page"):
        town.pull()


def test_without_the_library_an_old_workbook_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(files, "xls", raising=False)
    monkeypatch.delitem(sys.modules, "fullcircle.connectors.sources.files.xls", raising=False)
    monkeypatch.setitem(sys.modules, "xlrd", None)
    write_xls(town.files / "old.xls", {"One": ORDERS})
    with pytest.raises(SourceBroken, match=r"old\.xls: .*xls"):
        town.pull()
    town.put("people.csv", "id,name\n1,Ada\n")
    assert list(town.pull()) == ["people"]
    assert any("not read: old.xls" in text for text in town.said)
    assert any("pip install 'fullcircle[xls]'" in text for text in town.said)

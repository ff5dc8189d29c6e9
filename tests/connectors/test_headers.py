# ruff: noqa: E501 - one line a case
"""Where a table begins and ends in a file: delimiters by rows, titles above, headers of two rows, totals below; wrapped cells."""

from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.connectors.sources.files.part import How, unwrapped
from fullcircle.connectors.sources.files.shape import shape_of
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, SourceBroken
from tests.connectors.town import Town
from tests.properties import examples

ENGINE = DuckDB(threads=1)

# name: text, delimiter, names, lines up to the header's end
SHAPES: dict[str, tuple[str, str, list[str], int]] = {
    "commas in a header of semicolons": (
        'no;"Surname, first";"City, Zip, Land"\n1;Ann;Leeds\n2;Bo;York\n',
        ";",
        ["no", "Surname, first", "City, Zip, Land"],
        1,
    ),
    "commas in a bare header of semicolons": (
        "SKU;Name (max 50, required);Price (net, EUR)\n1;Pot;9.00\n",
        ";",
        ["SKU", "Name (max 50, required)", "Price (net, EUR)"],
        1,
    ),
    "commas in every row of semicolons": ("a;b\nx,y;z\nu,v;w\n", ";", ["a", "b"], 1),
    "decimal commas": ("a;b\n1,5;2,5\n3,5;4,5\n", ";", ["a", "b"], 1),
    "pipes inside commas": ("id,tags\n1,a|b\n2,c|d\n3,e|f\n", ",", ["id", "tags"], 1),
    "tabs with commas": ("name\taddress\nAnn\tOak, 1, Leeds\nBo\tElm, 2, York\n", "\t", ["name", "address"], 1),
    "one title": ("Customers of May\nid,name,email\n1,Ann,ann@example.com\n", ",", ["id", "name", "email"], 2),
    "title and empty cells": ("Customers of May,,\n,,\nid,name,email\n1,Ann,ann@example.com\n", ",", ["id", "name", "email"], 3),
    "title of semicolons": ("Kunden, Stand Mai;;\n\nNr;Name;Ort\n1;Ann;Ulm\n2;Bo;Bonn\n", ";", ["Nr", "Name", "Ort"], 3),
    "notes with values": (
        "Report:,Customers\nFrom:,2025-01-01\n\nid,name,city,zip\n1,Ann,Leeds,0100\n",
        ",",
        ["id", "name", "city", "zip"],
        4,
    ),
    "a text of two lines above": ('"Customers\nof May"\nid,name,city\n1,Ann,Leeds\n', ",", ["id", "name", "city"], 3),
    "groups above the header": (
        "Billing,,Shipping,\nStreet,City,Street,City\nOak 1,Leeds,Elm 2,York\n1 Mill,Ulm,2,Bonn\n",
        ",",
        ["Billing Street", "Billing City", "Shipping Street", "Shipping City"],
        2,
    ),
    "notes of pairs": (
        "Report,Customers\nPeriod,January\nid,name,mail,phone\n1,Ann,a@example.com,1\n",
        ",",
        ["id", "name", "mail", "phone"],
        3,
    ),
    "a title above groups": (
        "All customers,,,,\n,Person,,Contact,\nid,first,last,mail,phone\n1,Ann,Lee,a@example.com,123\n",
        ",",
        ["id", "Person first", "Person last", "Contact mail", "Contact phone"],
        3,
    ),
    "years as columns": ("name,2023,2024\nAnn,5,6\n", ",", ["name", "2023", "2024"], 1),
    "no name for the index": (",name,city\n0,Ann,Leeds\n1,Bo,York\n", ",", ["column_1", "name", "city"], 1),
    "no name for the second of two": ("id,\n1,Ann\n2,Bo\n", ",", ["id"], 1),
    "header shorter than the rows": ("a,b\n1,2,3\n4,5,6\n", ",", ["a", "b"], 1),
    "only text in the rows": ("name,city\nAnn,Leeds\nBo,York\n", ",", ["name", "city"], 1),
    "carets": ("id^name\n1^Ann, Lee\n2^Bo\n", "^", ["id", "name"], 1),
    "times in one column": ("at\n10:00\n11:00\n", ",", ["at"], 1),
    "one column": ("name\nAnn\nBo, Jr.\n", ",", ["name"], 1),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_shape_of_a_file(tmp_path: Path, name: str) -> None:
    text, delimiter, names, lines = SHAPES[name]
    path = tmp_path / "any.csv"
    path.write_text(text)
    shape = shape_of(path, How())
    assert shape is not None
    assert (shape.delimiter, shape.names, shape.header_lines) == (delimiter, names, lines)
    assert bool(shape.notes) == (lines > 1)


CELLS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 6), st.data())
def test_a_table_under_its_header_is_read_whatever_the_delimiter(tmp_path: Path, width: int, data: st.DataObject) -> None:
    sign = data.draw(st.sampled_from(",;\t|"))
    names = [f"name {letter}" for letter in "abcdef"[:width]]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))
    path = tmp_path / "any.csv"
    path.write_text("".join(sign.join(row) + "\n" for row in [names, *rows]), encoding="utf-8")
    shape = shape_of(path, How())
    assert shape is not None
    assert (shape.delimiter, shape.names, shape.header_lines) == (sign, names, 1)


def test_what_was_skipped_is_told_and_header_row_decides(town: Town) -> None:
    town.put("people.csv", "Customers of May\n\nid,name,city\n1,Ann,Leeds\n")
    assert town.pull()["people"].rows == 1
    assert [text for text in town.said if "line 3" in text and "skipped" in text]
    town.pull(objects={"people": {"header_row": 4}})
    assert town.rows("people", '"1", "Ann"') == []
    with pytest.raises(ConfigError, match="header_row is 2"):
        town.pull(objects={"people": {"header_row": 2}})


@pytest.mark.parametrize(
    "text",
    [
        "1,Ann,a@example.com\n2,Bo,b@example.com\n",
        "a@example.com\nb@example.com\n",
        "1,2025-01-01,5.00,Ann\n2,2025-01-02,6.00,Bo\n",
    ],
)
def test_a_file_without_a_header_is_told(town: Town, text: str) -> None:
    town.put("people.csv", text)
    with pytest.raises(SourceBroken, match="seems to have no header: line 1") as caught:
        town.pull()
    assert "header_row = 1" in caught.value.hint
    assert town.pull(objects={"people": {"header_row": 1}})["people"].rows == 1


def test_totals_and_notes_below_go_to_quarantine(town: Town) -> None:
    town.put("orders.csv", "id,name,city,total\n1,Ann,Leeds,5.00\n2,Bo,York,6.00\nTotal,,,11.00\nExported by the shop,,,\n")
    landed = town.pull()["orders"]
    assert (landed.rows, landed.rejected) == (2, 2)
    assert [row["reason"].split(" is ")[1] for row in town.rejects("orders")] == [
        "a line of totals below the table",
        "a note below the table",
    ]
    town.put("orders.csv", "id,name,city,total\n1,Total,Leeds,5.00\n2,Bo Li,,\nGesamt,x,y,1\n3,,,\n")
    assert town.pull()["orders"].rejected == 0


# -- wrapped cells -----------------------------------------------------------------------------------------------------
WRAPPED = {
    "equals": (['="00101"', "x", '=""', '="say ""hi"""', '="a', "=1+1"], ["00101", "x", None, 'say "hi"', '="a', "=1+1"]),
    "numbers": (["'02134", "94110", "'+15125550101", "'(512) 555", "'00A1"], ["02134", "94110", "+15125550101", "(512) 555", "00A1"]),
    "guards": (["'=SUM(A1)", "'@ann", "'-5", "'-ism"], ["=SUM(A1)", "@ann", "-5", "'-ism"]),
    "names": (["'n Sync", "'t Hooft", "'s-Hertogenbosch", "O'Neil", "'quoted'", "'68 Comeback"], ["'n Sync", "'t Hooft", "'s-Hertogenbosch", "O'Neil", "'quoted'", "'68 Comeback"]),
    "only towns": (["'s-Gravenhage", "'s-Hertogenbosch", "'t Zand"], ["'s-Gravenhage", "'s-Hertogenbosch", "'t Zand"]),
    "years": (["'99", "'68", None], ["'99", "'68", None]),
    "short numbers": (["'07", "'0123", "'12"], ["07", "0123", "12"]),
    "a whole column": (["'Ann", "'Bo", "'12", None], ["Ann", "Bo", "12", None]),
    "quoted by both": (["'Ann'", "'Bo'", "'Cy'"], ["'Ann'", "'Bo'", "'Cy'"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRAPPED)
def test_wrapped_cells(name: str) -> None:
    before, after = WRAPPED[name]
    assert unwrapped(pa.table({"a": pa.array(before, pa.string())}))["a"].to_pylist() == after


def test_a_wrapped_key_and_header(town: Town) -> None:
    town.put("people.csv", '="id",="zip"\n="00101",="02134"\n\'102,\'02134\n')
    town.pull(objects={"people": {"key": "id"}})
    assert town.rows("people", "_key, zip") == [("00101", "02134"), ("102", "02134")]


# -- keys that a spreadsheet rounded -------------------------------------------------------------------------------------
def test_a_rounded_key_is_refused(town: Town) -> None:
    town.put("people.csv", "id,name\n1.23457E+17,Ann\n1.23457E+17,Bo\n")
    with pytest.raises(SourceBroken, match='The key column "id"') as caught:
        town.pull(objects={"people": {"key": "id"}})
    assert "as text" in caught.value.hint
    town.put("people.csv", "id,name\n1,Ann\n1.23457E+17,Bo\n5E3,Cy\n3,Di\n")
    assert town.pull()["people"].rejected == 1
    assert town.rows("people", "_key") == [("1",), ("3",), ("5E3",)]


def test_rounded_numbers_of_other_columns_are_told(town: Town) -> None:
    town.put("people.csv", "id,phone\n1,4.91512E+12\n")
    town.pull()
    assert any('column "phone" holds 1 number in scientific notation' in text for text in town.said)


# -- Excel ---------------------------------------------------------------------------------------------------------------
def test_a_sheet_with_titles_formats_formulas_and_totals(town: Town) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "People"
    for row in (
        [],
        ["Customers of May"],
        [],
        ["id", "zip", "ssn", "net", "gross"],
        [1, 501, 12345678, 5, 6],
        [2, 2134, 1, 7, "=D6*1.2"],
        ["Total", None, None, 12, 6],
    ):
        sheet.append(row)
    for row in sheet.iter_rows(min_row=5, max_row=6):
        row[1].number_format, row[2].number_format, row[3].number_format = "00000", "000-00-0000", "0.00"
    book.create_sheet("Other").append(["x"])
    book.save(town.files / "people.xlsx")
    landed = town.pull(objects={"people": {"key": "id"}})["people"]
    assert town.rows("people") == [("1", "00501", "012-34-5678", "5", "6")]
    assert landed.rejected == 2
    [formula, total] = town.rejects("people")
    assert "formula without a value in E6" in formula["reason"]
    assert "totals" in total["reason"]
    assert any("line 4" in text for text in town.said)
    assert any("not read: the sheet Other of people.xlsx holds no table" in text for text in town.said)
    town.pull(objects={"people": {"header_row": 5}})
    assert town.rows("people", '"00501"') == []

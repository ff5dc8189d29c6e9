"""JSON, Excel and Parquet files: what is landed of them, and what happens to what is broken."""

import datetime
import gzip
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.connectors.sources.files import jsonlines, parquet
from fullcircle.connectors.sources.files import workbook as book_reader
from fullcircle.connectors.sources.files.part import FilePart, How
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, SourceBroken
from tests.properties import examples

ENGINE = DuckDB(threads=1)


def rows_of(parts: list[FilePart]) -> list[dict[str, object]]:
    return [row for part in parts for row in part.rows.to_pylist()]


def rejects_of(parts: list[FilePart]) -> list[tuple[int, str]]:
    return [(reject.line, reject.reason) for part in parts for reject in part.rejects]


def read_json(path: Path, text: str | bytes, rows: int = 100_000) -> list[FilePart]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(jsonlines.read(path, How(rows=rows), ENGINE))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.file"


@pytest.mark.parametrize("rows", [1, 100_000])
def test_json_lines_keep_every_digit_and_the_line_itself(file: Path, rows: int) -> None:
    first = '{"id": 12345678901234567890, "amount": 1.10, "big": 12345678901234567.89, "vip": true, "tags": ["a", {"b": 1}], "x": null}'  # noqa: E501
    parts = read_json(file, f'{first}\n\n{{"id":2,"email":"a@example.org"}}\r\n', rows)
    found = rows_of(parts)
    assert found[0]["id"] == "12345678901234567890"
    assert (found[0]["amount"], found[0]["big"], found[0]["vip"]) == ("1.10", "12345678901234567.89", "true")
    assert json.loads(str(found[0]["tags"])) == ["a", {"b": 1}]
    assert (found[1]["id"], found[1]["email"]) == ("2", "a@example.org")
    assert next(raw for part in parts if part.raw is not None for raw in part.raw.to_pylist()) == first
    assert rejects_of(parts) == []


def test_bad_json_lines_are_rejected_one_by_one(file: Path) -> None:
    text = b'{"id":1,"n":"\xc3\xab"}\n{"id":2\n[3]\n"four"\n{"id":5, "n":"\xff"}\n{"id":6}\n{"id":7, "cut'
    parts = read_json(file, text)
    assert [row["id"] for row in rows_of(parts)] == ["1", "6"]
    assert [line for line, _ in rejects_of(parts)] == [2, 3, 4, 5, 7]


def test_names_that_differ_only_in_case_are_both_kept(file: Path) -> None:
    [row] = rows_of(read_json(file, '{"Email":"A","email":"b","a/b":{"c":1}}\n'))
    assert row == {"Email": "A", "a/b": '{"c":1}', "email_1": "b"}


@pytest.mark.parametrize("rows", [1, 100_000])
def test_an_array_over_many_lines_is_read_and_its_cut_end_rejected(file: Path, rows: int) -> None:
    people = [{"id": 1, "name": "Zoë"}, {"id": 2, "name": "[x]"}, {"id": 3, "name": None}]
    whole = json.dumps(people, indent=2, ensure_ascii=False)
    parts = read_json(file, whole, rows)
    assert [row["name"] for row in rows_of(parts)] == ["Zoë", "[x]", None]
    assert rejects_of(parts) == []
    parts = read_json(file, whole[: len(whole) - 12], rows)
    assert [row["id"] for row in rows_of(parts)] == ["1", "2"]
    assert rejects_of(parts) == [(10, "the JSON is damaged or cut from here on")]


def test_one_object_over_many_lines_is_one_row(file: Path) -> None:
    assert rows_of(read_json(file, '{\n  "id": 1,\n  "name": "x"\n}\n')) == [{"id": "1", "name": "x"}]


def test_an_empty_json_file_has_no_rows(file: Path) -> None:
    assert rows_of(read_json(file, "")) == []
    assert rows_of(read_json(file, "[]")) == []


def test_packed_json_lines(file: Path) -> None:
    assert rows_of(read_json(file, gzip.compress(b'{"id":1}\n'))) == [{"id": "1"}]


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(st.characters(codec="utf-8", exclude_characters="\x00")))


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c d", "é"]), VALUES, min_size=1), max_size=5), st.booleans())
def test_json_written_by_a_library_is_read_as_it_was(file: Path, records: list[dict[str, object]], ascii: bool) -> None:
    parts = read_json(file, "\n".join(json.dumps(record, ensure_ascii=ascii) for record in records))
    text = [
        {k: json.dumps(v) if isinstance(v, (bool, int)) else v for k, v in record.items() if v is not None} for record in records
    ]
    assert [{k: v for k, v in row.items() if v is not None} for row in rows_of(parts)] == text
    assert rejects_of(parts) == []


# -- Excel -----------------------------------------------------------------------------------------------------------
def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def read_excel(path: Path, sheet: str = "", rows: int = 100_000) -> list[FilePart]:
    return list(book_reader.read(path, How(sheet=sheet, rows=rows), ENGINE))


@pytest.mark.parametrize("rows", [1, 100_000])
def test_excel_cells_become_text(file: Path, rows: int) -> None:
    at = datetime.datetime(2026, 1, 2, 3, 4, 5)
    lines: list[list[object]] = [
        [None, None],
        ["no", "name", "born", "at", "vip", "amount", "name"],
        [49171, "Zoë", datetime.datetime(1980, 1, 2), at, True, 1.5, "again"],
        [],
        [2.0, None, None, None, None, None, None],
        [3, "x", None, None, None, None, None, "stray"],
    ]
    workbook(file, ("People", lines), ("Other", [["a"], [1]]))
    parts = read_excel(file, rows=rows)
    first, second = rows_of(parts)
    assert list(first.values()) == ["49171", "Zoë", "1980-01-02", "2026-01-02 03:04:05", "true", "1.5", "again"]
    assert list(first)[-1] == "name_1"
    assert second["no"] == "2"
    assert [line for line, _ in rejects_of(parts)] == [6]
    assert rows_of(read_excel(file, "Other")) == [{"a": "1"}]
    with pytest.raises(ConfigError, match="no sheet") as caught:
        read_excel(file, "Missing")
    assert "People, Other" in caught.value.hint


def test_cut_excel_files_are_named(file: Path) -> None:
    workbook(file, ("People", [["a"], *([number] for number in range(500))]))
    whole = file.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 5):
        file.write_bytes(whole[:size])
        with pytest.raises(SourceBroken, match=r"some\.file"):
            read_excel(file)


# -- Parquet ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 100_000])
def test_parquet_columns_keep_their_types(file: Path, rows: int) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int32()),
            "amount": pa.array([Decimal("1.10"), None], pa.decimal128(38, 2)),
            "tags": pa.array([["a"], None], pa.list_(pa.string())),
            "photo": pa.array([b"\x00\xff", None], pa.binary()),
            "ratio": pa.array([float("nan"), 0.5]),
        }
    )
    pq.write_table(table, file)
    parts = list(parquet.read(file, How(rows=rows), ENGINE))
    found = rows_of(parts)
    assert found[0]["amount"] == Decimal("1.10")
    assert (found[0]["tags"], found[0]["photo"], found[1]["tags"]) == ('["a"]', "00FF", None)
    raw = [json.loads(text) for part in parts if part.raw is not None for text in part.raw.to_pylist()]
    assert raw[0]["tags"] == ["a"]
    assert (raw[0]["ratio"], raw[1]["ratio"]) == (None, 0.5)


def test_cut_parquet_files_are_named(file: Path) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), file)
    whole = file.read_bytes()
    for size in (0, 3, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(SourceBroken, match=r"some\.file"):
            list(parquet.read(file, How(), ENGINE))


@pytest.mark.parametrize("depth", [5_000, 100_000])
def test_what_is_nested_too_deeply_is_a_reject(file: Path, depth: int) -> None:
    deep = '{"id": 2, "x": ' + '{"y": ' * depth + "1" + "}" * depth + "}"
    texts = {f'{deep}\n{{"id": 1}}\n': 1, "[" * depth + "]" * depth: 0, f'[\n{{"id": 1}},\n{deep}\n]': 1}
    for text, good in texts.items():
        parts = read_json(file, text)
        assert len(rows_of(parts)) == good
        assert len(rejects_of(parts)) == 1

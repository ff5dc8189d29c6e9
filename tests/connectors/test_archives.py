"""Files in .zip archives: each is read once, and what is not read is told."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from fullcircle.errors import SourceBroken
from tests.connectors.town import Town


def zipped(path: Path, **files: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def test_the_files_of_an_archive_are_read_like_others(town: Town) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "total"], [1, 5]):
        book.worksheets[0].append(row)
    book.create_sheet("Lines").append(["a", "b"])
    content = io.BytesIO()
    book.save(content)
    files: dict[str, str | bytes] = {
        "2024/orders_1.csv": "id,total\n1,5\n",
        "2024/orders_2.csv": "id;total\n2;6\n",
        "win\\dows\\returns.csv": "id\n1\n",
        "people.json": '[{"id": 1, "name": "Ada"}]',
        "books.xlsx": content.getvalue(),
        "__MACOSX/._people.json": b"\x00",
        ".DS_Store": b"\x00",
        "cards.vcf": "BEGIN:VCARD",
    }
    zipped(town.files / "export.zip", **files)
    assert {name: one.rows for name, one in town.pull().items()} == {
        "books": 1,
        "books_Lines": 0,
        "orders": 2,
        "people": 1,
        "returns": 1,
    }
    assert town.rows("orders") == [("1", "5"), ("2", "6")]
    assert [text.partition(": ")[2] for text in town.said if "not read" in text] == [
        "not read: export.zip/cards.vcf is of a kind that is not read"
    ]
    assert all(one.rows == 0 for one in town.pull().values())
    files["2024/orders_2.csv"] = "id;total\n2;7\n"
    del files["people.json"]
    zipped(town.files / "export.zip", **files)
    landed = town.pull()
    assert town.rows("orders") == [("1", "5"), ("2", "7")]
    assert (landed["people"].deleted, town.rows("people")) == (1, [])


def test_patterns_of_the_config_reach_into_archives(town: Town) -> None:
    zipped(town.files / "export.zip", **{"a/customers_x.csv": "id,name\n1,Ada\n", "b/customers_y.csv": "id,name\n2,Bo\n"})
    town.pull(objects={"some": {"files": "customers_*.csv", "key": "id"}})
    assert town.rows("some", "_key") == [("1",), ("2",)]
    town.pull(objects={"all": {"files": "export.zip", "key": "id"}})
    assert town.rows("all", "_key") == [("1",), ("2",)]
    town.pull(objects={"one": {"files": "export.zip/b/*", "key": "id"}})
    assert town.rows("one", "_key") == [("2",)]


def test_a_file_beside_its_archive_and_the_same_archive_twice_count_once(town: Town) -> None:
    zipped(town.files / "export.zip", **{"orders.csv": "total\n5\n", "people.csv": "name\nAda\n"})
    zipped(town.files / "export (1).zip", **{"orders.csv": "total\n5\n", "people.csv": "name\nAda\n"})
    town.pull()
    assert (town.rows("orders"), town.rows("people")) == ([("5",)], [("Ada",)])
    assert any("is the same as" in text for text in town.said)
    town.put("orders.csv", "total\n5\n6\n")
    town.pull()
    assert town.rows("orders") == [("5",), ("6",)]
    assert any("is also beside its archive, and read there" in text for text in town.said)


def test_archives_that_are_damaged_locked_or_too_large_stop_with_their_name(town: Town) -> None:
    path = zipped(town.files / "export.zip", **{"orders.csv": "id,total\n" + "1,5\n" * 5000})
    whole = path.read_bytes()
    for content in (whole[:-10], b"PK\x03\x04 no archive", whole[:60] + bytes(20) + whole[80:]):
        path.write_bytes(content)
        with pytest.raises(SourceBroken, match=r"export\.zip"):
            town.pull()
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(locked))
    with pytest.raises(SourceBroken, match=r"export\.zip/orders\.csv is locked by a password"):
        town.pull()
    zipped(path, **{"orders.csv": b"id,total\n" + b" " * (65 << 20)})
    with pytest.raises(SourceBroken, match=r"export\.zip/orders\.csv unpacks to more than 100 times"):
        town.pull()


def test_errors_name_the_file_in_the_archive(town: Town) -> None:
    zipped(town.files / "export.zip", **{"people.csv": "Ada,ada@example.com\nBo,bo@example.com\n"})
    with pytest.raises(SourceBroken, match=r"in/export\.zip/people\.csv seems to have no header"):
        town.pull()


def test_an_archive_of_what_is_not_read_says_so(town: Town) -> None:
    zipped(town.files / "photos.zip", **{"a.pdf": "x", "inner.zip": b"PK"})
    with pytest.raises(SourceBroken, match=r"only files of a kind that is not read: photos\.zip/a\.pdf"):
        town.pull()
    town.put("people.csv", "id,name\n1,Ada\n")
    assert list(town.pull()) == ["people"]
    assert any("not read: photos.zip/inner.zip is of a kind that is not read" in text for text in town.said)

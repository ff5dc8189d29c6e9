# ruff: noqa: E501 - one line a case
"""CSV files as they come: encodings, quotes, ragged rows, cut ends. What is no row is rejected with its line, alone."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fullcircle.connectors.sources.files import delimited
from fullcircle.connectors.sources.files.part import FilePart, How
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, SourceBroken
from tests.properties import examples

Rows = list[tuple[object, ...]]
ENGINE = DuckDB(threads=1)
ENGINE.run("SET preserve_insertion_order = true")


def flat(parts: list[FilePart]) -> tuple[list[str], Rows, list[tuple[int, str]]]:
    names = parts[0].rows.schema.names if parts else []
    rows = [tuple(row.values()) for part in parts for row in part.rows.to_pylist()]
    return names, rows, [(reject.line, reject.reason) for part in parts for reject in part.rejects]


def read(path: Path, **how: object) -> tuple[list[str], Rows, list[tuple[int, str]]]:
    return flat(list(delimited.read(path, How(**how), ENGINE)))  # type: ignore[arg-type]


LONG = "x" * 200_000
# name: bytes, columns, rows, rejects (line, a word of the reason)
WEIRD: dict[str, tuple[bytes, list[str], Rows, list[tuple[int, str]]]] = {
    "plain": (b"a,b\n1,2\n", ["a", "b"], [("1", "2")], []),
    "no newline at the end": (b"a,b\n1,2", ["a", "b"], [("1", "2")], []),
    "a line with the format above": (b'"EXTF";700;16;"Debitoren"\nKonto;Name\n10000;Tal\n', ["Konto", "Name"], [("10000", "Tal")], []),
    "windows line ends": (b"a,b\r\n1,2\r\n3,4\r\n", ["a", "b"], [("1", "2"), ("3", "4")], []),
    "old mac line ends": (b"a,b\r1,2\r3,4\r", ["a", "b"], [("1", "2"), ("3", "4")], []),
    "mixed line ends": (b"a,b\n1,2\r\n3,4\n", ["a", "b"], [("1", "2"), ("3", "4")], []),
    "byte order mark": (b"\xef\xbb\xbfa,b\n1,\xc3\xa9\n", ["a", "b"], [("1", "é")], []),
    "utf-16 with mark": ("a;b\n1;é\n".encode("utf-16"), ["a", "b"], [("1", "é")], []),
    "utf-16 without mark": ("a;b\n1;é\n".encode("utf-16-le"), ["a", "b"], [("1", "é")], []),
    "cp1252": ("a,b\nMüller,“x”\n".encode("cp1252"), ["a", "b"], [("Müller", "“x”")], []),
    "a broken byte in utf-8": ("a,b\nZoë,1\nJosé,2\n".encode() + b"x\xff,3\n", ["a", "b"], [("Zoë", "1"), ("José", "2")], [(4, "not utf-8")]),
    "too few": (b"a,b,c\n1,2,3\n4,5\n6,7,8\n", ["a", "b", "c"], [("1", "2", "3"), ("6", "7", "8")], [(3, "has 2 columns, the header has 3")]),
    "too many": (b"a,b\n1,2\n3,4,5\n6,7\n", ["a", "b"], [("1", "2"), ("6", "7")], [(3, "has 3 columns")]),
    "delimiter at every end": (b"a,b,\n1,2,\n3,4,\n", ["a", "b"], [("1", "2"), ("3", "4")], []),
    "quoted newline and quotes": (b'a,b\n"x\ny","say ""hi"""\n3,4\n', ["a", "b"], [("x\ny", 'say "hi"'), ("3", "4")], []),
    "quote inside": (b'a,b\n1,"Joe "The Man" Smith"\n3,4\n', ["a", "b"], [("3", "4")], [(2, "CSV")]),
    "quote in an open value": (b'a,b\n1,5" pipe\n3,4\n', ["a", "b"], [("1", '5" pipe'), ("3", "4")], []),
    "quote never closed": (b'a,b\n1,"x\n3,4\n5,6\n', ["a", "b"], [("3", "4"), ("5", "6")], [(2, "never closed")]),
    "quote closed by another row's": (b'a,b\n1,"x\n3,4\n5,"y"\n7,8\n', ["a", "b"], [("3", "4"), ("5", "y"), ("7", "8")], [(2, "CSV")]),
    "nul byte": (b"a,b\n1,2\n3,\x004\n5,6\n", ["a", "b"], [("1", "2"), ("5", "6")], [(3, "NUL")]),
    "the same header twice": (b"name,Name,,name\n1,2,3,4\n", ["name", "Name_1", "column_3", "name_2"], [("1", "2", "3", "4")], []),
    "semicolons and decimal commas": (b"a;b\n1,5;2,5\n", ["a", "b"], [("1,5", "2,5")], []),
    "tabs": (b"a\tb\n1, x\t2\n", ["a", "b"], [("1, x", "2")], []),
    "sep line": (b"sep=|\na|b\n1|2\n", ["a", "b"], [("1", "2")], []),
    "blank lines": (b"\n\na,b\n\n1,2\n   \n3,4\n\n", ["a", "b"], [("1", "2"), ("3", "4")], []),
    "blanks around quoted values": (b'a,b\n"x,y" , "2"\n 3 ,"4"  \n5, "6" in\n7, "8\n', ["a", "b"], [("x,y", "2"), (" 3 ", "4"), ("5", ' "6" in'), ("7", ' "8')], []),
    "a blank value in quotes": (b'a,b\n1," "\n3,4\n', ["a", "b"], [("1", " "), ("3", "4")], []),
    "two quoted texts in one value": (b'a,b\n"1" "2",x\n3,4\n', ["a", "b"], [("3", "4")], [(2, "CSV")]),
    "only delimiters": (b"a,b\n,\n1,2\n", ["a", "b"], [("1", "2")], []),
    "empty values": (b'a,b,c\n"",,x\n', ["a", "b", "c"], [(None, None, "x")], []),
    "one column": (b"a\n1\n\n2\n", ["a"], [("1",), ("2",)], []),
    "header over two lines": (b'"a\nb",c\n1,2\n3\n', ["a\nb", "c"], [("1", "2")], [(4, "has 1 columns")]),
    "only a header": (b"a,b\n", ["a", "b"], [], []),
    "cut in the last row": (b"a,b,c\n1,2,3\n4,5", ["a", "b", "c"], [("1", "2", "3")], [(3, "was the file cut?")]),
    "cut inside a quote": (b'a,b\n1,"x"\n2,"y', ["a", "b"], [("1", "x")], [(3, "never closed")]),
    "cut inside a character": ("a,b\nZoë,1\nJosé,2\nx,é".encode()[:-1], ["a", "b"], [("Zoë", "1"), ("José", "2")], [(4, "not utf-8")]),
    "a very long value": (f"a,b\n{LONG},1\n".encode(), ["a", "b"], [(LONG, "1")], []),
    "spaces kept": (b"a , b\n 1 , 2 \n", ["a", "b"], [(" 1 ", " 2 ")], []),
    "formulas and zeros are text": (b"a,b\n=1+1,007\n", ["a", "b"], [("=1+1", "007")], []),
}  # fmt: skip


@pytest.mark.parametrize("rows", [2, 100_000])
@pytest.mark.parametrize("name", WEIRD)
def test_weird_files(tmp_path: Path, name: str, rows: int) -> None:
    content, columns, wanted, rejected = WEIRD[name]
    path = tmp_path / "weird[1].csv"
    path.write_bytes(content)
    names, found, rejects = read(path, rows=rows)
    assert (names, found) == (columns, wanted)
    assert [line for line, _ in rejects] == [line for line, _ in rejected]
    for (_, reason), (_, word) in zip(rejects, rejected, strict=True):
        assert word in reason


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    for content in (b"", b"\n\n", b"\xef\xbb\xbf"):
        path.write_bytes(content)
        assert read(path) == ([], [], [])


def test_encoding_and_delimiter_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes("a:b,c\nПривет:1\n".encode("cp1251"))
    assert read(path, encoding="cp1251", delimiter=":") == (["a", "b,c"], [("Привет", "1")], [])
    with pytest.raises(ConfigError, match="utf-99"):
        read(path, encoding="utf-99")


def test_packed_files_are_read_and_cut_ones_named(tmp_path: Path) -> None:
    path = tmp_path / "packed.csv.gz"
    lines = "".join(f"{number},{number * 7919 % 1000}\n" for number in range(5000))
    packed = gzip.compress(f"a,b\n{lines}".encode())
    path.write_bytes(packed)
    assert len(read(path)[1]) == 5000
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(SourceBroken, match=r"packed\.csv\.gz is truncated"):
        read(path)


def test_a_late_bad_line_costs_only_itself(tmp_path: Path) -> None:
    """The fast reader hands over to the careful one in the middle of a file: no row is lost or doubled."""
    path = tmp_path / "late.csv"
    lines = [f'{number},"v {number}"' for number in range(30_000)]
    lines[20_000] = "bad"
    path.write_text("a,b\n" + "\n".join(lines) + "\n")
    _, rows, rejects = read(path, rows=4096)
    assert [row[0] for row in rows] == [str(number) for number in range(30_000) if number != 20_000]
    assert rejects == [(20_002, "has 1 columns, the header has 2")]


PIECES = st.lists(
    st.sampled_from(["a", "é", ",", '"', '""', "\n", "\r\n", " ", ";", "\\", "#", "1", "NULL", "'"]), max_size=24
).map("".join)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PIECES)
@example('a,b\n"a"\n')
@example('a," "\n')
@example(',"" ')
@example(' "a\nb"  ,"c" \nd\n')
@example('"a" "b",c\n')
@example('"," "b",\n')
def test_the_fast_and_the_careful_reader_agree(tmp_path: Path, body: str) -> None:
    """Whatever the fast reader takes, the careful reader takes alike."""
    path = tmp_path / "any.csv"
    path.write_bytes(("x,y\n" + body).encode())
    shape = delimited.shape_of(path, How())
    assert shape is not None
    assert read(path)[1:] == flat(list(delimited.careful(path, shape, 100)))[1:]


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
            st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
        ),
        max_size=6,
    )
)
def test_what_a_proper_writer_wrote_is_read_as_it_was(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "proper.csv"
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("x", "y"), *rows])
    path.write_bytes(out.getvalue().encode())
    _, found, rejects = read(path)
    assert found == [(x or None, y or None) for x, y in rows if x or y]
    assert rejects == []

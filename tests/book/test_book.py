"""The book: durable transactions, readers beside a writer, the run log."""

from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.book.runs import RunLog
from fullcircle.errors import FullcircleError


def test_transaction_nests_and_rolls_back(tmp_path: Path) -> None:
    book = Book(tmp_path / "b.sqlite")
    book.define("CREATE TABLE t (a INTEGER)")
    with pytest.raises(ZeroDivisionError), book.transaction():
        book.write("INSERT INTO t VALUES (1)")
        with book.transaction():
            book.write("INSERT INTO t VALUES (2)")
        raise ZeroDivisionError
    assert book.read("SELECT count(*) FROM t") == [(0,)]
    book.write_many("INSERT INTO t VALUES (?)", [(1,), (2,)])
    book.close()
    assert Book(tmp_path / "b.sqlite").read("SELECT sum(a) FROM t") == [(3,)]


def test_reader_beside_writer(tmp_path: Path) -> None:
    writer = Book(tmp_path / "b.sqlite")
    writer.define("CREATE TABLE t (a INTEGER)")
    reader = Book(tmp_path / "b.sqlite", read_only=True)
    with writer.transaction():
        writer.write("INSERT INTO t VALUES (1)")
        assert reader.read("SELECT count(*) FROM t") == [(0,)]
    assert reader.read("SELECT count(*) FROM t") == [(1,)]


def test_damaged_book_says_so(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(FullcircleError, match="damaged"):
        Book(path)


def test_run_log(tmp_path: Path) -> None:
    log = RunLog(Book(tmp_path / "b.sqlite"))
    first = log.begin()
    second = log.begin()  # the first never ended: its process was killed
    log.done("pull", "abc", {"rows": 3}, 0.5)
    log.end(second, "source-unreachable")
    assert [(row[0], row[3], row[4]) for row in log.runs()] == [
        (second, "failed", "source-unreachable"),
        (first, "interrupted", None),
    ]
    last = log.last("pull")
    assert last is not None
    assert (last.fingerprint, last.counts) == ("abc", {"rows": 3})
    log.undo("pull")
    assert log.last("pull") is None


def test_each_run_keeps_its_stages_and_the_one_it_ended_in(tmp_path: Path) -> None:
    log = RunLog(Book(tmp_path / "b.sqlite"))
    first = log.begin()
    log.undo("pull")
    log.done("pull", "abc", {"rows": 3}, 0.5)
    log.undo("conform")
    log.end(first, "disk-full")
    log.done("check", "abc", {}, 0.5)  # by no run
    second = log.begin()
    log.undo("pull")
    log.done("pull", "abc", {"rows": 4}, 0.25)
    log.skipped("conform", {"records": 9})
    found = [(one.run, one.stage, one.state, one.counts) for one in log.stages_of(first, second)]
    assert found == [
        (second, "pull", "done", {"rows": 4}), (second, "conform", "skipped", {"records": 9}),
        (first, "pull", "done", {"rows": 3}), (first, "conform", "begun", {}),
    ]  # fmt: skip
    assert [one.run for one in log.stages_of(1, 9, "conform")] == [second, first]


def test_tables_are_made_inside_a_transaction_too_also_without_a_last_semicolon(tmp_path: Path) -> None:
    book = Book(tmp_path / "book.sqlite")
    with book.transaction():
        book.define("CREATE TABLE IF NOT EXISTS a (x TEXT);\nCREATE TABLE IF NOT EXISTS b (y TEXT)")
        book.write("INSERT INTO b VALUES ('1')")
    assert book.read("SELECT y FROM b") == [("1",)]
    book.close()

"""A book that is open in one process while others open, write and close it: nothing is lost, and everything is seen."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from fullcircle.book.book import Book
from fullcircle.book.connection import is_encrypted


def write_elsewhere(path: Path, value: int) -> None:
    """Another process opens the book, writes, and closes it, as the last one as far as it can see."""
    code = (
        "import sys; from pathlib import Path; from fullcircle.book.book import Book\n"
        "book = Book(Path(sys.argv[1])); book.write('INSERT INTO t VALUES (?)', [int(sys.argv[2])]); book.close()"
    )
    subprocess.run([sys.executable, "-c", code, str(path), str(value)], check=True)


def test_looking_at_a_book_leaves_the_locks_of_this_process(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    with closing(Book(path)) as one, closing(Book(path, read_only=True)) as reader:
        one.write("CREATE TABLE t (x)")
        one.write("INSERT INTO t VALUES (1)")
        Book(path, read_only=True).close()  # as a server does with every request
        assert not is_encrypted(path)
        write_elsewhere(path, 2)
        assert reader.read("SELECT x FROM t ORDER BY x") == [(1,), (2,)]
        one.write("INSERT INTO t VALUES (3)")
        write_elsewhere(path, 4)
        assert reader.read("SELECT x FROM t ORDER BY x") == [(1,), (2,), (3,), (4,)]
    with closing(Book(path)) as again:
        assert again.read("SELECT x FROM t ORDER BY x") == [(1,), (2,), (3,), (4,)]


def test_another_file_of_the_same_name_is_looked_at_anew(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    with closing(Book(path)) as one:
        one.write("CREATE TABLE t (x)")
    assert not is_encrypted(path)
    (tmp_path / "other").write_bytes(b"something else, which is no plain file of SQLite")
    (tmp_path / "other").replace(path)
    assert is_encrypted(path)
    path.unlink()
    assert not is_encrypted(path)

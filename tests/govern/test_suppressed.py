"""The list of erased people, and the file beside the book that has it, too."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.govern.suppressed import Suppressed


def test_the_file_is_never_ahead_of_the_book(tmp_path: Path) -> None:
    """Of people who are noted together and were not, as the process died, none is on the list, in the file neither."""
    with closing(Book(tmp_path / "book.sqlite")) as book:
        suppressed = Suppressed(book, tmp_path / "erased.json")
        with pytest.raises(KeyboardInterrupt), book.transaction():
            suppressed.note("customer:1", "os:tests", "", [("id", "0" * 64, "")], {})
            raise KeyboardInterrupt
        assert "0" * 64 not in "".join(path.read_text() for path in tmp_path.glob("erased.json*"))
        suppressed.note("customer:1", "os:tests", "", [("id", "0" * 64, "")], {})
        suppressed.keep_file()
        assert "0" * 64 in (tmp_path / "erased.json").read_text()


def test_what_is_carried_out_is_not_open_again_by_an_older_file(tmp_path: Path) -> None:
    with closing(Book(tmp_path / "book.sqlite")) as book:
        suppressed = Suppressed(book, tmp_path / "erased.json")
        one = suppressed.note("customer:1", "os:tests", "", [("id", "0" * 64, "")], {})
        suppressed.keep_file()
        suppressed.close(one)  # and the process dies before the file is written
        assert Suppressed(book, tmp_path / "erased.json").open() == []
        assert [one.state for one in suppressed.erasures()] == ["done"]

"""A book is known by its tables, whichever of them came first; the database of another program is not taken for one."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import fullcircle
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.errors import HomeBroken
from fullcircle.home.book_file import check_book
from fullcircle.home.folder import BOOK
from fullcircle.home.seen import Seen
from tests import small

SOURCES = Path(fullcircle.__file__).parent
IN_OTHER_FILES = {"meta", "clean_cache"}  # of the embedded graph, of the engine


def definitions() -> Iterator[str]:
    """Every text in the sources by which a room makes its tables in the book."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+) ?\(", text))
            if tables and not tables <= IN_OTHER_FILES:
                yield text


def test_a_book_that_only_one_room_has_used_is_a_book(tmp_path: Path) -> None:
    settings = read_config(small.make(tmp_path))
    rooms = list(definitions())
    assert len(rooms) > 25
    for ddl in rooms:
        path = settings.home / BOOK
        with closing(Book(path)) as book:
            book.define(ddl)
        check_book(settings, Seen(settings.home))  # nothing is lost: no run has been here
        for file in settings.home.glob(f"{BOOK}*"):
            file.unlink()


def test_the_database_of_another_program_is_none(tmp_path: Path) -> None:
    settings = read_config(small.make(tmp_path))
    settings.home.mkdir(exist_ok=True)
    with closing(sqlite3.connect(settings.home / BOOK)) as other:
        other.execute("CREATE TABLE bookmarks (id)")
    with pytest.raises(HomeBroken, match="another program"):
        check_book(settings, Seen(settings.home))

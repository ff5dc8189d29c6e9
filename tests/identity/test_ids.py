"""The ids of new customers: keyed with a secret of the book, so that nobody can try out whose they are."""

import shutil
from hashlib import md5
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import live
from fullcircle.identity.ids import ALPHABET, id_from, named, secret_of
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests import small

pytestmark = pytest.mark.usefixtures("own_secrets")
RESOLVED = Choice(only=("pull", "conform", "check", "resolve"))


def _made(folder: Path) -> Config:
    return read_config(small.make(folder))


def _ids(settings: Config, dry_run: bool = False) -> dict[str, str]:
    """Record -> customer, after a run up to `resolve`."""
    with open_desk(settings, dry_run=dry_run, repair=not dry_run) as desk:
        run(desk, RESOLVED)
        return dict(desk.engine.rows("SELECT record_id, customer_id FROM members"))


def _book(settings: Config) -> Path:
    return settings.home / "book.sqlite"


@pytest.mark.parametrize("founder", ["record:crm:contacts:17", "ü", "", "o'neil"])
def test_programs_get_the_ids_of_a_run(founder: str) -> None:
    engine = DuckDB(threads=1)
    first = "'" + founder.replace("'", "''") + "'"
    (row,) = engine.rows(named(f"SELECT {first} AS first", "first", "a secret"))
    assert row == (founder, id_from(founder, "a secret"))
    engine.close()


def test_two_books_give_two_ids_and_none_is_a_hash_without_a_key(tmp_path: Path) -> None:
    one, two = _ids(_made(tmp_path / "one")), _ids(_made(tmp_path / "two"))
    assert one.keys() == two.keys()
    assert not set(one.values()) & set(two.values())
    for record in one:
        number = int.from_bytes(md5(record.encode(), usedforsecurity=False).digest(), "little")
        unkeyed = "".join(ALPHABET[((number >> 64) >> (5 * place)) & 31] for place in range(8))
        assert not any(id.startswith(f"customer:{unkeyed}") for id in one.values())


def test_the_same_book_gives_the_same_ids_again(tmp_path: Path) -> None:
    settings = _made(tmp_path / "project")
    before = _ids(settings)
    (settings.home / "tables.duckdb").unlink()
    assert _ids(settings) == before
    book = Book(_book(settings))
    for table in ("customer_record", "customer_id", "customer_event"):  # even where the ledger is gone, but not its secret
        book.write(f"DELETE FROM {table}")
    book.close()
    (settings.home / "tables.duckdb").unlink()
    assert _ids(settings) == before


def test_a_dry_run_shows_the_ids_of_the_run_after_it(tmp_path: Path) -> None:
    settings = _made(tmp_path / "project")
    _ids(settings)
    small.change(settings.folder, 3)
    shown = _ids(settings, dry_run=True)
    assert shown == _ids(settings)


def test_a_home_of_an_older_version_keeps_its_ids_and_gives_new_ones_by_a_secret(tmp_path: Path) -> None:
    settings = _made(tmp_path / "project")
    before = _ids(settings)
    book = Book(_book(settings))
    book.write("DROP TABLE customer_secret")
    book.close()
    small.change(settings.folder, 3)
    shown = _ids(settings, dry_run=True)
    after = _ids(settings)
    assert after == shown
    assert {record: after[record] for record in before} == before
    assert len(after) == len(before) + 1


def test_a_program_gets_the_id_that_the_run_gives_later(tmp_path: Path) -> None:
    settings = _made(tmp_path / "project")
    _ids(settings)
    shutil.copytree(settings.folder, tmp_path / "second")
    second = read_config(tmp_path / "second" / "fullcircle.toml")
    book = Book(_book(second))
    customer, new = live.create(book, "record:shop:people:300", {"full_name": "Nia Walsh3"})
    book.close()
    assert new
    small.change(settings.folder, 3)
    assert _ids(settings)["record:shop:people:300"] == customer


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    one, other = Book(tmp_path / "book"), Book(tmp_path / "book")
    assert secret_of(one) == secret_of(other) == secret_of(one)
    one.close()
    other.close()

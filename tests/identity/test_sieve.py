"""Many candidate pairs are sieved: sets of keys that bring nobody together are left out, and the customers stay the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import sieve
from fullcircle.identity.pair_scores import pair_scores
from fullcircle.identity.resolve import resolve
from tests.identity.crowd import make_crowd


def resolved(folder: Path, again: bool = False) -> tuple[DuckDB, dict[str, int]]:
    engine, book = DuckDB(threads=1), Book(folder / "book")
    make_crowd(engine, 300)
    counts = resolve(engine, book, IdentitySettings())
    if again:
        counts = resolve(engine, book, IdentitySettings())
    return engine, counts


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    engine, counts = resolved(tmp_path_factory.mktemp("plain"))
    return pair_scores(engine, "members", "truth"), counts


@pytest.fixture(scope="module")
def sieved(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("MANY", 100), ("SAMPLE_PAIRS", 2_000), ("ENOUGH", 40)):
            patch.setattr(sieve, name, value)
        return resolved(tmp_path_factory.mktemp("sieved"), again=True)


def test_few_pairs_are_all_compared(plain):
    assert sieve.MANY >= 1_000_000
    assert plain[1]["compared"] > 2_000


def test_many_pairs_are_sieved_and_hardly_a_customer_is_missed(plain, sieved):
    scores, counts = plain
    engine, fewer = sieved
    found = pair_scores(engine, "members", "truth")
    assert fewer["compared"] < 0.9 * counts["compared"]
    assert found["recall"] >= scores["recall"] - 0.01
    assert found["precision"] >= scores["precision"] - 0.005


def test_sieving_again_changes_nothing(sieved):
    _, counts = sieved
    assert {name: count for name, count in counts.items() if name.startswith("ids_")} == {}

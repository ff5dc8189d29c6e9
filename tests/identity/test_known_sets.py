"""Regression on public sets with a known truth; skipped where the data is not there."""

from __future__ import annotations

import pytest

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.pair_scores import pair_scores
from fullcircle.identity.resolve import resolve
from tests.identity.town import DATA, build, load_historical, load_truth, senzing


@pytest.mark.skipif(not (DATA / "senzing_truth_set").is_dir(), reason="../shared/data/senzing_truth_set is not there")
def test_senzing_truth_set(tmp_path):
    records, identifiers, addresses, truth = senzing()
    engine = DuckDB(tmp_path / "t.duckdb", threads=1)
    build(engine, records, identifiers, addresses)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    load_truth(engine, truth)
    found = pair_scores(engine, "members", "truth")
    assert found["pairs_true"] == 108
    assert found["precision"] >= 0.88
    assert found["f1"] >= 0.86


@pytest.mark.skipif(not (DATA / "historical_50k").is_dir(), reason="../shared/data/historical_50k is not there")
def test_historical_figures(tmp_path):
    engine = DuckDB(tmp_path / "t.duckdb", threads=1)
    load_historical(engine, share=8)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings(train="always"))
    found = pair_scores(engine, "members", "truth")
    assert found["precision"] >= 0.95
    assert found["f1"] >= 0.80

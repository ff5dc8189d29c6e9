"""Slips counted quickly are the slips that a condition means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.model import PERSONS
from fullcircle.identity.slips import counted_quickly
from tests.properties import examples

WORDS = st.text("abé1", min_size=0, max_size=7)


@pytest.fixture(scope="module")
def engine():
    made = DuckDB()
    yield made
    made.close()


@pytest.mark.parametrize("most", [1, 2])
@settings(max_examples=examples(150, soak=5000), deadline=None)
@given(one=WORDS, other=WORDS)
def test_the_quick_count_decides_as_the_slow_one(engine, most, one, other):
    slow = f"damerau_levenshtein($one, $other) <= {most}"
    quick = counted_quickly(slow)
    assert quick != slow
    assert engine.value(f"SELECT ({quick}) = ({slow})", {"one": one, "other": other})


def test_a_missing_text_has_no_count(engine):
    assert engine.value(f"SELECT ({counted_quickly('damerau_levenshtein(NULL, NULL) <= 2')}) IS NULL")


def test_the_conditions_of_the_model_are_found():
    texts = [level.when for comparison in PERSONS for level in comparison.levels if "damerau_levenshtein" in level.when]
    assert len(texts) > 3
    assert all("THEN false ELSE damerau" in counted_quickly(text) for text in texts if "numbers" not in text)

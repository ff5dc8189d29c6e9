"""Labels: the most telling pairs are asked, answers are kept at once, and the threshold is measured with them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import fullcircle
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.home.folder import BOOK
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.labels import Labels, PairLabel
from fullcircle.identity.threshold import WeightClass, best, by_threshold, classes, telling
from fullcircle.serve.cli.main import app
from tests.properties import examples
from tests.steward.test_review import made


def labelled(*rows: tuple[str, str, str]) -> list[PairLabel]:
    return [PairLabel(a, b, answer, "ann", "2026-01-01") for a, b, answer in rows]


def test_labels_move_the_threshold() -> None:
    pairs = [
        (f"a{n}", f"b{n}", weight, "score", False, None)
        for n, weight in enumerate([5.5, 5.4, 5.3, 5.2, 5.1, 5.0, 9.1, 9.2, -2.5])
    ]
    engine = made(pairs, {})
    assert [(one.weight, one.pairs) for one in classes(engine, [])] == [(-3, 1), (5, 6), (9, 2)]
    found = best(by_threshold(classes(engine, [])))
    assert found is not None
    assert found.threshold == 5.0
    wrong = labelled(*((f"a{n}", f"b{n}", "different") for n in range(6)), ("a6", "b6", "same"), ("a8", "b8", "unsure"))
    found = best(by_threshold(classes(engine, wrong)))
    assert found is not None
    assert found.threshold == 9.0
    assert [one.labelled for one in classes(engine, wrong)] == [0, 6, 1]


def test_the_most_telling_pair_is_doubtful_and_never_asked_twice() -> None:
    doubtful = [(f"a{n:02}", f"b{n:02}", 0.5 + n / 100, "score", False, None) for n in range(20)]
    certain = [(f"c{n:02}", f"d{n:02}", 19.5, "score", True, None) for n in range(20)]
    vetoed = [("v", "w", 0.5, "score", False, "generation suffixes differ")]
    engine = made([*doubtful, *certain, *vetoed], {})
    first = telling(engine, [], 5)
    assert all(a.startswith("a") for a, _, _ in first)
    rest = telling(engine, labelled(*((a, b, "same") for a, b, _ in first)), 100)
    assert len(rest) == 35
    assert not {pair[:2] for pair in rest} & {pair[:2] for pair in first}


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=12))
def test_recall_falls_and_nothing_leaves_its_bounds(rows):
    found = [WeightClass(place - 4, pairs, likely, n, n // 2) for place, (pairs, likely, n) in enumerate(rows)]
    table = by_threshold(found)
    assert all(0 <= row.precision <= 1 and 0 <= row.recall <= 1 and 0 <= row.f1 <= 1 for row in table)
    assert all(one.recall >= other.recall and one.pairs > other.pairs for one, other in pairwise(table))
    chosen = best(table)
    assert chosen is not None
    assert chosen.f1 == pytest.approx(max(row.f1 for row in table), abs=1e-5)


def test_labelling_in_the_terminal_can_be_left_and_continued(project: Path) -> None:
    with fullcircle.open(project) as reader:
        every = [(one.record_a, one.record_b) for one in reader.questions(50)]
    assert len(every) >= 3
    words = ["identity", "label", "--actor", "ann", "-c", str(project)]
    shown = CliRunner().invoke(app, words, input="what?\ny\nq\n")
    assert shown.exit_code == 0, shown.exception
    assert "1 kept" in shown.output
    assert CliRunner().invoke(app, [*words, "--decide"], input="n\n").exit_code == 0  # the input ends: the rest is for later
    book = Book(read_config(project).home / BOOK)
    assert {(one.answer, one.by) for one in Labels(book).list()} == {("same", "ann"), ("different", "ann")}
    assert [(one.verb, one.reason) for one in Decisions(book).all()] == [("never", "labelled")]
    book.close()
    left = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert len(left) == len(every) - 2
    measured = json.loads(CliRunner().invoke(app, ["identity", "threshold", "--json", "-c", str(project)]).output)
    assert (measured["labels"], measured["never_compared"], measured["now"]) == (2, 0, 2.0)
    assert "from 2 labels" in CliRunner().invoke(app, ["identity", "threshold", "-c", str(project)]).output

"""DQDL: what is read, what is printed, and what an error says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.catalogue import RULE_TYPES
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.dqdl.errors import RulesetError
from fullcircle.quality.dqdl.parse import parse
from fullcircle.quality.dqdl.text import ruleset_text
from tests.properties import examples

EVERYTHING = r"""
# a comment
Metadata = { "Version": "1.0" }
DataSources = { "Primary": "orders", "AdditionalDataSources": ["ref"] }
allowed = ["a", "b", NULL]
one = "x"
DefaultLabels = ["team"="crm"]
Rules = [
  RowCount > avg(last(10)) * 0.8,
  RowCount between (0.9 * average(last(10))) and 1.1 * average(last(10)),
  RowCount != -100, RowCount not between 1 and 2, RowCount > last(10)-1, ColumnCount = avg(std(last(percentile(1,2,3)))),
  IsPrimaryKey colA "col B" where "colA > 100",
  ColumnCorrelation of col_1 and "col abc" between -0.4 and 0.8,
  ColumnValues "a" in $allowed, ColumnValues "a" = $one, ColumnValues "a" not in [1,2,NULL] with threshold > 0.9,
  ColumnValues "a" in ["B", EMPTY, WHITESPACES_ONLY] with threshold between 0.4 and 0.8 with ignoreCase = "true",
  ColumnValues "d" < (now() + 4 minutes), ColumnValues "d" between "9:00 AM" and "21:50",
  ColumnValues "d" in [now(),(now() - 3 hours)], ColumnValues "col" not matches "a\"b\d+",
  DataFreshness "d" between 2 days and 4 days, FileSize not in [500 KB,150 GB] labels=["k"="v", "k2"="v2"],
  FileFreshness "S3://P" > "21:45" with timeZone = "America/New_York", FileMatch "a" "b", FileUniqueness > 0.5,
  (RowCount > 0) OR ((IsComplete "colA") AND (IsUnique "colA")), (RowCount > 0) and (IsComplete of a) or (IsUnique b),
  ((RowCount > 0) and (IsComplete "a")) or (IsUnique "b") labels=["a"="b"], (IsComplete "x") labels=["l"="m"],
  DetectAnomalies of Completeness of "colA",
  CustomSql "select count(*)
    from primary" > 0
]
Analyzers = [ RowCount, AllStatistics "x" ]
"""


def test_what_is_printed_reads_the_same() -> None:
    once = parse(EVERYTHING)
    assert once.rules is not None
    assert len(once.rules) == 27
    assert parse(ruleset_text(once)) == once
    assert parse("Rules = []") == t.Ruleset(())
    assert parse("Analyzers = [RowCount]").rules is None


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("and", "or", "of", "not", "in", "between", "matches", "where", "with", "labels", "null", "empty")
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\\", exclude_categories=("Cs",)), max_size=12)
TEXTS = st.one_of(WORDS, st.sampled_from([r"\d+", r"a\\b", 'say "hi"', "line\nbreak", "# no comment", "2026-01-31", "9:30 AM"]))
NUMBERS = st.recursive(
    st.from_regex(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?", fullmatch=True).map(t.Number),
    lambda inner: st.one_of(
        inner.map(t.Negative),
        st.builds(t.Arithmetic, inner, st.sampled_from("+-*/"), inner),
        st.builds(t.Call, NAMES, st.lists(inner, max_size=2).map(tuple)),
    ),
    max_leaves=5,
)
COUNTS = st.integers(0, 10**6)
DURATIONS = st.builds(t.Duration, COUNTS, st.sampled_from(("days", "hours", "minutes")))
OPERANDS = st.one_of(
    NUMBERS, TEXTS.map(t.Quoted), st.sampled_from(("NULL", "EMPTY", "WHITESPACES_ONLY")).map(t.Keyword), NAMES.map(t.Variable),
    DURATIONS, st.builds(t.Size, COUNTS, st.sampled_from(("B", "KB", "MB", "GB", "TB"))), st.just(t.Now()),
    st.builds(t.Now, st.sampled_from("+-"), DURATIONS),
)  # fmt: skip
CONDITIONS = st.one_of(
    st.builds(t.RuleCondition, st.just("between"), st.tuples(OPERANDS, OPERANDS), st.booleans()),
    st.builds(t.RuleCondition, st.just("in"), st.lists(OPERANDS, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(t.RuleCondition, st.just("matches"), st.tuples(TEXTS.map(t.Quoted)), st.booleans()),
    st.builds(t.RuleCondition, st.just("="), st.tuples(OPERANDS), st.booleans()),
    st.builds(t.RuleCondition, st.sampled_from((">", ">=", "<", "<=")), st.tuples(OPERANDS)),
)
LABELS = st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)
PARAMETERS = st.one_of(
    st.builds(t.Parameter, TEXTS, st.just(True), st.sampled_from(("", "of", "and"))),
    st.builds(t.Parameter, NAMES, st.just(False), st.sampled_from(("", "of", "and")), st.booleans()),
)
SINGLE = st.builds(
    t.Rule, st.sampled_from(list(RULE_TYPES)), st.lists(PARAMETERS, max_size=2).map(tuple), st.none() | CONDITIONS, TEXTS, LABELS,
    st.lists(st.builds(t.Tag, NAMES, CONDITIONS), max_size=2).map(tuple),
)  # fmt: skip
RULES = st.recursive(
    SINGLE,
    lambda inner: st.builds(
        t.Composite, st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3).map(tuple), LABELS
    ),
    max_leaves=4,
)
DICTIONARIES = st.lists(st.tuples(TEXTS, TEXTS | st.lists(TEXTS, min_size=1, max_size=2).map(tuple)), max_size=2).map(tuple)


@settings(max_examples=examples(100))
@given(
    st.builds(
        t.Ruleset,
        st.none() | st.lists(RULES, max_size=2).map(tuple),
        st.lists(st.builds(t.Rule, NAMES, st.lists(PARAMETERS, max_size=2).map(tuple)), max_size=2).map(tuple),
        DICTIONARIES,
        DICTIONARIES,
        st.lists(st.tuples(NAMES, OPERANDS | st.lists(OPERANDS, min_size=1, max_size=2).map(tuple)), max_size=2).map(tuple),
        LABELS,
    )
)
def test_any_tree_prints_as_text_that_reads_as_the_same_tree(ruleset: t.Ruleset) -> None:
    assert parse(ruleset_text(ruleset)) == ruleset


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "empty", "Rules ="),
        ("Rules = [\n  IsCompleet \"a\" ]", 'Line 2, column 3: There is no rule type "IsCompleet"', 'mean "IsComplete"'),
        ("Rule = [ RowCount > 1 ]", "Line 1, column 19", 'mean "Rules" instead of "Rule"'),
        ("rules = [ RowCount > 1 ]", "Line 1, column 20", 'mean "Rules"'),
        ("Rules = [ RowCount betwen 1 and 5 ]", 'Line 1, column 27: "1" is not', 'mean "between" instead of "betwen"'),
        ('Rules = [ ColumnValues "a" mtaches "x" ]', 'column 28: "mtaches"', 'mean "matches"'),
        ("Rules = [ RowCount > 1 wher \"a\" ]", 'column 24: "wher"', 'mean "where"'),
        ("Rules = [ (RowCount > 1) adn (RowCount > 2) ]", 'column 26: "adn"', 'mean "and"'),
        ('Rules = [ DataFreshness "a" > 3 day ]', 'column 33: "day"', 'mean "days"'),
        ("Rules = [ RowCount => 3 ]", "column 21", 'mean ">="'),
        ("Rules = [ RowCount > 1\n RowCount > 2 ]", "Line 2, column 2", "A comma is missing"),
        ("Rules = [ RowCount > 1", "Line 1, column 23: The ruleset ends too early", "]"),
        ('Rules = [ IsComplete "a ]', "column 22: A text in quotes does not end", "Close it"),
        ("Rules = [ IsComplete 'a' ]", "column 22: ' is not a quote", "double quotes"),
        ('Rules = [ Completeness "a" ]', "Completeness needs a condition", ">= 0.95"),
        ("Rules = [ RowCount > avgg(last(3)) ]", 'column 22: There is no function "avgg"', '"avg"'),
        ('x = "a" Rules = [ ColumnValues "a" = $y ]', "column 39: There is no variable $y", "x"),
        ('Rules = [ IsComplete "a" > 3 ]', "IsComplete has no condition", "Remove"),
        ('Rules = [ RowCount > "x" ]', 'RowCount cannot be compared with "x"', "> 100"),
        ('Rules = [ ColumnValues "a" in [1,"b"] ]', "number and text at once", ""),
        ("Rules = [ IsUnique ]", "IsUnique has 0 parameters, and needs 1 or more", 'IsUnique "column"'),
        ('Rules = [ ColumnDataType "a" = "Int" ]', '"Int" is not a data type', "Integer"),
        ('Rules = [ DetectAnomalies "RowCont" ]', '"RowCont" is not a metric', "RowCount"),
        ('Analyzers = [ IsComplete "a" ]', "IsComplete is not an analyzer", "Completeness"),
        ('Rules = [ IsUnique "a" with treshold > 1 ]', 'cannot have "with treshold"', ""),
        ('Rules = [ ColumnValues "a" > 1 with treshold > 1 ]', "treshold", '"threshold"'),
        ('Rules = [ ColumnValues "a" > NULL ]', "neither more nor less", "in"),
        ('Rules = [ ColumnValues "a" > avg(last(3)) ]', "cannot be compared with its history", ""),
        ("Rules = [" + "(" * 2000 + "RowCount > 1" + ")" * 2000 + "]", "too many parentheses", ""),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what_would_be_right(text: str, message: str, hint: str) -> None:
    with pytest.raises(RulesetError) as raised:
        read_ruleset(text)
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_variables_and_default_labels_are_put_in() -> None:
    found = read_ruleset(
        'good = ["a", "b"] where_from = "city" DefaultLabels = ["team"="crm", "level"="low"]\n'
        'Rules = [ ColumnValues $where_from in $good labels=["level"="high"], IsComplete "x" ]'
    )
    assert found.rules is not None
    first, second = found.rules
    assert isinstance(first, t.Rule)
    assert first.values == ("city",)
    assert first.condition == t.RuleCondition("in", (t.Quoted("a"), t.Quoted("b")))
    assert dict(first.labels) == {"team": "crm", "level": "high"}
    assert dict(second.labels) == {"team": "crm", "level": "low"}

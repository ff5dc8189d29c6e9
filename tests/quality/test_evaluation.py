"""Every rule type on a small table: what passes, what fails, what cannot be evaluated, and which rows are to blame."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import sqlglot

from fullcircle.engine.duckdb import DuckDB
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.evaluation.dataset import Dataset, dataset_of
from fullcircle.quality.evaluation.dialect import ATHENA, SPARK
from fullcircle.quality.evaluation.evaluate import FIRST_TIME, Evaluation, EvaluationOptions
from fullcircle.quality.evaluation.outcome import RulesetOutcome

NOW = datetime(2026, 3, 1, 12, 0)
TABLE = """CREATE TABLE t AS SELECT i AS id, 'c' || (i % 3) AS status,
  CASE WHEN i % 10 = 0 THEN NULL ELSE 'u' || i || '@example.org' END AS mail, i * 1.5 AS amount,
  TIMESTAMP '2026-03-01 12:00:00' - to_minutes(i) AS at, i % 2 = 0 AS flag, CAST(i AS VARCHAR) AS num,
  DATE '2026-03-01' AS day FROM range(100) r(i)"""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = DuckDB(threads=1, memory="500MB")
    engine.run(TABLE)
    engine.run("CREATE TABLE other AS SELECT i AS rid, 'c' || (i % 3) AS status FROM range(90) r(i)")
    engine.run("CREATE TABLE nothing AS SELECT * FROM t WHERE false")
    engine.run("CREATE TABLE secret AS SELECT 'hidden' AS word")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def table(engine: DuckDB) -> Dataset:
    return dataset_of(engine, "t", "t", {"ref": dataset_of(engine, "ref", "other")})


def past(_: str, back: int) -> Sequence[float]:
    return [90, 100, 110][:back]


def evaluated(engine: DuckDB, table: Dataset, *rules: str, head: str = "", **manner: str) -> RulesetOutcome:
    ruleset = read_ruleset(f"{head}\nRules = [\n{', '.join(rules)}\n]")
    return Evaluation(engine, "test", ruleset, table, EvaluationOptions(now=NOW, **manner)).run(past)  # type: ignore[arg-type]


GOOD = (
    "RowCount = 100", 'RowCount = 9 where "id > 90"', "RowCount > avg(last(3)) * 0.5", "RowCount between 99 and 101",
    "RowCount < max(last(2)) + 1", "RowCount = median(last(3))", "RowCount > percentile(last(3), 0)", "ColumnCount = 8",
    'ColumnExists "mail"', 'ColumnNamesMatchPattern "[a-z]+"', 'IsComplete "mail" where "id % 10 <> 0"',
    'Completeness "mail" > 0.8',
    'IsUnique "id"', 'IsUnique "mail"', 'IsUnique "id" "status"', 'IsPrimaryKey "id"', 'Uniqueness "mail" = 1.0',
    'UniqueValueRatio "status" = 0', 'DistinctValuesCount "status" = 3', 'Entropy "status" between 1.09 and 1.1',
    'Mean "amount" between 74 and 75', 'Sum "amount" = 7425', 'StandardDeviation "id" between 28.8 and 28.9',
    'Variance "id" = 833.25', 'ColumnLength "status" = 2', 'ColumnLength "mail" < 16', 'ColumnCorrelation "id" "amount" > 0.99',
    'ColumnValues "status" in ["c0","c1","c2"]',
    'ColumnValues "status" in ["c0","C1"] with threshold > 0.5 with ignoreCase="true"',
    'ColumnValues "mail" not in ["x"]', 'ColumnValues "mail" != "x"', 'ColumnValues "mail" in [NULL] where "id % 10 = 0"',
    'ColumnValues "mail" != EMPTY', 'ColumnValues "mail" != WHITESPACES_ONLY', 'ColumnValues "num" >= 0',
    'ColumnValues "id" not in [100, 101]', 'ColumnValues "at" > (now() - 1 days)', 'ColumnValues "at" <= "12:00"',
    'ColumnValues "at" <= "1:00 PM" with timeZone = "Europe/Berlin"', 'ColumnValues "day" = "2026-03-01"',
    'ColumnValues "flag" in ["true", "false"]', 'DataFreshness "at" <= 24 hours', 'DataFreshness "at" < 100 minutes',
    'ColumnDataType "num" = "Integer"', 'ColumnDataType "id" in ["Long", "Date"]', 'ColumnDataType "day" = "Date"',
    'CustomSql "select count(*) from primary where id > 50" between 48 and 50', 'CustomSql "select id from primary"',
    'CustomSql "select count(*) = 100 from `primary`" = 1',
    'CustomSql "select id from primary where id < 50" with threshold > 0.3',
    'RowCountMatch "ref" > 1.1', 'ReferentialIntegrity "id" "ref.rid" = 0.9',
    'ReferentialIntegrity "id,status" "ref.{rid, status}" = 0.9',
    'DatasetMatch "ref" "id->rid" = 0.9', 'DatasetMatch "ref" "id->rid" "status->status" > 0.8', 'SchemaMatch "ref" = 0.125',
    'AggregateMatch "sum(id)" "sum(ref.rid)" between 1.2 and 1.3', 'DetectAnomalies "RowCount"',
    '(IsComplete "id") and (RowCount > 1)', '(RowCount > 1) or (ColumnValues "flag" > 3)',
)  # fmt: skip


def test_what_passes(engine: DuckDB, table: Dataset) -> None:
    found = evaluated(engine, table, *GOOD)
    assert [(one.rule, one.result, one.message) for one in found.rules if one.result != "PASS"] == []
    assert len(found.rules) == len(GOOD)
    assert found.score == 1


BAD = {
    'IsComplete "mail"': 10, 'Completeness "mail" > 0.95': 10, 'IsUnique "status"': 97, 'IsPrimaryKey "mail"': 10,
    'ColumnValues "mail" matches ".+@example[.]org"': 10, 'ColumnValues "mail" matches "example"': 100,
    'ColumnValues "mail" != NULL': 10, 'ColumnValues "mail" not in ["x", NULL]': 10, 'ColumnValues "id" between 0 and 99': 2,
    'ColumnValues "id" > 89 where "flag"': 45, 'ColumnValues "status" in ["c0"] with threshold > 0.5': 66,
    'ColumnLength "mail" > 0': 10, 'ColumnDataType "mail" in ["Date", "Integer"]': 90, 'DataFreshness "at" < 10 minutes': 90,
    'ReferentialIntegrity "id" "ref.rid" > 0.95': 10, 'ColumnValues "num" not between 10 and 20': 9,
}  # fmt: skip


def test_what_fails_and_which_rows(engine: DuckDB, table: Dataset) -> None:
    found = evaluated(engine, table, *BAD, newest="id")
    assert {one.rule: (one.result, one.failed) for one in found.rules} == {rule: ("FAIL", failed) for rule, failed in BAD.items()}
    for one in found.rules:
        assert engine.value(f"SELECT count(*) FROM t WHERE {one.broken}") == one.failed, one.rule
        assert one.message
        assert "@example" not in one.message


def test_what_cannot_be_evaluated_says_why_and_spoils_nothing_else(engine: DuckDB, table: Dataset) -> None:
    said = {
        'Mean "nope" > 3': 't has no column "nope".', 'IsComplete "mial"': 'Did you mean "mail"?',
        'Mean "mail" > 3': "t.mail has the type VARCHAR, and the rule needs numbers.",
        'ColumnValues "flag" > 3': "t.flag has the type BOOLEAN", 'IsComplete "mail" where "idd > 1"': 'Did you mean "id"?',
        'IsComplete "mail" where "id > "': "The where clause cannot be used",
        'RowCount > 1 where "(select 1 from secret) = 1"': "reads",
        'ColumnValues "num" > 1 where "mail::int > 3"': "The SQL of the rule fails (ConversionException).",
        'Entropy "num" > 1 where "mail::int > 3"': "The SQL of the rule fails",
        "CustomSql \"select * from 'x.csv'\" > 1": "reads a table",
        'CustomSql "select count(*) from secret" > 1': "It may read primary, ref", 'CustomSql "drop table t"': "cannot be used",
        'CustomSql "select 1, 2" > 1': "2 columns", 'ReferentialIntegrity "id" "reff.rid" = 1': 'There is no reference "reff".',
        'FileSize "s3://x/y" > 1 B': "only AWS Glue reads it", "FileSize > 1 B": "not known from which files",
        "RowCount > last(3)": "several numbers", "RowCount > 1 / 0": "cannot be computed",
        'ColumnValues "status" > "c"': "neither more",
    }  # fmt: skip
    found = evaluated(engine, table, *said, "RowCount = 100")
    assert found.rules[-1].result == "PASS"
    for one in found.rules[:-1]:
        assert one.result == "ERROR", one.rule
        assert said[one.rule] in one.message
    assert engine.has("t")


def test_composites_are_decided_by_tables_or_by_rows(engine: DuckDB, table: Dataset) -> None:
    either = '(ColumnValues "id" > 50) or (ColumnValues "id" <= 50)'
    both = '(IsComplete "mail") and (ColumnValues "id" < 95)'
    by_table = evaluated(engine, table, either, both).rules
    assert [one.result for one in by_table] == ["FAIL", "FAIL"]
    assert engine.value(f"SELECT count(*) FROM t WHERE {by_table[0].broken}") == 0
    assert engine.value(f"SELECT count(*) FROM t WHERE {by_table[1].broken}") == 15
    by_rows = evaluated(engine, table, either, both, composites="row").rules
    assert [(one.result, one.failed) for one in by_rows] == [("PASS", 0), ("FAIL", 15)]


def test_history(engine: DuckDB, table: Dataset) -> None:
    ruleset = read_ruleset('Rules = [ RowCount > 2 * avg(last(2)), DetectAnomalies "RowCount", RowCount = index(last(3), 2) ]')
    first = Evaluation(engine, "test", ruleset, table).run()
    assert [one.result for one in first.rules] == ["PASS"] * 3
    assert first.rules[0].message == FIRST_TIME
    later = Evaluation(engine, "test", ruleset, table).run(lambda _, back: [10.0, 12.0, 11.0, 10.0][:back])
    assert [one.result for one in later.rules] == ["PASS", "FAIL", "FAIL"]
    assert later.rules[0].evaluated == "RowCount > 22"
    assert "expected from" in later.rules[1].message


def test_an_empty_table_is_an_error_of_rules_about_values(engine: DuckDB) -> None:
    found = evaluated(engine, dataset_of(engine, "nothing", "nothing"), "RowCount = 0", 'IsComplete "id"', 'Mean "id" > 1').rules
    assert [one.result for one in found] == ["PASS", "ERROR", "ERROR"]
    assert "nothing is empty" in found[1].message


def test_analyzers_and_the_shape_of_results(engine: DuckDB, table: Dataset) -> None:
    ruleset = read_ruleset(
        'Rules = [ Completeness "mail" > 0.95 labels=["team"="crm"] ] Analyzers = [ AllStatistics "id", ColumnLength "mail" ]'
    )
    found = Evaluation(engine, "test", ruleset, table).run()
    assert found.analyzers["Column.id.Mean"] == 49.5
    assert found.analyzers["Column.id.Uniqueness"] == 1
    assert found.analyzers["Column.mail.MaximumLength"] == 15
    (rule,) = found.to_dict()["RuleResults"]
    assert (rule["Name"], rule["Result"], rule["Labels"]) == ("Rule_1", "FAIL", {"team": "crm"})
    assert rule["EvaluatedMetrics"] == {"Column.mail.Completeness": 0.9}
    assert rule["EvaluationMessage"] == "Column.mail.Completeness is 0.9, which does not meet: > 0.95."


def test_files(engine: DuckDB, table: Dataset, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("same")
    (tmp_path / "c.dat").write_text("longer than the others")
    os.utime(tmp_path / "c.dat", (0, 0))
    rules = {
        "FileSize {0} > 3 B": "PASS", "FileSize {0} > 1 KB": "FAIL", "FileSize {0} < 10 B with threshold > 0.6": "PASS",
        "FileUniqueness {0} > 0.9": "FAIL", 'FileUniqueness {0} = 1 with uriRegex = "dat$"': "PASS",
        'FileFreshness {0} > "2000-01-01"': "FAIL", 'FileFreshness {0} > "2000-01-01" with recentFiles = 2': "PASS",
        "FileMatch {1} {2}": "PASS", 'FileMatch {1} in ["51037a4a37730f52c8732586d3aaa316"] with hashAlgorithm = "MD5"': "PASS",
    }  # fmt: skip
    places = [f'"{path}"' for path in (tmp_path, tmp_path / "a.csv", tmp_path / "b.csv")]
    found = evaluated(engine, table, *[rule.format(*places) for rule in rules]).rules
    assert [(rule, one.result) for rule, one in zip(rules, found, strict=True)] == list(rules.items())


def test_the_plan_is_a_few_queries_and_other_engines_can_have_it(engine: DuckDB, table: Dataset) -> None:
    ruleset = read_ruleset("Rules = [ " + ", ".join(rule for rule in GOOD if "Sql" not in rule and "Match" not in rule) + " ]")
    assert len(Evaluation(engine, "test", ruleset, table).statements()) == 4  # two of them are of ReferentialIntegrity
    for dialect, reader in ((ATHENA, "trino"), (SPARK, "spark")):
        for sql in Evaluation(engine, "test", ruleset, table, dialect=dialect).statements():
            assert sqlglot.parse_one(sql, read=reader)

"""`fullcircle quality ...` on a small project whose config has a ruleset."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fullcircle.errors import ConfigError, NotFound
from fullcircle.serve.cli.main import app
from tests import small

MORE = """
[quality]
snapshots = true
[[quality.rulesets]]
table = "orders"
file = "orders.dqdl"
on_fail = "quarantine"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = small.make(tmp_path_factory.mktemp("quality"), small.PARQUET + MORE)
    (file.parent / "orders.dqdl").write_text('Rules = [ ColumnValues "amount" > 6, RowCount > 0 ] Analyzers = [ Mean "amount" ]')
    assert CliRunner().invoke(app, ["run", "--quiet", "--config", str(file)]).exit_code == 0
    return file


def typed(project: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["quality", *words, "--config", str(project)])


def test_a_run_sets_rows_aside_and_keeps_what_it_found(project: Path) -> None:
    assert "Quarantine: 1 row" in typed(project).output
    (check,) = json.loads(typed(project, "history", "--json").output)
    assert (check["ruleset"], check["table"], check["rows"], check["score"]) == ("orders", "orders", 4, 0.5)
    rules = json.loads(typed(project, "history", "--check", str(check["id"]), "--json").output)
    assert [(one["result"], one["failed"], one["action"]) for one in rules] == [
        ("FAIL", 1, "quarantine"),
        ("PASS", None, "quarantine"),
    ]
    assert list((project.parent / ".fullcircle" / "published").rglob("*quality_checks*"))


def test_check(project: Path, tmp_path: Path) -> None:
    found = typed(project, "check", "--json", "--openlineage", str(tmp_path / "event.json"))
    assert found.exit_code == 4
    first = next(one for one in json.loads(found.output) if one["RulesetName"] == "orders")
    assert [one["Result"] for one in first["RuleResults"]] == ["FAIL", "PASS"]
    assert first["AnalyzerResults"][0]["EvaluatedMetrics"] == {"Column.amount.Mean": 9.975}
    inputs = {one["name"]: one for one in json.loads((tmp_path / "event.json").read_text())["inputs"]}
    assert len(inputs) > 1
    of_amount = inputs["orders"]["facets"]["columnLineage"]["fields"]["amount"]["inputFields"]
    assert [(one["namespace"], one["name"], one["field"]) for one in of_amount] == [("shop", "orders", "amount")]
    assert typed(project, "check", "--table", "records").exit_code == 0
    rules = tmp_path / "mine.dqdl"
    rules.write_text(
        'DataSources = { "Primary": "customers" } Rules = [ IsPrimaryKey "customer_id", RowCount > 3 * avg(last(2)) ]'
    )
    assert typed(project, "check", "--ruleset", str(rules), "--keep").exit_code == 0
    again = typed(project, "check", "--ruleset", str(rules))
    assert again.exit_code == 4
    assert "RowCount is 6, which does" in again.output
    assert "RLIKE" not in typed(project, "check", "--ruleset", str(rules), "--sql", "spark").output


def test_check_of_a_file(project: Path, tmp_path: Path) -> None:
    rules = tmp_path / "people.dqdl"
    rules.write_text('Rules = [ IsUnique "id", ColumnValues "email" matches ".+@.+", FileSize > 1 B ]')
    people = str(project.parent / "shop" / "people.csv")
    found = typed(project, "check", "--ruleset", str(rules), "--data", people, "--json")
    assert (found.exit_code, [one["Result"] for one in json.loads(found.output)[0]["RuleResults"]]) == (0, ["PASS"] * 3)


def test_what_is_wrong_is_one_clear_error(project: Path, tmp_path: Path) -> None:
    rules = tmp_path / "wrong.dqdl"
    for text, table, kind, message in (
        ("Rules = [ RowCont > 1 ]", "orders", ConfigError, "Line 1, column 11"),
        ("Rules = [ RowCount > 1 ]", "ordres", NotFound, 'There is no table "ordres"'),
        ("Rules = [ RowCount > 1 ]", "", ConfigError, "not said which table"),
    ):
        rules.write_text(text)
        found = typed(project, "check", "--ruleset", str(rules), "--table", table)
        assert isinstance(found.exception, kind)
        assert message in str(found.exception)


def test_profile_suggest_and_report_show_no_person(project: Path, tmp_path: Path) -> None:
    page = tmp_path / "quality.html"
    assert typed(project, "report", "--html", str(page)).exit_code == 0
    html = page.read_text()
    text = html + typed(project, "profile", "-t", "records").output + typed(project, "suggest", "-t", "records").output
    assert not re.search(r"Ada|Keller|@example|443334455", text)
    assert 'IsComplete "full_name"' in typed(project, "suggest", "-t", "customers").output or "RowCount > 0" in text
    assert "<svg" in html
    assert not re.search(r"https?:|<script|url\(|src=", html)
    assert "ColumnValues &quot;amount&quot; &gt; 6" in html


def test_drift(project: Path) -> None:
    assert "Changed: nothing" in typed(project, "drift").output
    for _ in range(3):
        assert typed(project, "drift", "--keep").exit_code == 0


def test_rows_in_quarantine_are_listed_released_and_held_again(project: Path) -> None:
    (row,) = json.loads(typed(project, "quarantine", "--json").output)
    assert (row["source"], row["object"], row["key"], row["rule"]) == ("shop", "orders", "8", "orders.Rule_1")
    released = typed(project, "release", "--rule", "orders.Rule_1", "--key", "8", "--reason", "it was a gift card")
    assert "1 row is released" in released.output
    assert CliRunner().invoke(app, ["check", "--quiet", "--config", str(project)]).exit_code == 0
    assert json.loads(typed(project, "quarantine", "--json").output) == []
    assert "held by the rule again" in typed(project, "release", "--rule", "orders.Rule_1", "--reason", "", "--take-back").output
    for wrong, message in (("orders.order_id.unique", "built-in"), ("orders.Rule_9", "No row")):
        assert message in str(typed(project, "release", "--rule", wrong, "--reason", "x").exception)

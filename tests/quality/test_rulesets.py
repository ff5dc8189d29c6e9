"""Rulesets of the config in the stage `check`: what only warns, what sets rows aside, what stops; and their history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from fullcircle.book.book import Book
from fullcircle.config.sections import QualitySettings, RulesetSettings, RuleSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, QualityStopped
from fullcircle.govern.suppressed import Suppressed
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED
from fullcircle.privacy.forget import forget
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.evaluation.evaluate import Evaluation
from fullcircle.quality.gate import gate
from fullcircle.quality.history import KEPT, QualityHistory
from fullcircle.quality.in_run import check_rulesets, conformed_datasets
from fullcircle.quality.profile import profile
from fullcircle.quality.releases import Releases
from fullcircle.quality.rulesets import built_in_text, table_rulesets, texts
from fullcircle.quality.suggest import suggest
from tests.quality.test_gate import QUARANTINE, put

HERE = Path()


class Recording(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    engine = DuckDB(threads=1, memory="500MB")
    engine.run("CREATE SCHEMA conformed")
    for table in CONFORMED.values():
        engine.run(table.ddl(f"conformed.{table.name}"))
    engine.run(f"CREATE TABLE conformed.quarantine {QUARANTINE}")
    put(engine, "records", "1", full_name="Ann Lee", email="ann@example.org", kind="person")
    put(engine, "records", "2", full_name="Bob Roy", email="ann@example.org", kind="person", updated_at=datetime(2024, 2, 1))
    put(engine, "records", "3", full_name="Cid Poe", email="not one", kind="person")
    put(engine, "products", "p", name="Tea")
    for key, status in (("o1", "paid"), ("o2", "lost")):
        put(engine, "orders", key, record_id="record:s:records:1", status=status)
        put(engine, "order_lines", f"l{key}", order_id=f"order:s:orders:{key}", product_id="product:s:products:p")
    yield engine
    engine.close()


def run(engine: DuckDB, book: Book, *rulesets: RulesetSettings) -> tuple[dict[str, int], list[str]]:
    progress, settings = Recording(), QualitySettings(rulesets=rulesets)
    _, set_aside = check_rulesets(engine, table_rulesets(settings, HERE), book, progress)
    said = list(progress.said)  # what the rulesets said, without the rules of the gate
    return gate(engine, settings, progress, set_aside), said


def ruleset(table: str, text: str, **more: Any) -> RulesetSettings:
    return RulesetSettings(table=table, text=f"Rules = [ {text} ]", **more)


def test_a_ruleset_warns_unless_it_says_otherwise(engine: DuckDB, book: Book) -> None:
    counts, said = run(engine, book, ruleset("orders", 'ColumnValues "status" in ["paid"], IsComplete "mail", RowCount = 2'))
    assert (counts["orders"], counts["quarantine"]) == (2, 0)
    assert said[0] == 'orders on orders: ColumnValues "status" in ["paid"] failed (warning only). 1 row does not meet the rule.'
    assert said[1].startswith('orders on orders: IsComplete "mail" could not be evaluated (warning only). orders has no column')
    (kept,) = QualityHistory(book).checks()
    assert (kept.ruleset, kept.rows, kept.passed, kept.failed, kept.errors) == ("orders", 2, 1, 1, 1)
    assert [one.action for one in QualityHistory(book).outcomes(kept.id)] == ["warn"] * 3


def test_rows_that_break_a_rule_are_set_aside_and_what_belongs_to_them(engine: DuckDB, book: Book) -> None:
    counts, said = run(engine, book, ruleset("orders", 'ColumnValues "status" in ["paid"]', name="mine", on_fail="quarantine"))
    assert (counts["orders"], counts["order_lines"], counts["quarantine"]) == (1, 1, 2)
    rows = dict(engine.rows("SELECT key, (rule, reason) FROM quarantine"))
    assert rows["o2"] == ("mine.Rule_1", 'mine: ColumnValues "status" in ["paid"]')
    assert rows["lo2"][1] == "its order is in quarantine"
    assert said == ['mine on orders: ColumnValues "status" in ["paid"] failed, and its rows went to quarantine. 1 row does not '
                    "meet the rule."]  # fmt: skip


def test_of_duplicates_the_newest_stays_and_a_threshold_that_is_met_sets_nothing_aside(engine: DuckDB, book: Book) -> None:
    text = 'IsUnique "email", ColumnValues "email" matches ".+@.+" with threshold > 0.5, (IsComplete "kind") or (RowCount > 9)'
    counts, _ = run(engine, book, ruleset("records", text, on_fail="quarantine"))
    assert (counts["records"], counts["quarantine"]) == (2, 1)
    assert engine.rows("SELECT key FROM quarantine") == [("1",)]


def test_a_label_decides_what_is_done_and_stop_stops_before_anything(engine: DuckDB, book: Book) -> None:
    text = 'RowCount > 5, RowCount > 6 labels=["severity"="high"]'
    engine.run("CREATE TABLE orders AS SELECT 'from before' AS was")
    with pytest.raises(QualityStopped, match="RowCount > 6") as raised:
        run(engine, book, ruleset("orders", text, on_label={"severity=high": "stop"}))
    assert "RowCount > 5" not in raised.value.message
    assert engine.value("SELECT was FROM orders") == "from before"
    assert QualityHistory(book).checks()[0].failed == 2
    with pytest.raises(QualityStopped, match="no column"):
        run(engine, book, ruleset("orders", 'IsComplete "nothing"', on_fail="stop"))


def test_rules_over_history(engine: DuckDB, book: Book) -> None:
    mine = ruleset("orders", 'RowCount >= avg(last(3)), DetectAnomalies "RowCount"')
    for _ in range(4):
        assert run(engine, book, mine)[1] == []
    engine.run("DELETE FROM conformed.orders WHERE key = 'o2'")
    said = run(engine, book, mine)[1]
    assert len(said) == 1
    assert "Dataset.*.RowCount is 1, which does not meet: >= 2." in said[0]
    assert [value for _, value in QualityHistory(book).metric("Dataset.*.RowCount", "orders", "orders", 2)] == [1, 2]
    assert KEPT > 100


def test_an_empty_table_is_said_once(engine: DuckDB, book: Book) -> None:
    said = run(engine, book, ruleset("tickets", 'IsComplete "status", IsUnique "ticket_id"'))[1]
    assert said == ["tickets on tickets: the table is empty, so its rules about values were not evaluated."]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"table": "order", "text": "Rules = []"}, 'no table "order"'),
        ({"table": "orders", "text": "Rules = [ RowCont > 1 ]"}, "Line 1, column 11"),
        ({"table": "orders", "file": "absent.dqdl"}, "absent.dqdl cannot be read"),
    ],
)
def test_a_wrong_ruleset_is_an_error_of_the_config(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        table_rulesets(QualitySettings(rulesets=(RulesetSettings(**settings),)), HERE)


def test_a_ruleset_is_a_file_or_a_text() -> None:
    for wrong in (
        {"table": "orders"},
        {"table": "orders", "file": "a", "text": "b"},
        {"table": "o", "text": "b", "on_label": {"x": "stop"}},
    ):
        with pytest.raises(ValidationError):
            RulesetSettings(**wrong)
    twice = (ruleset("orders", "RowCount > 1"),) * 2
    with pytest.raises(ConfigError, match='two rulesets on orders are called "orders"'):
        table_rulesets(QualitySettings(rulesets=twice), HERE)


def test_the_built_in_rulesets_can_be_read_and_fit_the_tables(engine: DuckDB) -> None:
    settings = QualitySettings(built_in_rulesets=True)
    found = table_rulesets(settings, HERE)
    assert len(found) == len(texts(settings, HERE)) == sum(bool(built_in_text(name)) for name in CONFORMED)
    datasets = conformed_datasets(engine)
    for one in found:
        rules = Evaluation(engine, one.name, one.ruleset, datasets[one.table]).run().rules
        assert [rule.message for rule in rules if rule.result == "ERROR" and "is empty" not in rule.message] == []
    assert table_rulesets(QualitySettings(), HERE) == []


def test_what_is_suggested_is_true_today_and_shows_no_values_of_persons(engine: DuckDB) -> None:
    for key in range(4, 60):
        put(engine, "records", str(key), full_name=f"Person {key}", email=f"p{key}@example.org", kind="person", country="DE")
    table = conformed_datasets(engine)["records"]
    found = profile(engine, table, lambda _: False)
    text = suggest(found)
    assert 'IsPrimaryKey "record_id"' in text
    assert 'ColumnValues "kind" in ["person"]' in text
    assert "example.org" not in text + str(found.to_dict())
    assert "Ann" not in text + str(found.to_dict())
    outcome = Evaluation(engine, "suggested", read_ruleset(text), table).run()
    assert [one.rule for one in outcome.rules if one.result != "PASS"] == []
    names = {one.name: one for one in found.columns}
    assert names["full_name"].top[0] == ("Aa 99", 50)
    assert names["email"].completeness == 1


def test_a_released_row_passes_and_its_like_do_not(engine: DuckDB, book: Book) -> None:
    rules = QualitySettings(
        rules=(RuleSettings(table="orders", column="status", rule="in_set", values=("sent",)),),
        rulesets=(ruleset("records", 'ColumnValues "email" matches ".+@.+"', name="mine", on_fail="quarantine"),),
    )
    one, other = ("s", "orders", "o1", "orders.status.in_set"), ("s", "records", "3", "mine.Rule_1")
    releases = Releases(book)
    releases.add([one, other, ("s", "order_lines", "lo2", "order_lines.order_id.references")], "checked by phone", "somebody")

    def run_again() -> set[str]:
        _, set_aside = check_rulesets(engine, table_rulesets(rules, HERE), book, Silent())
        gate(engine, rules, Silent(), set_aside, releases.all())
        return {key for (key,) in engine.rows("SELECT key FROM quarantine")}

    assert run_again() == {"o2", "lo2"}  # what belongs to a row that waits cannot be released without it
    releases.take_back([one])
    assert run_again() == {"o1", "lo1", "o2", "lo2"}
    assert releases.all()[0].reason == "checked by phone"


def test_who_is_erased_is_in_no_release(engine: DuckDB, book: Book, tmp_path: Path) -> None:
    releases, suppressed = Releases(book), Suppressed(book, tmp_path / "erased.json")
    rows = [("s", "records", "ann@example.org", "mine.Rule_1"), ("s", "orders", "o1", "mine.Rule_2")]
    releases.add(rows, "Ann called", "somebody")
    gone = [("id", suppressed.digest("record:s:records:ann@example.org"), "")]
    suppressed.note("customer:x", "officer", "", gone, {})  # type: ignore[arg-type]
    forget(book, engine, suppressed)
    assert [(one.key, one.reason) for one in releases.all()] == [("o1", "")]

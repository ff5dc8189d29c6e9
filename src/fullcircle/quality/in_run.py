"""Evaluates the rulesets of a project in the stage `check`, before a row goes on: all of a table in one plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal
from fullcircle.errors import QualityStopped
from fullcircle.model.progress import Progress
from fullcircle.model.table import Table
from fullcircle.model.tables import CONFORMED, QUALITY_CHECKS
from fullcircle.quality.evaluation.dataset import Dataset, dataset_of
from fullcircle.quality.evaluation.evaluate import Evaluation, EvaluationOptions
from fullcircle.quality.evaluation.outcome import RuleOutcome, RulesetOutcome
from fullcircle.quality.history import QualityHistory
from fullcircle.quality.rulesets import BUILT_IN_NAME, TableRuleset
from fullcircle.quality.set_aside import SetAside


@dataclass(frozen=True, slots=True)
class CheckedRuleset:
    """A ruleset and what became of it."""

    of: TableRuleset
    outcome: RulesetOutcome


def newest_first(table: Table) -> str:
    """Of rows with the same values the first in this order stays: the newest, as everywhere."""
    return f"updated_at DESC NULLS LAST, key, {table.key}, rowid"


def conformed_datasets(engine: Engine, schema: str = "conformed") -> dict[str, Dataset]:
    """All canonical tables as datasets; each may be referred to by its name."""
    plain = {name: dataset_of(engine, name, f"{schema}.{name}") for name in CONFORMED if engine.has(f"{schema}.{name}")}
    return {name: Dataset(name, one.source, one.columns, plain) for name, one in plain.items()}


def check_rulesets(
    engine: Engine, rulesets: Sequence[TableRuleset], book: Book, progress: Progress
) -> tuple[list[CheckedRuleset], Mapping[str, Sequence[SetAside]]]:
    """Evaluate, keep what was found, say what failed; returns it, and the rows to set aside by table.

    QualityStopped if a rule that may stop the run did not pass. What was found is kept before that.
    """
    if not rulesets:
        return [], {}
    history, datasets = QualityHistory(book), conformed_datasets(engine)
    found = []
    for name, those in groupby(sorted(rulesets, key=lambda one: list(CONFORMED).index(one.table)), lambda one: one.table):
        progress.step(f"rules of {name}")
        several = [one for one in those if one.name != BUILT_IN_NAME or engine.count(datasets[name].source)]
        for one in several:
            options = EvaluationOptions(one.composites, newest_first(CONFORMED[name]))
            evaluation = Evaluation(engine, one.name, one.ruleset, datasets[name], options)
            outcome = evaluation.run(history.past(one.name, name))
            found.append(CheckedRuleset(one, outcome))
            history.keep(outcome, [one.action(rule.labels) for rule in outcome.rules])
    _write(engine, found)
    for checked in found:
        _report(checked, progress)
    _stop(found)
    return found, _set_aside(found)


def _write(engine: Engine, found: Sequence[CheckedRuleset]) -> None:
    """Make the table of results, which is published."""
    rows = [
        (
            checked.of.name, checked.of.table, one.name, one.rule, one.result, one.message, checked.of.action(one.labels),
            checked.outcome.rows, one.failed, checked.outcome.score,
        )
        for checked in found
        for one in checked.outcome.rules
    ]  # fmt: skip
    with engine.transaction():
        engine.run(QUALITY_CHECKS.ddl())
        if rows:
            values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
            engine.run(f"INSERT INTO {QUALITY_CHECKS.name} VALUES {values}")


def _report(checked: CheckedRuleset, progress: Progress) -> None:
    name = f"{checked.of.name} on {checked.of.table}"
    empty = checked.outcome.of("ERROR") if not checked.outcome.rows else []
    if empty:
        progress.say(f"{name}: the table is empty, so its rules about values were not evaluated.")
    for one in checked.outcome.rules:
        if one.result != "PASS" and one not in empty:
            what = "failed" if one.result == "FAIL" else "could not be evaluated"
            progress.say(f"{name}: {one.rule} {what}{_done(checked.of, one)}. {one.message}".rstrip())


def _done(ruleset: TableRuleset, rule: RuleOutcome) -> str:
    action = ruleset.action(rule.labels)
    if action == "quarantine" and rule.broken:
        return ", and its rows went to quarantine"
    return "" if action == "stop" else " (warning only)"


def _stop(found: Sequence[CheckedRuleset]) -> None:
    wrong = [
        f"{checked.of.name} on {checked.of.table}: {one.rule} {one.message}".rstrip()
        for checked in found
        for one in checked.outcome.rules
        if one.result != "PASS" and checked.of.action(one.labels) == "stop"
    ]
    if wrong:
        more = f" And {len(wrong) - 3} more." if len(wrong) > 3 else ""
        raise QualityStopped(
            f"The run was stopped before who is who, because a rule did not pass. {' '.join(wrong[:3])}{more}",
            "Correct the data at its source, or the rule, and run again. `fullcircle quality history` shows what was found.",
        )


def _set_aside(found: Sequence[CheckedRuleset]) -> dict[str, list[SetAside]]:
    made: dict[str, list[SetAside]] = defaultdict(list)
    for checked in found:
        for one in checked.outcome.rules:
            if one.broken and one.result == "FAIL" and checked.of.action(one.labels) == "quarantine":
                id = f"{checked.of.name}.{one.name}"
                made[checked.of.table].append(SetAside(id, one.broken, f"{checked.of.name}: {one.rule}"))
    return made

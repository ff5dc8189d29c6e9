"""Evaluates a ruleset on a table: plan, gather the values, decide. One batched query for most of it; see facts.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from fullcircle.engine.base import Engine
from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.catalogue import RULE_TYPES
from fullcircle.quality.dqdl.text import rule_text
from fullcircle.quality.evaluation.dataset import Dataset, RuleError
from fullcircle.quality.evaluation.dialect import DUCKDB, EngineDialect
from fullcircle.quality.evaluation.facts import TableFacts, Values
from fullcircle.quality.evaluation.numbers import NoHistory
from fullcircle.quality.evaluation.outcome import Result, RuleOutcome, RulesetOutcome
from fullcircle.quality.evaluation.planner import RulePlanner
from fullcircle.quality.evaluation.rule_plan import PlannedRule, RulePlan, RuleVerdict
from fullcircle.quality.evaluation.values import ValueTests

History = Callable[[str, int], Sequence[float]]  # the last so many values of a metric by its key, newest first
Composites = Literal["dataset", "row"]
FIRST_TIME = "There is no earlier check to compare with, so the rule passes."


def no_history(_: str, __: int) -> Sequence[float]:
    """Nothing was ever checked before."""
    return ()


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """How a ruleset is evaluated. `composites` row: a composite rule is decided row by row, where all its parts can be."""

    composites: Composites = "dataset"
    newest: str = ""  # see RulePlanner
    now: datetime | None = None


class Evaluation:
    """A ruleset planned for one table."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        ruleset: t.Ruleset,
        table: Dataset,
        manner: EvaluationOptions | None = None,
        dialect: EngineDialect = DUCKDB,
    ) -> None:
        manner = manner or EvaluationOptions()
        self.name, self.table, self._engine = name, table, engine
        now = manner.now or datetime.now(UTC).replace(tzinfo=None)
        self._facts = TableFacts(dialect, table)
        planner = RulePlanner(engine, table, self._facts, ValueTests(dialect, table, now), manner.newest)
        self._rows = planner.rows("")
        self._by_rows = manner.composites == "row"
        self._rules = [self._planned(planner, rule) for rule in ruleset.rules or ()]
        self._analyzers = [planner.plan(rule) for rule in ruleset.analyzers or ()]

    def statements(self) -> list[str]:
        """The SQL of it, for an engine of the dialect; the first has most of it."""
        return self._facts.statements()

    def _planned(self, planner: RulePlanner, rule: t.AnyRule) -> PlannedRule:
        if isinstance(rule, t.Rule):
            return PlannedRule(rule, planner.plan(rule))
        parts = tuple(self._planned(planner, one) for one in rule.rules)
        made = PlannedRule(rule, None, parts)
        broken = _broken_rows(made) if self._by_rows and _all_by_rows(made) else ""
        if not broken:
            return made
        plan = planner.by_rows(t.Rule("Composite"), f"(NOT {broken})", "", {}, "Dataset.*.CompositeRule.Compliance")
        return replace(made, by_rows=replace(plan, broken=broken))

    def run(self, history: History = no_history) -> RulesetOutcome:
        """Gather the values and decide each rule. `history` is asked with the keys of the metrics."""
        started = time.perf_counter()
        values = self._facts.gathered(self._engine)
        rows = values.count(self._rows)
        decided = _Decided(values, rows, self.table, history)
        rules = [decided.outcome(f"Rule_{place}", one) for place, one in enumerate(self._rules, 1)]
        analyzers: dict[str, float] = {}
        for plan in self._analyzers:
            analyzers |= decided.metrics(plan)
        seconds = time.perf_counter() - started
        return RulesetOutcome(self.name, self.table.name, rows, rules, analyzers, decided.keys, seconds)


class _Decided:
    """Decides plans by the values."""

    def __init__(self, values: Values, rows: int, table: Dataset, history: History) -> None:
        self._values, self._rows, self._table, self._history = values, rows, table, history
        self.keys: dict[str, float] = {}

    def outcome(self, name: str, parts: PlannedRule) -> RuleOutcome:
        """What becomes of a rule of the list."""
        made = self._of(parts)
        return replace(made, name=name, labels=dict(parts.rule.labels))

    def _of(self, parts: PlannedRule) -> RuleOutcome:
        if parts.single:
            return self._single(parts.single, parts.rule)
        if parts.by_rows:
            return self._single(parts.by_rows, parts.rule)
        assert isinstance(parts.rule, t.Composite)
        found = [self._of(one) for one in parts.parts]
        metrics = {key: value for one in found for key, value in one.metrics.items()}
        result = _joined(parts.rule.operator, [one.result for one in found])
        said = (
            ""
            if result == "PASS"
            else " ".join(dict.fromkeys(one.message for one in found if one.message and one.result != "PASS"))
        )
        evaluated = f" {parts.rule.operator} ".join(f"({one.evaluated})" for one in found)
        broken = _joined_rows(parts.rule.operator, found, parts.parts) if result == "FAIL" else ""
        return RuleOutcome("", rule_text(parts.rule), result, said, evaluated, metrics, {}, None, broken)

    def _single(self, plan: RulePlan, rule: t.AnyRule) -> RuleOutcome:
        text = rule_text(replace(rule, labels=()))
        metrics: dict[str, float] = {}
        try:
            metrics = self.metrics(plan)
            if not self._rows and plan.needs_rows and not plan.error:
                raise RuleError(f"{self._table.name} is empty, so there are no values to look at.", "")
            decision = self._decision(plan, metrics)
            failed = plan.failed(self._values) if plan.failed else None
        except RuleError as error:
            return RuleOutcome("", text, "ERROR", f"{error.message} {error.hint}".strip(), text, metrics)
        known = decision.condition
        evaluated = rule_text(replace(plan.rule, condition=known, labels=())) if known else text
        return RuleOutcome(
            "", text, "PASS" if decision.passed else "FAIL", decision.message, evaluated, metrics, {},
            None if failed is None else int(failed), "" if decision.passed else plan.broken,
        )  # fmt: skip

    def _decision(self, plan: RulePlan, metrics: Mapping[str, float]) -> RuleVerdict:
        key = key_of(plan.metric, plan.rule.where)
        try:
            return plan.decide(self._values, metrics, lambda back: self._history(key, back))
        except NoHistory:
            return RuleVerdict(True, FIRST_TIME)

    def metrics(self, plan: RulePlan) -> dict[str, float]:
        """The metrics of a plan that have a value; they are kept by their keys."""
        if plan.error:
            return {}
        found = {name: value for name, read in plan.metrics.items() if (value := read(self._values)) is not None}
        self.keys |= {key_of(name, plan.rule.where): value for name, value in found.items()}
        return found


def key_of(metric: str, where: str) -> str:
    """Under which name the history keeps a metric: with its where clause, as it is another metric with another one."""
    return f"{metric} where {where}" if where else metric


def _joined(operator: str, results: Sequence[Result]) -> Result:
    """What is true whatever became of the parts that could not be evaluated; else that nobody knows."""
    if operator == "and":
        return "FAIL" if "FAIL" in results else "ERROR" if "ERROR" in results else "PASS"
    return "PASS" if "PASS" in results else "ERROR" if "ERROR" in results else "FAIL"


def _joined_rows(operator: str, found: Sequence[RuleOutcome], parts: Sequence[PlannedRule]) -> str:
    """The rows that break a composite: of `and` those that break any part that failed, of `or` those that break all parts."""
    broken = [
        one.broken for one, part in zip(found, parts, strict=True) if one.result == "FAIL" and one.broken and _in_rows(part)
    ]
    return f"({(' OR ' if operator == 'and' else ' AND ').join(broken)})" if broken else ""


def _in_rows(parts: PlannedRule) -> bool:
    return not isinstance(parts.rule, t.Rule) or RULE_TYPES[parts.rule.type].in_rows_of_composites


def _all_by_rows(parts: PlannedRule) -> bool:
    singles = list(_singles(parts))
    return all(
        one.broken and not one.error and not one.rule.tags and RULE_TYPES[one.rule.type].in_rows_of_composites for one in singles
    )


def _singles(parts: PlannedRule) -> Iterable[RulePlan]:
    if parts.single:
        yield parts.single
    for one in parts.parts:
        yield from _singles(one)


def _broken_rows(parts: PlannedRule) -> str:
    if parts.single:
        return parts.single.broken
    assert isinstance(parts.rule, t.Composite)
    joint = " OR " if parts.rule.operator == "and" else " AND "
    return f"({joint.join(_broken_rows(one) for one in parts.parts)})"

"""One rule on its way: which values it waits for, how it is decided by them, and which rows break it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.text import condition_text
from fullcircle.quality.evaluation.dataset import RuleError
from fullcircle.quality.evaluation.facts import Values
from fullcircle.quality.evaluation.numbers import Past, holds, resolved

Read = Callable[[Values], float | None]


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """Whether a rule passes. `evaluated`: its condition with the numbers of its calculations."""

    passed: bool
    message: str = ""
    condition: t.RuleCondition | None = None


Decide = Callable[[Values, Mapping[str, float], Past], RuleVerdict]


@dataclass(frozen=True, slots=True)
class RulePlan:
    """How a single rule is evaluated."""

    rule: t.Rule
    metrics: Mapping[str, Read]  # name as Glue has it -> how it is read
    decide: Decide
    metric: str = ""  # the one that functions over history are about
    broken: str = ""  # SQL over one row, true where it breaks the rule
    failed: Read | None = None  # how many rows those are
    needs_rows: bool = True  # without rows there is nothing to say
    error: RuleError | None = None


def no_plan(rule: t.Rule, error: RuleError) -> RulePlan:
    """A rule that cannot be evaluated."""

    def decide(*_: object) -> RuleVerdict:
        raise error

    return RulePlan(rule, {}, decide, error=error)


def by_number(metric: str, condition: t.RuleCondition | None) -> Decide:
    """The metric fulfils the condition."""

    def decide(_: Values, metrics: Mapping[str, float], past: Past) -> RuleVerdict:
        if metric not in metrics:
            raise RuleError(f"{metric} has no value, because there is nothing to compute it from.", "")
        return _compared(metric, metrics[metric], condition, past) if condition else RuleVerdict(True)

    return decide


def _compared(metric: str, value: float, condition: t.RuleCondition, past: Past) -> RuleVerdict:
    passed = holds(value, condition, past)
    known = resolved(condition, past)
    message = "" if passed else f"{metric} is {shown(value)}, which does not meet: {condition_text(known)}."
    return RuleVerdict(passed, message, known)


def shown(value: float) -> str:
    """A number as messages have it."""
    return f"{value:,.0f}" if value == int(value) else f"{value:.6g}"


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A composite rule, or a single one: the plans of its parts."""

    rule: t.AnyRule
    single: RulePlan | None = None
    parts: tuple[PlannedRule, ...] = ()
    by_rows: RulePlan | None = None  # where the whole composite is decided row by row

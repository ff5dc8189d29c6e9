"""What becomes of a rule, in the shape of AWS Glue's results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Result = Literal["PASS", "FAIL", "ERROR"]


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule. `failed`: how many rows break it, None where it is not about rows; `broken`: SQL that is true for them."""

    name: str
    rule: str  # as text
    result: Result
    message: str = ""
    evaluated: str = ""  # the rule with the numbers of its calculations
    metrics: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    failed: int | None = None
    broken: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As Glue has it; `FailedRows` is ours."""
        return {
            "Name": self.name, "Description": self.rule, "EvaluationMessage": self.message, "Result": self.result,
            "EvaluatedMetrics": dict(self.metrics), "EvaluatedRule": self.evaluated, "RuleMetrics": dict(self.metrics),
            "Labels": dict(self.labels), **({} if self.failed is None else {"FailedRows": self.failed}),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RulesetOutcome:
    """What became of a ruleset: its rules, what its analyzers found, and the share of rules that pass."""

    ruleset: str
    table: str
    rows: int
    rules: Sequence[RuleOutcome]
    analyzers: Mapping[str, float]
    keys: Mapping[str, float]  # every metric by the key under which the history keeps it
    seconds: float = 0.0

    @property
    def score(self) -> float | None:
        """The share of rules that pass; None without rules."""
        return sum(one.result == "PASS" for one in self.rules) / len(self.rules) if self.rules else None

    def of(self, result: Result) -> list[RuleOutcome]:
        """The rules with this result."""
        return [one for one in self.rules if one.result == result]

    def to_dict(self) -> dict[str, Any]:
        """As Glue has it, as far as it has it."""
        return {
            "RulesetName": self.ruleset, "Table": self.table, "Rows": self.rows, "Score": self.score,
            "RuleResults": [one.to_dict() for one in self.rules],
            "AnalyzerResults": [{"Name": name, "EvaluatedMetrics": {name: value}} for name, value in self.analyzers.items()],
        }  # fmt: skip

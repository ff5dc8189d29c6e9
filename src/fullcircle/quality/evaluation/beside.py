"""Rules that look beyond the table itself: references, other tables, queries of one's own, and history."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.catalogue import RULE_TYPES
from fullcircle.quality.dqdl.text import condition_text
from fullcircle.quality.evaluation.dataset import Dataset, RuleError
from fullcircle.quality.evaluation.facts import Values
from fullcircle.quality.evaluation.limits import robust_limits
from fullcircle.quality.evaluation.numbers import Past, holds
from fullcircle.quality.evaluation.planner import RulePlanner
from fullcircle.quality.evaluation.rule_plan import RulePlan, RuleVerdict, by_number, shown
from fullcircle.quality.evaluation.safe_sql import custom_sql

AGGREGATE = re.compile(r"\s*(sum|avg|min|max|count)\s*\(\s*(?:([^.()]+)\.)?([^()]+?)\s*\)\s*", re.IGNORECASE)
REFERENCE = re.compile(r"\s*([^.{}]+)\.\s*(?:\{([^{}]+)\}|([^{}]+))\s*")
COUNTED = 3  # values of a metric that DetectAnomalies needs


def _share(rule: t.Rule, part: str, whole: str, metric: str, empty: float | None = None) -> RulePlan:
    def read(values: Values) -> float | None:
        total = values.value(whole)
        return (values.value(part) or 0) / total if total else empty

    return RulePlan(rule, {metric: read}, by_number(metric, rule.condition), metric)


def _row_count_match(at: RulePlanner, rule: t.Rule) -> RulePlan:
    other = at.table.reference(rule.values[0])
    there = at.facts.query(f"SELECT count(*) FROM {other.source}")
    rows = at.rows("")

    def read(values: Values) -> float | None:
        ours, theirs = values.count(rows), values.count(there)
        return ours / theirs if theirs else None if ours else 1.0

    metric = "Dataset.*.RowCountMatch"
    return RulePlan(rule, {metric: read}, by_number(metric, rule.condition), metric, needs_rows=False)


def _schema_match(at: RulePlanner, rule: t.Rule) -> RulePlan:
    other = {name.casefold(): kind for name, kind in at.table.reference(rule.values[0]).columns.items()}
    same = sum(other.get(name.casefold()) == kind for name, kind in at.table.columns.items())
    share, metric = same / len(at.table.columns), "Dataset.*.SchemaMatch"
    return RulePlan(rule, {metric: lambda _: share}, by_number(metric, rule.condition), metric, needs_rows=False)


def _referential_integrity(at: RulePlanner, rule: t.Rule) -> RulePlan:
    """As foreign keys of SQL: a row without a value in one of its columns points to nothing, and is left out."""
    found = REFERENCE.fullmatch(rule.values[1])
    if not found:
        raise RuleError(f'"{rule.values[1]}" does not name columns of a reference.', 'Write "alias.{column, column}".')
    other = at.table.reference(found[1].strip())
    ours = [at.table.column(one.strip()) for one in rule.values[0].split(",")]
    theirs = [other.column(one.strip()) for one in (found[2] or found[3]).split(",")]
    if len(ours) != len(theirs):
        raise RuleError("Both sides must name as many columns.", f"{', '.join(ours)} and {', '.join(theirs)} do not go together.")
    filled = " AND ".join(f"{at.name(one)} IS NOT NULL" for one in ours)
    pairs = " AND ".join(f"ours.{at.name(one)} = theirs.{at.name(two)}" for one, two in zip(ours, theirs, strict=True))
    there = at.facts.query(
        f"SELECT count(*) FROM {at.table.source} AS ours WHERE {filled} "
        f"AND EXISTS (SELECT 1 FROM {other.source} AS theirs WHERE {pairs})"
    )
    whole = at.facts.aggregate(f"count(CASE WHEN {filled} THEN 1 END)")
    plan = _share(rule, there, whole, f"Column.{','.join(ours)}.ReferentialIntegrity", 1.0)
    names, others = ", ".join(map(at.name, ours)), ", ".join(map(at.name, theirs))
    no_null = " AND ".join(f"{at.name(one)} IS NOT NULL" for one in theirs)
    broken = f"({filled} AND ({names}) NOT IN (SELECT {others} FROM {other.source} WHERE {no_null}))"
    return RulePlan(
        rule, plan.metrics, plan.decide, plan.metric, broken, lambda values: values.count(whole) - values.count(there)
    )


def _dataset_match(at: RulePlanner, rule: t.Rule) -> RulePlan:
    other = at.table.reference(rule.values[0])
    keys = _pairs(at.table, other, rule.values[1])
    if len(rule.values) > 2:
        compared = _pairs(at.table, other, rule.values[2])
    else:
        folded = {name.casefold(): name for name in other.columns}
        own = {one for one, _ in keys}
        compared = [(one, folded[one.casefold()]) for one in at.table.columns if one not in own and one.casefold() in folded]
    same = [f"ours.{at.name(one)} = theirs.{at.name(two)}" for one, two in keys]
    same += [f"ours.{at.name(one)} IS NOT DISTINCT FROM theirs.{at.name(two)}" for one, two in compared]
    there = at.facts.query(
        f"SELECT count(*) FROM {at.table.source} AS ours WHERE EXISTS "
        f"(SELECT 1 FROM {other.source} AS theirs WHERE {' AND '.join(same)})"
    )
    return _share(rule, there, at.rows(""), "Dataset.*.DatasetMatch")


def _pairs(ours: Dataset, theirs: Dataset, text: str) -> list[tuple[str, str]]:
    """`a->b, c`: columns of ours and theirs."""
    made = []
    for one in text.split(","):
        left, arrow, right = one.partition("->")
        made.append((ours.column(left.strip()), theirs.column((right if arrow else left).strip())))
    return made


def _aggregate_match(at: RulePlanner, rule: t.Rule) -> RulePlan:
    names, values = [], []
    for text in rule.values:
        found = AGGREGATE.fullmatch(text)
        if not found:
            raise RuleError(f'"{text}" is not an aggregate.', 'Write "sum(column)" or "sum(alias.column)".')
        table = at.table.reference(found[2].strip()) if found[2] and found[2].strip() != "primary" else at.table
        column = table.column(found[3].strip())
        names.append(column)
        sql = f"{found[1].lower()}({at.name(column)})"
        values.append(at.facts.aggregate(sql) if table is at.table else at.facts.query(f"SELECT {sql} FROM {table.source}"))
    metric = f"Column.{','.join(dict.fromkeys(names))}.AggregateMatch"

    def read(found: Values) -> float | None:
        left, right = (found.value(one) for one in values)
        if left is None or right is None:
            return None
        return left / right if right else 1.0 if left == right else None

    return RulePlan(rule, {metric: read}, by_number(metric, rule.condition), metric)


def _custom_sql(at: RulePlanner, rule: t.Rule) -> RulePlan:
    """With a condition: the query's only value. Without one: the rows that it returns pass, all of them or a share."""
    sql = custom_sql(at.engine, at.table, rule.values[0])
    if rule.condition is not None:
        value, metric = at.facts.query(_single(at, sql)), "Dataset.*.CustomSQL"
        return RulePlan(
            rule, {metric: lambda values: values.value(value)}, by_number(metric, rule.condition), metric, needs_rows=False
        )
    threshold = rule.tag("threshold")
    good, rows = at.facts.query(f"SELECT count(*) FROM ({sql}) AS good"), at.rows("")
    metric = "Dataset.*.CustomSQL.Compliance"

    def decide(values: Values, metrics: Mapping[str, float], past: Past) -> RuleVerdict:
        if metric not in metrics:
            return RuleVerdict(True, "The rule concerns no row.")
        passed = holds(metrics[metric], threshold, past) if threshold else values.count(good) == values.count(rows)
        wanted = condition_text(threshold) if threshold else "all of them"
        return RuleVerdict(
            passed, "" if passed else f"The query returns {shown(metrics[metric])} of the rows, which is not {wanted}."
        )

    plan = _share(rule, good, rows, metric)
    return RulePlan(rule, plan.metrics, decide, metric)


def _single(at: RulePlanner, sql: str) -> str:
    """The query must return one column; a truth value counts as 1 or 0."""
    names = at.engine.columns(f"({sql})")
    if len(names) != 1:
        raise RuleError(f"The query returns {len(names)} columns, and a condition needs one value.", "Select one aggregate.")
    return f"SELECT CAST({at.name(next(iter(names)))} AS DOUBLE) FROM ({sql}) AS asked"


def _detect_anomalies(at: RulePlanner, rule: t.Rule) -> RulePlan:
    """The metric is within its robust limits: the median of the values before, more or less some typical deviations."""
    first, *rest = rule.parameters
    inner = at.plan(t.Rule(first.value, tuple(rest), place=rule.place))
    if inner.error:
        raise inner.error
    metric = inner.metric or next(iter(inner.metrics), "")

    def decide(_: Values, metrics: Mapping[str, float], past: Past) -> RuleVerdict:
        if metric not in metrics:
            raise RuleError(f"{metric} has no value.", "")
        before = past(100)
        if len(before) < COUNTED:
            return RuleVerdict(True, f"There are {len(before)} values of earlier checks, and {COUNTED} are needed to compare.")
        low, high = robust_limits(before)
        passed = low <= metrics[metric] <= high
        said = f"{metric} is {shown(metrics[metric])}, and was expected from {shown(low)} to {shown(high)}."
        return RuleVerdict(passed, "" if passed else said)

    return RulePlan(
        rule, inner.metrics, decide, metric, needs_rows=RULE_TYPES[first.value].name not in ("RowCount", "ColumnCount")
    )


PLANS: dict[str, Callable[[RulePlanner, t.Rule], RulePlan]] = {
    "RowCountMatch": _row_count_match, "SchemaMatch": _schema_match, "ReferentialIntegrity": _referential_integrity,
    "DatasetMatch": _dataset_match, "AggregateMatch": _aggregate_match, "CustomSql": _custom_sql,
    "DetectAnomalies": _detect_anomalies,
}  # fmt: skip

"""Plans single rules: what each needs to know about the table, and how it is decided then. A function for each sort of rule."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fullcircle.engine.base import Engine
from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.catalogue import RULE_TYPES
from fullcircle.quality.dqdl.text import condition_text
from fullcircle.quality.evaluation.dataset import Dataset, RuleError
from fullcircle.quality.evaluation.facts import TableFacts, Values
from fullcircle.quality.evaluation.numbers import Past, holds
from fullcircle.quality.evaluation.rule_plan import Decide, Read, RulePlan, RuleVerdict, by_number, no_plan, shown
from fullcircle.quality.evaluation.safe_sql import where_sql
from fullcircle.quality.evaluation.values import ValueTests, wrong_type

AGGREGATES = {"Mean": "avg", "Sum": "sum", "StandardDeviation": "stddev_pop", "Variance": "var_pop"}


@dataclass(frozen=True, slots=True)
class RulePlanner:
    """Plans the rules of one table. `newest`: ORDER BY of rows of which only the first is not a duplicate; "": all are."""

    engine: Engine
    table: Dataset
    facts: TableFacts
    tests: ValueTests
    newest: str = ""

    def plan(self, rule: t.Rule) -> RulePlan:
        """The plan of a rule; what is wrong with it becomes its result."""
        from fullcircle.quality.evaluation import beside, files

        try:
            if RULE_TYPES[rule.type].file_level:
                return files.plan(self, rule)
            where = where_sql(self.engine, self.table, rule.where)
            if rule.type in beside.PLANS:
                return beside.PLANS[rule.type](self, rule)
            return PLANS[rule.type](self, rule, where)
        except RuleError as error:
            return no_plan(rule, error)

    def name(self, column: str) -> str:
        """A column as SQL."""
        return self.facts.dialect.quoted(column)

    def rows(self, where: str) -> str:
        """The number of rows that the rule is about."""
        return self.facts.aggregate("count(*)", where)

    def by_rows(self, rule: t.Rule, test: str, where: str, metrics: Mapping[str, Read], metric: str) -> RulePlan:
        """A rule that each row fulfils or not; `test`: SQL that is true where it does. A threshold is about their share."""
        rows, good = self.rows(where), self.facts.aggregate(f"count(CASE WHEN {test} THEN 1 END)", where)

        def share(values: Values) -> float | None:
            total = values.count(rows)
            return values.count(good) / total if total else None

        def failed(values: Values) -> float:
            return values.count(rows) - values.count(good)

        broken = f"({f'{where} AND ' if where else ''}NOT {test})"
        return RulePlan(rule, {metric: share, **metrics}, _by_share(metric, rule, failed), metric, broken, failed)


def _by_share(metric: str, rule: t.Rule, failed: Read) -> Decide:
    threshold = rule.tag("threshold")

    def decide(values: Values, metrics: Mapping[str, float], past: Past) -> RuleVerdict:
        number = failed(values) or 0
        if metric not in metrics:
            return RuleVerdict(True, "The rule concerns no row.")
        if threshold:
            passed = holds(metrics[metric], threshold, past)
            about = f"{shown(metrics[metric])} of the values meet the rule, which is not {condition_text(threshold)}."
        else:
            passed, about = not number, f"{number:,.0f} {'row does' if number == 1 else 'rows do'} not meet the rule."
        return RuleVerdict(passed, "" if passed else about)

    return decide


def _column(at: RulePlanner, rule: t.Rule) -> str:
    return at.table.column(rule.parameters[0].value)


def _metric(rule: t.Rule, columns: Sequence[str], name: str = "") -> str:
    owner = f"Multicolumn.{','.join(columns)}" if len(columns) > 1 else f"Column.{columns[0]}"
    return f"{owner}.{name or rule.type}"


def _row_count(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    rows = at.rows(where)
    metric = "Dataset.*.RowCount"
    return RulePlan(
        rule, {metric: lambda values: values.value(rows)}, by_number(metric, rule.condition), metric, needs_rows=False
    )


def _column_count(at: RulePlanner, rule: t.Rule, _: str) -> RulePlan:
    metric, number = "Dataset.*.ColumnCount", float(len(at.table.columns))
    return RulePlan(rule, {metric: lambda _: number}, by_number(metric, rule.condition), metric, needs_rows=False)


def _column_exists(at: RulePlanner, rule: t.Rule, _: str) -> RulePlan:
    try:
        at.table.column(rule.parameters[0].value)
        done = RuleVerdict(True)
    except RuleError as error:
        done = RuleVerdict(False, f"{error.message} {error.hint}".strip())
    return RulePlan(rule, {}, lambda *_: done, needs_rows=False)


def _names_match(at: RulePlanner, rule: t.Rule, _: str) -> RulePlan:
    try:
        pattern = re.compile(rule.parameters[0].value)
    except re.error as error:
        raise RuleError(f"The pattern cannot be read: {error}.", "Write a regular expression.") from None
    odd = [name for name in at.table.columns if not pattern.fullmatch(name)]
    share = 1 - len(odd) / len(at.table.columns)
    done = RuleVerdict(not odd, f"These columns do not match: {', '.join(odd[:10])}." if odd else "")
    return RulePlan(rule, {"Dataset.*.ColumnNamesPatternMatchRatio": lambda _: share}, lambda *_: done, needs_rows=False)


def _completeness(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    plan = at.by_rows(rule, f"({at.name(column)} IS NOT NULL)", where, {}, _metric(rule, [column], "Completeness"))
    if rule.type == "IsComplete":
        return plan
    return RulePlan(rule, plan.metrics, by_number(plan.metric, rule.condition), plan.metric, plan.broken, plan.failed)


def _column_values(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    least: dict[str, Read] = {}
    if at.table.kind(column) in ("whole", "number"):
        for name, function in (("Minimum", "min"), ("Maximum", "max")):
            value = at.facts.aggregate(f"{function}({at.name(column)})", where)
            least[_metric(rule, [column], name)] = partial(_read, value)
    metric = _metric(rule, [column], "ColumnValues.Compliance")
    if rule.condition is None:  # an analyzer
        return RulePlan(rule, least, by_number("", None))
    return at.by_rows(rule, at.tests.fulfils(column, rule, rule.condition), where, least, metric)


def _column_length(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    length = at.tests.length_of(column)
    least = {
        _metric(rule, [column], name): partial(_read, at.facts.aggregate(f"{function}({length})", where))
        for name, function in (("MinimumLength", "min"), ("MaximumLength", "max"))
    }
    if rule.condition is None:
        return RulePlan(rule, least, by_number("", None))
    test = at.tests.length(column, rule.condition)
    return at.by_rows(rule, test, where, least, _metric(rule, [column], "ColumnLength.Compliance"))


def _column_type(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    assert rule.condition
    there = f"{at.name(column)} IS NOT NULL"
    about = f"{where} AND {there}" if where else there  # of a missing value there is nothing to say
    test = at.tests.of_type(column, rule.condition)
    return at.by_rows(rule, test, about, {}, _metric(rule, [column], "ColumnDataType.Compliance"))


def _freshness(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    assert rule.condition
    test = at.tests.age(column, rule.condition)
    return at.by_rows(rule, test, where, {}, _metric(rule, [column], "DataFreshness.Compliance"))


def _aggregate(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    if at.table.kind(column) not in ("whole", "number"):
        raise wrong_type(at.table, column, "numbers")
    value = at.facts.aggregate(f"{AGGREGATES[rule.type]}({at.name(column)})", where)
    metric = _metric(rule, [column])
    return RulePlan(rule, {metric: partial(_read, value)}, by_number(metric, rule.condition), metric)


def _correlation(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    columns = [at.table.column(one) for one in rule.values]
    for column in columns:
        if at.table.kind(column) not in ("whole", "number"):
            raise wrong_type(at.table, column, "numbers")
    value = at.facts.aggregate(f"corr({', '.join(map(at.name, columns))})", where)
    metric = _metric(rule, columns)
    return RulePlan(rule, {metric: partial(_read, value)}, by_number(metric, rule.condition), metric)


def _distinct(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    value = at.facts.aggregate(f"count(DISTINCT {at.name(column)})", where)
    metric = _metric(rule, [column])
    return RulePlan(rule, {metric: partial(_read, value)}, by_number(metric, rule.condition), metric)


def _groups(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    """Uniqueness, UniqueValueRatio and Entropy: how often each value occurs."""
    columns = [at.table.column(one) for one in rule.values]
    name = at.facts.groups(columns, where)

    def read(values: Values) -> float | None:
        distinct, once, filled = (values.count(f"{name}.{kind}") for kind in ("distinct_values", "once", "filled"))
        if not filled:
            return None
        if rule.type == "Entropy":
            return math.log(filled) - (values.value(f"{name}.spread") or 0) / filled
        return once / (filled if rule.type == "Uniqueness" else distinct)

    metric = _metric(rule, columns)
    broken = "" if rule.type == "Entropy" else _duplicate(at, columns, where)
    return RulePlan(rule, {metric: read}, by_number(metric, rule.condition), metric, broken)


def _unique(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    """IsUnique and IsPrimaryKey. Rows without any value do not count as duplicates of one another."""
    columns = [at.table.column(one) for one in rule.values]
    rows = at.rows(where)
    if len(columns) == 1:
        distinct = at.facts.aggregate(f"count(DISTINCT {at.name(columns[0])})", where)
        filled = at.facts.aggregate(f"count({at.name(columns[0])})", where)
    else:
        name = at.facts.groups(columns, where)
        distinct, filled = f"{name}.distinct_values", f"{name}.filled"
    missing = " OR ".join(f"{at.name(column)} IS NULL" for column in columns)
    lacking = at.facts.aggregate(f"count(CASE WHEN {missing} THEN 1 END)", where) if rule.type == "IsPrimaryKey" else ""

    def failed(values: Values) -> float:
        return values.count(filled) - values.count(distinct) + (values.count(lacking) if lacking else 0)

    def share(values: Values) -> float | None:
        total = values.count(filled)
        return values.count(distinct) / total if total else None

    def decide(values: Values, *_: object) -> RuleVerdict:
        twice, none = values.count(filled) - values.count(distinct), values.count(lacking) if lacking else 0
        said = [f"{twice:,} {'row repeats' if twice == 1 else 'rows repeat'} a value" if twice else ""]
        said.append(f"{none:,} {'row has' if none == 1 else 'rows have'} none" if none else "")
        message = " and ".join(filter(None, said))
        return RuleVerdict(not message, f"{message}." if message else "" if values.count(rows) else "The rule concerns no row.")

    broken = _duplicate(at, columns, where)
    if lacking:
        broken = f"({broken} OR ({f'{where} AND ' if where else ''}({missing})))"
    return RulePlan(rule, {_metric(rule, columns, "DistinctShare"): share}, decide, "", broken, failed)


def _duplicate(at: RulePlanner, columns: Sequence[str], where: str) -> str:
    """True for a row whose values another row has; with `newest`, not for the newest of them."""
    names = ", ".join(map(at.name, columns))
    filled = " AND ".join(f"{at.name(column)} IS NOT NULL" for column in columns)
    about = f"{filled} AND {where}" if where else filled
    source = at.table.source
    if not at.newest:
        return f"(({names}) IN (SELECT {names} FROM {source} WHERE {about} GROUP BY {names} HAVING count(*) > 1) AND {about})"
    ranked = f"SELECT rowid AS r, row_number() OVER (PARTITION BY {names} ORDER BY {at.newest}) AS n FROM {source} WHERE {about}"
    return f"rowid IN (SELECT r FROM ({ranked}) WHERE n > 1)"


def _all_statistics(at: RulePlanner, rule: t.Rule, where: str) -> RulePlan:
    column = _column(at, rule)
    kind = at.table.kind(column)
    types = ["Completeness", "Uniqueness", "DistinctValuesCount", "Entropy"]
    types += [*AGGREGATES, "ColumnValues"] if kind in ("whole", "number") else ["ColumnLength"] if kind == "text" else []
    metrics = dict(_row_count(at, rule, where).metrics)
    for name in types:
        metrics |= PLANS[name](at, t.Rule(name, rule.parameters), where).metrics
    return RulePlan(rule, metrics, by_number("", None))


def _read(name: str, values: Values) -> float | None:
    return values.value(name)


PLANS: dict[str, Callable[[RulePlanner, t.Rule, str], RulePlan]] = {
    "RowCount": _row_count, "ColumnCount": _column_count, "ColumnExists": _column_exists, "ColumnNamesMatchPattern": _names_match,
    "Completeness": _completeness, "IsComplete": _completeness, "ColumnValues": _column_values, "ColumnLength": _column_length,
    "ColumnDataType": _column_type, "DataFreshness": _freshness, **dict.fromkeys(AGGREGATES, _aggregate),
    "ColumnCorrelation": _correlation, "DistinctValuesCount": _distinct, "Uniqueness": _groups, "UniqueValueRatio": _groups,
    "Entropy": _groups, "IsUnique": _unique, "IsPrimaryKey": _unique, "AllStatistics": _all_statistics,
}  # fmt: skip

"""Whether the rules of a ruleset make sense: their types, parameters, conditions, labels. Variables are put in on the way.

Only what the text itself shows: whether a column is there is found when the rule is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from fullcircle.errors import did_you_mean
from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.catalogue import METRICS, RULE_TYPES, RuleType
from fullcircle.quality.dqdl.errors import RulesetError
from fullcircle.quality.dqdl.parse import parse
from fullcircle.quality.dqdl.text import operand_text

FUNCTIONS = (
    "last", "avg", "average", "mean", "min", "max", "sum", "median", "std", "stddev", "variance", "percentile", "index", "count",
    "abs",
)  # fmt: skip
CONDITION_WORDS = ("between", "not", "in", "matches", "where", "with", "labels")
MOST_LABELS, LONGEST_KEY, LONGEST_VALUE = 10, 128, 256
DATA_TYPES = ("Boolean", "Date", "Timestamp", "Integer", "Double", "Float", "Long", "String")


def read_ruleset(text: str) -> t.Ruleset:
    """Parse and check: a ruleset whose variables are replaced by their values and whose rules have all their labels."""
    return checked(parse(text))


def checked(ruleset: t.Ruleset) -> t.Ruleset:
    """Check a tree; see `read_ruleset`."""
    variables = dict(ruleset.variables)
    if len(variables) < len(ruleset.variables):
        names = [name for name, _ in ruleset.variables]
        twice = next(name for name in names if names.count(name) > 1)
        raise RulesetError(f"The variable {twice} is set twice.", "Remove one of them.")
    _check_labels(ruleset.default_labels, t.TextPlace())
    finish = _Finish(variables, ruleset.default_labels)
    rules = None if ruleset.rules is None else tuple(finish.top(rule) for rule in ruleset.rules)
    analyzers = None if ruleset.analyzers is None else tuple(finish.analyzer(rule) for rule in ruleset.analyzers)
    return replace(ruleset, rules=rules, analyzers=analyzers, variables=(), default_labels=())


class _Finish:
    """Checks rules one by one, with the variables and labels of their document."""

    def __init__(self, variables: Mapping[str, t.VariableValue], labels: t.Labels) -> None:
        self._variables, self._labels = variables, labels

    def top(self, rule: t.AnyRule) -> t.AnyRule:
        """A rule of the list: it has the default labels, too."""
        done = self._any(rule)
        labels = tuple({**dict(self._labels), **dict(done.labels)}.items())
        _check_labels(labels, done.place)
        return replace(done, labels=labels)

    def analyzer(self, rule: t.Rule) -> t.Rule:
        """An analyzer: a rule type and what it is about."""
        kind = _type(rule)
        if not kind.analyzer:
            known = sorted(one.name for one in RULE_TYPES.values() if one.analyzer)
            raise RulesetError(f"{rule.type} is not an analyzer.", did_you_mean("", known), rule.place)
        done = replace(rule, parameters=tuple(map(self._parameter, rule.parameters)))
        _check_parameters(done, kind)
        return done

    def _any(self, rule: t.AnyRule) -> t.AnyRule:
        if isinstance(rule, t.Composite):
            return replace(rule, rules=tuple(self._any(one) for one in rule.rules))
        kind = _type(rule)
        if kind.only_analyzer:
            raise RulesetError(f"{rule.type} is only an analyzer.", "Move it to Analyzers = [ ... ].", rule.place)
        condition = self._condition(rule.condition, rule.place) if rule.condition else None
        tags = tuple(replace(tag, condition=self._condition(tag.condition, tag.place)) for tag in rule.tags)
        done = replace(rule, parameters=tuple(map(self._parameter, rule.parameters)), condition=condition, tags=tags)
        _check_parameters(done, kind)
        _check_condition(done, kind)
        _check_clauses(done, kind)
        return done

    def _parameter(self, parameter: t.Parameter) -> t.Parameter:
        if not parameter.variable:
            return parameter
        value = self._value(parameter.value, parameter.place)
        if not isinstance(value, t.Quoted):
            raise RulesetError(f"${parameter.value} is not a text, so it cannot name anything.", "", parameter.place)
        return replace(parameter, value=value.value, quoted=True, variable=False)

    def _condition(self, condition: t.RuleCondition, place: t.TextPlace) -> t.RuleCondition:
        operands: list[t.Operand] = []
        for one in condition.operands:
            found = self._value(one.name, one.place) if isinstance(one, t.Variable) else one
            if isinstance(found, tuple) and condition.operator != "in":
                raise RulesetError("A list can only follow `in`.", "Write: in $name.", place)
            operands += found if isinstance(found, tuple) else [found]
        return replace(condition, operands=tuple(operands))

    def _value(self, name: str, place: t.TextPlace) -> t.VariableValue:
        if name not in self._variables:
            raise RulesetError(f"There is no variable ${name}.", did_you_mean(name, self._variables), place)
        return self._variables[name]


def _type(rule: t.Rule) -> RuleType:
    kind = RULE_TYPES.get(rule.type)
    if kind is None:
        raise RulesetError(f'There is no rule type "{rule.type}".', did_you_mean(rule.type, RULE_TYPES), rule.place)
    return kind


def _check_parameters(rule: t.Rule, kind: RuleType) -> None:
    number = len(rule.parameters)
    if kind.least <= number <= kind.most:
        if rule.type == "DetectAnomalies":
            _check_metric(rule)
        return
    for one in rule.parameters:
        hint = "" if one.quoted else did_you_mean(one.value, CONDITION_WORDS)
        if hint.startswith("Did"):
            raise RulesetError(f'"{one.value}" is not expected here.', hint, one.place)
    needed = str(kind.least) if kind.least == kind.most else f"{kind.least} or more" if kind.most > 2 else f"up to {kind.most}"
    has = f"{number} parameter{'' if number == 1 else 's'}"
    what = "column" if kind.columns else "parameter"
    raise RulesetError(f"{rule.type} has {has}, and needs {needed}.", _example(rule.type, what, kind.least), rule.place)


def _example(name: str, what: str, least: int) -> str:
    return f'Write {name} "{what}" ...' if least else f"Write {name} without one."


def _check_metric(rule: t.Rule) -> None:
    metric, *rest = rule.parameters
    if metric.value not in METRICS:
        raise RulesetError(f'"{metric.value}" is not a metric.', did_you_mean(metric.value, METRICS), metric.place)
    _check_parameters(t.Rule(metric.value, tuple(rest), place=metric.place), RULE_TYPES[metric.value])


def _check_condition(rule: t.Rule, kind: RuleType) -> None:
    condition = rule.condition
    if condition is None:
        if kind.needs_condition:
            hint = f"Write for example: {rule.type} ... {EXAMPLES[kind.compared]}."
            raise RulesetError(f"{rule.type} needs a condition.", hint, rule.place)
        return
    if not kind.compared:
        raise RulesetError(f"{rule.type} has no condition: it passes or not.", "Remove the condition.", rule.place)
    right = FITS[kind.compared]
    for one in condition.operands:
        if not right(one):
            hint = f"Write for example: {EXAMPLES[kind.compared]}."
            raise RulesetError(f"{rule.type} cannot be compared with {operand_text(one)}.", hint, rule.place)
    if condition.operator == "matches" and kind.compared != "values":
        raise RulesetError(f"{rule.type} has no text that could match a pattern.", "Use ColumnValues.", rule.place)
    if rule.type == "ColumnDataType":
        _check_data_types(rule, condition)
    for one in condition.operands:
        check_functions(one, kind, rule.place)
    _check_mixture(condition, rule)


def _check_data_types(rule: t.Rule, condition: t.RuleCondition) -> None:
    if condition.operator not in ("=", "in"):
        raise RulesetError("A data type is compared with = or in.", 'Write = "Integer".', rule.place)
    for one in condition.operands:
        if isinstance(one, t.Quoted) and one.value not in DATA_TYPES:
            raise RulesetError(f'"{one.value}" is not a data type.', did_you_mean(one.value, DATA_TYPES), rule.place)


def _check_mixture(condition: t.RuleCondition, rule: t.Rule) -> None:
    """Numbers and texts in one list: one of them is a mistake. NULL and its like go with all."""
    kinds = {_sort(one) for one in condition.operands} - {"keyword"}
    if len(kinds) > 1 and kinds != {"text", "moment"}:
        raise RulesetError(f"{rule.type} is compared with {' and '.join(sorted(kinds))} at once.", "Use one of them.", rule.place)
    wrong = condition.operator in (">", ">=", "<", "<=", "between") and any(
        isinstance(one, t.Keyword) for one in condition.operands
    )
    if wrong:
        raise RulesetError("NULL and EMPTY are neither more nor less than a value.", "Use =, != or in.", rule.place)


def _sort(operand: t.Operand) -> str:
    if isinstance(operand, t.Quoted):
        return "text"
    if isinstance(operand, t.Keyword):
        return "keyword"
    for kind, name in ((t.Now, "moment"), (t.Duration, "duration"), (t.Size, "size")):
        if isinstance(operand, kind):
            return name
    return "number"


def check_functions(operand: t.Operand, kind: RuleType, place: t.TextPlace) -> None:
    """RulesetError for a function that is not known, or that this rule type cannot have."""
    if isinstance(operand, t.Negative):
        check_functions(operand.of, kind, place)
    elif isinstance(operand, t.Arithmetic):
        check_functions(operand.left, kind, place)
        check_functions(operand.right, kind, place)
    elif isinstance(operand, t.Call):
        if operand.name not in FUNCTIONS:
            raise RulesetError(f'There is no function "{operand.name}".', did_you_mean(operand.name, FUNCTIONS), operand.place)
        if not kind.dynamic:
            raise RulesetError(f"{kind.name} cannot be compared with its history.", "Use a number.", operand.place)
        for one in operand.arguments:
            check_functions(one, kind, place)


def _check_clauses(rule: t.Rule, kind: RuleType) -> None:
    if rule.where and not kind.where:
        raise RulesetError(f"{rule.type} cannot have a where clause.", "Remove it.", rule.place)
    seen: set[str] = set()
    allowed = (*(["threshold"] if kind.threshold else []), *kind.tags)
    for tag in rule.tags:
        if tag.name not in allowed:
            hint = did_you_mean(tag.name, allowed) if allowed else "Remove it."
            raise RulesetError(f'{rule.type} cannot have "with {tag.name}".', hint, tag.place)
        if tag.name in seen:
            raise RulesetError(f'"with {tag.name}" occurs twice.', "Remove one of them.", tag.place)
        seen.add(tag.name)
        if tag.name == "threshold" and not all(_is_number(one) for one in tag.condition.operands):
            raise RulesetError("A threshold is compared with a number.", "Write: with threshold > 0.9.", tag.place)


def _check_labels(labels: t.Labels, place: t.TextPlace) -> None:
    if len(labels) > MOST_LABELS:
        raise RulesetError(f"A rule has more than {MOST_LABELS} labels, with the default ones.", "Leave some out.", place)
    for key, value in labels:
        if not 0 < len(key) <= LONGEST_KEY or len(value) > LONGEST_VALUE:
            hint = f"A key has 1 to {LONGEST_KEY} characters, a value at most {LONGEST_VALUE}."
            raise RulesetError("A label is too long, or its key is empty.", hint, place)


def _is_number(one: t.Operand) -> bool:
    return isinstance(one, t.Number | t.Negative | t.Arithmetic | t.Call)


def _is_text(one: t.Operand) -> bool:
    return isinstance(one, t.Quoted)


def _is_moment(one: t.Operand) -> bool:
    return isinstance(one, t.Now) or (isinstance(one, t.Quoted) and (one.is_date or one.is_time))


def _is_value(one: t.Operand) -> bool:
    return _is_number(one) or isinstance(one, t.Quoted | t.Keyword | t.Now)


FITS: dict[str, Callable[[t.Operand], bool]] = {
    "number": _is_number, "share": _is_number, "text": _is_text, "values": _is_value, "moment": _is_moment, "hashes": _is_text,
    "duration": lambda one: isinstance(one, t.Duration), "size": lambda one: isinstance(one, t.Size) or _is_number(one),
}  # fmt: skip
EXAMPLES = {
    "number": "> 100", "share": ">= 0.95", "text": '= "Integer"', "values": 'in ["a", "b"], > 0, matches "[a-z]+"',
    "moment": "> (now() - 24 hours)", "hashes": 'in ["checksum"]', "duration": "<= 24 hours", "size": "> 1 KB",
}  # fmt: skip

"""Prints a tree as DQDL. What is printed reads as the same tree again."""

from __future__ import annotations

from fullcircle.quality.dqdl import tree as t

PRIORITY = {"+": 1, "-": 1, "*": 2, "/": 2}


def ruleset_text(ruleset: t.Ruleset) -> str:
    """A whole document, a rule a line."""
    parts = []
    for name, dictionary in (("Metadata", ruleset.metadata), ("DataSources", ruleset.sources)):
        if dictionary:
            parts.append(f"{name} = {{ {', '.join(f'{quote(key)}: {_strings(value)}' for key, value in dictionary)} }}")
    parts += [f"{name} = {_variable(value)}" for name, value in ruleset.variables]
    if ruleset.default_labels:
        parts.append(f"DefaultLabels = {_labels(ruleset.default_labels)}")
    for name, rules in (("Rules", ruleset.rules), ("Analyzers", ruleset.analyzers)):
        if rules is not None:
            lines = ",\n".join(f"    {rule_text(rule)}" for rule in rules)
            parts.append(f"{name} = [\n{lines}\n]" if rules else f"{name} = []")
    return "\n".join(parts) + "\n"


def rule_text(rule: t.AnyRule) -> str:
    """One rule, in one line unless a text in it has several."""
    if isinstance(rule, t.Composite):
        joined = f" {rule.operator} ".join(f"({rule_text(one)})" for one in rule.rules)
        return f"{joined} labels={_labels(rule.labels)}" if rule.labels else joined
    words = [rule.type, *map(_parameter, rule.parameters)]
    if rule.condition:
        words.append(condition_text(rule.condition))
    if rule.where:
        words.append(f"where {quote(rule.where)}")
    if rule.labels:
        words.append(f"labels={_labels(rule.labels)}")
    words += [f"with {tag.name} {condition_text(tag.condition)}" for tag in rule.tags]
    return " ".join(words)


def condition_text(condition: t.RuleCondition) -> str:
    """`> 0.9`, `not in ["a", NULL]`."""
    operands = [operand_text(one) for one in condition.operands]
    if condition.operator == "=" and condition.negated:
        return f"!= {operands[0]}"
    before = "not " if condition.negated else ""
    if condition.operator == "between":
        return f"{before}between {operands[0]} and {operands[1]}"
    if condition.operator == "in":
        only = condition.operands[0]
        bare = isinstance(only, t.Variable) and len(operands) == 1
        return f"{before}in {operands[0]}" if bare else f"{before}in [{', '.join(operands)}]"
    return f"{before}{condition.operator} {operands[0]}"


def operand_text(operand: t.Operand) -> str:
    """One value of a condition."""
    if isinstance(operand, t.Quoted):
        return quote(operand.value)
    if isinstance(operand, t.Keyword):
        return operand.name
    if isinstance(operand, t.Variable):
        return f"${operand.name}"
    if isinstance(operand, t.Duration | t.Size):
        return f"{operand.number} {operand.unit}"
    if isinstance(operand, t.Now):
        return f"(now() {operand.sign} {operand_text(operand.duration)})" if operand.duration else "now()"
    return _number(operand)


def quote(value: str) -> str:
    """A text in quotes."""
    return '"' + value.replace('"', '\\"') + '"'


def _number(number: t.Numeric) -> str:
    if isinstance(number, t.Number):
        return number.text
    if isinstance(number, t.Negative):
        return f"-{_inside(number.of, 3)}"
    if isinstance(number, t.Call):
        return f"{number.name}({', '.join(map(_number, number.arguments))})"
    priority = PRIORITY[number.sign]
    return f"{_inside(number.left, priority)} {number.sign} {_inside(number.right, priority + 1)}"


def _inside(number: t.Numeric, priority: int) -> str:
    """A part of a calculation, in parentheses where it would be read otherwise."""
    text = _number(number)
    return f"({text})" if isinstance(number, t.Arithmetic) and PRIORITY[number.sign] < priority else text


def _parameter(parameter: t.Parameter) -> str:
    value = f"${parameter.value}" if parameter.variable else quote(parameter.value) if parameter.quoted else parameter.value
    return f"{parameter.connector} {value}".strip()


def _variable(value: t.VariableValue) -> str:
    return f"[{', '.join(map(operand_text, value))}]" if isinstance(value, tuple) else operand_text(value)


def _labels(labels: t.Labels) -> str:
    return f"[{', '.join(f'{quote(key)}={quote(value)}' for key, value in labels)}]"


def _strings(value: str | tuple[str, ...]) -> str:
    return quote(value) if isinstance(value, str) else f"[{', '.join(map(quote, value))}]"

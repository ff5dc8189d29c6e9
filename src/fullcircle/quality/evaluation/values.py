"""What must be so for a single value, as SQL that is true or false, never null.

A missing value fulfils nothing but `!=`, `not in` and what names NULL, as AWS Glue has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.evaluation.dataset import Dataset, RuleError
from fullcircle.quality.evaluation.dialect import EngineDialect
from fullcircle.quality.evaluation.numbers import number

ORDERING = (">", ">=", "<", "<=", "between")
AGES = {">": "<", ">=": "<=", "<": ">", "<=": ">="}  # what is older than a duration is before a moment
TYPES = {  # what a typed column counts as
    "whole": {"Integer", "Long", "Double", "Float"}, "number": {"Double", "Float"}, "boolean": {"Boolean"}, "text": {"String"},
    "other": set[str](),
}  # fmt: skip
PATTERNS = {
    "Boolean": "(?i)true|false", "Integer": r"[-+]?\d{1,10}", "Long": r"[-+]?\d{1,19}",
    "Double": r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", "Date": r"\d{4}-\d{2}-\d{2}",
    "Timestamp": r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([zZ]|[-+]\d{2}:?\d{2})?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueTests:
    """Writes tests of single values for one table. All of them have the same `now`, in UTC."""

    dialect: EngineDialect
    table: Dataset
    now: datetime

    def fulfils(self, column: str, rule: t.Rule, condition: t.RuleCondition) -> str:
        """ColumnValues: the value fulfils the condition."""
        ignore_case = _flag(rule, "ignoreCase")
        if condition.operator == "matches":
            pattern = condition.operands[0]
            assert isinstance(pattern, t.Quoted)
            return self._sure(self.dialect.matches(self._text(column), pattern.value), condition.negated)
        sort = self._sort(column, condition)
        left = {"number": self._number, "text": self._text, "moment": self._moment}[sort](column)
        words = [one for one in condition.operands if isinstance(one, t.Keyword)]
        values = [self._written(one, sort, rule) for one in condition.operands if not isinstance(one, t.Keyword)]
        if ignore_case and sort == "text":
            left, values = f"lower({left})", [f"lower({one})" for one in values]
        if condition.operator in ORDERING:
            return self._sure(_ordered(left, condition.operator, values), condition.negated)
        found = [self._is(column, one.name) for one in words] + ([f"{left} IN ({', '.join(values)})"] if values else [])
        test = f"coalesce({' OR '.join(found)}, false)"
        return f"(NOT {test})" if condition.negated else test

    def length(self, column: str, condition: t.RuleCondition) -> str:
        """ColumnLength: a missing value has the length 0."""
        values = [_number_text(one) for one in condition.operands]
        return self._sure(_ordered(self.length_of(column), condition.operator, values), condition.negated)

    def length_of(self, column: str) -> str:
        """The number of characters of a value."""
        return f"coalesce(length({self._text(column)}), 0)"

    def age(self, column: str, condition: t.RuleCondition) -> str:
        """DataFreshness: how long before now the value is."""
        moments = [_moment_text(self.now - duration_of(one)) for one in condition.operands if isinstance(one, t.Duration)]
        left = self._moment(column)
        if condition.operator == "between":
            test = _ordered(left, "between", [moments[1], moments[0]])
        else:
            test = _ordered(left, AGES.get(condition.operator, condition.operator), moments)
        return self._sure(test, condition.negated)

    def of_type(self, column: str, condition: t.RuleCondition) -> str:
        """ColumnDataType: the value is of one of the types; only asked where there is a value."""
        wanted = [one.value for one in condition.operands if isinstance(one, t.Quoted)]
        kind = self.table.kind(column)
        if kind == "text":
            test = " OR ".join(self._reads_as(column, one) for one in wanted)
        elif kind == "moment":
            types = {"Date"} if self.table.columns[column].upper() == "DATE" else {"Timestamp"}
            test = "true" if types & {*wanted} else "false"
        else:
            test = "true" if TYPES[kind] & {*wanted} else "false"
        return self._sure(test, condition.negated)

    def _reads_as(self, column: str, wanted: str) -> str:
        if wanted == "String":
            return "true"
        value, d = self._text(column), self.dialect
        shape = d.matches(value, PATTERNS["Double" if wanted == "Float" else wanted])
        if wanted in ("Integer", "Long"):
            bound = 2**31 if wanted == "Integer" else 2**63
            number = f"TRY_CAST({value} AS DECIMAL(38, 0))"
            return f"({shape} AND {number} BETWEEN -{bound} AND {bound - 1})"
        return f"({shape} AND {d.as_moment(value)} IS NOT NULL)" if wanted in ("Date", "Timestamp") else shape

    def _sort(self, column: str, condition: t.RuleCondition) -> str:
        """What the values are compared as: number, text or moment."""
        values = [one for one in condition.operands if not isinstance(one, t.Keyword)]
        kind = self.table.kind(column)
        if not values:
            return "text"
        if any(isinstance(one, t.Now) for one in values):
            return "moment"
        if not isinstance(values[0], t.Quoted):
            return "number"
        dated = all(isinstance(one, t.Quoted) and (one.is_date or one.is_time) for one in values)
        if kind == "moment" or (dated and condition.operator in ORDERING):
            return "moment"
        if condition.operator in ORDERING:
            raise RuleError("Texts are neither more nor less than others.", "Compare with a number or a date, or use in.")
        return "text"

    def _is(self, column: str, word: str) -> str:
        if word == "NULL":
            return f"{self.dialect.quoted(column)} IS NULL"
        text = self._text(column)
        return f"{text} = ''" if word == "EMPTY" else self.dialect.matches(text, r"\s+")

    def _sure(self, test: str, negated: bool) -> str:
        return f"coalesce({f'NOT ({test})' if negated else test}, false)"

    def _text(self, column: str) -> str:
        name = self.dialect.quoted(column)
        return name if self.table.kind(column) == "text" else self.dialect.as_text(name)

    def _number(self, column: str) -> str:
        kind, name = self.table.kind(column), self.dialect.quoted(column)
        if kind in ("whole", "number"):
            return name
        if kind == "text":
            return self.dialect.as_number(name)
        raise wrong_type(self.table, column, "a number")

    def _moment(self, column: str) -> str:
        kind, name = self.table.kind(column), self.dialect.quoted(column)
        if kind == "moment":
            return name
        if kind == "text":
            return self.dialect.as_moment(name)
        raise wrong_type(self.table, column, "a date")

    def _written(self, operand: t.Operand, sort: str, rule: t.Rule) -> str:
        if sort == "moment":
            return _moment_text(moment_of(operand, self.now, zone_of(rule)))
        if isinstance(operand, t.Quoted):
            return self.dialect.literal(operand.value)
        return _number_text(operand)


def wrong_type(table: Dataset, column: str, needed: str) -> RuleError:
    """The error for a column that a rule cannot compute with."""
    return RuleError(
        f"{table.name}.{column} has the type {table.columns[column]}, and the rule needs {needed}.",
        "Correct the rule, or the map that fills the column.",
    )


def duration_of(duration: t.Duration) -> timedelta:
    """A duration as Python has it."""
    return timedelta(**{duration.unit: duration.number})


def moment_of(operand: t.Operand, now: datetime, zone: ZoneInfo) -> datetime:
    """A date, a time of today or `now()` as a point in time, in UTC without saying so."""
    if isinstance(operand, t.Now):
        if operand.duration is None:
            return now
        length = duration_of(operand.duration)
        return now - length if operand.sign == "-" else now + length
    assert isinstance(operand, t.Quoted)
    if found := t.TIME.fullmatch(operand.value):
        hour = int(found[1]) % 12 + (12 if found[3] == "PM" else 0) if found[3] else int(found[1])
        try:
            today = now.replace(tzinfo=UTC).astimezone(zone)
            at = today.replace(hour=hour, minute=int(found[2]), second=0, microsecond=0)
        except ValueError:
            raise RuleError(f'"{operand.value}" is not a time of day.', 'Write "21:45" or "9:45 PM".') from None
        return at.astimezone(UTC).replace(tzinfo=None)
    try:
        at = datetime.fromisoformat(operand.value)
    except ValueError:
        raise RuleError(f'"{operand.value}" is not a date.', 'Write it like "2026-01-31".') from None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


def zone_of(rule: t.Rule) -> ZoneInfo:
    """The time zone of the tag `timeZone`; UTC without one."""
    name = text_tag(rule, "timeZone") or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise RuleError(f'"{name}" is not a time zone.', 'Write it like "Europe/Berlin".') from None


def text_tag(rule: t.Rule, name: str) -> str:
    """The value of a tag: `with timeZone = "Europe/Berlin"`; "" without it."""
    condition = rule.tag(name)
    if condition is None:
        return ""
    operand = condition.operands[0]
    if isinstance(operand, t.Quoted):
        return operand.value
    return operand.text if isinstance(operand, t.Number) else ""


def _flag(rule: t.Rule, name: str) -> bool:
    return text_tag(rule, name).lower() == "true"


def _ordered(left: str, operator: str, values: Sequence[str]) -> str:
    if operator == "between":  # without its ends, as AWS Glue has it
        return f"{left} > {values[0]} AND {left} < {values[1]}"
    return f"{left} IN ({', '.join(values)})" if operator in ("=", "in") else f"{left} {operator} {values[0]}"


def _number_text(operand: t.Operand) -> str:
    if isinstance(operand, t.Number):
        return operand.text
    value = number(operand, lambda _: ())
    return repr(int(value)) if value == int(value) else repr(value)


def _moment_text(at: datetime) -> str:
    return f"TIMESTAMP '{at.isoformat(' ', timespec='milliseconds')}'"

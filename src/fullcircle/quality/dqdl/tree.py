"""The tree of a ruleset in DQDL. Plain data: parse.py makes it, text.py prints it, check.py says whether its rules make sense."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Labels = tuple[tuple[str, str], ...]
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?: (AM|PM))?")


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where something begins in the text; both count from 1."""

    line: int = 1
    column: int = 1


BEGIN = TextPlace()


# -- numbers -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written: `0.95`."""

    text: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with a minus before it."""

    of: Numeric


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers and what is done with them."""

    left: Numeric
    sign: str  # + - * /
    right: Numeric


@dataclass(frozen=True, slots=True)
class Call:
    """A function over numbers or over history: `avg(last(10))`."""

    name: str
    arguments: tuple[Numeric, ...]
    place: TextPlace = field(default=BEGIN, compare=False, repr=False)


Numeric = Number | Negative | Arithmetic | Call


# -- what a condition compares with ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text in quotes. Dates and times of day are written like this too."""

    value: str

    @property
    def is_date(self) -> bool:
        """True for `2026-01-31`."""
        return DATE.fullmatch(self.value) is not None

    @property
    def is_time(self) -> bool:
        """True for `9:30 AM` and `21:45`."""
        return TIME.fullmatch(self.value) is not None


@dataclass(frozen=True, slots=True)
class Keyword:
    """NULL, EMPTY or WHITESPACES_ONLY."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`: what was set at the head of the ruleset."""

    name: str
    place: TextPlace = field(default=BEGIN, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Duration:
    """`3 days`."""

    number: int
    unit: str  # days hours minutes


@dataclass(frozen=True, slots=True)
class Now:
    """`now()`, or `(now() - 3 days)`."""

    sign: str = ""
    duration: Duration | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """`5 MB`."""

    number: int
    unit: str  # B KB MB GB TB


Operand = Numeric | Quoted | Keyword | Variable | Duration | Now | Size
Operator = Literal["=", ">", ">=", "<", "<=", "between", "in", "matches"]


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """What must be so. `negated`: `!=`, or `not` before the others. Of `in $name` the only operand is the variable."""

    operator: Operator
    operands: tuple[Operand, ...]
    negated: bool = False


# -- rules -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a rule is about: a column, a path, SQL. `connector`: the word before it, `of` or `and`."""

    value: str
    quoted: bool = True
    connector: str = ""
    variable: bool = False  # the value is the name of a variable
    place: TextPlace = field(default=BEGIN, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tag:
    """`with threshold > 0.9`."""

    name: str
    condition: RuleCondition
    place: TextPlace = field(default=BEGIN, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, or one analyzer, which has no condition."""

    type: str
    parameters: tuple[Parameter, ...] = ()
    condition: RuleCondition | None = None
    where: str = ""
    labels: Labels = ()
    tags: tuple[Tag, ...] = ()
    place: TextPlace = field(default=BEGIN, compare=False, repr=False)

    @property
    def values(self) -> tuple[str, ...]:
        """Its parameters as text."""
        return tuple(one.value for one in self.parameters)

    def tag(self, name: str) -> RuleCondition | None:
        """The condition of a tag, if it has it."""
        return next((one.condition for one in self.tags if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Composite:
    """Rules in parentheses, joined by `and` or by `or`."""

    operator: Literal["and", "or"]
    rules: tuple[AnyRule, ...]
    labels: Labels = ()
    place: TextPlace = field(default=BEGIN, compare=False, repr=False)


AnyRule = Rule | Composite
VariableValue = Operand | tuple[Operand, ...]
Dictionary = tuple[tuple[str, str | tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A whole document. `rules` and `analyzers` are None where the text has no such section."""

    rules: tuple[AnyRule, ...] | None = None
    analyzers: tuple[Rule, ...] | None = None
    metadata: Dictionary = ()
    sources: Dictionary = ()
    variables: tuple[tuple[str, VariableValue], ...] = ()
    default_labels: Labels = ()


def single_rules(rule: AnyRule) -> list[Rule]:
    """The rules that a rule consists of: itself, or those in its parentheses."""
    return [rule] if isinstance(rule, Rule) else [inner for one in rule.rules for inner in single_rules(one)]

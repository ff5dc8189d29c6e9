"""One condition of a segment, as a person writes it: `spent > 100`, `country in DE, AT`, `email is unknown`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fullcircle.errors import ConfigError

OPERATORS = ("=", "!=", ">=", "<=", ">", "<", "in", "contains", "is")
STATES = ("known", "unknown")  # what something is, without a value
TEXT = re.compile(
    r"\s*(?P<field>[a-z_]+(?:\.[^=<>!]+?)?)\s*(?P<operator>[<>!]?=|[<>]|\b(?:in|contains|is)\b)\s*(?P<value>.*?)\s*"
)
MOST = 20  # conditions of one segment
MOST_VALUES = 200  # of one list
LONGEST = 500  # characters of a value
FORM = 'Write it as field, operator, value: "spent > 100", "country in DE, AT", "last_order < 90 days ago", "email is known".'


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be so of every customer of a segment."""

    field: str
    operator: str  # one of OPERATORS
    value: str  # after `is`: known or unknown; after `in`: values between commas

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"

    @property
    def values(self) -> tuple[str, ...]:
        """The values of a list."""
        return tuple(_bare(one) for one in self.value.split(",") if one.strip())


def conditions_of(written: Iterable[str | Condition]) -> tuple[Condition, ...]:
    """The conditions that somebody wrote. ConfigError for what is none; what they wrote is not repeated."""
    found = tuple(one if isinstance(one, Condition) else _read(one) for one in written)
    if not found:
        raise ConfigError("A segment needs a condition.", FORM)
    if len(found) > MOST:
        raise ConfigError(f"A segment has at most {MOST} conditions.", "Leave some out.")
    for place, one in enumerate(found, 1):
        _check(one, place)
    return found


def _read(text: str) -> Condition:
    parts = TEXT.fullmatch(text)
    if parts is None:
        raise ConfigError("A condition cannot be read.", FORM)
    return Condition(parts["field"], parts["operator"], _bare(parts["value"]))


def _check(one: Condition, place: int) -> None:
    wrong = ""
    if one.operator not in OPERATORS:
        wrong = f"has no operator of {', '.join(OPERATORS)}"
    elif not one.value or (one.operator == "in" and not one.values):
        wrong = "has no value"
    elif one.operator == "is" and one.value not in STATES:
        wrong = f"says `is`, but neither {' nor '.join(STATES)}"
    elif not one.value.isprintable() or len(one.value) > LONGEST * (MOST_VALUES if one.operator == "in" else 1):
        wrong = "has a value that is too long or cannot be printed"
    elif one.operator == "in" and len(one.values) > MOST_VALUES:
        wrong = f"has more than {MOST_VALUES} values"
    if wrong:
        raise ConfigError(f"Condition {place} {wrong}.", FORM)


def _bare(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value

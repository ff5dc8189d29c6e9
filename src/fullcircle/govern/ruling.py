"""What is asked of the rules, and what they decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, and the ids of the rules that decided: of the permits, or of the forbids that beat them."""

    allowed: bool
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleQuestion:
    """What is asked of the rules: an action on a thing, such as `see` on FieldClass contact."""

    action: str
    type: str
    id: str

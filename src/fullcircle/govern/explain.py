"""Explains the policy: what a role may do, at which level it sees a field, by which rules; and checks what is expected."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.govern.policy import ACTIONS, ORDER, Policy
from fullcircle.govern.principal import Principal
from fullcircle.model.field_classes import CLASSES, READ_APART, classes_of
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.tables import TABLES

TESTS = "*.test.toml"
WHERE = (*VERTICES, *EDGES, *TABLES)


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What a role may do with one thing, or sees of it."""

    role: str
    what: str  # an action, a class, or LABEL.FIELD
    field_class: str  # or how it is read, where it has no class of its own; "": an action
    level: str  # full, partial, hashed, absent; of an action: allowed or refused
    rules: tuple[str, ...]  # that decided; none: no rule permits it


def explain(policy: Policy, role: str, what: str, door: str = "python") -> list[PolicyAnswer]:
    """For an action, a class of fields, `Customer.email`, `orders.amount`, or a name (`email`) wherever it is."""
    who = Principal(f"os:somebody with the role {role}", frozenset({role}), door)
    policy.check_roles(who.roles)
    action = what.replace("-", "_")
    if action in ACTIONS:
        ruling = policy.ruling(who, action)
        return [PolicyAnswer(role, what, "", "allowed" if ruling.allowed else "refused", ruling.rules)]
    sight = policy.sight(who)
    if what in CLASSES:
        return [PolicyAnswer(role, what, what, sight.level(what), sight.rules.get(what, ()))]
    found = []
    for place, field_class in _places(what):
        if field_class in READ_APART:
            found.append(PolicyAnswer(role, place, field_class, READ_APART[field_class], ()))
        else:
            found.append(PolicyAnswer(role, place, field_class, sight.level(field_class), sight.rules.get(field_class, ())))
    if not found:
        known = {name for owner in WHERE for name in classes_of(owner)}
        raise NotFound(f'"{what}" is neither a field, nor a class of fields, nor an action.', did_you_mean(what, sorted(known)))
    return found


def _places(what: str) -> Iterator[tuple[str, str]]:
    """The labels and tables that have a field, with its class."""
    owner, _, name = what.rpartition(".")
    for one in WHERE:
        if owner in ("", one) and name in classes_of(one):
            yield f"{one}.{name}", classes_of(one)[name]


class Expectation(Settings):
    """[[expect]] in a file of tests: what a role may do, may not do, and sees."""

    role: str
    door: str = "python"
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    sees: dict[str, str] = Field(default_factory=dict)  # class -> level


class Expectations(Settings):
    """A file of tests."""

    expect: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that the policy does not meet."""

    file: str
    role: str
    what: str
    expected: str
    found: str
    rules: tuple[str, ...]


def check(policy: Policy, folder: Path | None) -> tuple[int, list[Unmet]]:
    """How many expectations the folder's files have, and those that are not met."""
    number, unmet = 0, []
    for file in sorted(folder.glob(TESTS)) if folder else ():
        for one in _read(file).expect:
            wanted = {**dict.fromkeys(one.may, "allowed"), **dict.fromkeys(one.may_not, "refused"), **_levels(file, one)}
            for what, expected in wanted.items():
                number += 1
                unmet += [
                    Unmet(file.name, one.role, what, expected, found.level, found.rules)
                    for found in explain(policy, one.role, what, one.door)
                    if found.level != expected and found.field_class not in READ_APART
                ]
    return number, unmet


def _levels(file: Path, one: Expectation) -> dict[str, str]:
    for level in one.sees.values():
        if level not in ORDER:
            raise ConfigError(f'{file.name}: there is no level "{level}".', did_you_mean(level, ORDER))
    return one.sees


def _read(file: Path) -> Expectations:
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}.", "Correct it and try again.") from error
    return parse(Expectations, data, file.name)

"""A table with what each role may see of it side by side, for a target that shows every login what its role may see.

The values are masked by the same SQL as for a target with one role. Of a column there are as many forms as roles see it in: in
full under its own name, each other one under the name and a hash of how it is made. What no role sees is not sent at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from fullcircle.config.sections import GovernSettings
from fullcircle.engine.base import Engine, quoted
from fullcircle.govern.partial import pads
from fullcircle.govern.policy import ALL, Policy, Sight
from fullcircle.govern.principal import Principal
from fullcircle.model.field_classes import PLAIN
from fullcircle.model.flat_views import BY_TABLE, FLAT_VIEWS
from fullcircle.publish.base import Outgoing
from fullcircle.publish.masked import columns_seen

FORMS = "sent_by_role"  # the engine's table with the forms, while it is sent
Forms = dict[str, tuple[str, str]]  # name of the form -> the column, and the SQL of what is shown of it


EVERYTHING = "everything"  # the one role of a project without a policy
DOOR = "sql"
ANY_TABLE = "show"  # what a role must be allowed to do to read a table that is no flat view
ASKED = frozenset({ANY_TABLE, *(view.action for view in FLAT_VIEWS.values())})


@dataclass(frozen=True, slots=True)
class ReadingRole:
    """A role at the SQL door: what it sees, and what it may ask."""

    name: str
    sight: Sight
    actions: frozenset[str]


def reading_roles(target: str, named: Sequence[str], govern: GovernSettings | None, folder: Path) -> list[ReadingRole]:
    """The roles that read at a target: those that are named, else all. Without a policy there is one, which sees everything."""
    if govern is None and not named:
        return [ReadingRole(EVERYTHING, ALL, ASKED)]
    policy = Policy(govern or GovernSettings(), folder)
    found = []
    for role in named or policy.roles:
        who = Principal(f"target:{target}", frozenset({role}), DOOR)
        sight = policy.sight(who)
        actions = frozenset(action for action in ASKED if policy.ruling(who, action).allowed)
        found.append(ReadingRole(role, sight, actions if sight.level(PLAIN) == "full" else frozenset()))
    return found


@contextmanager
def by_role(engine: Engine, what: Outgoing, rows: str, readers: Sequence[ReadingRole], key: bytes) -> Iterator[Outgoing | None]:
    """The table, or these of its rows, in all forms that the roles see, inside the `with` block; None if no role sees any."""
    table = what.table.replace('"', "")
    action = BY_TABLE[table].action if table in BY_TABLE else ANY_TABLE
    sights = {role.name: role.sight for role in readers if action in role.actions}
    forms, seen = forms_of(engine.columns(what.table), replace(what, table=table), sights)
    if not forms:
        yield None
        return
    shown = ", ".join(f"{sql} AS {quoted(name)}" for name, (_, sql) in forms.items())
    keyed = any("$inner" in sql for _, sql in forms.values())
    pad = dict(zip(("inner", "outer"), pads(key), strict=True)) if keyed else {}
    engine.run(f"CREATE OR REPLACE TABLE {FORMS} AS SELECT {shown} FROM {rows}", pad)
    try:
        kept = _without_twins(engine, forms)
        seen = {role: {column: kept[form] for column, form in columns.items()} for role, columns in seen.items()}
        forms = {name: form for name, form in forms.items() if kept[name] == name}
        yield Outgoing(FORMS, what.name, _key(engine, what.key, forms), seen=seen)
    finally:
        engine.run(f"DROP TABLE IF EXISTS {FORMS}")


def forms_of(types: Mapping[str, str], what: Outgoing, sights: Mapping[str, Sight]) -> tuple[Forms, dict[str, dict[str, str]]]:
    """The forms of a table's columns in their order, and role -> column -> the form that the role sees.

    A form of another type than its column (the year of a day, as text) is not shown: the column has one type for everybody.
    """
    everything = {name: quoted(name) for name in types}
    by_sight = {
        role: everything if sight.whole else columns_seen(types, what.table, sight, what.classes)
        for role, sight in sights.items()
    }
    forms: Forms = {}  # of a column the full form first
    seen: dict[str, dict[str, str]] = {role: {} for role in sights}
    for column, sql_type in types.items():
        for role, columns in sorted(by_sight.items(), key=lambda one: one[1].get(column) != quoted(column)):
            sql = columns.get(column, "")
            whole = sql == quoted(column)
            if whole or (sql and sql_type == "VARCHAR"):
                name = column if whole else f"{column[:12]}~{sha256(f'{column} {sql}'.encode()).hexdigest()[:8]}"
                forms[name] = (column, sql)
                seen[role][column] = name
    return forms, {role: columns for role, columns in seen.items() if columns}


def _without_twins(engine: Engine, forms: Forms) -> dict[str, str]:
    """Form -> the form that is kept of those with the same values: an id that has nothing personal is masked to itself."""
    first: dict[str, str] = {}
    twins = {name: first.setdefault(column, name) for name, (column, _) in forms.items()}
    others = [name for name, one in twins.items() if one != name]
    if others:
        alike = ", ".join(f"count(*) FILTER ({quoted(name)} IS DISTINCT FROM {quoted(twins[name])}) = 0" for name in others)
        for name, same in zip(others, engine.rows(f"SELECT {alike} FROM {FORMS}")[0], strict=True):
            if same:
                engine.run(f"ALTER TABLE {FORMS} DROP COLUMN {quoted(name)}")
            else:
                twins[name] = name
    return twins


def _key(engine: Engine, key: tuple[str, ...], forms: Forms) -> tuple[str, ...]:
    """The key in a form that is sent; none if a part of it is in no form, or rows share it."""
    found = tuple(next((name for name, (column, _) in forms.items() if column == part), "") for part in key)
    if not key or not all(found):
        return ()
    names = ", ".join(map(quoted, found))
    nulls = " OR ".join(f"{quoted(name)} IS NULL" for name in found)
    one = engine.value(f"SELECT count(*) = count(DISTINCT ({names})) AND NOT coalesce(bool_or({nulls}), false) FROM {FORMS}")
    return found if one else ()

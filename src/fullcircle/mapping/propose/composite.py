"""Links by several columns together: declared by a database, or by columns that have the names of another object's key.

A row whose key has several columns is landed under all of them, joined by `|`; a rule with `join = "|"` and `ref` does the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.links import ENOUGH
from fullcircle.mapping.propose.planner import Planner, Role, Rule
from fullcircle.mapping.propose.sample import Sample


@dataclass(frozen=True, slots=True)
class Together:
    """A link by several columns."""

    rule: Rule
    columns: tuple[str, ...]
    evidence: str


def together(planner: Planner, role: Role, table: str) -> Together | None:
    """The link of an object to the rows of a table whose key has two columns or more; None if there is none."""
    found: list[tuple[tuple[bool, float], Together]] = []
    for target in planner.roles:
        key = target.sample.found.key
        if target is role or target.table != table or len(key) < 2 or target.keys.get(table):
            continue
        for columns, declared in _columns(role.sample, target.sample):
            hits, of = _counted(planner.engine, role.sample, columns, target.sample, key)
            if not declared and (not of or hits < ENOUGH * of):
                continue
            rule: Rule = {"fields": list(columns), "join": "|", "ref": planner.refer(role, target)}
            ours, theirs = ", ".join(columns), ", ".join(key)
            said = (
                f"{hits:,} of {of:,} values of {role.sample.name} ({ours}) are in {target.sample.name} ({theirs})"
                if of
                else f"{role.sample.name} ({ours}) points to {target.sample.name} ({theirs}): the database declares it"
            )
            found.append(((declared, hits / of if of else 0.0), Together(rule, columns, said)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _columns(sample: Sample, target: Sample) -> list[tuple[tuple[str, ...], bool]]:
    """The columns that may point to the target's key, in the order of the key, and whether the database says so."""
    key = target.found.key
    declared = [
        tuple(one.columns[one.theirs.index(column)] for column in key)
        for one in sample.found.together
        if sample.source == target.source and one.object == target.name and sorted(one.theirs) == sorted(key)
    ]
    if declared:
        return [(columns, True) for columns in declared]
    names = {plain(each.name): each.name for each in reversed(sample.found.fields)}
    alike = tuple(names.get(plain(column), "") for column in key)
    return [(alike, False)] if all(alike) else []


def _counted(
    engine: Engine | None, sample: Sample, columns: Sequence[str], target: Sample, key: Sequence[str]
) -> tuple[int, int]:
    """How many of the different values of the columns are among the keys, and how many there are."""
    if engine is None or not sample.table or not target.table:
        return 0, 0
    if not {*columns} <= sample.facts.keys() or not {*key} <= target.facts.keys():
        return 0, 0
    ours, theirs = (", ".join(f"{quoted(each)} AS c{place}" for place, each in enumerate(one)) for one in (columns, key))
    filled = " AND ".join(f"c{place} IS NOT NULL" for place in range(len(columns)))
    same = " AND ".join(f"k.c{place} = a.c{place}" for place in range(len(columns)))
    hits, of = engine.rows(
        f"SELECT count(k.c0), count(*) FROM (SELECT DISTINCT * FROM (SELECT {ours} FROM {sample.table}) WHERE {filled}) a "
        f"LEFT JOIN (SELECT DISTINCT {theirs} FROM {target.table}) k ON {same}"
    )[0]
    return int(hits), int(of)

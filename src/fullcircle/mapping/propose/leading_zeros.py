"""Numbers of customers that have leading zeros on one side only: `00123` in the list of customers, `123` on the orders.

They are linked where that is the only difference: with the zeros nearly all are there, and no two customers become one.
Start at `over_zeros`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.planner import Planner, Role, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK

ALL_BUT_FEW, LEAST = 0.9, 2  # of the different numbers must be there, and so many


@dataclass(frozen=True, slots=True)
class OverZeros:
    """A link to customers over leading zeros."""

    rule: Rule
    column: str
    said: str


def over_zeros(planner: Planner, role: Role, columns: Sequence[str]) -> OverZeros | None:
    """The link of one of the columns to the people of another object, if only leading zeros keep them apart."""
    for target in planner.roles:
        key = str(target.keys.get("records", {}).get("field", ""))
        if planner.engine is None or target is role or key not in target.sample.facts or not target.sample.table:
            continue
        for column in (one for one in columns if one in role.sample.facts and role.sample.table):
            if sql := _rule(planner.engine, role.sample, column, target.sample, key):
                said = (
                    f"{LOOK}{column} is linked to {key} of {target.sample.name} without regard to leading zeros (0017 and 17), "
                    "which are on one side only. If these are other customers, take record_id out of the map"
                )
                return OverZeros({"sql": sql, "ref": planner.refer(role, target)}, column, said)
    return None


def _rule(engine: Engine, sample: Sample, column: str, to: Sample, key: str) -> str:
    """SQL that writes the number as the other side does; "" if it does not name the rows there."""
    ours, theirs = text_of(column), text_of(key)
    bare = "ltrim({}, '0')"
    rows, kinds, digits, padded, shortest, width = engine.rows(
        f"SELECT count(DISTINCT v), count(DISTINCT {bare.format('v')}), bool_and(regexp_full_match(v, '[0-9]+')), "
        f"count(*) FILTER (starts_with(v, '0')), min(len(v)), max(len(v)) FROM (SELECT {theirs} AS v FROM {to.table}) "
        "WHERE v IS NOT NULL"
    )[0]
    if rows != kinds or not digits or (padded and shortest != width):
        return ""
    of, same, hits, longest, zeros = engine.rows(
        f"SELECT count(*), count(DISTINCT {bare.format('v')}), count(*) FILTER ({bare.format('v')} IN (SELECT "
        f"{bare.format(theirs)} FROM {to.table})), max(len(v)), count(*) FILTER (starts_with(v, '0')) "
        f"FROM (SELECT DISTINCT {ours} AS v FROM {sample.table}) "
        "WHERE regexp_full_match(v, '[0-9]+')"
    )[0]
    if of != same or hits < LEAST or hits < ALL_BUT_FEW * of or (longest > width if padded else not zeros):
        return ""
    return f"lpad({ours}, {width}, '0')" if padded else f"regexp_replace({ours}, '^0+([0-9])', '\\1')"

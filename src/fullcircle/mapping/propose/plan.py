"""Decides what every object of the sources becomes: by the profile of its vendor, else by names, values and links. See `plan`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.general import General
from fullcircle.mapping.propose.lines import Lines
from fullcircle.mapping.propose.minor_units import in_whole_units
from fullcircle.mapping.propose.nested import nested
from fullcircle.mapping.propose.nested_people import people_inside
from fullcircle.mapping.propose.open_dates import note_open_dates
from fullcircle.mapping.propose.planner import Planner, Proposed, ProposedMap, Role, Rule
from fullcircle.mapping.propose.same_sales import once
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.vendors import proposal_of

__all__ = ["Proposed", "ProposedMap", "Rule", "plan"]


def plan(samples: Sequence[Sample], engine: Engine | None) -> list[Proposed]:
    """What is proposed for every object of all sources together."""
    planner = Planner(samples, engine)
    within = {id(one): found for one in samples if not planner.role(one) and (found := nested(planner, one))}
    planner.roles += [role for one in within.values() if (role := _people_within(one))]  # others may point to them
    made = []
    for sample in samples:
        role = planner.role(sample)
        if id(sample) in within:
            made.append(within[id(sample)])
        elif role is None:
            made.append(Proposed(sample, left=[each.name for each in sample.found.fields]))
        elif inside := people_inside(planner, role):
            made.append(inside)
        elif role.known:
            made.append(proposal_of(planner, role))
        else:
            made.append((Lines if role.table == "order_lines" else General)(planner, role).proposal())
            in_whole_units(engine, made[-1])
    if engine is not None:
        once(engine, made)
        note_open_dates(engine, made)
    return made


def _people_within(made: Proposed) -> Role | None:
    """The role of an object whose people are nested in its rows, so that orders can point to its key; None without one."""
    key = made.maps[0].fields.get("key", {}).get("field", "") or "".join(made.sample.found.key[:1])
    if made.maps[0].to != "records" or not key or len(made.sample.found.key) > 1:
        return None
    return Role(made.sample, "records", {}, key, keys={"records": {"field": key}})

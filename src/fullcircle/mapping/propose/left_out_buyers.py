"""Staff whom one object leaves out of the customers do not come back as customers by the sales that name them. See `keep_out`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.gone import keep_only
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.roles import no_customer
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

LINKED = 0.5  # of the keys of the one are in the column of the other: not the same by chance
MOST = 50  # keys that a map lists


def keep_out(engine: Engine, made: Sequence[Proposed]) -> None:
    """Make no customer of the keys of people who were left out, and say it; what they bought is nobody's."""
    for one in made:
        if not one.by_role or not one.sample.table:
            continue
        role = one.by_role[0]
        theirs = no_customer(engine, one.sample, role)
        for other in made:
            people = other.people()
            key = people.fields.get("key", {}).get("field", "") if people else ""
            if other is one or people is None or not key or not other.sample.table:
                continue
            if out := next(_left_out(engine, one, theirs, other, key), []):
                _without(other, people, key, out)
                who = counted(len(out), "person whom", "people whom")
                other.notes.append(
                    f"{LOOK}{key} names {who} {one.sample.name} leaves out by {role}: no customer is made here either, and what "
                    "they bought is nobody's; if they are customers, take them out of the maps of both"
                )


def _left_out(engine: Engine, one: Proposed, theirs: str, other: Proposed, key: str) -> Iterator[list[str]]:
    """The keys of the other object that are those of people left out here, by the first column that holds its keys."""
    keys = f"SELECT DISTINCT {text_of(key)} AS k FROM {other.sample.table} WHERE k IS NOT NULL"
    there = set(engine.columns(one.sample.table))
    for column, facts in one.sample.facts.items():
        if column not in there or facts.distinct < 2 or facts.distinct < facts.filled:
            continue
        held = f"SELECT {text_of(column)} FROM {one.sample.table} WHERE {quoted(column)} IS NOT NULL"
        share = engine.value(f"SELECT avg(CAST(k IN ({held}) AS INTEGER)) FROM ({keys})")
        if share is not None and share >= LINKED:
            rows = engine.rows(f"SELECT k FROM ({keys}) WHERE k IN ({held} AND {theirs}) ORDER BY k LIMIT {MOST}")
            yield [str(k) for (k,) in rows]


def _without(other: Proposed, people: ProposedMap, key: str, out: Sequence[str]) -> None:
    theirs = f"{text_of(key)} IN ({', '.join(map(literal, out))})"
    kept = f"coalesce(NOT ({theirs}), true)"
    for each in other.maps:
        if each is people:
            keep_only(each, kept)
        elif each.fields.get("record_id", {}).get("field") == key and "otherwise" not in each.fields["record_id"]:
            rule = {name: value for name, value in each.fields["record_id"].items() if name != "field"}
            if each.to in {"orders", "tickets", "interactions"}:
                each.fields["record_id"] = {**rule, "sql": f"CASE WHEN {theirs} THEN NULL ELSE {text_of(key)} END"}
            else:
                keep_only(each, kept)

"""Deals of several people: a cell that names them all, `17;18` or `Ada Tal (ada@tal.example);Bo Berg (bo@berg.example)`.

Each of them sees the deal, which stays one row: its amount is there once. Start at `with_participants`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample

COLUMN = re.compile(r'CAST\("((?:[^"]|"")+)" AS VARCHAR\)')
ELEMENT = "trim(json_extract_string(_each, '$'))"
ADDRESS = r"[^()<>\s;,]+@[^()<>\s;,]+"
EMAIL = f"lower(nullif(regexp_extract({ELEMENT}, '({ADDRESS})', 1), ''))"
NAME = f"nullif(trim(regexp_replace({ELEMENT}, '[(<]?{ADDRESS}[)>]?', '')), '')"


@dataclass
class Several:
    """The maps for the people of the interactions, and what to say."""

    maps: list[ProposedMap] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def with_participants(sample: Sample, one: ProposedMap, maps: Sequence[ProposedMap]) -> Several:
    """The people of interactions whose cells name several. If they are known from these cells alone, `maps` is changed too."""
    rule = one.fields.get("record_id", {})
    column = rule.get("field", "") or next(iter(COLUMN.findall(rule.get("sql", ""))), "").replace('""', '"')
    facts = sample.facts.get(column)
    if not rule.get("ref") or "by" in rule or facts is None or not _may_hold_several(sample, facts.parts):
        return Several()
    each = f"= to_json(list_filter(string_split({text_of(column)}, ';'), lambda one: trim(one) <> ''))"
    own: Rule = {**one.fields["key"], "ref": sample.name} if "key" in one.fields else {"field": "_key", "ref": sample.name}
    own = {"sql": text_of(own["field"]), "ref": sample.name} if own.get("field") else own
    if rule["ref"] != sample.name:
        who: Rule = {"field": ".", "ref": rule["ref"]}
    else:
        who = {"sql": EMAIL, "ref": sample.name}
        _people_in_cells(one, maps, column, each)
    if who.get("sql") and facts.mail < 0.5 and facts.email < 0.5:
        return Several()
    found = Several([ProposedMap("participants", {"interaction_id": own, "record_id": who}, "", _where(who, one.where), each)])
    if facts.parts > 1:
        found.said.append(f"{column} names up to {facts.parts} people in one cell: each of them has the deal, which counts once")
    return found


def _may_hold_several(sample: Sample, parts: int) -> bool:
    return parts > 1 or not sample.whole


def _where(who: Rule, where: str) -> str:
    return " AND ".join(f"({one})" for one in (where, f"{who['sql']} IS NOT NULL" if "sql" in who else "") if one)


def _people_in_cells(one: ProposedMap, maps: Sequence[ProposedMap], column: str, each: str) -> None:
    """The records are those of all cells; the deal points to the first of them."""
    people = next((other for other in maps if other.to == "records"), None)
    if people is None:
        return
    first = f"lower(nullif(regexp_extract(split_part({text_of(column)}, ';', 1), '({ADDRESS})', 1), ''))"
    one.fields["record_id"] = {**one.fields["record_id"], "sql": first}
    one.fields["record_id"].pop("field", None)
    people.fields.clear()
    people.fields.update({"key": {"sql": EMAIL}, "email": {"sql": EMAIL}, "full_name": {"sql": NAME}})
    people.each, people.where = each, f"{EMAIL} IS NOT NULL"

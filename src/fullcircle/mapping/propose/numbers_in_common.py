"""Credit notes, or orders, that know their customers by nothing but a number, beside a list that has it with their names.

Invoices name the customer, the e-mail and the number; credit notes the number alone. Then the customers of the invoices are known
by it too, so that both are theirs. See `with_numbers_in_common`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import rule_sql

ENOUGH = 0.8  # of the numbers must be in the other list
WHO = {"given_name", "family_name", "full_name", "organisation", "email", "phone"}


def with_numbers_in_common(engine: Engine, made: Sequence[Proposed]) -> None:
    """Point from people who are a mere number to those of another object of the source who have it, and a name."""
    for one in made:
        bare = one.people()
        number = str(bare.fields.get("key", {}).get("field", "")) if bare and not WHO & bare.fields.keys() else ""
        if not number or not one.sample.table or _is_pointed_to(made, one):
            continue
        for other in made:
            people = other.people()
            column = next((name for name in other.sample.facts if plain(name) == plain(number)), "")
            if other is one or other.sample.source != one.sample.source or not people or not column or not other.sample.table:
                continue
            named = WHO & people.fields.keys() and not _is_pointed_to(made, other)
            if named and _is_theirs(engine, other, people, column) and _there(engine, one, number, other, column):
                _know_by(other, people, column)
                _point(one, number, other)
                break


def _is_theirs(engine: Engine, one: Proposed, people: ProposedMap, column: str) -> bool:
    """True if each customer has one number, and each number is of one customer."""
    key = rule_sql(people.fields["key"]) if "key" in people.fields else ""
    if not key or ("field" in people.fields["key"] and people.fields["key"]["field"] == column):
        return False
    keys, numbers, pairs = engine.rows(
        f"SELECT count(DISTINCT k), count(DISTINCT n), count(DISTINCT (k, n)) FROM (SELECT {key} AS k, {text_of(column)} AS n "
        f"FROM {one.sample.table}) WHERE k IS NOT NULL AND n IS NOT NULL"
    )[0]
    return bool(keys) and keys == numbers == pairs


def _there(engine: Engine, one: Proposed, number: str, other: Proposed, column: str) -> bool:
    hits, of = engine.rows(
        f"SELECT count(*) FILTER (n IN (SELECT {text_of(column)} FROM {other.sample.table})), count(*) FROM "
        f"(SELECT DISTINCT {text_of(number)} AS n FROM {one.sample.table}) WHERE n IS NOT NULL"
    )[0]
    return bool(hits) and hits >= ENOUGH * of


def _know_by(one: Proposed, people: ProposedMap, column: str) -> None:
    """The key of the people is their number, else what it was; all rules of the object that have that key change with it."""
    before = dict(people.fields["key"])
    after: Rule = {"sql": f"coalesce({text_of(column)}, {rule_sql(before)})"}
    for each in one.maps:
        for name in ("key", "record_id"):
            rule = each.fields.get(name, {})
            if {part: value for part, value in rule.items() if part != "ref"} == before and (name != "key" or each is people):
                each.fields[name] = {**after, **({"ref": rule["ref"]} if "ref" in rule else {})}
    people.where = f"({people.where}) OR {text_of(column)} IS NOT NULL" if people.where else ""
    one.left = [name for name in one.left if name != column]
    one.evidence.append(f"{column}: the number by which other objects know these customers")


def _point(one: Proposed, number: str, other: Proposed) -> None:
    bare = one.people()
    kept = []
    for each in one.maps:
        rule = each.fields.get("record_id", {})
        if rule.get("ref") == one.sample.name and rule.get("field") == number:
            if each.to == "identifiers":
                continue
            each.fields["record_id"] = {"field": number, "ref": other.sample.name}
        if each is not bare:
            kept.append(each)
    one.maps = kept
    one.notes = [said for said in one.notes if "known by their number only" not in said]
    one.evidence = [said for said in one.evidence if not said.startswith("the people are named in")]
    one.evidence.append(f"{number}: the customers are those of {other.sample.name} with that number")


def _is_pointed_to(made: Sequence[Proposed], one: Proposed) -> bool:
    """True if another object refers to the records of this one."""
    names = {one.sample.name, f"{one.sample.source}.{one.sample.name}"}
    return any(each.fields.get("record_id", {}).get("ref") in names for other in made if other is not one for each in other.maps)

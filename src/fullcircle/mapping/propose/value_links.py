"""Columns that point to people by their values alone, whatever they are called: `Référence client` and a list's `Référence`.

A list may have two numbers for each person, of which the others use the second: that one is then the key. Codes (letters with
digits) show by themselves what they point to; bare numbers only where a name says that they are of people, for 1001 is also
the number of an order. Start at `point_by_values`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import columns_of, is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.links import ENOUGH, NO_KEY, Link, link
from fullcircle.mapping.propose.numbered import compound_stems, numbered_people
from fullcircle.mapping.propose.planner import ALL_BUT_FEW, Planner, Role
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.identifiers import UNIQUE

DOING = ("orders", "order_lines", "tickets", "interactions", "addresses", "consents")
CODE = r"\S*\d\S*"
FEW = 3  # values that are there by chance
LONGEST = 40
MOST_COLUMNS = 60  # of an object: what is further behind has no number of its row, and each costs a query


@dataclass(frozen=True, slots=True)
class Pointing:
    """A column of what people did, and the column of a list of people in which its values are."""

    role: Role
    people: Role
    link: Link


def point_by_values(planner: Planner) -> None:
    """Let what people did point to them by values; where others use another number than the key, that becomes the key."""
    engine = planner.engine
    if engine is None:
        return
    doing = [
        one for one in planner.roles if one.table in DOING and not one.known and one.sample.table and not _linked(planner, one)
    ]
    lists = [one for one in planner.roles if one.table == "records" and not one.known and one.sample.table]
    there = {one.sample.name: _codes(engine, one.sample, _of_a_person(one)) for one in lists}
    found: list[Pointing] = []
    for role in doing:
        for people in (one for one in lists if one.sample.source == role.sample.source):
            unique = [name for name in there[people.sample.name] if people.sample.unique(name)]
            if unique and (best := _best(engine, role, people, unique)):
                found.append(best)
    for people in lists:
        _decide_key(planner, people, [one for one in found if one.people is people])


def _decide_key(planner: Planner, people: Role, found: list[Pointing]) -> None:
    """The key of a list of people is what most others point to; those who use another number are said."""
    if not found:
        return
    most = max(found, key=lambda one: sum(each.link.key == one.link.key for each in found)).link.key
    if most != people.key and (people.sample.found.key or _is_used(planner, people)):
        most = people.key
    if most != people.key:
        people.key, people.keys = most, {"records": {"field": most}}
        people.columns = columns_of(people.sample.found, "records", people.sample.facts, leave={most})
    for one in found:
        if one.link.key == people.key:
            one.role.points = one.link.column
        else:
            one.role.unlinked = (
                f"{LOOK}{one.link.evidence(one.role.sample)}, but the key of {people.sample.name} is {people.key}, to which "
                f"others point: a map has one key, so these {one.role.table} are not linked by it"
            )


def _best(engine: Engine, role: Role, people: Role, unique: list[str]) -> Pointing | None:
    """The column whose values are all in one unique column of the people, if there is one."""
    best: Pointing | None = None
    for column in _codes(engine, role.sample, _not_of_people(role)):
        for key in unique:
            one = link(engine, role.sample, column, people.sample, key)
            enough = ALL_BUT_FEW if people.sample.whole else ENOUGH
            if one.hits < FEW or one.hits < enough * one.of:
                continue
            if not _has_letters(engine, role.sample, column) and not _is_of_people(column):
                continue
            if best is None or (one.hits / one.of, one.hits) > (best.link.hits / best.link.of, best.link.hits):
                best = Pointing(role, people, one)
    return best


def _linked(planner: Planner, role: Role) -> bool:
    """True if the column that is named so points to people already."""
    column = role.columns.get("record_id", "")
    found = planner.find(role, [column], "records") if column else None
    return bool(found and found[0].hits and found[0].hits >= ALL_BUT_FEW * found[0].of)


def _is_used(planner: Planner, people: Role) -> bool:
    """True if a column of another object, named like a number of people, points to the key as it is."""
    for role in planner.roles:
        if role is people or not people.key:
            continue
        for column in role.sample.facts:
            if plain(column) == plain(people.key) and len(plain(column)) <= 4:
                continue  # every list has an `Id` of its own
            if _is_of_people(column) or plain(column) == plain(people.key):
                one = link(planner.engine, role.sample, column, people.sample, people.key)
                if one.hits and one.hits >= ALL_BUT_FEW * one.of:
                    return True
    return False


def _is_of_people(column: str) -> bool:
    """True for a name that says that its numbers are of people: `Référence client`, `Kundennummer`."""
    name = plain(column)
    known = {*words()["columns"]["orders"]["record_id"], *words()["tables"]["records"]}
    return bool(known.intersection(name.split("_")) or name in known or numbered_people().intersection(compound_stems(name)))


def _of_a_person(role: Role) -> set[str]:
    """The columns of a list of people that are something else than a number of theirs."""
    return {column for name, column in role.columns.items() if name != "account_id"}


def _not_of_people(role: Role) -> set[str]:
    """The columns of what people did that are something else than who it was."""
    address = columns_of(role.sample.found, "records", role.sample.facts)
    place = {address[name] for name in ("street", "city", "postcode", "region", "country", "phone", "email") if name in address}
    return {role.key, *place, *(column for name, column in role.columns.items() if name != "record_id")}


def _codes(engine: Engine, sample: Sample, leave: set[str]) -> list[str]:
    """The columns whose values are single words with a digit, and neither dates nor phones nor postcodes by their name."""
    able = []
    for name, facts in sample.facts.items():
        word = plain(name)
        if name in leave or not facts.filled or facts.email or facts.longest > LONGEST or facts.distinct < FEW:
            continue
        if is_staff(name) or is_somebody_else(name) or NO_KEY.search(word) or word in _numbers_of_documents():
            continue
        able.append(name)
    able = able[:MOST_COLUMNS]
    if not able:
        return []
    shapes = ", ".join(
        f"count(*) FILTER (regexp_full_match({quoted(name)}, '{CODE}') AND NOT regexp_full_match({quoted(name)}, "
        f"'[0-9]{{1,4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2,4}}.*|[0-9]+[.,][0-9]+|[0-9]{{1,3}}')) >= 0.9 * count({quoted(name)})"
        for name in able
    )
    (row,) = engine.rows(f"SELECT {shapes} FROM {sample.table}")
    return [name for name, is_code in zip(able, row, strict=True) if is_code]


def _numbers_of_documents() -> frozenset[str]:
    known = words()["identifiers"]
    return frozenset(word for kind in ("phone", *UNIQUE) for word in known[kind])


def _has_letters(engine: Engine, sample: Sample, column: str) -> bool:
    name = quoted(column)
    return bool(
        engine.value(f"SELECT count(*) FILTER (regexp_matches({name}, '\\p{{L}}')) >= 0.9 * count({name}) FROM {sample.table}")
    )

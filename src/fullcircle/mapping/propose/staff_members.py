"""Staff who file tickets: whoever is a technician or an agent elsewhere in the same source is not a customer. See `with_staff`.

By name, e-mail or number: of the columns of staff beside the tickets, and of a list of staff. Nobody is taken out of people who
buy, nor where most of them would be: that is said, to be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import columns_of, is_about_others, is_staff
from fullcircle.mapping.propose.nested import text_at
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK, plain
from fullcircle.mapping.staff import is_staff_member, named_in

MOST = 0.5  # of the people: where more are staff by what is found, it is another kind of list
LONG = 4  # digits of numbers that are not the same by chance
REQUESTS = {"tickets", "interactions"}
NO_NAME = ("date", "time", "count", "number_of", "messages", "replies", "group", "team", "note", "comment", "status", "reason")


@dataclass(frozen=True, slots=True)
class _Staff:
    """A column that names staff: how the map writes it, of which rows, and whether its values are numbers."""

    entry: str
    table: str
    column: str
    numbers: bool
    sure: bool = True  # False: small numbers of two lists may be the same by chance


def with_staff(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read who is staff for the people of every object where somebody asks for help."""
    for one in made:
        people = one.people()
        if people is None or not one.sample.table:
            continue
        asking = [other for other in made if _is_of(other, one, REQUESTS)]
        buying = [other for other in made if _is_of(other, one, {"orders"})]
        if asking or buying:
            _apart(engine, one, people, _staff_of(made, one, asking or buying), bool(buying))


def _is_of(other: Proposed, one: Proposed, tables: set[str]) -> bool:
    """True if rows of the other object are of the people of this one."""
    refs = {one.sample.name, f"{one.sample.source}.{one.sample.name}"}
    return any(each.to in tables and each.fields.get("record_id", {}).get("ref") in refs for each in other.maps)


def _staff_of(made: Sequence[Proposed], one: Proposed, asking: Sequence[Proposed]) -> list[_Staff]:
    """The columns that name staff, beside the requests and in lists of staff of the same source."""
    found = []
    lists = [
        each for each in made if not each.maps and each.sample.source == one.sample.source and _is_list_of_staff(each.sample)
    ]
    for other in asking:
        prefix = "" if other is one else f"{other.sample.name}."
        for name, facts in other.sample.facts.items():
            named = is_staff(name) and not any(word in plain(name) for word in NO_NAME)
            if named and facts.filled and (facts.date < 0.5 or facts.whole > 0.5) and other.sample.source == one.sample.source:
                sure = facts.longest >= LONG and not lists
                found.append(_Staff(prefix + name, other.sample.table, name, facts.number > 0.5, sure or facts.number <= 0.5))
    for other in lists:
        columns = columns_of(other.sample.found, "records", other.sample.facts)
        for name in (columns[kind] for kind in ("email", "full_name") if kind in columns):
            found.append(_Staff(f"{other.sample.name}.{name}", other.sample.table, name, False))
    return found


def _is_list_of_staff(sample: Sample) -> bool:
    return bool(sample.table) and (is_about_others(sample.name) or is_staff(sample.name))


def _text(sample: Sample, rule: Rule) -> str:
    """SQL for the value of a rule, also where its field is a path into a column of JSON; null for a list of them."""
    path = str(rule.get("field", ""))
    if not path or path in sample.facts:
        return rule_sql(rule)
    return "NULL" if "[*]" in path else text_at(path)


def _apart(engine: Engine, one: Proposed, people: ProposedMap, staff: Sequence[_Staff], buying: bool) -> None:
    sample = one.sample
    texts = {name: _text(sample, rule) for name, rule in people.fields.items() if name in {"full_name", "email", "key"}}
    if {"given_name", "family_name"} <= people.fields.keys():
        given, family = (_text(sample, people.fields[name]) for name in ("given_name", "family_name"))
        texts["name"] = f"concat_ws(' ', {given}, {family})"
    key = texts.pop("key", "") or (quoted(sample.found.key[0]) if len(sample.found.key) == 1 else "")
    names = list(texts.values())
    if not names or not key:
        return
    used, ways, sure = [], [], not buying
    own = {rule.get("field") for rule in people.fields.values()}
    for each in staff:
        if each.table == sample.table and each.column in own:
            continue
        rows = f"({named_in(each.table, [each.column])})"
        theirs = is_staff_member([] if each.numbers else names, key if each.numbers else "", rows)
        if engine.value(f"SELECT count(DISTINCT {key}) FILTER ({theirs}) FROM {sample.table}"):
            used.append(each.entry)
            sure = sure and each.sure
            ways.append(theirs)
    if not ways:
        return
    of = f"FROM {sample.table}" + (f" WHERE {people.where}" if people.where else "")
    many, every = engine.rows(f"SELECT count(DISTINCT {key}) FILTER ({' OR '.join(ways)}), count(DISTINCT {key}) {of}")[0]
    if not many:
        return
    said = f"{many:,} of {every:,} people of {sample.name} are named in {', '.join(used)}, as staff are"
    listed = "[" + ", ".join(f'"{entry}"' for entry in used) + "]"
    if not sure or many > MOST * every:
        one.notes.append(f"{LOOK}{said}: they stay customers; if they are none, write into the map of people: staff = {listed}")
        return
    people.staff = used
    one.notes.append(
        f"{LOOK}{said}: they are not customers, and what they asked for stays and is nobody's; if they are customers, take "
        "`staff` out of the map"
    )

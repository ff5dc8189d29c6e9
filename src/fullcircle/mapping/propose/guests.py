"""Orders of guests: the customer is in no list, but the row itself says who it was. Start at `with_guests`.

A shop writes no number, or 0, where somebody buys without an account. The link to the list of customers then has an `otherwise`:
the person that the row names, known by an e-mail or a phone. Only rows without a number make such people, and those whose number
is not in the list: these are known by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from fullcircle.engine.base import literal, quoted
from fullcircle.mapping.propose.links import Link
from fullcircle.mapping.propose.planner import Planner, Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.model.counting import counted


class _Reader(Protocol):
    """What reads an object of no known vendor: general.py."""

    planner: Planner
    made: Proposed
    used: set[str]

    def inside(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
        """People who are only named in this object: the map of them, and the rule that points to it."""


NOBODY = r"0+(\.0+)?|-1|n/?a|none|null|nil|-+|guests?|gast|invit[eé]e?|invitado|ospite|convidado|anonymous|guest checkout"
MOST_STRANGERS = 40  # numbers that are written into a map
BUYERS = ("orders", "tickets")  # the tables whose rows may name the person themselves


def nobodys(planner: Planner, sample: Sample, link: Link) -> tuple[int, dict[str, str]]:
    """The rows without a customer, and the values of the column that say nobody (`0`, `guest`), mapped to nothing."""
    engine = planner.engine
    if engine is None or not sample.table or link.column not in sample.facts:
        return 0, {}
    value = text_of(link.column)
    there = ""
    if link.to.table and link.key in link.to.facts:
        keys = f"SELECT CAST({quoted(link.key)} AS VARCHAR) FROM {link.to.table} WHERE {quoted(link.key)} IS NOT NULL"
        there = f"AND {value} NOT IN ({keys})"
    said = f"regexp_full_match({value}, {literal(NOBODY)}, 'i') {there}"
    words = engine.rows(f"SELECT DISTINCT {value} FROM {sample.table} WHERE {said} ORDER BY 1 LIMIT 10")
    rows = engine.value(f"SELECT count(*) FROM {sample.table} WHERE {value} IS NULL OR ({said})")
    return int(rows or 0), {str(word): "" for (word,) in words}


def nobody_among(planner: Planner, sample: Sample, column: str, names: Sequence[str]) -> list[str]:
    """The values of a column of customers' numbers that stand for nobody, where no list says whose they are.

    A 0 is somebody only if there is a 1 as well, and all rows of the 0 have the same name (`names`: its columns).
    """
    engine = planner.engine
    if engine is None or not sample.table or column not in sample.facts:
        return []
    value, name = text_of(column), f"lower(concat_ws(' ', {', '.join(map(text_of, names))}))" if names else "''"
    found = engine.rows(
        f"SELECT {value}, count(DISTINCT {name}), bool_or({name} = '') FROM {sample.table} "
        f"WHERE regexp_full_match({value}, {literal(NOBODY)}, 'i') GROUP BY 1 ORDER BY 1 LIMIT 10"
    )
    said = []
    for word, several, nameless in found:
        first = word[:-1] + "1" if word.strip("0") == "" else ""
        counted_from_0 = first and engine.value(f"SELECT count(*) FROM {sample.table} WHERE {value} = {literal(first)}")
        if not counted_from_0 or several != 1 or nameless:
            said.append(str(word))
    return said


def with_guests(
    here: _Reader, general: _Reader, link: Link, rule: Rule, taken: set[str], table: str
) -> tuple[dict[str, Rule], list[ProposedMap]]:
    """The link to a list of people; rows without a number there belong to whom they name by an e-mail or a phone.

    `here` is a reader of its own of the same object: what it notes is lost if nobody is named.
    """
    sample = general.made.sample
    rows, nobody = nobodys(general.planner, sample, link) if table in BUYERS else (0, {})
    lost = strangers(general.planner, sample, link, nobody) if table in BUYERS else []
    whose, people = here.inside("", {*taken, link.column}, table) if rows or lost else ({}, [])
    said_here = people[0].fields.keys() if people else set()
    if not {"email", "phone"} & said_here:
        rows, nobody = 0, {}  # a mere name does not know a guest again; with a number beside it does
        lost = lost if {"full_name", "family_name", "organisation"} & said_here else []
    if not rows and not lost:
        return {"record_id": rule}, []
    general.used |= here.used
    own = whose["record_id"]
    if lost:
        numbers = counted(len(lost), f"number of {link.column} is", f"numbers of {link.column} are")
        general.made.evidence.append(
            f"{numbers} not in {link.to.name}: those rows belong to the person that the row itself names"
        )
        own = _by_number(people, own, link.column, lost, bool(rows))
    if rows:
        general.made.evidence.append(said(sample, link.column, rows))
    nobody = {**nobody, **dict.fromkeys(lost, "")}
    return {"record_id": otherwise(rule, nobody, own)}, of_guests(people, link.column, nobody, bool(rows))


def strangers(planner: Planner, sample: Sample, link: Link, nobody: Mapping[str, str]) -> list[str]:
    """Numbers of customers who are not in the list that has the others, where both were read whole; [] if there are many."""
    engine = planner.engine
    there = link.to
    if engine is None or not sample.table or not there.table or not (sample.whole and there.whole) or link.key not in there.facts:
        return []
    value = text_of(link.column)
    same = "ltrim(lower(regexp_replace({}, '[^0-9A-Za-z\\pL]', '', 'g')), '0')"  # `00012` is 12: near_keys.py links it
    keys = f"SELECT {same.format(f'CAST({quoted(link.key)} AS VARCHAR)')} FROM {there.table} WHERE {quoted(link.key)} IS NOT NULL"
    words = "".join(f", {literal(word)}" for word in nobody)
    found = engine.rows(
        f"SELECT DISTINCT {value} FROM {sample.table} WHERE {value} IS NOT NULL AND {value} NOT IN (''{words}) "
        f"AND {same.format(value)} NOT IN ({keys}) ORDER BY 1 LIMIT {MOST_STRANGERS + 1}"
    )
    return [str(one) for (one,) in found] if len(found) <= MOST_STRANGERS else []


def _by_number(people: list[ProposedMap], own: Rule, column: str, lost: list[str], guests: bool) -> Rule:
    """The key of these people is their number, so that several rows are of one; the maps point to it, too."""
    number = f"CASE WHEN {text_of(column)} IN ({', '.join(map(literal, lost))}) THEN {text_of(column)} END"
    before = {name: value for name, value in own.items() if name != "ref"}
    key: Rule = {"sql": f"coalesce({number}, {own.get('sql') or text_of(own['field'])})" if guests else text_of(column)}
    for one in people:
        for name in ("key", "record_id"):
            rule = one.fields.get(name, {})
            if {each: value for each, value in rule.items() if each != "ref"} == before:
                one.fields[name] = {**key, **({"ref": rule["ref"]} if "ref" in rule else {})}
    return {**key, "ref": own["ref"]}


def otherwise(rule: Rule, nobody: dict[str, str], own: Rule) -> Rule:
    """The link with the person of the row itself where it is empty."""
    key = own.get("sql") or text_of(own["field"])
    return {**rule, **({"map": nobody} if nobody else {}), "otherwise": key}


def of_guests(maps: list[ProposedMap], column: str, nobody: dict[str, str], empty: bool = True) -> list[ProposedMap]:
    """The maps of people inside, for the rows without a known customer alone; `empty`: also those without any."""
    words = ", ".join(map(literal, nobody))
    said = [f"{text_of(column)} IS NULL"] if empty else []
    none = " OR ".join([*said, *([f"{text_of(column)} IN ({words})"] if words else [])])
    for one in maps:
        one.where = f"({one.where}) AND ({none})" if one.where else none
    return maps


def said(sample: Sample, column: str, rows: int) -> str:
    """A sentence for the person who reads the proposal."""
    return f"{rows:,} of {sample.rows:,} rows have no customer in {column}: they belong to the person that the row itself names"

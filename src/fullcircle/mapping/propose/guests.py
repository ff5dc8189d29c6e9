"""Orders of guests: the customer is in no list, but the row itself says who it was. Start at `with_guests`.

A shop writes no number, or 0, where somebody buys without an account. The link to the list of customers then has an `otherwise`:
the person that the row names, known by an e-mail or a phone. Only rows without a number make such people.
"""

from __future__ import annotations

from typing import Protocol

from fullcircle.engine.base import literal, quoted
from fullcircle.mapping.propose.links import Link
from fullcircle.mapping.propose.planner import Planner, Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample


class _Reader(Protocol):
    """What reads an object of no known vendor: general.py."""

    planner: Planner
    made: Proposed
    used: set[str]

    def inside(self, column: str, taken: set[str], table: str) -> tuple[dict[str, Rule], list[ProposedMap]]:
        """People who are only named in this object: the map of them, and the rule that points to it."""


NOBODY = r"0+(\.0+)?|-1|n/?a|none|null|nil|-+|guests?|gast|invit[eé]e?|invitado|ospite|convidado|anonymous|guest checkout"
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


def with_guests(
    here: _Reader, general: _Reader, link: Link, rule: Rule, taken: set[str], table: str
) -> tuple[dict[str, Rule], list[ProposedMap]]:
    """The link to a list of people; rows without a number there belong to whom they name by an e-mail or a phone.

    `here` is a reader of its own of the same object: what it notes is lost if nobody is named.
    """
    rows, nobody = nobodys(general.planner, general.made.sample, link) if table in BUYERS else (0, {})
    whose, people = here.inside("", {*taken, link.column}, table) if rows else ({}, [])
    if not people or not {"email", "phone"} & people[0].fields.keys():
        return {"record_id": rule}, []
    general.used |= here.used
    general.made.evidence.append(said(general.made.sample, link.column, rows))
    return {"record_id": otherwise(rule, nobody, whose["record_id"])}, of_guests(people, link.column, nobody)


def otherwise(rule: Rule, nobody: dict[str, str], own: Rule) -> Rule:
    """The link with the person of the row itself where it is empty."""
    key = own.get("sql") or text_of(own["field"])
    return {**rule, **({"map": nobody} if nobody else {}), "otherwise": key}


def of_guests(maps: list[ProposedMap], column: str, nobody: dict[str, str]) -> list[ProposedMap]:
    """The maps of people inside, for the rows without a customer alone."""
    words = ", ".join(map(literal, nobody))
    none = f"{text_of(column)} IS NULL" + (f" OR {text_of(column)} IN ({words})" if words else "")
    for one in maps:
        one.where = f"({one.where}) AND ({none})" if one.where else none
    return maps


def said(sample: Sample, column: str, rows: int) -> str:
    """A sentence for the person who reads the proposal."""
    return f"{rows:,} of {sample.rows:,} rows have no customer in {column}: they belong to the person that the row itself names"

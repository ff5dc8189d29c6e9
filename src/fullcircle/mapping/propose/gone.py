"""Rows that were deleted, or merged into another: `Is Deleted`, `gelöscht am`, `Merged Into`. Start at `without_gone`.

A row that was merged into another stays, with a link to it: what points to it would be lost, and the source knows that both are
one person. Products stay even if they were deleted: they were sold. What is archived stays: a sale that was done with, a person
with all orders.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.links import holds, link
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Facts, Sample
from fullcircle.mapping.propose.words import languages, plain, with_and_without_time, words
from fullcircle.mapping.reading.retired import DAY, NO_DAY

YES = (
    "true", "t", "1", "1.0", "yes", "y", "x", "ja", "j", "oui", "o", "si", "sí", "sì", "s", "sim", "tak", "ano", "áno", "evet",
    "igen", "kyllä", "da", "да", "так", "истина", "ναι", "是", "はい", "예", "네", "نعم", "כן", "có", "v",
    "deleted", "removed", "archived", "gelöscht", "supprimé", "eliminado",
)  # fmt: skip
FLAG_OR_TIME = 0.9  # of the values: what else is in such a column says something else
LEFT_OUT = ("orders", "order_lines", "tickets", "interactions", "records", "accounts")


def without_gone(
    engine: Engine | None, sample: Sample, key: str, maps: list[ProposedMap]
) -> tuple[list[str], list[str], list[str]]:
    """Leave out deleted rows and follow merges; the columns that were used, what was found, and what was not followed."""
    if not maps:
        return [], [], []
    tables = {one.to for one in maps}
    main = next((table for table in LEFT_OUT if table in tables), "")  # people named on the rows of orders: orders
    used: list[str] = []
    evidence: list[str] = []
    notes: list[str] = []
    merged = _merged(engine, sample, key, maps, evidence, notes) if main == "records" else ""
    used += [merged] if merged else []
    for one in sample.found.fields:
        if one.name in used or not main or not is_deletion(plain(one.name)):
            continue
        facts, text = sample.facts.get(one.name), text_of(one.name)
        if facts is not None and facts.distinct > 2 and facts.date < FLAG_OR_TIME:
            notes.append(f"{one.name} says neither yes and no nor when: its rows are not taken for deleted")
            continue
        alive = f"{text} IS NULL OR NOT {_gone(text)}"
        alive += f" OR {text_of(merged)} IS NOT NULL" if merged else ""
        used.append(one.name)
        evidence.append(f"rows with {one.name} are deleted: they are left out" + (", unless they were merged" if merged else ""))
        for each in maps:
            if each.to != "products":
                each.where = f"({each.where}) AND ({alive})" if each.where else alive
    return used, evidence, notes


def keep_only(map_: ProposedMap, kept: str) -> None:
    """Leave out of a map the rows for which a condition is not true: SQL without an OR outside of brackets."""
    map_.where = f"({map_.where}) AND {kept}" if map_.where else kept


def _gone(text: str) -> str:
    listed = ", ".join(map(literal, YES))
    return f"(lower({text}) IN ({listed}) OR (regexp_full_match({text}, '{DAY}') AND NOT regexp_full_match({text}, '{NO_DAY}')))"


def is_deletion(name: str) -> bool:
    """True for the name of a column that says that a row was deleted."""
    forms = with_and_without_time(name)
    return name in words()["deleted"]["words"] or any(
        form in each.lists.get("deleted", ()) for each in languages().values() for form in forms
    )


def _merged(
    engine: Engine | None, sample: Sample, key: str, maps: list[ProposedMap], evidence: list[str], notes: list[str]
) -> str:
    """The column with the key of the row into which a row was merged; it becomes `merged_into` of the people."""
    people = next(one for one in maps if one.to == "records")
    named = [one.name for one in sample.found.fields if _is_merge(plain(one.name))]
    if not named or "merged_into" in people.fields:
        return ""
    column = max(named, key=lambda name: _filled(sample.facts, name))
    if not key:
        notes.append(
            f"{column} says into which row others were merged, but no key was found to which it could point: not followed"
        )
        return ""
    found = link(engine, sample, column, sample, key)
    if found.of and not holds(found) and not found.hits:
        notes.append(f"{column} says into which row others were merged, but its values are not in {key}: not followed")
        return ""
    people.fields["merged_into"] = {"field": column, "ref": sample.name}
    if found.of:
        evidence.append(f"{found.hits:,} of {found.of:,} values of {column} are in {key}: those rows were merged into others")
    return column


def _filled(facts: Mapping[str, Facts], name: str) -> int:
    return facts[name].filled if name in facts else 0


def _is_merge(name: str) -> bool:
    return name in words()["merged_into"]["words"] or any(
        name in each.lists.get("merged_into", ()) for each in languages().values()
    )

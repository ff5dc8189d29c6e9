"""Links to a list of people, where the rows themselves say who it was. Start at `better_inside`, and at `is_of_others`.

A newsletter has some of the customers, and a family one address: such a link loses the orders of all who are not on the list, and
gives those of one person to another. The people that the rows name are then records of their own; identity brings them together.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import columns_of
from fullcircle.mapping.propose.links import Link
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.same_name import are_different, words_of_name

MOSTLY = 0.8  # of the values of a column must be addresses
NAMES = ("given_name", "family_name", "full_name")
MOST_PAIRS = 500
FEW = 2  # rows that name somebody else are no chance
AGREE = 0.2  # of the rows at least must be of whom the link says


def is_email(sample: Sample, column: str) -> bool:
    """True for a column of e-mail addresses."""
    facts = sample.facts.get(column)
    return bool(facts and facts.filled and facts.email >= MOSTLY)


def better_inside(engine: Engine | None, sample: Sample, link: Link, leave: set[str]) -> str:
    """Why the people on the rows are better than a link by e-mail to a list; "" if the link is as good."""
    if engine is None or not sample.table or not link.to.table or not link.of or not is_email(sample, link.column):
        return ""
    if link.hits < link.of:
        return (
            f"{link.of - link.hits:,} of {link.of:,} values of {link.column} are not in {link.to.name}.{link.key}: "
            "so the people are those that the rows name, and meet that list by their e-mail"
        )
    ours, theirs = _names(sample, leave), _names(link.to, {link.key})
    if not ours or not theirs:
        return ""
    pairs = engine.rows(
        f"SELECT DISTINCT {words_of_name([f'o.{name}' for name in ours], ready=True)} AS a, "
        f"{words_of_name([f't.{name}' for name in theirs], ready=True)} AS b FROM {sample.table} o JOIN {link.to.table} t "
        f"ON lower(o.{quoted(link.column)}) = lower(t.{quoted(link.key)}) WHERE a <> '' AND b <> '' AND a <> b "
        f"ORDER BY ALL LIMIT {MOST_PAIRS}"
    )
    others = sum(are_different(one, other) for one, other in pairs)
    if not others:
        return ""
    return (
        f"{others:,} names are clearly others than those that {link.to.name} has for the same {link.column}: "
        "so the people are those that the rows name"
    )


def _names(sample: Sample, leave: set[str]) -> list[str]:
    found = columns_of(sample.found, "records", sample.facts, leave=leave)
    return [quoted(found[name]) for name in NAMES if name in found and found[name] in sample.facts]


def is_of_others(engine: Engine | None, sample: Sample, link: Link) -> bool:
    """True for a link by numbers to people of other addresses and names than the rows have: it holds by chance.

    `Number of customer messages` holds 1, 2 and 3, and so do the keys of any short list.
    """
    if engine is None or not sample.table or not link.to.table or not link.hits or is_email(sample, link.column):
        return False
    ours, theirs = _email(sample, link.column), _email(link.to, link.key)
    if not ours or not theirs:
        return False
    names = [
        words_of_name([f"{table}.{name}" for name in found], ready=True) if found else "''"
        for table, found in (("o", _names(sample, set())), ("t", _names(link.to, set())))
    ]
    pairs = engine.rows(
        f"SELECT lower(o.{ours}) = lower(t.{theirs}), {names[0]}, {names[1]} FROM {sample.table} o JOIN {link.to.table} t "
        f"ON o.{quoted(link.column)} = t.{quoted(link.key)} WHERE o.{ours} IS NOT NULL AND t.{theirs} IS NOT NULL "
        f"ORDER BY ALL LIMIT {MOST_PAIRS}"
    )
    others = sum(not same and (not one or not other or are_different(one, other)) for same, one, other in pairs)
    return others >= FEW and len(pairs) - others < AGREE * len(pairs)


def _email(sample: Sample, leave: str) -> str:
    """The column with the address of the person of a row, quoted; "" without one."""
    name = columns_of(sample.found, "records", sample.facts, leave={leave}).get("email", "")
    return quoted(name) if is_email(sample, name) else ""

"""Rows of two people, of whom one pays for the other: which columns are the payer's. Start at `not_the_payers`.

What is beside a member (a child, a participant) is the member's: a birth date or an address is never the payer's unless its
header says so. members.py makes the member a customer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from fullcircle.connectors.base import FoundObject
from fullcircle.mapping.propose.sample import Facts
from fullcircle.mapping.propose.words import plain, words

NAMES = ("given_name", "family_name", "full_name")
BESIDE = ("birth_date", "gender", "phone", "street", "city", "postcode", "region", "country")
_OF = r"(?:(?:of_the|of|de_l|de_la|du|des|de|d|del|della|dell|do|da|der|van_het|van_de|van|di)_)?"


def payers(names: Sequence[str]) -> list[str]:
    """The columns that say that they are about who pays."""
    return [name for name in names if _of_one("payers").search(plain(name))]


def of_members(found: FoundObject, facts: Mapping[str, Facts] | None) -> dict[str, str]:
    """The columns of the member in rows that name a payer too, by what they would be called without the word: {} without two."""
    names = [each.name for each in found.fields]
    paying = payers(names)
    theirs = [one for one in names if one not in paying and _of_one("members").search(plain(one))]
    filled = [one for one in theirs if facts is None or one not in facts or facts[one].filled]
    if not paying or not filled:
        return {}
    bare = {_without(name): name for name in filled}
    return bare | {plain(name): name for name in names if name not in {*paying, *theirs} and plain(name) not in bare}


def not_the_payers(chosen: dict[str, str], found: FoundObject, facts: Mapping[str, Facts] | None) -> None:
    """Take away what a payer was given although it is beside a member: birth date, phone, address."""
    who = [chosen[one] for one in ("email", *NAMES) if one in chosen]
    if not payers(who) or not of_members(found, facts):
        return
    for kind in BESIDE:
        if kind in chosen and not payers([chosen[kind]]):
            chosen.pop(kind)


def beside_payers(found: FoundObject, columns: Mapping[str, str]) -> set[str]:
    """The columns that are a member's, where the people of an object are payers: no further phones or addresses of these."""
    who = [columns[one] for one in ("email", *NAMES) if one in columns]
    if not payers(who):
        return set()
    return {name for name in of_members(found, None).values() if name not in columns.values()}


@cache
def _of_one(which: str) -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, words()["paid_for"][which]), key=lambda one: (-len(one), one)))
    return re.compile(rf"(?:^|_){_OF}(?:{listed})(?=_|$)")


def _without(name: str) -> str:
    """`nom` of `Nom adhérent`; a word alone is the whole name."""
    return _of_one("members").sub("", plain(name)).strip("_") or "full_name"

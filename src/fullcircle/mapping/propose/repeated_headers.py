"""Columns with the same header in one file: `Betrag;Betrag` are read as Betrag and Betrag_1. Which are twins: `twins_of`.

A second name beside a second e-mail, phone or address is somebody else: who receives, beside who ordered. What is theirs is
left out of the person of the row: `of_another`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from fullcircle.mapping.propose.words import plain, words

NUMBERED = re.compile(r"(.+)_(\d{1,2})")  # as connectors/columns.py calls the second and all further ones
NAMES = ("full_name", "given_name", "family_name", "organisation")
WAYS = ("email", "phone", "street", "city", "postcode")


def twins_of(names: Iterable[str]) -> dict[str, list[str]]:
    """For each header that comes again: its further columns, in their order."""
    columns = [*names]
    first = {name.casefold(): name for name in reversed(columns)}
    again: dict[str, list[str]] = {}
    for name in columns:
        found = NUMBERED.fullmatch(name)
        one = first.get(found.group(1).casefold(), "") if found else ""
        if found and one and int(found.group(2)) == len(again.get(one, ())) + 1:
            again.setdefault(one, []).append(name)
    return again


def without_number(name: str, twins: Mapping[str, Iterable[str]]) -> str:
    """The header of a column as the file has it."""
    return next((one for one, others in twins.items() if name in others), name)


def of_another(names: Iterable[str]) -> set[str]:
    """The second and further columns of people, where a name comes again together with an e-mail, a phone or an address."""
    twins = twins_of(names)
    theirs = [one for one in twins if plain(one) in _words_of(NAMES)]
    reached = [one for one in twins if plain(one) in _words_of(WAYS)]
    return {name for one in (*theirs, *reached) for name in twins[one]} if theirs and reached else set()


@cache
def _words_of(columns: tuple[str, ...]) -> frozenset[str]:
    known = words()["columns"]["records"]
    return frozenset(word for column in columns for word in known[column])

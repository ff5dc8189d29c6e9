"""A column that is called by who somebody is, and holds whole names: `Mitglied`, `Socio`, `Patient`. See `named_person`.

The same header may hold a number, or a yes or no: the values decide, where no other column names the people.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.mapping.propose.guess import is_somebody_else, is_staff
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import plain, singular, words

NAMES = {"given_name", "family_name", "full_name", "organisation"}
MOSTLY = 0.6  # of the values are of several words without digits


def named_person(sample: Sample, columns: Mapping[str, str]) -> dict[str, str]:
    """The column of whole names as `full_name`, where the columns of people have none; {} where there is no such column."""
    if NAMES & columns.keys():
        return {}
    taken = {*columns.values()}
    known = {*words()["whole_person"]["words"], *singular(plain(sample.name))}
    for name, facts in sample.facts.items():
        if name in taken or is_staff(name) or is_somebody_else(name) or not known & {plain(name), *singular(plain(name))}:
            continue
        if facts.filled and facts.name >= MOSTLY and not max(facts.answer, facts.email, facts.number):
            return {"full_name": name}
    return {}

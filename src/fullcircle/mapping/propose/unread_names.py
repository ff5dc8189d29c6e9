"""Columns with the names of people that a map does not read, where it knows its people without a name. See `said_of_names`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from fullcircle.mapping.propose.guess import is_somebody_else, is_staff
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import is_receiver
from fullcircle.mapping.propose.words import LOOK, plain, spoken, words

NAMES = ("given_name", "family_name", "full_name")
SURE_NAMES = ("first_name", "last_name", "firstname", "lastname", "full_name", "surname", "family_name", "given_name")
ABOUT_THINGS = re.compile(r"(^|_)(product|item|event|file|company|firm|campaign|list|store|shop|plan|course|sku|brand|user)(_|$)")


def said_of_names(sample: Sample, maps: Sequence[ProposedMap], left: Collection[str]) -> list[str]:
    """A note, if the people of a map have no name although columns with names of people are left out."""
    nameless = [one for one in maps if one.to == "records" and not {*NAMES, "organisation"} & one.fields.keys()]
    if not nameless or any(one.to == "records" and one not in nameless for one in maps):
        return []
    here = words(spoken(sample.name, tuple(each.name for each in sample.found.fields)))["columns"]["records"]
    known = {*SURE_NAMES, *(word for kind in NAMES[:2] for word in here[kind] if len(word) > 4)}
    names = [name for name in left if _is_name(sample, name, known)]
    if not names:
        return []
    return [
        f"{LOOK}{', '.join(names[:4])}: names of people that this map does not read, so its people have none and strangers who "
        "share an e-mail or a phone would be one. Map given_name, family_name or full_name if these are the people's own"
    ]


def _is_name(sample: Sample, column: str, known: Collection[str]) -> bool:
    facts, name = sample.facts.get(column), plain(column)
    if not facts or not facts.filled or facts.number >= 0.5 or facts.email >= 0.5 or facts.date >= 0.9:
        return False
    if is_staff(column) or is_somebody_else(column) or is_receiver(column) or ABOUT_THINGS.search(name):
        return False
    return any(f"_{word}_" in f"_{name}_" for word in known)

"""A `Nombre`, `Nom` or `Name` in a file of deals, tickets or products is what the thing is called. See `name_of_thing`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fullcircle.mapping.propose.guess import OF, columns_of, named, plain, singular, words
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import spellings

OF_THINGS = {"interactions": "text", "tickets": "subject", "products": "name", "accounts": "name"}
PERSON = ("given_name", "family_name", "full_name")


def name_of_thing(sample: Sample, table: str, columns: Mapping[str, str]) -> str:
    """The column with the name of what the rows are, where it would pass for a person's; "" if there is none."""
    found, facts = sample.found, sample.facts
    taken = {each for column, each in columns.items() if column != "record_id"}
    of_rows = _of_rows(sample.name)
    bare = [one.name for one in found.fields if one.name not in taken and plain(one.name) in _bare() | of_rows]
    bare = [name for name in bare if not facts or (known := facts.get(name)) is None or (known.filled and known.email < 0.5)]
    if not bare:
        return ""
    if table in {"products", "accounts"} or plain(bare[0]) in of_rows:
        return bare[0]
    people = columns_of(found, "records", facts, leave=taken)
    if bare[0] not in people.values():
        return bare[0]
    if bare[0] not in {people.get(part) for part in PERSON} or {"given_name", "family_name"} <= people.keys() - _sole(people):
        return ""  # a first and a last name beside one another are a person's
    without = columns_of(found, "records", facts, leave={*taken, bare[0]})
    deals = table == "interactions" and "amount" in columns
    return bare[0] if deals or any(part in without for part in PERSON) else ""


def _sole(people: Mapping[str, str]) -> set[str]:
    """Parts of a name that are words for a whole name as well: `Contacto` beside `Nombre` is not a family name."""
    whole = {*words()["columns"]["records"]["full_name"]}
    return {part for part in PERSON[:2] if part in people and plain(people[part]) in whole and plain(people[part]) not in _bare()}


def _of_rows(object_name: str) -> set[str]:
    """How the name of a row is called after the object: `project_name` in `projects`; nothing for people."""
    if named(object_name) in {"records", "accounts", "orders", ""}:
        return set()
    stems = singular(plain(object_name))
    return {f"{stem}_{word}" for stem in stems for word in _bare()} | {
        f"{word}_{of}{stem}" for stem in stems for word in _bare() for of in ("", *(f"{one}_" for one in OF))
    }


@cache
def _bare() -> frozenset[str]:
    return frozenset(form for word in words()["thing_names"]["words"] for form in spellings(word))

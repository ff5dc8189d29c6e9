"""A mere `Status` of a list of mail, known by its values: they agreed, left, or neither. See `state_of_mail`.

A time of having joined is a consent only of those whose status says so too: who complained, was deleted or never confirmed has
such a time as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample

MOST_VALUES = 30  # that a status has


def state_of_mail(engine: Engine | None, sample: Sample) -> str:
    """The status column of which a value says that somebody agreed or left, in a word that only lists of mail have."""
    for name in _statuses(sample):
        if engine is None or not sample.table:
            continue
        rows = engine.rows(f"SELECT DISTINCT lower(trim({quoted(name)})) FROM {sample.table} WHERE {quoted(name)} IS NOT NULL")
        if {str(value) for (value,) in rows} & {*_said("agreed"), *_said("left")}:
            return name
    return ""


def on_the_list(status: str) -> str:
    """SQL: who is on the list by this status, where there is a time of having joined, too."""
    return f"{_lower(status)} IN ({_listed('agreed', 'active')})"


def said_by_state(whose: Mapping[str, Rule], column: str, purpose: str, agreed: bool) -> Iterator[ProposedMap]:
    """A map of those whose status says that they left and, if `agreed`, one of those who agreed."""
    for granted, list_ in ((True, "agreed"), (False, "left")):
        if agreed or not granted:
            fields: dict[str, Rule] = {**whose, "purpose": {"value": purpose}, "granted": {"value": granted}}
            key = plain(column) if granted else f"{plain(column)}_left"
            yield ProposedMap("consents", fields, key=key, where=f"{_lower(column)} IN ({_listed(list_)})")


def status_of(sample: Sample) -> str:
    """The status column of what is known to be a list of mail; "" if it has none."""
    return next(_statuses(sample), "")


def _statuses(sample: Sample) -> Iterator[str]:
    for name, facts in sample.facts.items():
        if plain(name) in words()["mail_states"]["names"] and 0 < facts.distinct <= MOST_VALUES and facts.number < 0.5:
            yield name


def _said(list_: str) -> list[str]:
    return list(words()["mail_states"][list_])


def _listed(*lists: str) -> str:
    return ", ".join(literal(word) for one in lists for word in _said(one))


def _lower(column: str) -> str:
    return f"lower(trim({text_of(column)}))"

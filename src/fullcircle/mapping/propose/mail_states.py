"""A mere `Status` of a list of mail, known by its values: they agreed, left, or neither. See `state_of_mail`.

A time of having joined is a consent only of those whose status says so too: who complained, was deleted or never confirmed has
such a time as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refusal_columns import names_a_list, when_joined, when_left
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.retired import KNOWN
from fullcircle.mapping.reading.undeliverable import is_bounced

MOST_VALUES = 30  # that a status has
DAYS = 0.95  # of the values of a column of days
DELETED = tuple(KNOWN["deleted"])
# States that only lists of mail have; `baja`, `active` or `wypisany` may be said of a patient or an employee.
OF_LISTS = re.compile(
    r"subscri|suscri|abonn|prenumer|odběr|opt.?(in|out)|подпис|отпис|spam|abonelik|订阅|訂閱|退订|退訂|購読|配信"
)

OF_MAIL = re.compile(  # `Marketing status`, `Email permissions status`
    r"(^|_)(e_?mail|mail|mailing|marketing|newsletter|subscription|subscriber|permissions?|consent|opt_?in|einwilligung|werbung|consentement|consentimiento"
    r"|consenso|samtycke|samtykke|toestemming|zgod[ay]|souhlasu?)_(\w+_)?(status|state|statut|estado|stato|stav|stan|tila|durum|allapot)$"
)


def state_of_mail(engine: Engine | None, sample: Sample) -> str:
    """The status column of which a value says that somebody agreed or left, in a word that only lists of mail have."""
    for name in _statuses(sample):
        if engine is None or not sample.table:
            continue
        rows = engine.rows(f"SELECT DISTINCT lower(trim({quoted(name)})) FROM {sample.table} WHERE {quoted(name)} IS NOT NULL")
        said = {str(value) for (value,) in rows}
        if said & {*_said("agreed"), *_said("left")} or (said & {*_said("active"), *DELETED} and _is_list(sample, said)):
            return name
    return ""


def active_agreed(engine: Engine | None, sample: Sample, status: str) -> bool:
    """True where who is active agreed: the object is a list of mail, and has no word of its own for who agreed."""
    if engine is None or not sample.table or not status:
        return False
    column = quoted(status)
    rows = engine.rows(f"SELECT DISTINCT lower(trim({column})) FROM {sample.table} WHERE {column} IS NOT NULL")
    said = {str(value) for (value,) in rows}
    return not said & {*_said("agreed")} and _is_list(sample, said)


def _is_list(sample: Sample, said: set[str]) -> bool:
    of_lists = {*_said("agreed"), *_said("left")} & said
    return names_a_list(plain(sample.found.name)) or any(OF_LISTS.search(one) for one in of_lists) or any(map(is_bounced, said))


def on_the_list(status: str) -> str:
    """SQL: who is on the list by this status, where there is a time of having joined, too, or where it is a list of mail."""
    return f"{_lower(status)} IN ({_listed('agreed', 'active')})"


def said_by_state(
    sample: Sample, whose: Mapping[str, Rule], column: str, purpose: str, agreed: bool, active: bool = False
) -> Iterator[ProposedMap]:
    """A map of those whose status says that they left and, if `agreed`, one of those who agreed; `active`: that is agreeing.

    Who was deleted from the list left it. The day on which somebody left is that of the refusal.
    """
    days = {plain(name): name for name, facts in sample.facts.items() if facts.filled and facts.date >= DAYS}
    for granted, lists in (
        (True, ("agreed", "active") if active else ("agreed",)),
        (False, ("left", "ended") if active else ("left",)),
    ):
        if agreed or not granted:
            fields: dict[str, Rule] = {**whose, "purpose": {"value": purpose}, "granted": {"value": granted}}
            if when := when_joined(days) if granted else when_left(days):
                fields["at"] = {"field": when}
            key = plain(column) if granted else f"{plain(column)}_left"
            words_of = _listed(*lists, further=() if granted else DELETED)
            yield ProposedMap("consents", fields, key=key, where=f"{_lower(column)} IN ({words_of})")


def status_of(sample: Sample) -> str:
    """The status column of what is known to be a list of mail; "" if it has none."""
    return next(_statuses(sample), "")


def _statuses(sample: Sample) -> Iterator[str]:
    for name, facts in sample.facts.items():
        if (
            (plain(name) in words()["mail_states"]["names"] or OF_MAIL.search(plain(name)))
            and 0 < facts.distinct <= MOST_VALUES
            and facts.number < 0.5
        ):
            yield name


def _said(list_: str) -> list[str]:
    return list(words()["mail_states"][list_])


def _listed(*lists: str, further: tuple[str, ...] = ()) -> str:
    return ", ".join(literal(word) for word in dict.fromkeys([*(word for one in lists for word in _said(one)), *further]))


def _lower(column: str) -> str:
    return f"lower(trim({text_of(column)}))"

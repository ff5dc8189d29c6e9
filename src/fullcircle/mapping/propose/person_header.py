"""A column that is called by who somebody is, and holds whole names: `Mitglied`, `Socio`, `Patient`. See `named_person`.

The same header may hold a number, or a yes or no: the values decide, where no other column names the people. So do those of a
header that is said of things too (`Název`), or of companies and people alike (`Ragione sociale / Cognome e nome`).
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.mapping.propose.guess import is_somebody_else, is_staff
from fullcircle.mapping.propose.repeated_headers import twins_of, without_number
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.whole_names import alternatives
from fullcircle.mapping.propose.words import plain, singular, words

NAMES = {"given_name", "family_name", "full_name", "organisation"}
MOSTLY = 0.6  # of the values are of several words without digits
OF_THINGS_TOO = frozenset(
    (
        "nazev",
        "nazov",
        "naziv",
        "nazwa",
        "navn",
        "namn",
        "naam",
        "nimi",
        "nev",
        "megnevezes",
        "nume",
        "denumire",
        "bezeichnung",
        "denominazione",
        "denominacion",
        "denomination",
        "наименование",
        "название",
        "назва",
        "наименование_на_фирмата",
        "επωνυμια",
    )
)


def named_person(sample: Sample, columns: Mapping[str, str]) -> dict[str, str]:
    """The column of whole names as `full_name`, where the columns of people have none; {} where there is no such column."""
    if NAMES & columns.keys():
        return {}
    taken = {*columns.values()}
    known = {*words()["whole_person"]["words"], *singular(plain(sample.name))}
    twins = twins_of(sample.facts)
    for name, facts in sample.facts.items():
        word = plain(without_number(name, twins))  # `Kunde;Kunde`: the number, and the name
        if name in taken or is_staff(name) or is_somebody_else(name) or not known & {word, *singular(word)}:
            continue
        if facts.filled and facts.name >= MOSTLY and not max(facts.answer, facts.email, facts.number):
            return {"full_name": name}
    either = (name for name in sample.facts if name not in taken and _is_name_of_either(name))
    return next(({"full_name": name} for name in either if _holds_names(sample, name)), {})


def _is_name_of_either(header: str) -> bool:
    """True for a header that names companies and people alike: by one word for both, or by one for each."""
    parts, known = alternatives(header), words()["columns"]["records"]
    names = {*known["organisation"], *known["full_name"], *OF_THINGS_TOO}
    of_firms = any(part in known["organisation"] for part in parts)
    return plain(header) in OF_THINGS_TOO or (len(parts) > 1 and of_firms and all(part in names for part in parts))


def _holds_names(sample: Sample, column: str) -> bool:
    """True for texts that are in nearly every row, and mostly different."""
    facts = sample.facts[column]
    other = max(facts.answer, facts.email, facts.number, facts.date, facts.phone)
    return facts.filled >= MOSTLY * sample.rows > 0 and facts.distinct >= MOSTLY * facts.filled and other < 1 - MOSTLY

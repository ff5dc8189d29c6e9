"""One column for the name of a company or the family name of a person: `Co./Last Name`, beside a `First Name`.

Rows with a first name are people, the others companies. See `of_company_or_family`.
"""

from __future__ import annotations

import re

from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.organisations import is_organisation

COMPANY = (
    r"(?:co|company|business|organi[sz]ation|org|firma|firmenname|unternehmen|empresa|societe|entreprise|azienda|bedrijf|"
    r"foretag|firmanavn)"
)
FAMILY = (
    r"(?:last_?name|surname|family_?name|nachname|familienname|apellidos?|nom(?:_de_famille)?|cognome|achternaam|efternamn|"
    r"efternavn|etternavn|nazwisko|prijmeni|sobrenome)"
)
ADDITION = (
    r"(?:firmenzusatz|zusatz|(?:company_|name_)?(?:addition|suffix)|department|abteilung|complement|service|contact"
    r"|kontaktperson)"
)
GIVEN = r"(?:first_?name|given_?name|vorname|nombre|prenom|nome|voornaam|fornamn|fornavn|imie|jmeno)"
GIVEN_OR_MORE = re.compile(rf"{ADDITION}_(?:(?:or|oder|o|ou|of|eller|lub|nebo)_)?{GIVEN}")  # beside `Firmenname / Nachname`
EITHER = re.compile(rf"{COMPANY}(?:_name)?_(?:(?:or|oder|o|ou|of|eller|lub|nebo)_)?{FAMILY}")


def company_or_family(sample: Sample) -> str:
    """The column of companies and family names; "" if there is none."""
    return next(
        (
            name
            for name, facts in sample.facts.items()
            if facts.filled and EITHER.fullmatch(plain(name)) and not is_staff(name) and not is_somebody_else(name)
        ),
        "",
    )


def by_names(columns: list[str]) -> Rule:
    """The key of people whom only their names know; {} without columns."""
    return {"sql": f"nullif(lower(concat_ws(' ', {', '.join(map(text_of, columns))})), '')"} if columns else {}


def of_company_or_family(sample: Sample, rules: dict[str, Rule]) -> tuple[str, ...]:
    """Give the rules of a person the family name and the organisation from such a column; returns what it used."""
    column, given = company_or_family(sample), str(rules.get("given_name", {}).get("field", ""))
    both = next((name for name, facts in sample.facts.items() if facts.filled and GIVEN_OR_MORE.fullmatch(plain(name))), "")
    given = given or both
    if not column or not given or given == column:
        return ()
    person = f"{text_of(given)} IS NOT NULL"
    if given == both:  # it may go on with the name of a company
        person = f"({person} AND NOT {is_organisation(text_of(column))})"
        rules["given_name"] = {"sql": f"CASE WHEN {person} THEN {text_of(given)} END"}
    rules["family_name"] = {"sql": f"CASE WHEN {person} THEN {text_of(column)} END"}
    rules["organisation"] = {"sql": f"CASE WHEN NOT ({person}) THEN {text_of(column)} END"}
    rules.pop("full_name", None)
    return (column, given)

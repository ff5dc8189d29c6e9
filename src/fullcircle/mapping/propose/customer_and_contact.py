"""Rows that name the customer and, in some of them, its contact: `Klant` and `Contactpersoon`, `Customer` and `Contact`.

Where the contact is empty, the customer is who is named. See `with_customer_beside_contact`, and for lists
`company_of_contact`.
"""

from __future__ import annotations

from collections.abc import Collection

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import CUSTOMER_NAMES, is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.person_header import OF_THINGS_TOO
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Facts, Sample


def with_customer_beside_contact(
    engine: Engine | None, sample: Sample, rules: dict[str, Rule], taken: Collection[str], further: Collection[str] = ()
) -> tuple[str, str]:
    """Name the customer where the contact is empty: its column and a line on it, twice "" without one.

    `further` names of columns may name the customer, too.
    """
    contact = str(rules.get("full_name", {}).get("field", ""))
    facts = sample.facts.get(contact)
    if (
        engine is None
        or not sample.table
        or facts is None
        or facts.filled == sample.rows
        or rules["full_name"].keys() != {"field"}
    ):
        return "", ""
    known = {*CUSTOMER_NAMES, *words()["columns"]["orders"]["record_id"], *words()["columns"]["records"]["full_name"], *further}
    for column, each in sample.facts.items():
        if column in {contact, *taken} or plain(column) not in known or is_staff(column) or is_somebody_else(column):
            continue
        if not _are_names(each) or each.filled < sample.rows:
            continue
        name, person = text_of(column), text_of(contact)
        rules["full_name"] = {"sql": f"coalesce({person}, {name})"}
        if "organisation" not in rules:
            rules["organisation"] = {"sql": f"CASE WHEN lower({person}) <> lower({name}) THEN {name} END"}
        return column, f"{column}: the customer where {contact} is empty, and else the company of that contact"
    return "", ""


def company_of_contact(
    engine: Engine | None, sample: Sample, rules: dict[str, Rule], taken: Collection[str]
) -> tuple[str, list[str]]:
    """Of a list that names the customer and its contact, who the person is and what the company: a column and lines, or none."""
    named, said = with_customer_beside_contact(engine, sample, rules, taken, OF_THINGS_TOO)
    return (named, [said]) if named else with_company_of_contact(engine, sample, rules)


def with_company_of_contact(engine: Engine | None, sample: Sample, rules: dict[str, Rule]) -> tuple[str, list[str]]:
    """In a list of customers, `Customer` beside the `Full Name` of its contact: a company, where it is not that name again."""
    contact = str(rules.get("full_name", {}).get("field", ""))
    if engine is None or not sample.table or contact not in sample.facts or {"organisation", "given_name"} & rules.keys():
        return "", []
    for column, facts in sample.facts.items():
        if column == contact or plain(column) not in CUSTOMER_NAMES or not _are_names(facts) or not sample.unique(column):
            continue
        parts = "list_sort(regexp_extract_all(lower({}), '[\\pL\\pN]+'))"
        differs = f"{parts.format(text_of(column))} <> {parts.format(text_of(contact))}"
        if not engine.value(f"SELECT count(*) FILTER ({differs}) FROM {sample.table}"):
            continue
        rules["organisation"] = {"sql": f"CASE WHEN {differs} THEN {text_of(column)} END"}
        return column, [f"{column}: the company of {contact}, where it is not the same name"]
    return "", []


def _are_names(facts: Facts) -> bool:
    return max(facts.number, facts.email, facts.date, facts.phone, facts.answer) < 0.1

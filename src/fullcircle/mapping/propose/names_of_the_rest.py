"""Rows whose first and last name are empty, beside one column that names everybody: `Denominazione`, `Nazwa`, `Display name`.

There the names of people are in three columns, and those of companies in one: without it a company would have no name. See
`with_names_of_the_rest`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.company_beside_names import NAMES
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.person_header import OF_THINGS_TOO
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.whole_names import alternatives
from fullcircle.mapping.reading.organisations import is_organisation
from fullcircle.model.counting import counted

FEW = 0.1  # of the values may be numbers, dates or addresses
SAME = 0.8  # of the names beside a first and last name are the same person's
COMPANIES = 0.3  # of the names without these look like a company's: then all of them are


def with_names_of_the_rest(
    engine: Engine | None, sample: Sample, columns: Mapping[str, str], rules: dict[str, Rule]
) -> tuple[str, list[str]]:
    """Name whoever has no first and last name by the column that names everybody: that column and a line, ("", []) without."""
    parts = {"given_name", "family_name"}
    if engine is None or not sample.table or not parts <= columns.keys() or "full_name" in rules:
        return "", []
    given, family = (text_of(columns[one]) for one in ("given_name", "family_name"))
    company = text_of(columns["organisation"]) if "organisation" in columns else "NULL"
    nobody = f"coalesce({given}, {family}, {company}) IS NULL"
    for column in _able(sample, columns):
        name = text_of(column)
        bare = f"regexp_replace(lower({name}), '[^\\pL ]', ' ', 'g')"
        same = f"contains({bare}, regexp_replace(lower({family}), '[^\\pL ]', ' ', 'g'))"
        beside, own, rest, companies = engine.rows(
            f"SELECT count(*) FILTER ({family} IS NOT NULL), count(*) FILTER ({same}), count(*) FILTER ({nobody}), "
            f"count(*) FILTER ({nobody} AND {is_organisation(name)}) FROM {sample.table} WHERE {name} IS NOT NULL"
        )[0]
        if not rest or own < SAME * beside:
            continue
        as_companies = bool(companies >= COMPANIES * rest and "organisation" not in rules)
        rules["organisation" if as_companies else "full_name"] = {"sql": f"CASE WHEN {nobody} THEN {name} END"}
        whose = "a company" if as_companies else "somebody"
        return column, [f"{column}: the name of {whose} in {counted(int(rest), 'row')} without a first and last name"]
    return "", []


def _able(sample: Sample, columns: Mapping[str, str]) -> list[str]:
    """The columns that may name everybody."""
    known = words()["columns"]["records"]
    names = {*NAMES, *OF_THINGS_TOO, *known["full_name"], *known["organisation"]}
    return [
        column
        for column, facts in sample.facts.items()
        if facts.filled
        and column not in columns.values()
        and names & {plain(column), *alternatives(column)}
        and max(facts.number, facts.email, facts.date, facts.answer) <= FEW
        and not is_staff(column)
        and not is_somebody_else(column)
    ]

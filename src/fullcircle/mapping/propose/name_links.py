"""Proposes links by name, where no column holds the key: the company of a contact, the contact of a deal. Start at `named_in`.

The values of a column are compared with the names of the rows of another object of the same source. The link is made at the run
(by_name.py), only for names that one row alone has; the proposal says how many of the sampled values those are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.by_name import same_company, same_name
from fullcircle.mapping.propose.guess import is_named_beside_contact, is_somebody_else, is_staff, plain, singular, words
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.planner import Planner, ProposedMap, Role, Rule
from fullcircle.mapping.propose.profiles import ways
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import spoken

ENOUGH = {"accounts": 0.1, "records": 0.5}  # of the different values must be names of rows there
COMPANY = frozenset(
    ("account", "company", "organisation", "organization", "firma", "unternehmen", "empresa", "entreprise", "bedrijf")
)


@dataclass(frozen=True, slots=True)
class NamedIn:
    """A column that names rows of another object."""

    column: str
    rule: Rule
    evidence: str


def named_in(planner: Planner, role: Role, columns: Sequence[str], table: str, enough: float = 0) -> NamedIn | None:
    """The best link by name of one of the columns to an object that becomes rows of the table."""
    engine = planner.engine
    if engine is None or not role.sample.table:
        return None
    best: tuple[float, NamedIn] | None = None
    for column in dict.fromkeys(columns):
        facts = role.sample.facts.get(column)
        if not facts or not facts.filled or facts.email > 0.5:
            continue
        for target in planner.roles:
            names = _names(target, table) if target is not role and target.sample.source == role.sample.source else []
            if not names:
                continue
            value, more = _first(column, facts.parts)
            by_name = 0
            for there, by in _ways(target, table, names, enough):
                one, several, of, cells = _counted(engine, role.sample, column, value, target.sample, there, table)
                if by == "name":
                    by_name = one + several
                elif by_name and one + several <= by_name + _companies(planner, role, column, value):
                    continue  # the companies have rows of their own: what they buy is theirs, not that of one who works there
                least = (enough or ENOUGH[table]) * of
                if not of or not one or one + several < least or (best is not None and one / of <= best[0]):
                    continue
                said = f"{one:,} of {of:,} values of {role.sample.name}.{column} are the name of one row in {target.sample.name}"
                said += f"; {several:,} are the name of several, which are not linked" if several else ""
                said += f"; in {cells:,} rows {column} names several: the first is the link" if cells and more else ""
                rule = {
                    **({"sql": value} if more else {"field": column}),
                    "ref": planner.refer(role, target),
                    "by": by,
                }
                best = (one / of, NamedIn(column, rule, said))
    return best[1] if best else None


def link_account(planner: Planner, role: Role, people: ProposedMap) -> NamedIn | None:
    """The account of people by the name of their company, put into their map; None where a key links them, or no name does."""
    if "account_id" in people.fields:
        return None
    organisation = str(people.fields.get("organisation", {}).get("field", ""))
    used = {str(rule.get("field")) for name, rule in people.fields.items() if name != "organisation"}
    found = named_in(planner, role, [organisation, *company_columns(role.sample, used)], "accounts")
    if found:
        people.fields["account_id"] = found.rule
    return found


def company_columns(sample: Sample, leave: Iterable[str] = ()) -> list[str]:
    """The columns that may name the company of a person: `Account Name`, `Sales account`, `Firma`."""
    here = spoken(sample.found.name, tuple(each.name for each in sample.found.fields))
    known = {*words(here)["columns"]["records"]["organisation"], *words(here)["columns"]["records"]["account_id"]}
    left = {*leave}
    found = []
    for each in sample.found.fields:
        name = plain(each.name)
        about = name in known or name.removesuffix("_name").rpartition("_")[2] in COMPANY
        if about and each.name not in left and not is_like_a_key(each.name) and not is_staff(each.name):
            found.append(each.name)
    return found


def people_columns(sample: Sample, leave: Iterable[str] = ()) -> list[str]:
    """The columns that may name the person whose a row is: `Contact person`, `Related contacts`, `Customer name`."""
    known = {*words()["columns"]["orders"]["record_id"], *words()["columns"]["records"]["full_name"], "requester", "attendee"}
    left = {*leave}
    found = []
    for each in sample.found.fields:
        parts = plain(each.name).split("_")
        about = plain(each.name) in known or any(form in known and form != "name" for part in parts for form in singular(part))
        if about and each.name not in left and not is_staff(each.name) and not is_somebody_else(each.name):
            found.append(each.name)
    return found


def _first(column: str, parts: int) -> tuple[str, bool]:
    """SQL of the first of several names in a cell, and whether there are several."""
    if parts < 2:
        return quoted(column), False
    return f"nullif(trim(split_part(CAST({quoted(column)} AS VARCHAR), ';', 1)), '')", True


def _names(role: Role, table: str) -> list[str]:
    """SQL of the names by which rows of an object are known; none if it does not become rows of the table."""
    if role.known:
        spec: Mapping[str, Any] | None = next(
            (one["fields"] for one in role.profile().known.maps if one["to"] == table and not one.get("if_used")), None
        )
        rules = {name: found[0][0] for name, value in (spec or {}).items() if (found := ways(role.profile(), value))}
        columns = {name: str(rule["field"]) for name, rule in rules.items() if "field" in rule}
    else:
        columns = role.columns if role.table == table else {}
    there = {name: quoted(column) for name, column in columns.items() if column in role.sample.facts}
    if table == "accounts":
        return [there["name"]] if "name" in there else []
    names = [there["full_name"]] if "full_name" in there else []
    if {"given_name", "family_name"} <= there.keys():
        given, family = there["given_name"], there["family_name"]
        names += [
            f"{given} || ' ' || {family}",
            f"{family} || ', ' || {given}",
            f"{family} || ' ' || {given}",
            f"{family} || {given}",
            f"left({given}, 1) || '. ' || {family}",
        ]
    return names


def _ways(role: Role, table: str, names: list[str], enough: float) -> list[tuple[list[str], str]]:
    """The names to look for, and what a rule calls them: those of the people, and of the companies whose contacts they are."""
    if company := _company_beside_contact(role, table):
        return [(names + company, "organisation")]
    company_of = role.columns.get("organisation", "") if table == "records" and not role.known and enough else ""
    return [(names, "name"), *([([*names, quoted(company_of)], "organisation")] if company_of in role.sample.facts else [])]


def _companies(planner: Planner, role: Role, column: str, value: str) -> int:
    """How many values of a column are the names of companies in another object of the source."""
    assert planner.engine is not None
    found = [0]
    for target in planner.roles:
        names = _names(target, "accounts") if target is not role and target.sample.source == role.sample.source else []
        if names:
            one, several, *_ = _counted(planner.engine, role.sample, column, value, target.sample, names, "accounts")
            found.append(one + several)
    return max(found)


def _company_beside_contact(role: Role, table: str) -> list[str]:
    """SQL of the name of the customer, where a list has it beside the name of its contact."""
    customer, given = role.columns.get("organisation", ""), role.columns.get("given_name", "")
    if role.known or table != "records" or not customer or not is_named_beside_contact(customer, given):
        return []
    return [quoted(customer)]


def _counted(
    engine: Engine, sample: Sample, column: str, value: str, target: Sample, names: Sequence[str], table: str
) -> tuple[int, int, int, int]:
    """How many different values are the name of one row, of several, how many there are; and rows with several names."""
    same = same_company if table == "accounts" else same_name
    asked = f"SELECT DISTINCT {same(value)} AS v FROM {sample.table} WHERE {quoted(column)} IS NOT NULL"
    there = " UNION ALL ".join(f"SELECT rowid AS r, {same(name)} AS n FROM {target.table}" for name in names)
    (one, several, of) = engine.rows(
        f"SELECT count(*) FILTER (rows = 1), count(*) FILTER (rows > 1), count(*) FROM (SELECT v, count(DISTINCT r) AS rows "
        f"FROM ({asked}) LEFT JOIN ({there}) ON n = v WHERE v IS NOT NULL GROUP BY v)"
    )[0]
    cells = engine.value(f"SELECT count(*) FROM {sample.table} WHERE contains({quoted(column)}, ';')")
    return int(one), int(several), int(of), int(cells)

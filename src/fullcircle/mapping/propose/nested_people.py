"""Companies whose people are a list in each of them, as some CRMs write JSON: `contacts: [{"name": ..., "emails": [...]}]`.

The rows become accounts, and each element of the list a record that belongs to its account. Start at `people_inside`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.engine.base import quoted
from fullcircle.mapping.propose.guess import columns_of, named, plain
from fullcircle.mapping.propose.planner import LIKELY, Planner, Proposed, ProposedMap, Role, Rule

OF_ITS_OWN = {"given_name", "family_name", "email", "phone", "birth_date"}
MOST = 4  # e-mails or phones of one person that are read
VALUES = ("email", "phone", "number", "value", "address", "email_address", "phone_number")


def people_inside(planner: Planner, role: Role) -> Proposed | None:
    """The proposal for an object whose rows have no e-mail or phone of their own, but a list of people; None if it is not one."""
    sample, engine = role.sample, planner.engine
    if engine is None or not sample.table or role.known or role.table not in {"records", "accounts"}:
        return None
    if OF_ITS_OWN & columns_of(sample.found, "records", sample.facts).keys():
        return None
    for column in sample.facts:
        if named(column) != "records" or re.search(r'["\\.\[\]]', column):
            continue
        name = quoted(column)
        parsed = f"json_group_structure(CASE WHEN json_valid({name}) THEN CAST({name} AS JSON) END)"
        structure = json.loads(engine.value(f"SELECT {parsed} FROM {sample.table}") or "null")
        if isinstance(structure, list) and structure and isinstance(structure[0], dict) and (paths := _paths(structure[0])):
            return _proposal(planner, role, column, paths)
    return None


def _paths(element: dict[str, Any]) -> dict[str, str]:
    """Column -> its path in an element; none if there is no name or nothing to recognise somebody by."""
    paths: dict[str, str] = {}
    for key, value in element.items():
        if re.search(r'["\\.\[\]]', key) or not key:
            continue
        if isinstance(value, str) and value != "NULL":
            paths[key] = key
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            inner = next((one for one in value[0] if plain(one) in VALUES), "")
            paths |= {key: f"{key}[*].{inner}"} if inner else {}
        elif isinstance(value, list) and value and isinstance(value[0], str) and value[0] != "NULL":
            paths[key] = f"{key}[0]"
    chosen = columns_of(FoundObject("contacts", (), tuple(FoundField(one) for one in paths)), "records")
    found = {column: paths[key] for column, key in chosen.items() if column not in {"account_id", "updated_at", "organisation"}}
    key = next((one for one in paths if plain(one) in {"id", "contact_id", "uuid", "person_id"}), "")
    enough = {"full_name", "given_name"} & found.keys() and {"email", "phone"} & found.keys()
    return found | ({"key": key} if key else {}) if enough else {}


def _proposal(planner: Planner, role: Role, column: str, paths: dict[str, str]) -> Proposed:
    sample, key = role.sample, role.key
    own: dict[str, Rule] = {"key": {"field": key}} if key and list(sample.found.key) != [key] else {}
    companies = columns_of(sample.found, "accounts", sample.facts, leave={key})
    made = Proposed(sample, "companies with their people", LIKELY)
    rules: dict[str, Rule] = {name: {"field": one} for name, one in companies.items() if one != column}
    people: dict[str, Rule] = {name: {"field": path} for name, path in paths.items()}
    if "name" in rules:
        made.maps.append(ProposedMap("accounts", {**own, **rules}))
        people |= {"account_id": {"field": f"$.{key}", "ref": sample.name}} if key else {}
        people["organisation"] = {"field": f"$.{rules['name']['field']}"}
    made.maps.append(ProposedMap("records", people, each=column))
    whose: Rule = {"field": paths.get("key", ""), "ref": sample.name}
    for kind in ("email", "phone") if whose["field"] else ():
        for number in range(1, MOST) if "[*]" in paths.get(kind, "") else ():
            value: Rule = {"field": paths[kind].replace("[*]", f"[{number}]")}
            fields: dict[str, Rule] = {"record_id": whose, "kind": {"value": kind}, "value": value}
            made.maps.append(ProposedMap("identifiers", fields, key=f"{kind}-{number + 1}", each=column))
    made.evidence.append(f"the people are a list in {column}: each of them becomes a record")
    used = {column, key, *companies.values()}
    made.left = [one.name for one in sample.found.fields if one.name not in used]
    if not key:
        made.notes.append("no key was found: a changed row is a new one, and nothing can point to it")
    lists = [f"{one} (tickets, deals or others inside)" for one in made.left if planner.engine and _is_list(planner, role, one)]
    made.notes += [f"not read: {', '.join(lists)}"] if lists else []
    return made


def _is_list(planner: Planner, role: Role, column: str) -> bool:
    if planner.engine is None or column not in role.sample.facts:
        return False
    begins = f"regexp_matches({quoted(column)}, '^\\s*\\[\\s*\\{{')"
    return bool(planner.engine.value(f"SELECT coalesce(bool_or({begins}), false) FROM {role.sample.table}"))

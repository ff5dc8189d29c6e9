"""People whose values are nested in JSON: objects in objects, and lists of objects (`FEATURES: [{"NAME_FIRST": ...}, ...]`).

Each value inside has a path that the mapping speaks (`address.city`, `FEATURES[*].NAME_FIRST`). Paths get the names by which
fields are known, and become people; what a list holds several of becomes an `each` over it. Start at `nested`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.fields import json_path
from fullcircle.mapping.propose.grain import number_in
from fullcircle.mapping.propose.guess import columns_of, is_somebody_else, is_staff, plain, words
from fullcircle.mapping.propose.links import key_of
from fullcircle.mapping.propose.planner import LIKELY, Planner, Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

BEGINS = r'^(\[\s*[{"\]]|\{)'  # how a value of JSON begins
MOST = 300  # names in one column; more are not names but keys of a dictionary
DEPTH = 3
NAMES = {"given_name", "family_name", "full_name", "organisation", "email"}
PLACE = ("street", "city", "postcode", "region", "country")
STREETS = {"full_address", "address_full", "formatted_address", "address_formatted"}
FIRST_LINES = {"address_line1", "address_line_1", "address1", "street_line1", "line1"}
OTHERS = re.compile(r"(^|_)(shipping|delivery|recipient|ship_to|spouse|parent|emergency|assistant|referrer)(_|$)")
VALUES = {"value", "number", "address"}  # what is in `emails: [{"value": ...}]` is called by the list
PLACES = {"address", "addresses", "addr", "location"}
TYPES = {"record_type", "entity_type", "customer_type", "party_type"}
PERSON, ORGANISATION = {"person", "individual", "private"}, {"organization", "organisation", "company", "business"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value inside JSON."""

    field: str  # its path from the record
    within: str  # the path of the list whose elements have it; "" outside of lists
    path: str  # its path in the element, or from the record
    name: str  # what it is called, in words that are known where there are such


def nested(planner: Planner, sample: Sample) -> Proposed | None:
    """The proposal for an object that is none by its own columns, but has people inside; None if it has not."""
    if planner.engine is None or not sample.table:
        return None
    leaves = [leaf for column in of_json(planner.engine, sample) for leaf in leaves_of(planner.engine, sample, column)]
    leaves = [one for one in leaves if not is_of_others(one.field)]
    columns = buyer_columns(sample.name, leaves)
    if not NAMES & columns.keys():
        return None
    key = key_of(sample, "records", planner.engine, planner.samples)
    made = Proposed(sample, "people", LIKELY, _maps(planner.engine, sample, key, columns, leaves))
    inside = sorted({plain_root(one.field) for one in leaves})
    made.evidence.append(f"the people are nested in {', '.join(inside)}: each row has objects there")
    if not key:
        made.notes.append("no key was found: a changed row is a new record, and nothing can point to it")
    made.notes += _unread_money(planner.engine, sample, leaves)
    used = {name for one in made.maps for rule in one.fields.values() for name in _named(rule)}
    made.left = [one.field for one in leaves if not {one.field, one.path} & used]
    made.left += [name for name in sample.facts if name != key and name not in inside]
    return made


def is_of_others(field: str) -> bool:
    """True for what is in, or is called like, an object of staff or of another person: `profile.spouse.email`."""
    whole = re.sub(r"\W+", " ", field)
    return is_staff(whole) or is_staff(field) or is_somebody_else(whole) or bool(OTHERS.search(plain(whole)))


def buyer_columns(name: str, leaves: Sequence[Leaf]) -> dict[str, Leaf]:
    """The columns of a person among the values. Rows differ in what they have: a whole name counts beside its parts."""
    by_name = {one.name: one for one in reversed(leaves)}
    synonyms: dict[str, list[str]] = words()["columns"]["records"]
    if len(by_name.keys() & set(synonyms["organisation"])) > 1:
        by_name.pop("employer", None)  # where an organisation has a name of its own
    chosen = columns_of(FoundObject(name, (), tuple(FoundField(each) for each in by_name)), "records")
    whole = next((each for each in synonyms["full_name"] if each in by_name and each not in chosen.values()), "")
    if whole:
        chosen.setdefault("full_name", whole)
    return {column: by_name[each] for column, each in chosen.items() if column not in {"account_id", "updated_at"}}


def _unread_money(engine: Engine, sample: Sample, leaves: Sequence[Leaf]) -> list[str]:
    """A line on money beside the people inside, which counts nowhere: orders as some APIs answer."""
    known = words()["columns"]["orders"]["amount"]
    able = {plain(one.path.split(".")[-1]): one for one in leaves if not one.within and one.path.count(".") <= 1}
    money = next((able[word] for word in known if word in able), None)
    if money is None:
        return []
    sum_ = number_in(text_at(money.field))
    count, total = engine.rows(f"SELECT count(*), coalesce(sum({sum_}), 0) FROM {sample.table} WHERE {sum_} > 0")[0]
    return [
        f"{LOOK}{money.field} ({total:,.2f} in {counted(count, 'row')}, as it is written) may be what these people paid, and "
        'counts nowhere. If each row is an order, map them with to = "orders" too'
    ] if count else []  # fmt: skip


def plain_root(field: str) -> str:
    """The landed column of a path."""
    return re.split(r"[.\[]", field, maxsplit=1)[0]


def _named(rule: Rule) -> list[str]:
    return [rule.get("field", ""), *rule.get("fields", [])]


# -- what is inside ---------------------------------------------------------------------------------------------------------
def of_json(engine: Engine, sample: Sample) -> list[str]:
    """The columns most of whose values begin as objects or lists in JSON do; one query for all columns."""
    columns = [name for name, facts in sample.facts.items() if facts.filled]
    if not columns:
        return []
    cells = f"UNPIVOT {sample.table} ON {', '.join(map(quoted, columns))} INTO NAME name VALUE value"
    like = f"count(*) FILTER (regexp_matches(value, '{BEGINS}')) >= 0.9 * count(*)"
    found = {name for (name,) in engine.rows(f"SELECT name FROM ({cells}) GROUP BY name HAVING {like}")}
    return [name for name in columns if name in found]


def leaves_of(engine: Engine, sample: Sample, column: str) -> list[Leaf]:
    """The values inside a column of JSON; none if it is not one."""
    name = quoted(column)
    if not json_path(column) or not sample.facts[column].filled or re.search(r'["\\.]', column):
        return []
    begins = f"count(*) FILTER (regexp_matches({name}, '{BEGINS}')), count({name})"
    like, filled = engine.rows(f"SELECT {begins} FROM {sample.table}")[0]
    if like < filled * 0.9:
        return []
    parsed = f"json_group_structure(CASE WHEN json_valid({name}) THEN CAST({name} AS JSON) END)"
    (structure,) = engine.rows(f"SELECT {parsed} FROM {sample.table}")[0]
    found = list(_walk(json.loads(structure), column, "", "", 0)) if structure else []
    return found if len(found) <= MOST else []


def text_at(field: str) -> str:
    """SQL for the value at a path that begins with a landed column."""
    root, _, rest = field.partition(".")
    value = f"json_extract_string({quoted(root)}, {literal(json_path(rest))})"
    return f"CASE WHEN json_valid({quoted(root)}) THEN nullif(trim({value}), '') END"


def _walk(structure: Any, field: str, within: str, path: str, depth: int) -> Iterator[Leaf]:
    """Follow objects, and one list of objects."""
    if isinstance(structure, str):
        if structure != "NULL" and (path or within):
            yield Leaf(field, within, path or ".", _name(field))
    elif isinstance(structure, list) and structure and isinstance(structure[0], dict) and not within:
        yield from _walk(structure[0], f"{field}[*]", field, "", depth)
    elif isinstance(structure, list) and structure and isinstance(structure[0], str) and not within:
        if structure[0] != "NULL":  # a list of texts: phones, e-mails
            yield Leaf(f"{field}[*]", field, ".", _name(field))
    elif isinstance(structure, dict) and depth < DEPTH:
        for key, value in structure.items():
            if not re.search(r'["\\.\[\]]', key) and key:
                inner = f"{path}.{key}" if path else key
                yield from _walk(value, f"{field}.{key}", within, inner, depth + 1)


def _name(field: str) -> str:
    """What a path is called: its last name as it is known, or its words turned round (`NAME_FIRST`), or with the name before."""
    names = [plain(one) for one in re.split(r"\.|\[\*\]", field) if one]
    last, before = names[-1].split("_"), names[-2] if len(names) > 1 else ""
    tries = [before, before.removesuffix("s"), before.removesuffix("es")] if names[-1] in VALUES and before not in PLACES else []
    tries += ["_".join(last), "_".join([*last[1:], last[0]])]
    tries += ["_".join(["address", *last[1:]])] if last[0] == "addr" else []
    tries += ["_".join(last[1:])] if last[0] in {"addr", "address", "name", "contact", "primary", "billing", "home"} else []
    tries += [f"{before}_{names[-1]}", f"{names[-1]}_{before}"]
    known = _known()
    return next((one for one in tries if one in known), names[-1])


def _known() -> set[str]:
    columns: dict[str, list[str]] = words()["columns"]["records"]
    identifiers: dict[str, list[str]] = words()["identifiers"]
    listed = [*columns.values(), *identifiers.values()]
    return {one for synonyms in listed for one in synonyms} | STREETS | TYPES


# -- the maps ---------------------------------------------------------------------------------------------------------------
def _maps(engine: Engine, sample: Sample, key: str, columns: dict[str, Leaf], leaves: Sequence[Leaf]) -> list[ProposedMap]:
    own: dict[str, Rule] = {"key": {"field": key}} if key and list(sample.found.key) != [key] else {}
    place = {name: columns[name] for name in PLACE if name in columns}
    listed = {leaf.within for leaf in place.values()} - {""}
    fields: dict[str, Rule] = {
        name: {"field": leaf.field} for name, leaf in columns.items() if not (name in place and leaf.within and key)
    }
    maps = [ProposedMap("records", {**own, **_kind(engine, sample, leaves), **fields})]
    if not key:
        return maps
    for within in sorted(listed):
        rules: dict[str, Rule] = {name: {"field": leaf.path} for name, leaf in place.items() if leaf.within == within}
        streets = [
            leaf.path
            for leaf in leaves
            if leaf.within == within and (leaf.name in STREETS | FIRST_LINES or leaf == place.get("street"))
        ]
        if len(streets) > 1:  # an element has either the one or the other
            rules["street"] = {"fields": streets}
        maps.append(ProposedMap("addresses", {**_whose(sample, key, within), **rules}, each=within))
    return maps + [_identifier(sample, key, kind, leaf) for kind, leaf in _identifiers(columns, leaves)]


def _whose(sample: Sample, key: str, within: str) -> dict[str, Rule]:
    return {"record_id": {"field": f"$.{key}" if within else key, "ref": sample.name}}


def _identifiers(columns: dict[str, Leaf], leaves: Sequence[Leaf]) -> Iterator[tuple[str, Leaf]]:
    """Each further identifier, and those of a list, of which there may be several."""
    for kind, synonyms in words()["identifiers"].items():
        for leaf in leaves:
            first = leaf == columns.get(kind)
            if (leaf.name in synonyms and not first) or (first and leaf.within):
                yield kind, leaf


def _identifier(sample: Sample, key: str, kind: str, leaf: Leaf) -> ProposedMap:
    fields: dict[str, Rule] = {
        **_whose(sample, key, leaf.within),
        "kind": {"value": kind},
        "value": {"field": leaf.path if leaf.within else leaf.field},
    }
    return ProposedMap("identifiers", fields, key=plain(leaf.field), each=leaf.within)


def _kind(engine: Engine, sample: Sample, leaves: Sequence[Leaf]) -> dict[str, Rule]:
    """A person or an organisation, where a value says so in every row that has it."""
    leaf = next((one for one in leaves if one.name in TYPES), None)
    if not leaf:
        return {}
    root = plain_root(leaf.field)
    path = "$" + json_path(leaf.field).removeprefix(f'$."{root}"')
    values = f"json_extract_string({quoted(root)}, {literal(path)})"
    listed = f"unnest({values})" if "[*]" in path else values
    values = f"SELECT {listed} AS v FROM {sample.table} WHERE json_valid({quoted(root)})"
    found = engine.rows(f"SELECT DISTINCT v FROM ({values}) WHERE v IS NOT NULL")
    kinds = {str(v): "person" if str(v).lower() in PERSON else "organisation" for (v,) in found}
    if not kinds or any(value.lower() not in PERSON | ORGANISATION for value in kinds):
        return {}
    return {"kind": {"field": leaf.field, "map": kinds}}

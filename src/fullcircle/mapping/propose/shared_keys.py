"""People who share an e-mail or a phone: on the rows of orders, bookings and tickets they are known by it and by their name.

A family has one address. Known by it alone, two people would be one with the orders of both; known by their name too, they are
two records, and identity decides who is who: spellings of one name meet again there. Start at `keep_apart`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.same_name import are_different, words_of_name

MOST_SHARED = 500  # addresses that are looked at
NAMES = ("given_name", "family_name", "full_name")


def keep_apart(engine: Engine, made: Sequence[Proposed]) -> None:
    """Where rows with one e-mail or phone have clearly different names, the name becomes a part of the key of their people."""
    for one in made:
        people = [each for each in one.maps if each.to == "records" and "key" in each.fields and one.sample.table]
        for each in people if any(other.to not in {"records", "identifiers"} for other in one.maps) else ():
            _keep_apart(engine, made, one, each)


def _keep_apart(engine: Engine, made: Sequence[Proposed], one: Proposed, people: ProposedMap) -> None:
    columns = [name for name in _columns(people, NAMES) if name in one.sample.facts]
    keys = [name for name in _columns(people, ("email", "phone")) if name in one.sample.facts]
    text = _key_text(people.fields["key"])
    parts = [part for name in keys for part in (f"lower({text_of(name)})", text_of(name)) if part in text]
    if not columns or not parts:
        return
    shared = _shared(engine, one.sample, parts[0], columns)
    if not shared:
        return
    said = f"{shared:,} of its values {'is' if shared == 1 else 'are'} shared by people of clearly different names"
    column = next(name for name in keys if text_of(name) in parts[0])
    if _is_pointed_to(made, one):
        one.notes.append(f"{column}: {said}. Other objects point to it, so each value stays one record: look at these people")
        return
    by_name = f"{parts[0]} || coalesce(' ' || nullif({words_of_name(columns)}, ''), '')"
    new: Rule = {"sql": text.replace(parts[0], f"({by_name})")}
    for each in one.maps:
        for name, rule in each.fields.items():
            if name == "key" and each.to in {"records", "consents"} and _key_text(rule) == text:
                each.fields[name] = new
            elif rule.get("otherwise") == text:
                each.fields[name] = {**rule, "otherwise": new["sql"]}
            elif rule.get("ref") == one.sample.name and name == "record_id" and _key_text(rule) == text:
                each.fields[name] = {**{key: value for key, value in rule.items() if key not in {"field", "sql"}}, **new}
    one.evidence.append(f"{column}: {said}; people are known by it and by their name ({' and '.join(columns)})")


def _columns(people: ProposedMap, names: Iterable[str]) -> list[str]:
    """The columns that the rules of some fields read, as far as these are plain ones."""
    rules = [people.fields[name] for name in names if name in people.fields]
    found = [name for rule in rules for name in [rule.get("field", ""), *rule.get("fields", [])] if name]
    found += [name.replace('""', '"') for rule in rules for name in re.findall(r'"((?:[^"]|"")+)"', rule.get("sql", ""))]
    return list(dict.fromkeys(found))


def _key_text(rule: Rule) -> str:
    """The rule of a key as SQL; "" for one of several fields."""
    return str(rule.get("sql") or (text_of(rule["field"]) if "field" in rule and "map" not in rule else ""))


def _shared(engine: Engine, sample: Sample, key: str, columns: Sequence[str]) -> int:
    """How many values of a key have rows with clearly different names."""
    name = words_of_name(columns)
    rows = engine.rows(
        f"SELECT list(DISTINCT name ORDER BY name) FROM (SELECT {key} AS k, {name} AS name FROM {sample.table}) "
        f"WHERE k IS NOT NULL AND name <> '' GROUP BY k HAVING count(DISTINCT name) > 1 ORDER BY count(*) DESC, 1 "
        f"LIMIT {MOST_SHARED}"
    )
    return sum(any(are_different(*two) for two in combinations(names[:20], 2)) for (names,) in rows)


def _is_pointed_to(made: Sequence[Proposed], one: Proposed) -> bool:
    """True if another object refers to the records of this one by their key."""
    names = {one.sample.name, f"{one.sample.source}.{one.sample.name}"}
    rules = [
        rule for each in made if each is not one for map_ in each.maps
        for name, rule in map_.fields.items() if name == "record_id"
    ]  # fmt: skip
    return any(rule.get("ref") in names and not rule.get("by") for rule in rules)

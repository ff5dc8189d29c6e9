"""Proposes [[map]] sections for sources: valid TOML, with comments that say how sure it is, why, and what was left out.

It judges the names of fields in several languages and, where rows were sampled, their values: shapes, keys, and which column
points to which. Values of people never appear in the proposal; a few names of companies do, to be looked at. A person should
check and correct it. Start at `suggest`; plan.py decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from fullcircle.connectors.base import FoundObject
from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.plan import Proposed, ProposedMap, Rule, plan
from fullcircle.mapping.propose.sample import Sample, names_only


def suggest(source: str, connector_name: str, found: list[FoundObject]) -> str:
    """The TOML text for the objects of one source by their names alone, or "" if there are none."""
    return text_of(source, connector_name, plan(names_only(source, found), None))


def propose(samples: Sequence[Sample], engine: Engine) -> list[Proposed]:
    """What is proposed for the objects of all sources together."""
    return plan(samples, engine)


def text_of(source: str, connector_name: str, proposed: Sequence[Proposed], mapped: Collection[str] = ()) -> str:
    """The TOML text for one source; objects that are `mapped` already by hand are only named. "" if there are none."""
    ours = [one for one in proposed if one.sample.source == source]
    if not ours:
        return ""
    heading = (
        f"# Proposed from the fields of {source} ({connector_name}). Check and correct it before the next `fullcircle run`.\n"
    )
    return heading + "\n" + "\n".join(_object(one, one.sample.name in mapped) for one in ours)


def _object(one: Proposed, by_hand: bool) -> str:
    source, name = one.sample.source, one.sample.name
    if by_hand:
        return _comment(f"{source}.{name} has maps in this file already: they are kept, and nothing is proposed")
    if one.sample.problem:
        return _comment(f"{source}.{name} could not be read: {one.sample.problem}")
    if not one.maps:
        fields = ", ".join(field.name for field in one.sample.found.fields)
        text = f"{source}.{name} is not mapped. Fields: {fields}"
        return _comment(text) + "".join(_comment(note) for note in one.notes)
    text = _comment(f"{source}.{name}: {one.what} ({one.sure})")
    text += "".join(_comment(f"  {said}") for said in dict.fromkeys(one.evidence))
    text += "\n".join(_map(source, name, each) for each in one.maps)
    text += "".join(_comment(note) for note in dict.fromkeys(one.notes))
    return text + (_comment(f"not used: {', '.join(one.left)}") if one.left else "")


def as_data(one: Proposed) -> dict[str, Any]:
    """A proposal as JSON can hold it."""
    return {
        "source": one.sample.source,
        "object": one.sample.name,
        "is": one.what,
        "sure": one.sure if one.maps else "",
        "evidence": list(dict.fromkeys(one.evidence)),
        "notes": list(dict.fromkeys(one.notes)),
        "not_used": one.left,
        "maps": [
            {"to": each.to, "key": each.key, "where": each.where, "each": each.each, "staff": each.staff, "fields": each.fields}
            for each in one.maps
        ],
    }


def _comment(text: str) -> str:
    return "# " + re.sub(r"[\x00-\x1f\x7f]", " ", text) + "\n"


# -- TOML -----------------------------------------------------------------------------------------------------------------
def _map(source: str, name: str, one: ProposedMap) -> str:
    lines = ["[[map]]", f"source = {_quoted(source)}", f"object = {_quoted(name)}", f"to = {_quoted(one.to)}"]
    lines += [f"where = {_quoted(one.where)}"] if one.where else []
    lines += [f"key = {_quoted(one.key)}"] if one.key else []
    lines += [f"staff = {_value(one.staff)}"] if one.staff else []
    lines += [f"dates = {_quoted(one.dates)}"] if one.dates else []
    lines += [f"each = {_quoted(one.each)}"] if one.each else []
    lines += ["[map.fields]", *(f"{column} = {_rule(rule)}" for column, rule in one.fields.items())]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> str:
    if rule.keys() == {"field"}:
        return _quoted(rule["field"])
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in rule.items() if value != "") + " }"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(str(old))} = {_quoted(str(new))}" for old, new in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_quoted(str(one)) for one in value) + "]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """A TOML basic string; the escapes are those of JSON, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

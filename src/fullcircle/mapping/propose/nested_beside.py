"""People with columns of their own and JSON beside them: `firstName`, and `emails: [{"value": ...}]`, `address: {"city": ...}`.

The JSON is taken away before the columns are judged, so that no whole object becomes an e-mail or a street; afterwards its
values fill what the columns left open. Start at `apart` and `with_inside`.
"""

from __future__ import annotations

from dataclasses import replace

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import guess, is_somebody_else, is_staff, plain
from fullcircle.mapping.propose.nested import Leaf, buyer_columns, is_of_others, leaves_of, of_json
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import recognise
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.several import is_receiver

OWN = {"given_name", "family_name", "full_name", "email"}
INSIDE = ("email", "phone", "birth_date", "street", "city", "postcode", "region", "country")
NAMES = ("given_name", "family_name", "full_name", "organisation")
KINDS = ("email", "phone")


def apart(engine: Engine | None, sample: Sample) -> tuple[Sample, list[Leaf]]:
    """The object without its columns of JSON, and the values inside; as it is, where it is not people with some beside."""
    if engine is None or not sample.table or recognise(sample):
        return sample, []
    inside = {column: found for column in of_json(engine, sample) if (found := leaves_of(engine, sample, column))}
    if not inside:
        return sample, []
    flat = replace(
        sample,
        found=replace(sample.found, fields=tuple(one for one in sample.found.fields if one.name not in inside)),
        facts={name: facts for name, facts in sample.facts.items() if name not in inside},
    )
    ours = guess(flat.found, flat.facts)
    if ours is None or ours.table != "records" or not OWN & ours.columns.keys():
        return sample, []
    others = {name for name in inside if is_staff(name) or is_somebody_else(name) or is_receiver(name)}
    leaves = [one for name, found in inside.items() if name not in others for one in found if not is_of_others(one.field)]
    inside_of = buyer_columns(sample.name, leaves)
    nameless = not {*NAMES} & ours.columns.keys() and "email" in ours.columns
    named = nameless and any(one in inside_of and not inside_of[one].within for one in NAMES)
    return (flat, leaves) if named or {*INSIDE} & inside_of.keys() else (sample, [])


def with_inside(made: Proposed, leaves: list[Leaf]) -> None:
    """Fill from the JSON what the columns of a person left open; each further e-mail and phone of a list is an identifier."""
    people = next((one for one in made.maps if one.to == "records"), None)
    if people is None or not leaves:
        return
    chosen = buyer_columns(made.sample.name, leaves)
    used = []
    parts = {"given_name", "family_name"} & people.fields.keys()
    names = () if "full_name" in people.fields else [one for one in NAMES if not parts or one != "full_name"]
    for column in (*INSIDE, *(one for one in names if one in chosen and not chosen[one].within)):
        if column in chosen and column not in people.fields:
            people.fields[column] = {"field": chosen[column].field}
            used.append(chosen[column])
    key = str(people.fields.get("key", {}).get("field", "")) or "".join(made.sample.found.key[:1])
    for leaf in leaves if key else ():
        kind = next((kind for kind in KINDS if leaf.within and chosen.get(kind) == leaf), "")
        if kind:
            whose: Rule = {"field": f"$.{key}", "ref": made.sample.name}
            fields: dict[str, Rule] = {"record_id": whose, "kind": {"value": kind}, "value": {"field": leaf.path}}
            made.maps.append(ProposedMap("identifiers", fields, key=plain(leaf.field), each=leaf.within))
            used.append(leaf)
    if used:
        made.evidence.append(f"inside JSON: {', '.join(sorted({one.field for one in used}))}")
    made.left += [one.field for one in leaves if one not in used]

"""A customer of their own of each member for whom somebody else pays: `Nom adhérent` beside `Email payeur`. See `with_members`.

The payer is who ordered. The member has what is beside them, and the payer's e-mail only where both have the same name.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import columns_of, is_staff
from fullcircle.mapping.propose.payers import BESIDE, NAMES, of_members, payers
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.several import is_receiver
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted


def with_members(engine: Engine | None, made: Proposed) -> None:
    """Add the members of rows whose people are payers; says how many are somebody else than who pays."""
    people = next((one for one in made.maps if one.to == "records"), None)
    if engine is None or not made.sample.table or people is None or people.each:
        return
    email = str(people.fields.get("email", {}).get("field", ""))
    paying = {one: rule for one in NAMES if (rule := people.fields.get(one)) and payers([_first(rule)])}
    if not payers([email]) or not paying:
        return
    theirs = _columns(made, {_first(rule) for rule in people.fields.values()})
    names = {one: theirs[one] for one in NAMES if one in theirs}
    if not names:
        return
    name, payer = _name([text_of(names[one]) for one in NAMES if one in names]), _name([_text(paying[one]) for one in paying])
    same, mail = f"{_bare(name)} = {_bare(payer)}", f"lower({text_of(email)})"
    fields: dict[str, Rule] = {kind: {"field": column} for kind, column in theirs.items()}
    fields = {"key": {"sql": f"lower(concat_ws(' | ', {name}, {mail}))"}, **fields}
    fields["email"] = {"sql": f"CASE WHEN {same} THEN {text_of(email)} END"}
    where = f"{name} IS NOT NULL"
    made.maps.insert(made.maps.index(people) + 1, ProposedMap("records", fields, where=where))
    others = int(engine.value(f"SELECT count(*) FILTER (coalesce(NOT ({same}), false)) FROM {made.sample.table}") or 0)
    shown = " and ".join(names.values())
    made.notes.append(
        f"{LOOK}{email} is of who pays and ordered; {shown} name the member, a customer of their own, with what is beside them"
        + (f" ({', '.join(theirs[one] for one in BESIDE if one in theirs)})" if {*BESIDE} & theirs.keys() else "")
        + f": {counted(others, 'row')} of {made.sample.rows:,} name somebody else than who pays"
    )
    made.left = [one for one in made.left if one not in theirs.values()]
    made.notes = [
        one for one in made.notes if not any(one.startswith(f"{each} is about another person") for each in names.values())
    ]


def _columns(made: Proposed, taken: set[str]) -> dict[str, str]:
    """What the member has: its own columns, and those beside that do not say whose they are."""
    sample = made.sample
    bare = {
        short: name
        for short, name in of_members(sample.found, sample.facts).items()
        if name not in taken and not is_staff(name) and not (is_receiver(name) and short.split("_")[-1] in name)
    }
    facts = {short: sample.facts[name] for short, name in bare.items() if name in sample.facts}
    found = columns_of(FoundObject("people", (), tuple(FoundField(short) for short in bare)), "records", facts)
    return {kind: bare[found[kind]] for kind in (*NAMES, *BESIDE) if kind in found}


def _first(rule: Mapping[str, object]) -> str:
    fields = rule.get("fields")
    return str(rule.get("field") or (fields[-1] if isinstance(fields, list | tuple) and fields else ""))


def _text(rule: Mapping[str, object]) -> str:
    return text_of(_first(rule))


def _name(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"nullif(concat_ws(' ', {', '.join(parts)}), '')"


def _bare(name: str) -> str:
    """SQL: a name for comparison, whatever the order of its words."""
    return f"list_sort(string_split(trim(regexp_replace(lower(strip_accents({name})), '[^\\pL]+', ' ', 'g')), ' '))"

"""A proposal points only to what it makes: what `map check` would refuse is taken out, and said. See `point_only_there`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.validate import OWN_RECORD
from fullcircle.model.tables import CONFORMED

Made = set[tuple[str, str, str]]  # source, object, table


def point_only_there(made: Sequence[Proposed]) -> None:
    """Take out references to rows that no map makes, and maps that cannot be without them; until none is left."""
    gone = True
    while gone:
        there: Made = {(one.sample.source, one.sample.name, each.to) for one in made for each in one.maps}
        gone = any([_mended(one, there) for one in made])


def _mended(made: Proposed, there: Made) -> bool:
    """True if something of a proposal pointed to nothing; it is without that now."""
    kept, gone = [], False
    for one in made.maps:
        lost = [name for name in _references(one) if not _is_there(made, one, name, there)]
        needed = [name for name in lost if _is_needed(one, name)]
        for name in lost:
            one.fields.pop(name, None)
        if not needed:
            kept.append(one)
        if lost:
            gone = True
            made.notes.append(_said(one, lost, bool(needed)))
    made.maps = kept
    return gone


def _references(one: ProposedMap) -> list[str]:
    """The columns of a map that point to rows of other maps, also where the row itself is meant."""
    columns = [column.name for column in CONFORMED[one.to].columns if column.ref]
    own = "record_id" in columns and one.to in OWN_RECORD
    return [name for name in columns if name in one.fields or (name == "record_id" and own)]


def _is_needed(one: ProposedMap, name: str) -> bool:
    column = CONFORMED[one.to].column(name)
    return bool(column and column.required)


def _is_there(made: Proposed, one: ProposedMap, name: str, there: Made) -> bool:
    column = CONFORMED[one.to].column(name)
    table, source = str(column.ref if column else ""), made.sample.source
    rule: Rule | None = one.fields.get(name)
    if rule is None:
        return (source, made.sample.name, table) in there
    if "otherwise" in rule and (source, made.sample.name, table) not in there:
        return False
    ref = str(rule.get("ref", ""))
    if not ref:
        computed = rule.get("sql") or ("value" in rule and not rule.get("field"))
        return bool(computed) or sum(each[0] == source and each[2] == table for each in there) == 1
    return (source, ref, table) in there or any(ref == f"{each[0]}.{each[1]}" and each[2] == table for each in there)


def _said(one: ProposedMap, lost: Sequence[str], whole: bool) -> str:
    names = " and ".join(lost)
    columns = ", ".join(dict.fromkeys(str(rule["field"]) for rule in one.fields.values() if rule.get("field")))
    what = f"no {one.to} are proposed" + (f" from {columns}" if columns else "") if whole else f"{one.to}.{names} is left out"
    return f"{LOOK}{what}: {names} would point to rows that no map makes"

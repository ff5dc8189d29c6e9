"""Staff and suppliers in a list of people, where a column says what somebody is: they are not customers. See `without_staff`."""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import YES
from fullcircle.mapping.propose.sample import Sample

MOST_WORDS = 30  # different words in a column of roles; more are titles of jobs or notes


def without_staff(engine: Engine | None, sample: Sample, maps: list[ProposedMap]) -> list[str]:
    """Leave out the rows whose role is that of staff or of a supplier; says what was left out. All rows alike: nothing is."""
    if engine is None or not sample.table:
        return []
    said = []
    for one in sample.found.fields:
        name, facts, text = plain(one.name), sample.facts.get(one.name), text_of(one.name)
        if not facts or not facts.filled or facts.distinct > MOST_WORDS:
            continue
        if name in words()["roles"]["words"]:
            theirs = f"lower({text}) IN ({', '.join(map(literal, words()['roles']['no_customers']))})"
        elif name in words()["roles"]["flags"] and facts.distinct <= 2:
            theirs = f"lower({text}) IN ({YES})"
        else:
            continue
        named = f"string_agg(DISTINCT {text}, ', ' ORDER BY {text}) FILTER ({theirs})"
        out, roles = engine.rows(f"SELECT count(*) FILTER ({theirs}), {named} FROM {sample.table}")[0]
        if out and out < sample.rows:
            shown = f" ({roles})" if name in words()["roles"]["words"] else ""
            said.append(f"{out:,} of {sample.rows:,} rows are staff or suppliers by {one.name}{shown}: they are left out")
            for each in maps:
                each.where = f"({each.where}) AND coalesce(NOT {theirs}, true)" if each.where else f"coalesce(NOT {theirs}, true)"
    return said

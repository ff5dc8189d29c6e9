"""A death is in a column of yes and no, in one of days, or in both beside one another. See `said_of_death`."""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.guess import is_somebody_else, plain, words
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.retired import STATUS
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.reading.deceased import DEAD

SAYS_MORE = frozenset(("dead", "died", "d", "rip", "passed", "late", "tot", "mort", "morte", "morto", "morta"))  # of a bill too


def said_by_status(engine: Engine | None, sample: Sample) -> tuple[str, list[str]]:
    """SQL that says yes where a column of statuses of people says that somebody died (`Falecido`), and a sentence about it.

    "" if no status says so, or a column of its own does.
    """
    if engine is None or not sample.table or _filled_columns(sample):
        return "", []
    listed = ", ".join(map(literal, sorted({*DEAD.split()} - SAYS_MORE)))
    for column, facts in sample.facts.items():
        if (
            (plain(column) not in STATUS and not plain(column).endswith("_status"))
            or is_somebody_else(column)
            or not facts.filled
        ):
            continue
        died = f"lower({text_of(column)}) IN ({listed})"
        if found := engine.value(f"SELECT count(*) FILTER ({died}) FROM {sample.table}"):
            said = f"{column} says of {found:,} of {sample.rows:,} rows that the person died: nobody writes to them"
            return f"CASE WHEN {died} THEN 'yes' END", [said]
    return "", []


def rule_of_death(sample: Sample) -> dict[str, object]:
    """The rule for a column about a death, where a vendor's profile does not know it; empty if there is none."""
    those = _filled_columns(sample)
    both = said_of_death(sample, those[0]) if those else []
    return {"fields": both} if both else {"field": those[0]} if those else {}


def said_of_death(sample: Sample, chosen: str) -> list[str]:
    """The two columns, a yes or no before the day; none if only one is there."""
    others = [name for name in _filled_columns(sample) if name != chosen]
    if not others:
        return []
    facts = sample.facts
    return sorted((chosen, others[0]), key=lambda name: facts[name].date if name in facts else 0.0)


def _filled_columns(sample: Sample) -> list[str]:
    known = {*words()["columns"]["records"]["deceased"]}
    those = [one.name for one in sample.found.fields if plain(one.name) in known and not is_somebody_else(one.name)]
    return [name for name in those if not sample.rows or sample.facts[name].filled]

"""People who are archived, discharged or no longer active, and stay; and rows whose status says that they were deleted.

Whether they are still customers is for who reads the proposal: it says which column, and how many rows. What such a row says of a
person gives way to what another record says. See `with_retired`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.gone import YES
from fullcircle.mapping.propose.mail_states import OF_MAIL
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refusal_columns import names_a_list, refused_ways
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK, plain
from fullcircle.mapping.reading.retired import DAY, KNOWN, NO_DAY
from fullcircle.mapping.reading.values import NO, listed

FEW = 6  # words that a condition lists
RETIRED, ACTIVE, STATUS = (frozenset(KNOWN[name]) for name in ("retired", "active", "status"))


def with_retired(engine: Engine | None, sample: Sample, gone: set[str], maps: Sequence[ProposedMap]) -> list[str]:
    """Read of the people of an object who is no longer in use; a note for each column that says so of some rows.

    `gone`: the columns by which rows are left out already.
    """
    if engine is None or not sample.table:
        return []
    notes: list[str] = []
    said: dict[str, str] = {}
    refused = {rule.get("field", "") for one in maps if one.to == "consents" for rule in one.fields.values()}
    for column, facts in sample.facts.items():
        those = is_retired(column, facts.distinct, facts.date)
        if column in gone or (column in refused and not _left(sample, column)) or not facts.filled or not those:
            continue
        if found := engine.value(f"SELECT count(*) FILTER (coalesce({those}, false)) FROM {sample.table}"):
            where = _where(engine, sample, column, those)
            said[column] = those
            notes.append(
                f"{LOOK}{column} says of {found:,} of {sample.rows:,} rows that they are archived, deleted or no longer active: "
                "they stay, with all they did, and their names and addresses give way to those of other records; to leave them "
                f"out, write into the map: where = {where}"
            )
    for one in maps:
        if said and one.to == "records" and not one.each:
            one.fields.setdefault("retired", _rule(said))
    return notes


def _left(sample: Sample, column: str) -> bool:
    """True where who left a list of customers refuses mail, too: `Baja` beside `Newsletter`."""
    word = plain(column)
    return bool(refused_ways(word)) and word in RETIRED and not names_a_list(plain(sample.found.name))


def _rule(said: Mapping[str, str]) -> Rule:
    """A word or a day that says so is read as it is; a no that says so, or several columns, by a condition."""
    column = next(iter(said))
    if len(said) == 1 and plain(column) not in ACTIVE:
        return {"field": column}
    return {"sql": f"CASE WHEN {' OR '.join(said.values())} THEN 'yes' END"}


def _where(engine: Engine, sample: Sample, column: str, those: str) -> str:
    """The condition that leaves these rows out, as text of TOML: short, by the words that there are."""
    text = text_of(column)
    found = engine.rows(
        f"SELECT DISTINCT {text} AS x FROM {sample.table} WHERE coalesce({those}, false) ORDER BY x LIMIT {FEW + 1}"
    )
    said = [str(word) for (word,) in found]
    if len(said) <= FEW:
        return json.dumps(f"{quoted(column)} IS NULL OR {quoted(column)} NOT IN ({_listed(said)})", ensure_ascii=False)
    return json.dumps(f"{quoted(column)} IS NULL", ensure_ascii=False)  # days, all different


def is_retired(column: str, distinct: int, dates: float) -> str:
    """SQL: true where a column says that somebody is no longer in use; "" for a column that does not say so.

    `distinct` is how many values it has, `dates` the share of them that are days.
    """
    word, text = plain(column), f"lower({text_of(column)})"
    if word in RETIRED and (distinct <= 3 or dates >= 0.9):
        day = f"regexp_full_match({text}, '{DAY}') AND NOT regexp_full_match({text}, '{NO_DAY}')"
        return f"({text} IN ({_listed(YES)}) OR ({day}))"
    if word in ACTIVE and distinct <= 3:
        return f"{text} IN ({listed(NO)})"
    if word in STATUS or (word.endswith("_status") and not OF_MAIL.search(word)):
        return f"{text} IN ({_listed((*KNOWN['deleted'], *KNOWN['inactive']))})"
    return ""


def may_say_retired(column: str) -> bool:
    """True for a column that is called like one that says who is archived, active or deleted."""
    return bool(is_retired(column, 1, 1.0))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(literal, values))

"""The outcome of deals in a file of no known vendor: the column that says won or lost, else flags, dates and reasons that do.

A stage alone may say nothing of it: Odoo keeps the stage of a lost deal and fills `Lost Reason`. Start at `deal_status_rules`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.deal_status import outcome_of
from fullcircle.mapping.propose.guess import is_staff, plain, singular
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import NOT_STATUS
from fullcircle.mapping.shipped import shipped

MOST_STAGES = 40
MOSTLY = 0.6  # of the different values must be words for the outcome of a deal
WON = (
    r"won|closed_won|gewonnen|gagnee?|ganad[oa]|vint[oa]|ganh[oa]|vundet|vunnet|vunnen|voitettu|wygran[aey]|vyhran[oay]|megnyert"
    r"|castigat"
)
LOST = (
    r"lost|closed_lost|verloren|perdue?|perdid[oa]|pers[oa]|tabt|tapt|forlorad|havitty|przegran[aey]|prohran[oay]|elveszett"
    r"|pierdut"
)
DAY = r"time|date|at|on|day|datum|am|le|fecha|data|el|den|dato"
WHY = r"reason|grund|grunden|raison|motivo|motif|motivul|reden|arsag|arsak|powod|duvod|cause|causa|verlustgrund"
FLAGS = tuple((meaning, re.compile(f"^(is_|deal_|ist_|est_)*({words})$")) for meaning, words in (("won", WON), ("lost", LOST)))
DATES = tuple(
    (meaning, re.compile(f"^(deal_)?(({DAY})_(de_|of_)?({words})|({words})_({DAY}))$"))
    for meaning, words in (("won", WON), ("lost", LOST))
)
REASON = re.compile(
    rf"^(deal_|closed_|close_)?(({LOST}|loss|churn)_({WHY})|({WHY})_(for_|of_|de_|da_|di_|der_|du_)?(la_|le_|les_|los_)?"
    rf"({LOST}|loss|losing|perte|perdida|perda|perdita|verlust|verlusts)|verlustgrund|verlustgrunde|absagegrund|ablehnungsgrund)$"
)
OBJECTS: dict[str, list[str]] = tomllib.loads(shipped("deals_and_visits.toml"))
QUOTES, OPPORTUNITIES = frozenset(OBJECTS["quotations"]), frozenset(OBJECTS["opportunities"])
YES = "('true', 't', 'yes', 'y', '1', 'ja', 'oui', 'si', 'sí', 'sim', 'tak', 'ano', 'wahr', 'vrai', 'x', 'won', 'lost')"


def kind_of_deal(object_name: str) -> str:
    """What the rows of an object called so are: opportunities, quotations, or "" where its name does not say it."""
    forms = singular(plain(object_name))
    words = {part for form in forms for part in (form, form.rpartition("_")[2], form.partition("_")[0])}
    return "quotation" if words & QUOTES else "opportunity" if words & OPPORTUNITIES else ""


def deal_status_rules(
    engine: Engine | None, sample: Sample, named: str, taken: Collection[str]
) -> tuple[dict[str, Rule], list[str]]:
    """The rules for `status` and `status_raw`, and what to say about them. `named`: the column that is called like a status."""
    column, said = _column(engine, sample, named, taken)
    if column and _closes(engine, sample, column):
        return {"status": {"field": column}}, said
    ways, seen = _ways(sample, {column, *taken})
    if not ways:
        return ({"status": {"field": column}} if column else {}), said
    neither = (
        " ELSE 'open'"
        if {"won", "lost"} <= {meaning for meaning, _ in FLAGS for sql in ways if f"THEN '{meaning}'" in sql}
        else ""
    )
    other = f" ELSE {text_of(column)}" if column else neither
    rules: dict[str, Rule] = {"status": {"sql": f"CASE {' '.join(ways)}{other} END"}}
    if column:
        rules["status_raw"] = {"field": column}
    return rules, [*said, f"{', '.join(seen)}: says which deals were won or lost"]


def _column(engine: Engine | None, sample: Sample, named: str, taken: Collection[str]) -> tuple[str, list[str]]:
    """The column that its name makes the status, unless only another one says by its values what was won or lost."""
    if engine is None or not sample.table or (named and _closes(engine, sample, named)):
        return named, []
    for name in sample.facts:
        if name == named or name in taken or is_staff(name) or NOT_STATUS.search(plain(name)) or REASON.match(plain(name)):
            continue
        words = _words(engine, sample, name)
        known = [outcome_of(word) for word in words]
        if {"won", "lost"} & {*known} and sum(one is not None for one in known) >= MOSTLY * len(known):
            return name, [f"{name}: its values say which deals were won or lost"]
    return named, []


def _closes(engine: Engine | None, sample: Sample, column: str) -> bool:
    """True if values of the column say that a deal was won or lost."""
    return any(outcome_of(word) in {"won", "lost"} for word in _words(engine, sample, column))


def _words(engine: Engine | None, sample: Sample, column: str) -> Sequence[str]:
    """The different values of a column of few different texts."""
    facts = sample.facts.get(column)
    if (
        engine is None
        or not sample.table
        or facts is None
        or not 0 < facts.distinct <= MOST_STAGES
        or facts.longest > MOST_STAGES
    ):
        return ()
    found = engine.rows(
        f"SELECT DISTINCT CAST({quoted(column)} AS VARCHAR) AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1"
    )
    return [str(value) for (value,) in found if not str(value).strip().isdecimal()]


def _ways(sample: Sample, taken: Collection[str]) -> tuple[list[str], list[str]]:
    """SQL for each column whose value says that a deal was won or lost, and the columns."""
    ways, seen = [], []
    for name, facts in sample.facts.items():
        called = plain(name)
        if name in taken or not facts.filled or is_staff(name):
            continue
        flag = next((meaning for meaning, pattern in FLAGS if pattern.match(called)), "")
        day = next((meaning for meaning, pattern in DATES if pattern.match(called)), "") if facts.date >= MOSTLY else ""
        if flag and facts.distinct <= 3 and facts.longest <= 5:
            ways.append((flag, f"WHEN lower({text_of(name)}) IN {YES} THEN '{flag}'"))
        elif day or REASON.match(called):
            ways.append((day or "lost", f"WHEN {text_of(name)} IS NOT NULL THEN '{day or 'lost'}'"))
        else:
            continue
        seen.append(name)
    return [sql for _, sql in sorted(ways, key=lambda way: way[0] != "won")], seen  # what was won after all was won

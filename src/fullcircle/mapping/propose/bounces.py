"""Which column says that mail to an address comes back: `Status` with `bounced` in it, `Hard bounce`, `Bounced at`.

It is read for the people of the row, beside what the column says of consent. See `with_bounces`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.sample import Facts
from fullcircle.mapping.propose.words import plain, words
from fullcircle.mapping.reading.undeliverable import OF_MAIL, bounced, listed, plainly

NAMED = re.compile(
    r"(^|_)(bounced?|bounces|hard_?bounced?|undeliverable|unzustellbar|rebonds?|rebote|rebotado|onbestelbaar|clean_time|cleaned|odbity|退信|不達)"
    r"(_|$)"
)
NOT_ONE = re.compile(r"(^|_)(soft|count|rate|total|number|reason|code|type|message|grund|raison|anzahl)(_|$)")
STATES = re.compile(
    r"(^|_)(status|state|statut|zustand|estado|stato|stav|stan|durum|tila|validity|verification|deliverability)(_|$)"
)
ALL = 0.9  # of the values are yes or no, or days
MOST_VALUES = 30  # that a status has


def with_bounces(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read it for the people of every object, where their e-mail address is read."""
    for one in made:
        people = one.people("email")
        if people is None or not one.sample.table or "undeliverable" in people.fields:
            continue
        if column := next((name for name, facts in one.sample.facts.items() if _says_so(engine, one, name, facts)), ""):
            people.fields["undeliverable"] = {"field": column}
            one.evidence.append(f"{column} says to which e-mail addresses mail comes back: `show` says it, nobody is left out")
            one.left = [name for name in one.left if name != column]


def _says_so(engine: Engine, one: Proposed, column: str, facts: Facts) -> bool:
    name = plain(column)
    if column not in engine.columns(one.sample.table) or not facts.filled or facts.mail > 0.5 or NOT_ONE.search(name):
        return False
    if NAMED.search(name):
        return facts.answer >= ALL or facts.date >= ALL
    of_mail = "mail" in name
    if facts.distinct > MOST_VALUES or not (of_mail or STATES.search(name) or name in words()["mail_states"]["names"]):
        return False
    text = plainly(f"CAST({quoted(column)} AS VARCHAR)")
    further = f" OR {text} IN ({listed(OF_MAIL)})" if of_mail else ""
    return bool(engine.value(f"SELECT count(*) FROM {one.sample.table} WHERE {bounced(text)}{further}"))

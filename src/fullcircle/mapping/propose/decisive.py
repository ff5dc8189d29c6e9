"""What decides whether a view is right, and is missing: whose the orders are, and what they are worth. See `say_losses`.

A proposal without it is never `sure`, and says it in a line of its own: not as one of many columns that were left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.bought import is_of_customer
from fullcircle.mapping.propose.deals_and_visits import NO_SUM, without_a_person
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, plain
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.planner import LIKELY, SURE, Proposed, ProposedMap
from fullcircle.mapping.propose.refusal_columns import may_be_consent
from fullcircle.mapping.propose.retired import may_say_retired
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK

OF_THEIR_ORDER = re.compile(  # a number or a word of the customer's own, which names nobody: `Customer PO`, `Kunden-Notiz`
    r"(^|_)(po|p_o|order|purchase|comments?|notes?|message|memo|type|group|since|bestellung|auftrag|pedido|commande|ordine)(_|$)"
    r"|(bestellnummer|bestellnr|gruppe|notiz)$"
)
WORTH = {  # what a table lacks without a column
    "records": {},
    "orders": {
        "ordered_at": "without a date it takes no part in habits",
        "amount": "these orders count, but add nothing to what customers spent",
    },
    "interactions": {"at": "without a date its place in time is unknown"},
    "tickets": {"opened_at": "without a date its place in time is unknown"},
}  # fmt: skip
ACTIVITY = ("orders", "tickets", "interactions")
UNDECIDED = "amount: it may be "
KNOWN = (
    "record_id: ",
    "amount: no field was found",
    "ordered_at: no field was found",
    UNDECIDED,
    "customers are known by their number only",
)  # notes that are there already


def say_losses(engine: Engine | None, made: Sequence[Proposed]) -> None:
    """Say of each proposal what decisive is missing, with the columns that may hold it; such a proposal is at most likely."""
    lines = any(each.to == "order_lines" for one in made for each in one.maps)
    for one in made:
        one.left = sorted(one.left, key=lambda name: _worth(one.sample, name))
        main = next((each for each in one.maps if each.to in ACTIVITY), None)
        if main is None:
            continue
        already = [note for note in one.notes if note.startswith(KNOWN)]
        undecided = lines or any(note.startswith(UNDECIDED) for note in already)
        said = [*_owner(engine, one, main), *([] if undecided else _amount(one, main))]
        one.notes = [f"{LOOK}{note}" if note in already else note for note in one.notes]
        one.notes += [note for note in said if note not in one.notes]
        if one.sure == SURE and (said or already):
            one.sure = LIKELY


def _worth(sample: Sample, name: str) -> int:
    """What may matter comes first: money, ways to reach somebody, states; what is empty or always the same last."""
    facts = sample.facts.get(name)
    if facts is None:
        return 2
    if not facts.filled or (facts.distinct == 1 and facts.filled > 1):
        return 4
    if _is_sum(sample, name) or max(facts.email, facts.mail, facts.phone) >= 0.8 or may_be_consent(plain(name)):
        return 0
    return 1 if is_of_customer(name) or may_say_retired(name) else 3 if is_staff(name) else 2


def _owner(engine: Engine | None, one: Proposed, main: ProposedMap) -> list[str]:
    rule = main.fields.get("record_id")
    if rule is None and "corrects" in main.fields:
        return []  # a credit note is of whom its invoice is
    if rule is not None:
        note = "" if rule.get("otherwise") else without_a_person(engine, one.sample, rule.get("field", ""), _on_purpose(one))
        return [note] if note else []
    free = [name for name in one.left if _filled(one.sample, name) and not is_staff(name) and not is_somebody_else(name)]
    named = [name for name in free if is_of_customer(name) and not OF_THEIR_ORDER.search(plain(name))]
    return [f"{LOOK}these {main.to} are nobody's: {', '.join(named)} may say whose they are, and is not read"] if named else []


def _on_purpose(one: Proposed) -> set[str]:
    """The columns that the notes say are left out on purpose: `User` of a till is its staff."""
    return {name for name in one.left if any(note.startswith(f"{name} is left out on purpose") for note in one.notes)}


def _amount(one: Proposed, main: ProposedMap) -> list[str]:
    if main.to != "orders" or "amount" in main.fields:
        return []
    sums = [name for name in one.left if _is_sum(one.sample, name)]
    return [f"{LOOK}no amount of these orders is read; it may be one of {', '.join(sums)}"] if sums else []


def _is_sum(sample: Sample, name: str) -> bool:
    facts = sample.facts.get(name)
    if facts is None or facts.number < 0.95 or facts.date >= 0.5 or facts.answer >= 0.95 or facts.distinct < 2:
        return False
    return facts.whole < 1 and not is_like_a_key(name) and not NO_SUM.search(plain(name))


def _filled(sample: Sample, name: str) -> bool:
    facts = sample.facts.get(name)
    return bool(facts and facts.filled)

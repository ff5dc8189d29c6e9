"""How sure a proposal is, what is missing of it, and which columns were left out although they matter."""

from __future__ import annotations

from fullcircle.mapping.propose.decisive import WORTH
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff, named
from fullcircle.mapping.propose.personal import answers
from fullcircle.mapping.propose.planner import LIKELY, SURE, UNSURE, Planner, Proposed, Role
from fullcircle.mapping.propose.refusal_columns import unread_consents
from fullcircle.mapping.propose.unread_names import said_of_names


def decide_how_sure(planner: Planner, role: Role, made: Proposed) -> None:
    """Say how sure a proposal is, and what it does not have."""
    table = role.table
    by_name = named(role.sample.name) == table
    keyed = bool(role.keys.get(table) or role.sample.found.key) or table in {"order_lines", "addresses", "consents"}
    made.sure = SURE if by_name and keyed and not made.notes else LIKELY if by_name or keyed else UNSURE
    for to in dict.fromkeys(one.to for one in made.maps):
        for name, why in WORTH.get(to, {}).items():
            here = any(one.to == to and name in one.fields for one in made.maps)
            if not here and ((to, name) != ("orders", "amount") or not _adds_up(planner, role, made)):
                made.notes.append(f"{name}: no field was found; {why}")


def _adds_up(planner: Planner, role: Role, made: Proposed) -> bool:
    """True where the amount of an order is the sum of its lines."""
    lines = any(one.to == "order_lines" and {"amount", "unit_price"} & one.fields.keys() for one in made.maps)
    return lines or any(one.table == "order_lines" and one is not role for one in planner.roles)


def say_what_is_left(made: Proposed) -> None:
    """What was left out although it looks like something that matters."""
    sample = made.sample
    filled = [name for name in made.left if (facts := sample.facts.get(name)) and facts.filled]
    if said_names := said_of_names(sample, made.maps, made.left):
        made.notes += said_names
        made.sure = LIKELY if made.sure == SURE else made.sure
    of_people = any(one.to == "records" or "record_id" in one.fields for one in made.maps)
    if of_people and (said := unread_consents(filled, answers(sample))):
        made.notes.append(said)
    for name in filled:
        if is_staff(name):
            made.notes.append(f"{name} is about staff, who are not customers: left out")
        elif is_somebody_else(name):
            made.notes.append(f"{name} is about another person than the one of the row: left out, never the customer's own")
        elif sample.facts[name].mail >= 0.8:
            made.notes.append(f"{name} looks like e-mail addresses, but is not mapped: records could meet by it")

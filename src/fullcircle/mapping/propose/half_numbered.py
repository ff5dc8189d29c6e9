"""A list of people of whom only some have the number by which others point to them: `Customer No`, empty for a mere contact.

Known by their e-mail alone, nothing that names the number would find them. See `number_of_some`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.links import ENOUGH, is_like_a_key, link

if TYPE_CHECKING:
    from fullcircle.mapping.propose.planner import Planner, Role

LEAST = 2  # numbers that others must name
POINTING = ("orders", "order_lines", "tickets", "interactions")


def number_of_some(planner: Planner, role: Role) -> str:
    """The column of such numbers, where everybody else has an e-mail; "" without one."""
    email, engine, table = role.columns.get("email", ""), planner.engine, role.sample.table
    if engine is None or not table or email not in role.sample.facts or role.sample.found.key:
        return ""
    others = [one for one in planner.roles if one is not role and one.table in POINTING and not one.known]
    for name, facts in role.sample.facts.items():
        if not LEAST <= facts.distinct == facts.filled < role.sample.rows or facts.email or facts.date >= 0.5:
            continue
        if name in role.columns.values() or is_staff(name) or not is_like_a_key(name):
            continue
        for other in others:
            column = next((one for one in other.sample.facts if plain(one) == plain(name)), "")
            found = link(engine, other.sample, column, role.sample, name) if column else None
            if found and found.hits >= max(LEAST, ENOUGH * found.of):
                return name
    return ""

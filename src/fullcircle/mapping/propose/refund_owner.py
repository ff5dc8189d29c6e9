"""The rule for refunds that name only their order: a run finds their customer (mapping/order_owner.py)."""

from __future__ import annotations

from fullcircle.engine.base import literal
from fullcircle.mapping.order_owner import PREFIX
from fullcircle.mapping.propose.planner import Role, Rule
from fullcircle.mapping.propose.profiles import text_of


def owner_rule(column: str, other: Role) -> Rule:
    """The rule for the customer of rows whose column is the key of an order in another object."""
    prefix = f"{PREFIX}{other.sample.source}:{other.sample.name}:"
    return {"sql": f"{literal(prefix)} || {text_of(column)}"}

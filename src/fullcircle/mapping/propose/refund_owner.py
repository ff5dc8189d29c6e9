"""The rule for refunds and payments that name only their order: a run finds their customer (mapping/order_owner.py)."""

from __future__ import annotations

from fullcircle.engine.base import literal
from fullcircle.mapping.order_owner import PREFIX
from fullcircle.mapping.propose.planner import Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample


def owner_rule(column: str, other: Sample) -> Rule:
    """The rule for the customer of rows whose column is the key of an order in another object."""
    prefix = f"{PREFIX}{other.source}:{other.name}:"
    return {"sql": f"{literal(prefix)} || {text_of(column)}"}

"""The keys of an object whose vendor is known, by its profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.apart_keys import unique_beside
from fullcircle.mapping.propose.links import key_of
from fullcircle.mapping.propose.profiles import Recognised, ways
from fullcircle.mapping.propose.sample import Sample

if TYPE_CHECKING:
    from fullcircle.mapping.propose.planner import Rule

POINTED_TO = {"records", "accounts", "products", "orders", "tickets", "interactions", "order_lines"}


def keys_of(engine: Engine | None, samples: Sequence[Sample], sample: Sample, known: Recognised) -> dict[str, Rule]:
    """The rule of the key for each table that the object becomes and that others point to."""
    keys: dict[str, Rule] = {}
    inferred = ""
    flat = any(one["to"] == "orders" for one in known.known.maps)
    lines = any(one["to"] == "order_lines" for one in known.known.maps)
    for one in known.known.maps:
        if one["to"] in keys or one["to"] not in POINTED_TO or (flat and one["to"] == "order_lines"):
            continue  # where every row is a line, the key of the order is not that of the line
        found = ways(known, one.get("key", known.known.key)) if one.get("key", known.known.key) else []
        if found:
            keys[one["to"]] = found[0][0]
        elif "key" not in one and not inferred:
            inferred = key_of(sample, one["to"], engine, samples)
        if inferred and one["to"] not in keys and "key" not in one:
            keys[one["to"]] = {"field": inferred}
        if one["to"] == "orders" and not lines:
            amount = next((str(rule.get("field", "")) for rule, _ in ways(known, one["fields"].get("amount", []))), "")
            key = str(keys.get("orders", {}).get("field", ""))
            own = unique_beside(engine, sample, key, amount)
            keys |= {"orders": {"field": own}} if own else {}
    return keys

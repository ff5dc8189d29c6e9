"""Columns of orders that no header names, but whose values say what they are: the status, the amount. See `name_by_values`."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.amount_column import amount_column
from fullcircle.mapping.propose.currency_column import with_currency
from fullcircle.mapping.propose.guess import columns_of
from fullcircle.mapping.propose.planner import Proposed, Role
from fullcircle.mapping.propose.status_column import status_column
from fullcircle.mapping.propose.words import LOOK


def name_by_values(engine: Engine | None, role: Role, made: Proposed) -> None:
    """Add to the columns of the orders those that values alone decide, and say so."""
    sample, columns = role.sample, role.columns
    people = columns_of(sample.found, "records", sample.facts)
    places = {people.get(one) for one in ("street", "city", "postcode", "country")}
    taken = {*columns.values(), role.key}
    if "status" not in columns and (
        name := status_column(engine, sample, [one for one in sample.facts if one not in taken | places])
    ):
        columns["status"] = name
        made.evidence.append(f"{name}: its values are words for the status of an order")
    if "amount" in columns:
        said = with_currency(engine, sample, columns)
        made.evidence += [text for text in said if not text.startswith(LOOK)]
        made.notes += [text for text in said if text.startswith(LOOK)]
        return
    free = [one for one in sample.facts if one not in {*columns.values(), role.key, *people.values()}]
    name, able = amount_column(engine, sample, free, [columns[one] for one in ("paid", "unpaid") if one in columns])
    if name:
        columns["amount"] = name
        made.evidence.append(f"{name}: the only column that can be the amount of the order, by its values")
    elif able:
        made.notes.append(f"amount: it may be {' or '.join(able)}, which nothing decides: write the right one into the map")

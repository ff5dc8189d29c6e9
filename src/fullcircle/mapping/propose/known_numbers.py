"""Numbers by which people know a customer or an order, beside the key that links the rows. See `with_known_numbers`.

`CaseNumber` beside the id of 18 characters, the customer number `CLI-003` beside a running `id`. They are kept so that they are
found; nobody becomes one customer by them, because two sources number their customers apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.shipped import shipped
from fullcircle.model.entities import BUILT_IN
from fullcircle.model.identifiers import CUSTOMER_NUMBER

KNOWN: dict[str, list[str]] = tomllib.loads(shipped("known_numbers.toml"))
NUMBERS = {"orders": KNOWN["orders"], "tickets": KNOWN["tickets"], "interactions": KNOWN["orders"] + KNOWN["tickets"]}
DIFFERENT = 0.9  # of the rows, or keys, have a number of their own


def with_known_numbers(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read the number beside the key of orders, tickets and the like, and the customer number beside the key of people."""
    for one in made:
        main = one.maps[0] if one.maps else None
        if main is None or not one.sample.table or any(each.each for each in one.maps):
            continue
        things = next((each for each in one.maps if each.to in {entity.table_name for entity in BUILT_IN}), None)
        if things is not None and things.to in NUMBERS and "number" not in things.fields:
            if column := _column(engine, one, things, NUMBERS[things.to]):
                things.fields["number"] = {"field": column}
                _taken(one, column, f"{column}: a number beside the key; `search` finds {things.to} by it")
        elif main.to == "records" and things is None and (column := _column(engine, one, main, KNOWN["people"])):
            key = main.fields.get("key")
            whose: dict[str, Rule] = {"record_id": {**key, "ref": one.sample.name}} if key else {}
            fields: dict[str, Rule] = {**whose, "kind": {"value": CUSTOMER_NUMBER}, "value": {"field": column}}
            one.maps.append(ProposedMap("identifiers", fields, plain(column), main.where))
            _taken(one, column, f"{column}: the customer's number; `search` finds people by it, and nobody becomes one by it")


def number_beside_key(engine: Engine, one: Proposed, orders: ProposedMap) -> str:
    """The column with the number of an order beside its key; "" without one."""
    return str(orders.fields.get("number", {}).get("field", "")) or _column(engine, one, orders, NUMBERS["orders"])


def _taken(one: Proposed, column: str, said: str) -> None:
    one.left.remove(column)
    one.evidence.append(said)


def _column(engine: Engine, one: Proposed, main: ProposedMap, listed: Sequence[str]) -> str:
    """The first column that is free, called like a number, in every value has a digit or is a code, and hardly repeats."""
    sample = one.sample
    key = str(main.fields.get("key", {}).get("field", "")) or "".join(sample.found.key[:1])
    if not key:
        return ""
    known = sample.facts.get(key)
    wanted = {word.replace("_", "") for word in listed}
    for name in (each for each in one.left if each in engine.columns(sample.table)):
        facts = sample.facts.get(name)
        if plain(name).replace("_", "") not in wanted or facts is None or is_somebody_else(name) or is_staff(name):
            continue
        rows = known.distinct if known else facts.filled
        if (
            not facts.filled
            or facts.distinct < DIFFERENT * min(facts.filled, rows)
            or (facts.date >= 0.5 and facts.number < 0.5)
            or facts.mail > 0
        ):
            continue
        number = rf"regexp_matches({quoted(name)}, '\d')" + (f" OR {_is_code(name)}" if listed is not KNOWN["people"] else "")
        odd = f"{quoted(name)} IS NOT NULL AND trim({quoted(name)}) <> '' AND NOT ({number})"
        if not engine.value(f"SELECT count(*) FROM {sample.table} WHERE {odd}"):
            return name
    return ""


def _is_code(name: str) -> str:
    """SQL: true for a code of capitals alone, by which shops know an order: `XKBKNABJK`."""
    return f"regexp_full_match(trim({quoted(name)}), '[A-Z]{{6,12}}')"

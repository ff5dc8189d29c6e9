"""Amounts in cents: `total_cents`, `amount_minor`, and the objects of payment APIs (`"object": "charge"`, `"amount": 1990`).

Only where the header says it, or where the row says that it is an object of such an API and no value has a decimal. What is not a
whole number of cents is left as it is, with a word, so that it goes to quarantine. Start at `in_whole_units`.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample

MINOR = re.compile(r"_(in_)?(cents?|minor|minor_units?|minor_amount|pence|centimes|centavos)$")
API_OBJECTS = ("charge", "invoice", "payment_intent", "checkout.session", "refund", "balance_transaction", "line_item", "payout")
NO_CENTS = (
    *("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"),
)  # currencies without a smaller unit
MONEY = {
    "orders": ("amount",), "order_lines": ("amount", "unit_price"), "interactions": ("amount",), "products": ("price",),
}  # fmt: skip


def in_whole_units(engine: Engine | None, made: Proposed) -> None:
    """Turn the rules of amounts in cents into amounts, and say so."""
    sample = made.sample
    of_an_api = _is_of_an_api(engine, sample)
    for one in made.maps:
        currency = one.fields.get("currency") or one.fields.get("price_currency") or {}
        for name in MONEY.get(one.to, ()):
            column = str(one.fields.get(name, {}).get("field", ""))
            facts = sample.facts.get(column)
            if not column or one.each or not (MINOR.search(plain(column)) or (of_an_api and facts and facts.whole >= 1)):
                continue
            if facts is None and sample.facts:
                continue
            one.fields[name] = {"sql": _divided(column, str(currency.get("field", "")))}
            made.evidence.append(f"{column} is in cents: {'its name says so' if MINOR.search(plain(column)) else of_an_api}")


def _divided(column: str, currency: str) -> str:
    """SQL: the amount, of which a hundredth part is a cent; in some currencies there are none."""
    text = text_of(column)
    whole = f"regexp_replace({text}, '\\.0+$', '')"
    amount = f"CAST(CAST({whole} AS BIGINT) * 0.01 AS DECIMAL(18, 2))"
    if currency:
        listed = ", ".join(map(literal, NO_CENTS))
        amount = f"CASE WHEN lower({text_of(currency)}) IN ({listed}) THEN CAST({whole} AS DECIMAL(18, 2)) ELSE {amount} END"
    fits = f"regexp_full_match({whole}, '-?\\d{{1,15}}')"  # a cast would round 12.50
    return f"CASE WHEN {fits} THEN CAST({amount} AS VARCHAR) ELSE {text} || ' is not a whole number of cents' END"


def _is_of_an_api(engine: Engine | None, sample: Sample) -> str:
    """Why the rows are objects of an API that gives amounts in cents; "" if they are not."""
    column = next((name for name in sample.facts if plain(name) == "object"), "")
    codes = [name for name in sample.facts if plain(name) == "currency"]
    if engine is None or not sample.table or not column or not codes or not sample.facts[column].filled:
        return ""
    kinds = [
        str(kind)
        for (kind,) in engine.rows(f"SELECT DISTINCT {quoted(column)} FROM {sample.table} WHERE {quoted(column)} IS NOT NULL")
    ]
    code = quoted(codes[0])
    small = f"count(*) FILTER (regexp_full_match({code}, '[a-z]{{3}}')) = count({code})"
    lower = engine.value(f"SELECT {small} FROM {sample.table}")
    return (
        f"{column} is {' or '.join(kinds)}, as payment APIs say, which count in cents"
        if lower and {*kinds} <= {*API_OBJECTS}
        else ""
    )

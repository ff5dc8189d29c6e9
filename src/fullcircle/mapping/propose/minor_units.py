"""Amounts in cents: `total_cents`, `amount_minor`, and the objects of payment APIs (`"object": "charge"`, `"amount": 1990`).

Only where the header says it, or where the row says that it is an object of such an API and no value has a decimal, or where
columns beside it have the amount as it is shown (`total` 1999, `total_formatted` $19.99) or add up to it in cents. What is not a
whole number of cents is left as it is, with a word, so that it goes to quarantine. Where it may only be so, a person is asked to
look (perhaps_cents.py). Start at `in_whole_units`.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.fields import json_path
from fullcircle.mapping.propose.grain import number, number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.perhaps_cents import adds_up, look_for_cents
from fullcircle.mapping.propose.planner import Proposed, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import negative
from fullcircle.mapping.propose.sample import Sample

MINOR = re.compile(r"_(in_)?(cents?|minor|minor_units?|minor_amount|pence|centimes|centavos)$")
API_OBJECTS = ("charge", "invoice", "payment_intent", "checkout.session", "refund", "balance_transaction", "line_item", "payout")
NO_CENTS = (
    *("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"),
)  # currencies without a smaller unit
SHOWN = re.compile(r"(^|_)(formatted|display|displayed|shown|pretty|formatiert|decimal|string|text)(_|$)")
MONEY = {
    "orders": ("amount", "paid", "unpaid"), "order_lines": ("amount", "unit_price"), "interactions": ("amount",),
    "products": ("price",),
}  # fmt: skip


def in_whole_units(engine: Engine | None, made: Proposed) -> None:
    """Turn the rules of amounts in cents into amounts, and say so."""
    sample = made.sample
    of_an_api = _is_of_an_api(engine, sample)
    cents = [name for name, facts in sample.facts.items() if MINOR.search(plain(name)) and facts.filled and facts.whole >= 1]
    proved = _proved(engine, made, cents)
    for one in made.maps:
        currency = str((one.fields.get("currency") or one.fields.get("price_currency") or {}).get("field", ""))
        for name in MONEY.get(one.to, ()):
            rule = one.fields.get(name, {})
            column = str(rule.get("field", "")) or _given_back(engine, sample, rule)
            if one.each:
                if proved and column:  # the items of an order whose own amount is in cents
                    inside = f"json_extract_string(_each, {literal(json_path(column))})"
                    one.fields[name] = {"sql": _divided(inside, _code_column(made, currency))}
                continue
            facts = sample.facts.get(column)
            whole = bool(facts and facts.whole >= 1)
            why = "its name says so" if MINOR.search(plain(column)) else (whole and (of_an_api or proved)) or ""
            if column and not why and not one.each and (said := look_for_cents(engine, sample, name, column, currency, cents)):
                made.notes.append(said)
            if not column or not why or (facts is None and sample.facts):
                continue
            text = f"({rule['sql']})" if "sql" in rule else text_of(column)
            one.fields[name] = {"sql": _divided(text, currency)}
            made.evidence.append(f"{column} is in cents: {why}")


def _given_back(engine: Engine | None, sample: Sample, rule: Rule) -> str:
    """The column of a rule for what was given back; "" for any other rule."""
    return next((name for name in sample.facts if "sql" in rule and rule == negative(engine, sample, name)), "")


def _code_column(made: Proposed, column: str) -> str:
    """The column with the currency of the order above the items."""
    order = next((one for one in made.maps if one.to == "orders" and not one.each), None)
    return column or (str(order.fields.get("currency", {}).get("field", "")) if order else "")


def _proved(engine: Engine | None, made: Proposed, cents: list[str]) -> str:
    """Why the amounts of the rows are in cents: columns in cents add up to them, or the same amount is beside them as it is
    shown; "" if nothing proves it."""
    sample = made.sample
    orders = next((one for one in made.maps if one.to in MONEY and not one.each and "amount" in one.fields), None)
    column = str(orders.fields["amount"].get("field", "")) if orders else ""
    facts = sample.facts.get(column)
    if engine is None or not sample.table or orders is None or facts is None or facts.whole < 1:
        return ""
    if why := adds_up(engine, sample, column, [name for name in cents if name != column]):
        return why
    code = str(orders.fields.get("currency", {}).get("field", ""))
    listed = ", ".join(map(literal, NO_CENTS))
    none = f"lower(coalesce({text_of(code)}, '')) IN ({listed})" if code in sample.facts else "false"
    for name in sample.facts:
        if SHOWN.sub("", plain(name)) != plain(column) or name == column:
            continue
        whole, shown = number(column, False), number_in_column(engine, sample, name)
        fits, more = engine.rows(
            f"SELECT bool_and(abs({whole} - {shown} * 100) < 0.5 OR ({none} AND {whole} = {shown})), "
            f"count(*) FILTER (NOT {none}) FROM {sample.table} WHERE {whole} <> 0 AND {text_of(name)} IS NOT NULL"
        )[0]
        if fits and more:
            return f"{name} shows the same amount in whole units"
    return ""


def _divided(text: str, currency: str) -> str:
    """SQL: the amount, of which a hundredth part is a cent; in some currencies there are none."""
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

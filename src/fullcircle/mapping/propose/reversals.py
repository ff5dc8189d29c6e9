"""Which column of credit notes names the order (invoice) that they take back: by its values, or in a text. See `with_corrects`.

`Faktura korygowana`, `Original invoice`, `Betreff: Storno zu RE-1005`: whatever it is called, its values are keys of orders, or
texts in which such keys are. So what is cancelled already is not taken off twice (mapping/corrections.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.corrections import SPLIT
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.links import link
from fullcircle.mapping.propose.planner import Planner, ProposedMap, Role
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.sample import Sample

MOSTLY = 0.8  # of the filled cells of such a column are in rows that take something back
ENOUGH = 0.5  # of its values are keys of orders
LONGEST = 400  # letters of a text in which a key may be
NAMED = re.compile(  # a column that is for this alone: what it names need not be in the file
    r"(^|_)(korygowan\w*|corrected|credited|reversed|cancelled|refunded|original|orig|origine|rectified|rectificad\w*|rectifiee?|corrigee?|annulee?|stornierte?r?"
    r"|storno|korrigierte?|ursprungs\w*|ursprungliche|bezugs\w*|related|parent|applies_to|applied_to|credit_for|refund_of|reversal_of|gecrediteerde?|krediteret"
    r"|krediterad|hyvitetty|puvodni|opravovan\w*|helyesbitett|eredeti|stornata|stornat|collegata|riferimento|referida|anulada|de_origen|origem|исходн\w*|元)"
)


def with_corrects(planner: Planner, role: Role, orders: ProposedMap, used: Collection[str], own: bool = True) -> list[str]:
    """Fill `corrects` of the map, where a column says which order is meant; sentences for the reader.

    `own`: the orders are in the same object; else in the others of the source.
    """
    engine, sample = planner.engine, role.sample
    if engine is None or not sample.table or "corrects" in orders.fields:
        return []
    back = _taking_back(orders) if own else "true"
    if not back or not engine.value(f"SELECT count(*) FROM {sample.table} WHERE {back}"):
        return []
    for target, key in _targets(planner, role, own):
        ref = sample.name if target is sample else planner.refer(role, next(one for one in planner.roles if one.sample is target))
        free = [name for name in sample.facts if name not in {key if target is sample else "", *used} and not is_staff(name)]
        column = _of_keys(engine, sample, free, back, target, key) or _of_texts(engine, sample, free, back, target, key)
        if column:
            orders.fields["corrects"] = {"field": column, "ref": ref}
            if own and "fields" in orders.fields.get("key", {}):  # numbers begin again each year
                orders.fields.setdefault("number", {"field": key})
            return [f"{column}: names the order that a credit note takes back, so that what is cancelled is not taken off twice"]
    return []


def _taking_back(orders: ProposedMap) -> str:
    """SQL: true for rows of a negative amount; "" where there is no amount."""
    amount = orders.fields.get("amount")
    if not amount or " OVER (" in str(amount.get("sql")):  # a row of the sale above its lines has the amount
        return ""
    return f"coalesce(regexp_matches({rule_sql(amount)}, '^[^0-9]*[-−–(]|[-−–]$'), false)"


def _targets(planner: Planner, role: Role, own: bool) -> list[tuple[Sample, str]]:
    roles = [role] if own else [one for one in planner.roles if one is not role and one.sample.source == role.sample.source]
    keys = [(one.sample, one.keys.get("orders", {})) for one in roles]
    known = [(sample, key["field"]) for sample, key in keys if "field" in key]
    if own:  # of another object with such a key, the number that begins again each year alone does not say which is meant
        known += [(sample, key["fields"][-1]) for sample, key in keys if "fields" in key]
    items = [(one.sample, one.items.order.within) for one in roles if one.items and not own]
    return known + [(sample, within.key[0]) for sample, within in items if within and len(within.key) == 1]


def _of_keys(engine: Engine, sample: Sample, free: Collection[str], back: str, target: Sample, key: str) -> str:
    """The column whose values are keys of orders, in rows that take something back and hardly in others."""
    for name in free:
        facts = sample.facts[name]
        if not facts.filled or facts.email or facts.longest > 60:
            continue
        text = text_of(name)
        there = engine.rows(f"SELECT count({text}), count({text}) FILTER ({back}) FROM {sample.table}")[0]
        if not there[1] or there[1] < MOSTLY * there[0]:
            continue
        found = link(engine, sample, name, target, key)
        if found.hits >= max(1, ENOUGH * found.of) or (NAMED.search(plain(name)) and _alike(engine, sample, name, target, key)):
            return name
    return ""


def _alike(engine: Engine, sample: Sample, name: str, target: Sample, key: str) -> bool:
    """True if the values are written as the keys are: a letter for letters, a nine for digits."""
    shape = "regexp_replace(regexp_replace({}, '\\p{{L}}+', 'a', 'g'), '[0-9]+', '9', 'g')"
    ours, theirs = shape.format(text_of(name)), shape.format(text_of(key))
    return bool(
        engine.value(
            f"SELECT coalesce(bool_and({ours} IN (SELECT {theirs} FROM {target.table})), false) FROM {sample.table} "
            f"WHERE {text_of(name)} IS NOT NULL"
        )
    )


def _of_texts(engine: Engine, sample: Sample, free: Collection[str], back: str, target: Sample, key: str) -> str:
    """The column of texts in which keys of orders are, where something is taken back."""
    numbered = f"regexp_matches({text_of(key)}, '[0-9]{{2}}')"
    keys = f"SELECT DISTINCT trim(lower({text_of(key)}), '#№ ') FROM {target.table} WHERE {numbered}"
    split = SPLIT.replace("'", "''")
    for name in free:
        facts = sample.facts[name]
        if not facts.filled or facts.email >= 0.5 or facts.number >= 0.5 or facts.date >= 0.9 or facts.longest > LONGEST:
            continue
        filled = f"{back} AND {quoted(name)} IS NOT NULL"
        words = f"unnest(string_split_regex(lower({quoted(name)}), '{split}'))"
        said = f"SELECT trim(v, '.#№-') AS v FROM (SELECT {words} AS v FROM {sample.table} WHERE {filled})"
        if engine.value(f"SELECT count(*) FROM ({said}) WHERE v IN ({keys})"):
            return name
    return ""

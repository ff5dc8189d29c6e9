"""The amount of orders that no column has: the price without its discount, with its tax, where what was paid proves it.

Payments in an object of their own prove it, or a column of what was paid. Where nothing does, a discount beside a price is said.
Start at `prove_amounts`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.discount_kind import SHARE
from fullcircle.mapping.propose.freight import FREIGHT
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.gross_amount import BEFORE, CLOSE, LESSENED, MOSTLY, TAX, VOUCHER, is_paid
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

MOST, TOGETHER = 6, 3  # columns that may be parts of the amount, and so many of them in one sum
ENOUGH = 0.3  # of the rows with such parts of which something was paid: of the others only some was
NO_PART = re.compile(r"(^|_)(id|no|nr|number|code|name|type|kind|class|date|reason|zip|status)(_|$)|[%％]")
PRICE = re.compile(  # what is asked for, before anything is taken off
    r"(^|_)(price|list_?price|unit_price|fee|rate|tariff|sub_?total|preis|listenpreis|zwischensumme|prix|tarif|sous_total|precio|tarifa|prezzo"
    r"|subtotale|preco|prijs|subtotaal|pris|hinta|cena|pret|ar|fiyat|цена|ціна|τιμη|価格|単価|价格|價格|小计|小計|가격)(_|$)"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A column that may be a part of the amount, and SQL for what it adds to it."""

    column: str
    sql: str
    off: bool


def prove_amounts(engine: Engine, made: Sequence[Proposed]) -> None:
    """Give orders the amount that what was paid proves, where a column alone is not it."""
    for one in made:
        orders = next((each for each in one.maps if each.to == "orders" and not each.each), None)
        amount = str(orders.fields.get("amount", {}).get("field", "")) if orders else ""
        if orders is None or amount not in one.sample.facts or not one.sample.table or is_paid(amount):
            continue
        parts = _parts(engine, one.sample, orders, amount)
        if not parts:
            continue
        own = _own_paid(one.sample, orders)
        if not any(
            _prove(engine, one, orders, amount, parts, paid)
            for paid in (_paid_elsewhere(engine, made, one, orders), _paid_here(engine, one.sample, own))
            if paid
        ):
            one.notes += _unproved(engine, one.sample, amount, parts)
        elif own and "unpaid" not in orders.fields and "field" not in orders.fields["amount"]:
            orders.fields["paid"] = {"field": own}
            one.left = [name for name in one.left if name != own]
            one.notes = [said for said in one.notes if not said.startswith(f"{LOOK}{own} is not between")]


def _parts(engine: Engine, sample: Sample, orders: ProposedMap, amount: str) -> list[_Part]:
    """What may be taken off the amount, or added to it: columns of sums that no map reads, none larger than the amount."""
    taken = {str(rule.get("field", "")) for rule in orders.fields.values()}
    whole, found = number_in_column(engine, sample, amount), []
    for name, facts in sample.facts.items():
        word = plain(name)
        off = bool(LESSENED.search(word)) and not VOUCHER.search(word)
        more = bool(TAX.search(word) or FREIGHT.search(word)) and not SHARE.search(word)
        if (
            name in taken
            or not (off or more)
            or not facts.filled
            or facts.number < MOSTLY
            or is_staff(name)
            or NO_PART.search(word)
        ):
            continue
        value = f"abs(coalesce({number_in_column(engine, sample, name)}, 0))"
        some, beyond = engine.rows(
            f"SELECT count(*) FILTER ({value} > {CLOSE}), count(*) FILTER ({value} > abs({whole}) + {CLOSE}) FROM {sample.table}"
        )[0]
        if not some or (beyond and not off):
            continue
        if off and not SHARE.search(word) and not beyond:
            found.append(_Part(name, f"- {value}", True))
        if off:
            found.append(_Part(name, f"- abs({whole}) * {value} / 100", True))
        elif more:
            found.append(_Part(name, f"+ {value}", False))
    return found[:MOST]


def _paid_here(engine: Engine, sample: Sample, column: str) -> str:
    """SQL: the rows, with what a column says was paid of each; "" without one."""
    return column and f"SELECT rowid AS r, {number_in_column(engine, sample, column)} AS p FROM {sample.table}"


def _own_paid(sample: Sample, orders: ProposedMap) -> str:
    column = str(orders.fields.get("paid", {}).get("field", ""))
    if "paid" in orders.fields or "unpaid" in orders.fields:
        return column if column in sample.facts else ""
    return next((name for name, facts in sample.facts.items() if is_paid(name) and facts.number >= MOSTLY), "")


def _paid_elsewhere(engine: Engine, made: Sequence[Proposed], one: Proposed, orders: ProposedMap) -> str:
    """SQL: the rows, with what the payments of other objects that name them come to; "" without any."""
    key = str(orders.fields.get("key", {}).get("field", "")) or "".join(one.sample.found.key[:1])
    names = {one.sample.name, f"{one.sample.source}.{one.sample.name}"}
    payments = []
    for other in made:
        for each in other.maps:
            pays, sum_ = each.fields.get("pays", {}), str(each.fields.get("amount", {}).get("field", ""))
            if pays.get("ref") in names and {pays.get("field"), sum_} <= other.sample.facts.keys() and other.sample.table:
                named = f"lower({text_of(str(pays['field']))})"
                payments.append(
                    f"SELECT {named} AS k, {number_in_column(engine, other.sample, sum_)} AS p FROM {other.sample.table}"
                )
    if key not in one.sample.facts or not payments:
        return ""
    sums = f"SELECT k, sum(p) AS p FROM ({' UNION ALL '.join(payments)}) GROUP BY k"
    rows = f"SELECT rowid AS r, lower({text_of(key)}) AS k FROM {one.sample.table}"
    return f"SELECT o.r, s.p FROM ({rows}) o JOIN ({sums}) s USING (k)"


def _prove(engine: Engine, one: Proposed, orders: ProposedMap, amount: str, parts: Sequence[_Part], paid: str) -> bool:
    """Make what was paid of most rows the amount, where that is not the column alone. True if what was paid proves either."""
    whole, sums = number_in_column(engine, one.sample, amount), _sums(parts)
    texts = [f"({whole} + sign({whole}) * (0 {' '.join(part.sql for part in each)}))" for each in sums]
    (fits, place), bare, of = _best(engine, one.sample, whole, texts, paid)
    if fits > bare and fits >= max(ENOUGH * of, min(2, of)):
        _take(one, orders, amount, texts[place], sums[place], f"{fits:,} of {counted(of, 'row')}")
        return True
    return bool(bare)


def _sums(parts: Sequence[_Part]) -> list[tuple[_Part, ...]]:
    """The parts that may be in one sum together, fewest first; each column once."""
    able = [each for count in range(1, TOGETHER + 1) for each in combinations(parts, count)]
    return [each for each in able if len({part.column for part in each}) == len(each)]


def _best(engine: Engine, sample: Sample, whole: str, texts: Sequence[str], paid: str) -> tuple[tuple[int, int], int, int]:
    """The sum that was paid of the most rows, and how many: ((rows, its place), rows where the column alone was, rows in all)."""
    columns = ", ".join(f"{text} AS s{place}" for place, text in enumerate(texts))
    other = " OR ".join(f"abs(s{place} - w) > {CLOSE}" for place in range(len(texts)))
    fits = ", ".join(
        f"count(*) FILTER (abs(p - s{place}) <= {CLOSE} AND abs(s{place} - w) > {CLOSE})" for place in range(len(texts))
    )
    bare, of, *counts = engine.rows(
        f"SELECT count(*) FILTER (abs(p - w) <= {CLOSE}), count(*), {fits} FROM (SELECT rowid AS r, {whole} AS w, {columns} "
        f"FROM {sample.table}) JOIN ({paid}) USING (r) WHERE p > {CLOSE} AND ({other})"
    )[0]
    best = max(range(len(counts)), key=lambda place: (counts[place], -place))
    return (int(counts[best]), best), int(bare), int(of)


def _take(one: Proposed, orders: ProposedMap, amount: str, sql: str, parts: Sequence[_Part], share: str) -> None:
    """The sum is the amount; the sign of a currency beside the price stays."""
    sum_ = f"CAST(CAST({sql} AS DECIMAL(18,2)) AS VARCHAR)"
    orders.fields["amount"] = {"sql": f"regexp_replace({text_of(amount)}, '-?[0-9]([0-9.,'' ]*[0-9])?', {sum_})"}
    off, more = ([part.column for part in parts if part.off is less] for less in (True, False))
    text = "".join([f" without {' and '.join(off)}" if off else "", f" with {' and '.join(more)}" if more else ""])
    one.evidence.append(f"{amount}{text} is the amount: that was paid in {share}")
    one.left = [name for name in one.left if name not in {*off, *more}]
    one.notes = [said for said in one.notes if not said.startswith(tuple(f"{LOOK}{name} (" for name in (*off, *more)))]


def _unproved(engine: Engine, sample: Sample, amount: str, parts: Sequence[_Part]) -> list[str]:
    """A line on each discount beside a price, of which nobody knows whether it is taken off."""
    if not (PRICE.search(plain(amount)) or BEFORE.search(plain(amount))):
        return []
    said = []
    for name in dict.fromkeys(part.column for part in parts if part.off):
        count = engine.value(f"SELECT count(*) FROM {sample.table} WHERE abs({number_in_column(engine, sample, name)}) > {CLOSE}")
        said.append(
            f"{LOOK}{name} ({counted(count, 'row')}) is not taken off {amount}, as nothing says whether that is the price before "
            "it: if it is, customers paid less. Then say in the map what they paid: amount = { sql = ... }"
        )
    return said

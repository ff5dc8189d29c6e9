"""The same sale in two objects: the payments of a payment service beside the orders of the shop, the invoices beside both.

Counted twice, customers would have spent twice as much. Sales are the same if their amount is, and the number of the order or the
customer and the day. What is there twice is left out of the orders of one of the two, and that is said. Start at `once`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import is_order_word, number, number_in
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.known_numbers import number_beside_key
from fullcircle.mapping.propose.ledgers import both_sides
from fullcircle.mapping.propose.links import Link, holds, is_like_a_key, link
from fullcircle.mapping.propose.parts import PAYMENTS, gives_back
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule, leave
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.same_header import counts_in_the_later, is_alike
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.reading.times import has_words, timestamp
from fullcircle.model.counting import counted

MOSTLY, MANY = 0.5, 0.8  # of the payments, of other rows, must be found among the orders to be the same sales
COUNTS_ONCE = "counts once: "  # before what is said of sales that are there twice; `map suggest --write` repeats it
LEAST = 3  # rows that are not payments by their name or their vendor
DAYS = 3  # between an order and its payment
LONGEST_NUMBER = 40  # letters of the number of an order
REFERENCES = 30  # columns that may hold the number of an order


@dataclass(frozen=True, slots=True)
class _Sales:
    """The orders that an object is proposed to become, as a table of amounts, days, people and references."""

    made: Proposed
    orders: ProposedMap
    table: str
    rows: int  # with an amount, or at least a reference
    payments: bool
    lines: bool
    points: bool = False  # a column of it holds the numbers of the orders of another object, as payments do

    @property
    def name(self) -> str:
        return self.made.sample.name


def once(engine: Engine, made: Sequence[Proposed]) -> None:
    """Leave out of the orders what is there already as the orders of another object, and say so."""
    if sum(any(map_.to == "orders" for map_ in each.maps) for each in made) < 2:
        return  # nothing to compare
    sales = [one for place, each in enumerate(made) if (one := _sales(engine, place, each))]
    sales = [replace(one, points=any(_points(engine, one, each) for each in sales if each is not one)) for one in sales]
    left: list[_Sales] = []
    billed: list[_Sales] = []
    for one in sorted(sales, key=_least_first):
        others = [
            each
            for each in sales
            if each is not one and each not in [*left, *billed] and not (each.payments and not one.payments)
        ]
        orders = [each for each in others if each not in billed]
        if not one.payments and (_is_in_the_later(engine, one, others) or _names_its_order(engine, one, orders)):
            billed.append(one)
            continue
        if not others or _is_pointed_to(one, made):
            continue
        found = [(each, *_same(engine, one, each)) for each in others]
        other, same, rest = max(found, key=lambda each: each[1])
        if same and same >= (MOSTLY if one.payments or one.points else MANY) * one.rows and (one.payments or same >= LEAST):
            left.append(one)
            _leave(one, _counted_there(one, other, same, rest))
        elif one.payments and (shops := [each for each in others if not each.payments]):
            left.append(one)
            _leave(one, _unknown(one, shops[0], same))
    for place in range(len(made)):
        engine.run(f"DROP TABLE IF EXISTS temp.sales_{place}")


def _least_first(one: _Sales) -> tuple[bool, bool, bool, bool, int]:
    """Payments are left out before sales without lines, and what names the orders of another object before these orders."""
    return not one.payments, one.lines, not one.points, not _is_invoice(one), one.rows


def _points(engine: Engine, one: _Sales, other: _Sales) -> bool:
    """True if most rows hold the number of an order of the other object, beside a number of their own."""
    theirs = f"(SELECT unnest(own) FROM {other.table})"
    named = "list_filter(refs, lambda x: NOT list_contains(own, x))"
    return bool(
        engine.value(
            f"SELECT count(DISTINCT n) >= {MANY} * {max(one.rows, 1)} FROM (SELECT n, unnest({named}) AS v FROM {one.table} "
            f"WHERE coalesce(cents, 1) > 0) WHERE v IN {theirs}"
        )
    )


def _is_in_the_later(engine: Engine, one: _Sales, others: Sequence[_Sales]) -> bool:
    """Of two exports with the same columns, an order that is in both counts once, as the later one has it."""
    key = str(one.orders.fields.get("key", {}).get("field", ""))
    for other in others:
        if other.payments or not key or not is_alike(one.made.sample, other.made.sample) or not _has_key(other, key):
            continue
        both, rows = counts_in_the_later(engine, one.table, other.table)
        if both:
            near = other.made.sample.source == one.made.sample.source
            one.orders.fields["same_as"] = {
                "field": key,
                "ref": other.name if near else f"{other.made.sample.source}.{other.name}",
            }
            one.made.notes.append(
                f"{COUNTS_ONCE}{both:,} of {counted(rows, 'order')} are in {other.name} too, which is later: they count once, as "
                "they are there"
            )
            return True
    return False


def _has_key(one: _Sales, key: str) -> bool:
    return plain(str(one.orders.fields.get("key", {}).get("field", ""))) == plain(key)


def _names_its_order(engine: Engine, one: _Sales, others: Sequence[_Sales]) -> bool:
    """Where a column holds the numbers of orders of another object: row by row, a sale that is there counts as that order."""
    able: list[tuple[float, int, int, Link, _Sales, str]] = []
    for place, other in enumerate(others):
        key = other.orders.fields.get("key", {}).get("field", "")
        if other.payments or key not in other.made.sample.facts or (_is_invoice(other) and not _is_invoice(one)):
            continue
        number = number_beside_key(engine, other.made, other.orders)
        for column in [key, number] if number else [key]:
            if found := _naming(engine, one, other.made.sample, column):
                able.append((found.hits / max(found.of, 1), found.hits, -place, found, other, column if column != key else ""))
                break
    if not able:
        return False
    *_, found, other, number = max(able, key=lambda each: each[:3])  # the orders that have the most of the numbers
    if number:
        other.orders.fields.setdefault("number", {"field": number})
        other.made.left = [name for name in other.made.left if name != number]
    near = other.made.sample.source == one.made.sample.source
    ref = other.name if near else f"{other.made.sample.source}.{other.name}"
    one.orders.fields["same_as"] = {"field": found.column, "ref": ref}
    one.made.left = [name for name in one.made.left if name != found.column]
    one.made.notes.append(
        f"{COUNTS_ONCE}{found.column} names orders of {other.name} ({found.hits:,} of {found.of:,} values are there): "
        "such a row is the same sale, and counts once, as the order; all other rows count"
    )
    return True


def _naming(engine: Engine, one: _Sales, to: Sample, key: str) -> Link | None:
    """The column that names orders of another object, if there is one."""
    if "field" not in one.orders.fields.get("key", {}):
        return None
    taken = {str(rule.get("field", "")) for name, rule in one.orders.fields.items() if name in {"key", "record_id", "amount"}}
    for column, facts in one.made.sample.facts.items():
        if column in taken or not facts.filled or is_staff(column):
            continue
        if not (is_order_word(column) or plain(column) == plain(key)):
            if found := _naming_in_part(engine, one, column, to, key):
                return found
            continue
        for sql in ("", f"regexp_replace({quoted(column)}, '^[#№ ]+', '')"):
            found = link(engine, one.made.sample, column, to, key, sql)
            if found.hits and holds(found):
                return found
    return None


def _naming_in_part(engine: Engine, one: _Sales, column: str, to: Sample, key: str) -> Link | None:
    """The column, if it names the orders of the other object in rows that sell something, whatever else it does in reversals.

    `Document lié` has the order on an invoice, and the invoice on a credit note. As its name does not say what it holds, the
    numbers must have letters and digits.
    """
    facts, amount = one.made.sample.facts[column], one.orders.fields.get("amount")
    if facts.email or facts.date >= 0.9 or facts.longest > LONGEST_NUMBER or facts.distinct < 2 or amount is None:
        return None
    value, theirs = (
        f"regexp_replace(lower({text_of(column)}), '^[#№ ]+', '')",
        f"regexp_replace(lower({text_of(key)}), '^[#№ ]+', '')",
    )
    sells = f"coalesce({_number(one.made.sample, amount)}, 1) >= 0"
    coded = f"regexp_matches({value}, '[\\p{{L}}]') AND regexp_matches({value}, '[0-9]')"
    rows = f"SELECT {value} AS v, {coded} AS coded, {value} IN (SELECT {theirs} FROM {to.table}) AS there, {sells} AS sells"
    of, hits, clear = engine.rows(
        "SELECT count(*), count(*) FILTER (there), count(*) FILTER (there AND coded) FROM (SELECT DISTINCT v, coded, there "
        f"FROM ({rows} FROM {one.made.sample.table}) WHERE sells AND v IS NOT NULL)"
    )[0]
    return Link(column, to, key, hits, of) if hits >= 2 and hits >= MANY * of and clear == hits else None


def _counted_there(one: _Sales, other: _Sales, same: int, rest: str) -> str:
    text = (
        f"{COUNTS_ONCE}not counted as orders: {same:,} of {one.rows:,} rows are sales that are in {other.name} too (the "
        f"same amount, with the number of the order or with customer and day). They count once, there"
    )
    more = one.rows - same
    owed = [str(one.orders.fields[name]["field"]) for name in ("paid", "unpaid") if "field" in one.orders.fields.get(name, {})]
    if owed and not {"paid", "unpaid"} & other.orders.fields.keys():
        text += (
            f". {LOOK}what was paid of them ({', '.join(owed)}) is not read, as no column names their order: all of it counts as "
            f"spent, also what is owed. Bring an export with the number of the order, or take out the orders of {other.name}"
        )
    return text + (
        f". The other {counted(more, 'row')}, {rest} together, {'was' if more == 1 else 'were'} found in no order and "
        f"{'counts' if more == 1 else 'count'} nowhere: look at {'it' if more == 1 else 'them'}"
        if more
        else ""
    )


def _unknown(one: _Sales, shop: _Sales, same: int) -> str:
    return (
        f"{COUNTS_ONCE}not counted as orders: payments beside the orders of {shop.name} are mostly for those, and would count "
        f"them twice; only {same:,} of {one.rows:,} were found there by amount and order number, or customer and day. If these "
        'payments are sales of their own, map them with to = "orders"'
    )


def _leave(one: _Sales, said: str) -> None:
    """The rows stay in the view as what happened, and add to nothing."""
    leave(one.made, "payment" if one.payments else "invoice" if _is_invoice(one) else "sale")
    one.made.notes.append(said)


def _is_invoice(one: _Sales) -> bool:
    return bool(
        re.search(r"(^|_)(invoices?|rechnung(en)?|factures?|facturas?|fatture?|faturas?|faktur\w*|bills?)(_|$)", plain(one.name))
    )


def _is_pointed_to(one: _Sales, made: Sequence[Proposed]) -> bool:
    """True if lines of another object belong to these orders."""
    names = {one.name, f"{one.made.sample.source}.{one.name}"}
    return any(map_.fields.get("order_id", {}).get("ref") in names for each in made if each is not one.made for map_ in each.maps)


# -- what is compared -------------------------------------------------------------------------------------------------------
def _sales(engine: Engine, place: int, made: Proposed) -> _Sales | None:
    sample = made.sample
    orders = next((one for one in made.maps if one.to == "orders"), None)
    back = orders is not None and (orders.fields.get("status") == {"value": "refunded"} or gives_back(sample))
    if orders is None or not sample.table or orders.each or back:
        return None
    when, money = orders.fields.get("ordered_at"), _amount(made, orders)
    day = rule_sql({"field": when["fields"][0]} if "fields" in when else when) if when else "NULL::VARCHAR"
    who = [name for name, facts in sample.facts.items() if facts.email >= 0.5 and not is_staff(name)]
    people = next((one for one in made.maps if one.to == "records"), None)
    names = people.fields.get("full_name", {}).get("field", "") if people else ""
    whose = [f"lower({quoted(name)})" for name in (*who, *([names] if names in sample.facts else []))]
    keys = [f"lower(CAST({rule_sql(orders.fields['key'])} AS VARCHAR))"] if "key" in orders.fields else []
    own = _list(keys)
    keys += [f"lower({quoted(name)})" for name in sample.facts if is_like_a_key(name) and _is_reference(sample, name, 0.9)]
    refs = [f"lower({quoted(name)})" for name in sample.facts if name != names and _is_reference(sample, name, 0)][:REFERENCES]
    where = f"WHERE {orders.where}" if orders.where else ""
    lists = f"{_list(whose)} AS who, {own} AS own, {_list(keys)} AS keys, {_list([*keys, *refs])} AS refs"
    inner = f"SELECT {money} AS _a, CAST({day} AS VARCHAR) AS _t, {lists} FROM {sample.table} {where}"
    worded = engine.value(f"SELECT bool_or({has_words('_t')}) FROM ({inner})")
    orders_of_parts = (("d1", "true"), ("d2", "false"))
    days = ", ".join(
        f"CAST({timestamp('_t', 'US', first, worded=bool(worded))} AS DATE) AS {name}" for name, first in orders_of_parts
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE sales_{place} AS SELECT row_number() OVER () AS n, "
        f"CAST(round(abs(_a) * 100) AS BIGINT) AS cents, {days}, who, "
        f"{_plain('own')} AS own, {_plain('keys')} AS keys, {_plain('refs')} AS refs FROM ({inner})"
    )
    rows = engine.value(f"SELECT count(*) FILTER (coalesce(cents, 1) > 0) FROM sales_{place}")
    payments = bool(PAYMENTS.search(plain(made.what)) or PAYMENTS.search(plain(sample.name)))
    payments |= both_sides(sample) is not None and not orders.where  # without its payments, a ledger has sales
    return _Sales(made, orders, f"sales_{place}", rows, payments, any(one.to == "order_lines" for one in made.maps))


def _amount(made: Proposed, orders: ProposedMap) -> str:
    """SQL: the amount of an order on its row, or else the sum of its lines; null if that is elsewhere."""
    if "amount" in orders.fields:
        return _number(made.sample, orders.fields["amount"])
    lines = next((one for one in made.maps if one.to == "order_lines" and not one.each), None)
    rules = lines.fields if lines else {}
    if "key" not in orders.fields or "OVER" in str(rules.get("order_id")) or not {"amount", "unit_price"} & rules.keys():
        return "NULL::DOUBLE"
    pieces = _number(made.sample, rules["quantity"]) if "field" in rules.get("quantity", {}) else "1"
    line = (
        _number(made.sample, rules["amount"]) if "amount" in rules else f"{pieces} * {_number(made.sample, rules['unit_price'])}"
    )
    return f"sum({line}) OVER (PARTITION BY {rule_sql(orders.fields['key'])})"


def _number(sample: Sample, rule: Rule) -> str:
    if rule.get("field") in sample.facts:
        return number(rule["field"])
    return number_in(rule_sql(rule))


def _is_reference(sample: Sample, name: str, different: float) -> bool:
    """True for a column that may hold the number of an order, or a text in which it stands."""
    facts = sample.facts[name]
    short = facts.filled and facts.email < 0.5 and facts.date < 0.9 and facts.longest <= 120 and not is_staff(name)
    return bool(short and facts.distinct >= different * facts.filled)


def _list(parts: Sequence[str]) -> str:
    return f"list_filter([{', '.join(parts)}], lambda x: x IS NOT NULL)" if parts else "CAST([] AS VARCHAR[])"


def _plain(column: str) -> str:
    """SQL: each number of an order without its signs, and the last number in it: `#1001`, `Order 1001`, `wc-1001` are `1001`."""
    bare = f"list_transform({column}, lambda x: regexp_replace(x, '^#', ''))"
    last = f"list_transform({column}, lambda x: regexp_extract(x, '(\\d{{3,}})\\D*$', 1))"
    found = f"list_filter(list_concat({bare}, {last}), lambda x: len(x) >= 3 AND regexp_matches(x, '\\d'))"
    return f"list_distinct({found})"


def _same(engine: Engine, one: _Sales, other: _Sales) -> tuple[int, str]:
    """How many sales of the one are among the other's, and what those that are not come to."""
    few = f"(SELECT DISTINCT cents, d1, d2, unnest({{0}}) AS v FROM {other.table})"
    near = " OR ".join(f"abs(date_diff('day', a.{x}, b.{y})) <= {DAYS}" for x in ("d1", "d2") for y in ("d1", "d2"))
    by_reference = (
        f"SELECT a.n FROM (SELECT n, cents, unnest(refs) AS v FROM {one.table}) a JOIN {few.format('keys')} b ON a.v = b.v "
        "WHERE b.cents = a.cents OR b.cents IS NULL"
    )
    by_person = (
        f"SELECT a.n FROM (SELECT n, cents, d1, d2, unnest(who) AS v FROM {one.table}) a JOIN {few.format('who')} b "
        f"ON a.v = b.v AND a.cents = b.cents WHERE {near}"
    )
    nobody = f"SELECT DISTINCT cents, d1, d2 FROM {other.table} WHERE len(who) = 0"
    by_day = f"SELECT a.n FROM {one.table} a JOIN ({nobody}) b ON a.cents = b.cents AND (a.d1 = b.d1 OR a.d2 = b.d2)"
    found, rest = engine.rows(
        f"WITH same AS ({by_reference} UNION {by_person} UNION {by_day}) SELECT count(*) FILTER (n IN (SELECT n FROM same)), "
        f"coalesce(sum(cents) FILTER (n NOT IN (SELECT n FROM same)), 0) FROM {one.table} WHERE coalesce(cents, 1) > 0"
    )[0]
    return int(found), f"{int(rest) / 100:,.2f}"

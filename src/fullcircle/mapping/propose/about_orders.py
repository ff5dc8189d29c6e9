"""Which orders an object of payments or refunds is about: those that a column names. See `orders_it_is_about`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullcircle.engine.base import quoted
from fullcircle.mapping.payments_found import SEVERAL
from fullcircle.mapping.propose.guess import is_staff, named, plain, singular, words
from fullcircle.mapping.propose.links import Link, holds, link
from fullcircle.mapping.propose.parts import are_payments, gives_back, is_part, order_columns
from fullcircle.mapping.propose.same_header import is_alike
from fullcircle.mapping.propose.sample import Sample

if TYPE_CHECKING:
    from fullcircle.mapping.propose.planner import Planner, Role

ALL_BUT_FEW = 0.9  # of the values of such a column must be numbers of orders, where these are written in other ways


def orders_it_is_about(planner: Planner, role: Role) -> tuple[Link, Role] | None:
    """The orders of another object to which an object that looks like orders points: payments and refunds are not orders."""
    if role.table != "orders" or role.known or not (is_part(role.sample) or named(role.sample.name) != "orders"):
        return None
    billed = role.key and role.sample.unique(role.key) and not is_part(role.sample) and "amount" in role.columns
    for column in [*order_columns(role.sample), *_called_after_orders(role.sample)]:
        found = planner.find(role, [column], "orders")
        if found and billed and column == role.key and is_alike(role.sample, found[1].sample):
            continue  # two exports of the same orders, or of two shops: same_sales.py
        if billed and column != role.key:
            continue  # rows with a number and an amount of their own that name an order: see same_sales.py
        if found and found[0].of and (is_part(role.sample) or not is_part(found[1].sample)):
            return found
    return _orders_by_values(planner, role) if gives_back(role.sample) or are_payments(role.sample) else None


def _called_after_orders(sample: Sample) -> list[str]:
    """Further columns of payments that end in a word for orders: `Settled invoices`, `Linked bill`."""
    if not are_payments(sample):
        return []
    known, own = {*words()["columns"]["order_lines"]["order_id"], *words()["tables"]["orders"]}, order_columns(sample)
    able = [name for name, facts in sample.facts.items() if facts.filled and not is_staff(name)]
    return [name for name in able if name not in own and known & singular(plain(name).rpartition("_")[2])]


def _codes(planner: Planner, role: Role) -> list[str]:
    """The columns that may hold numbers of orders: codes with letters and digits, whatever they are called."""
    if planner.engine is None or not role.sample.table or not are_payments(role.sample):
        return []
    able = [name for name, facts in role.sample.facts.items() if facts.filled and facts.longest <= 40 and facts.date < 0.9]
    coded = "count(*) FILTER (regexp_matches({0}, '\\d') AND regexp_matches({0}, '\\p{{L}}')) >= 0.9 * count({0})"
    return [
        name for name in able
        if planner.engine.value(f"SELECT {coded.format(quoted(name))} FROM {role.sample.table}")
    ]  # fmt: skip


def _orders_by_values(planner: Planner, role: Role) -> tuple[Link, Role] | None:
    """The orders that returns or payments name, also where these are in several rows, one for each item."""
    able, pays = [], are_payments(role.sample)  # a run knows which order a payment is for, where numbers begin again
    for other in (each for each in planner.roles if each is not role):
        one, key = other.items.order.within if other.items else None, other.keys.get("orders", {})
        if one and (len(one.key) == 1 or pays):
            found = [link(planner.engine, role.sample, name, other.sample, one.key[-1]) for name in order_columns(role.sample)]
            able += [(each.hits / max(each.of, 1), each.hits, each, other) for each in found if each.hits and holds(each)]
        elif key and ("field" in key or pays) and not is_part(other.sample):
            names = _codes(planner, role) if "field" in key else order_columns(role.sample)
            number = key["field"] if "field" in key else key["fields"][-1]
            found = [link(planner.engine, role.sample, name, other.sample, number) for name in names]
            able += [(each.hits / max(each.of, 1), each.hits, each, other) for each in found if each.hits > 1 and holds(each)]
    if not able:
        return _orders_named_loosely(planner, role)
    *_, best, target = max(able, key=lambda each: each[:2])
    return best, target


def _orders_named_loosely(planner: Planner, role: Role) -> tuple[Link, Role] | None:
    """The orders that payments name with other leading zeros, or several in a cell: a run finds them, payments_found.py."""
    if planner.engine is None or not role.sample.table or not are_payments(role.sample):
        return None
    able = []
    bare = "ltrim(lower(trim(CAST({} AS VARCHAR))), '0')"
    for other in (one for one in planner.roles if one is not role and one.sample.table and not is_part(one.sample)):
        key = str(other.keys.get("orders", {}).get("field", ""))
        for name in order_columns(role.sample) if key else []:
            there = f"SELECT {bare.format(quoted(key))} FROM {other.sample.table}"
            parts = f"list_filter(string_split_regex(v, '{SEVERAL}'), lambda part: regexp_matches(part, '[0-9]'))"
            values = f"SELECT DISTINCT {bare.format(quoted(name))} AS v FROM {role.sample.table}"
            each = f"SELECT v, v IN ({there}) AS whole, unnest({parts}) AS part FROM ({values}) WHERE v <> ''"
            hits, of = planner.engine.rows(
                "SELECT count(*) FILTER (there), count(*) FROM (SELECT bool_or(whole) OR "
                f"bool_and(ltrim(part, '0') IN ({there})) AS there FROM ({each}) GROUP BY v)"
            )[0]
            if hits > 1 and hits >= ALL_BUT_FEW * of:
                able.append((hits / of, hits, Link(name, other.sample, key, hits, of), other))
    return max(able, key=lambda each: each[:2])[2:] if able else None

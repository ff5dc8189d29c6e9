"""What is among the payments of orders that say themselves what was paid: money that went back, and gifts that pay no order.

Such payments add nothing to what the orders say, but a refund of one may lessen it, and a donation beside the fees of a club is
in no order at all. See `counted_beside`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.gone import keep_only
from fullcircle.mapping.propose.grain import number_in, number_in_column
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.kinds_of_rows import says_kind
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refund_owner import owner_rule
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.values_of import values_of
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted, money

MINUS = "^[^0-9]*[-−–(]|[-−–]$"
CENT = 0.005


def counted_beside(
    engine: Engine, one: Proposed, pays: ProposedMap, named: str, other: Proposed, made: Sequence[Proposed]
) -> None:
    """Add what counts beside the orders (of `other`) to the proposal of their payments; `named`: the column that names them."""
    if not one.sample.table or "amount" not in pays.fields or named not in one.sample.facts:
        return
    _gifts(engine, one, pays, named)
    _money_back(engine, one, pays, named, other, made)


def _gifts(engine: Engine, one: Proposed, pays: ProposedMap, named: str) -> None:
    """Gifts that name no order are sales of their own; of any other payment that names none it is said that it counts nowhere."""
    nothing = f"{text_of(named)} IS NULL"
    gifts = ""
    for column, facts in one.sample.facts.items():
        giving = {*words()["giving"]["words"]} - {*words()["giving"]["promised"]}
        if says_kind(column, facts) and "record_id" in pays.fields:
            kinds = [word for word in values_of(engine, one.sample, column) if giving & {*plain(word).split("_")}]
            gifts = f"({nothing} AND {text_of(column)} IN ({', '.join(map(literal, kinds))}))" if kinds else gifts
    rows, sum_ = _sum(engine, one.sample, pays, gifts or "false")
    if rows:
        one.maps.append(_as_orders(pays, gifts, "gift"))
        keep_only(pays, f"NOT coalesce({gifts}, false)")
        one.evidence.append(f"{counted(rows, 'gift')} ({sum_} together) among the payments: sales of their own")
    rows, sum_ = _sum(engine, one.sample, pays, f"{nothing} AND NOT coalesce({gifts or 'false'}, false)")
    if rows:
        has, them, counts = ("has", "it", "it counts") if rows == 1 else ("have", "them", "they count")
        one.notes.append(
            f"{LOOK}{counted(rows, 'payment')} ({sum_} together) {has} nothing in {named}: where what was paid of an order "
            f"does not have {them} in, {counts} nowhere"
        )


def _money_back(engine: Engine, one: Proposed, pays: ProposedMap, named: str, other: Proposed, made: Sequence[Proposed]) -> None:
    """Money that went back lessens what was spent, where what the orders say of their payments is without it."""
    back = f"coalesce(regexp_matches(CAST({rule_sql(pays.fields['amount'])} AS VARCHAR), {literal(MINUS)}), false)"
    rows, sum_ = _sum(engine, one.sample, pays, f"{back} AND {text_of(named)} IS NOT NULL")
    if not rows:
        return
    within, without = _compared(engine, one, pays, named, other)
    if within and not without:
        return
    if without and not within and not _has_credit_notes(other, made):
        refund = _as_orders(pays, f"{back} AND {text_of(named)} IS NOT NULL", "refund")
        refund.fields.setdefault("record_id", owner_rule(named, other.sample))
        refund.fields |= {"status": {"value": "refunded"}, "corrects": {"field": named, "ref": _ref(one, other)}}
        one.maps.append(refund)
        one.evidence.append(
            f"{counted(rows, 'payment')} of money that went back ({sum_} together), which what {other.sample.name} says was paid "
            "does not have in it: refunds"
        )
        return
    are, them = ("is", "it") if rows == 1 else ("are", "them")
    one.notes.append(
        f"{LOOK}{counted(rows, 'payment')} of money that went back ({sum_} together) {are} not taken off: it is not clear "
        f"whether what {other.sample.name} says was paid is without {them}"
    )


def _compared(engine: Engine, one: Proposed, pays: ProposedMap, named: str, other: Proposed) -> tuple[int, int]:
    """Of how many orders, of which money went back, what is said to be paid is after that, and of how many before it."""
    orders = next(each for each in other.maps if each.to == "orders")
    key, amount, paid, unpaid = (
        str(orders.fields.get(name, {}).get("field", "")) for name in ("key", "amount", "paid", "unpaid")
    )
    facts, sample = other.sample.facts, other.sample
    if key not in facts or not sample.table or not (paid in facts or (unpaid in facts and amount in facts)):
        return 0, 0
    left = number_in_column(engine, sample, paid) if paid in facts else ""
    said = left or f"{number_in_column(engine, sample, amount)} - {number_in_column(engine, sample, unpaid)}"
    worth = _number(engine, one.sample, pays.fields["amount"])
    found = engine.rows(
        f"SELECT count(*) FILTER (abs(s - net) <= {CENT}), count(*) FILTER (abs(s - came) <= {CENT}) FROM "
        f"(SELECT lower({text_of(key)}) AS k, {said} AS s FROM {sample.table}) JOIN (SELECT lower({text_of(named)}) AS k, "
        f"sum(w) AS net, sum(w) FILTER (w > 0) AS came, bool_or(w < 0) AS back FROM (SELECT *, {worth} AS w FROM "
        f"{one.sample.table}) GROUP BY 1) USING (k) WHERE back"
    )[0]
    return int(found[0]), int(found[1])


def _has_credit_notes(other: Proposed, made: Sequence[Proposed]) -> bool:
    """True where refunds are orders already: in the same list, or in one of their own."""
    lists = [each for each in made if each.sample.source == other.sample.source]
    rules = [map_.fields for each in lists for map_ in each.maps if map_.to == "orders"]
    return any("corrects" in fields or fields.get("status") == {"value": "refunded"} for fields in rules)


def _as_orders(pays: ProposedMap, where: str, key: str = "") -> ProposedMap:
    """The map of the payments as orders, for some rows."""
    names = {"key": "key", "record_id": "record_id", "amount": "amount", "currency": "currency", "at": "ordered_at"}
    fields: dict[str, Rule] = {names[name]: dict(rule) for name, rule in pays.fields.items() if name in names}
    return ProposedMap("orders", fields, key, " AND ".join(part for part in (pays.where, where) if part))


def _sum(engine: Engine, sample: Sample, pays: ProposedMap, where: str) -> tuple[int, str]:
    worth, rest = f"abs({_number(engine, sample, pays.fields['amount'])})", pays.where or "true"
    rows, sum_ = engine.rows(
        f"SELECT count(*), coalesce(sum({worth}), 0) FROM {sample.table} WHERE {where} AND {worth} > 0 AND ({rest})"
    )[0]
    return int(rows), money(sum_, "")


def _number(engine: Engine, sample: Sample, rule: Rule) -> str:
    column = str(rule.get("field", ""))
    return number_in_column(engine, sample, column) if column in sample.facts else number_in(f"CAST({rule_sql(rule)} AS VARCHAR)")


def _ref(one: Proposed, other: Proposed) -> str:
    near = one.sample.source == other.sample.source
    return other.sample.name if near else f"{other.sample.source}.{other.sample.name}"

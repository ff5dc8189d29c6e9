"""Payments in an object of their own that name the orders (invoices) which they pay: what was paid is read from them.

Where the orders say themselves what was paid, or is owed, their payments add nothing to that. Start at `as_payments`, and when
all is proposed at `with_payments`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.grain import decimal_comma, is_money_text, number
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, leave
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refund_owner import owner_rule
from fullcircle.mapping.propose.refunds import rule_sql
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.status_column import INVOICE, with_out
from fullcircle.mapping.propose.words import LOOK
from fullcircle.mapping.reading.times import timestamp
from fullcircle.mapping.status import status_of
from fullcircle.model.counting import counted, money

APPLIED = re.compile(  # the part of a payment that is for the invoice of its row
    r"(^|_)(applied|allocated|allocation|matched|zugeordnet\w*|verrechnet\w*|impute|affecte|lettre|aplicado|imputado|imputato|assegnato|abbinato"
    r"|toegewezen|rozliczon[oay]|sparovan[oay])(_|$)"
)
NO_AMOUNT = re.compile(
    r"(^|_)(unapplied|unallocated|nicht|non|no|date|datum|fecha|data|at|on|am|le|el|to|invoice|rechnung|facture|factura)(_|$)"
)
OLDER = 0.5  # of the invoices, older than the first that a payment names: so many are from before the list of payments
FEW = 3  # invoices that may be older without that
SEVERAL = r"[;,+&/|\s]+"  # between the numbers of several invoices
TAKEN_OFF = re.compile(  # for early payment, or written off with it
    r"(^|_)(skonto\w*|discounts?|discount_taken|early_payment_discount|escompte|pronto_pago|descuentos?|sconto|abbuono|desconto|korting"
    r"|betalingskorting|kontantrabat\w*|kassarabatt|kassa_alennus|skonta|write_?offs?)(_|$)"
)
REACHED = {"email", "phone", "street"}
BOOKED_BY = re.compile(  # of a payment: who put it down, and not who paid it
    r"^(user|employee|operator|clerk|cashier|benutzer|mitarbeiter|bearbeiter|utilisateur|employe|usuario|empleado|utente|dipendente|utilizador"
    r"|gebruiker|medewerker|bruger|medarbejder|bruker|ansatt|anvandare|kayttaja|uzytkownik|pracownik|uzivatel|felhasznalo|kullanici"
    r"|пользователь|сотрудник)(_?(id|no|nr|number|name|code))?$"
)
NOTE = "its rows are payments for the orders in"


def as_payments(made: Proposed, column: str, ref: str, name: str) -> None:
    """Make of the proposed orders payments for the orders of another object, which a column names; they are not sales."""
    orders = next(one for one in made.maps if one.to == "orders")
    status = orders.fields.get("status")
    orders.fields.setdefault("record_id", {"value": ""})  # that of the order, which a run knows
    leave(made, "payment")
    pays = made.maps[-1]
    _of_the_order(made, pays)
    _not_who_booked_it(made, pays)
    if pays.fields["record_id"] == {"value": ""}:
        del pays.fields["record_id"]
        made.notes = [said for said in made.notes if not said.startswith("record_id:")]
        made.evidence.append(f"{column}: the customer is that of the order in {name}")
    made.notes = [said for said in made.notes if not said.startswith("no key was found: every row counts as an order")]
    if pays.fields.get("key", {}).get("field") == column:
        del pays.fields["key"]  # a second payment may come
    pays.fields["pays"] = {"field": column, "ref": ref}
    pays.fields.setdefault("number", {"field": column})
    if status:
        pays.fields["status"] = status


def _of_the_order(made: Proposed, pays: ProposedMap) -> None:
    """Who is only named in a payment is the customer of the order, and not another one of that name."""
    people = [one for one in made.maps if one.to == "records"]
    if people and not any(REACHED & one.fields.keys() for one in people):
        made.maps = [one for one in made.maps if one not in people]
        made.evidence = [said for said in made.evidence if not said.startswith("the people are named in")]
        pays.fields["record_id"] = {"value": ""}


def _not_who_booked_it(made: Proposed, pays: ProposedMap) -> None:
    """A `user_id` beside the number of an invoice is who booked the payment; what was made of that person goes."""
    rule = pays.fields.get("record_id", {})
    if BOOKED_BY.search(plain(str(rule.get("field", "")))):
        made.evidence.append(f"{rule['field']}: who booked the payment, and not its customer")
        pays.fields["record_id"] = {"value": ""}
    if pays.fields.get("record_id") == {"value": ""}:
        made.maps = [one for one in made.maps if one is pays or one.fields.get("record_id", {}).get("ref") != made.sample.name]
        if not any(one.to == "identifiers" for one in made.maps):
            made.notes = [said for said in made.notes if not said.startswith("customers are known by their number only")]


def applied_amount(sample: Sample) -> str:
    """The column with the part of a payment that is for the invoice of its row: `Amount applied`; "" without one."""
    able = [name for name in sample.facts if APPLIED.search(plain(name)) and not NO_AMOUNT.search(plain(name))]
    return next((name for name in able if is_money_text(sample.facts[name])), "")


def with_payments(engine: Engine, made: Sequence[Proposed]) -> None:
    """Decide, for all payments that name orders, whether these are known to be paid by nothing else."""
    paid: dict[int, list[tuple[Proposed, str]]] = {}  # the place of the orders -> their payments, with the column that names them
    for one in made:
        pays = next((each for each in one.maps if "pays" in each.fields), None)
        if pays is None:
            continue
        ref = str(pays.fields["pays"]["ref"])
        place = next(
            (n for n, each in enumerate(made) if ref in {each.sample.name, f"{each.sample.source}.{each.sample.name}"}), -1
        )
        orders = _orders_of(made[place]) if place >= 0 else None
        if orders is None:
            del pays.fields["pays"]
            one.notes.append(f"{LOOK}{NOTE} {ref}, which are counted elsewhere: interactions, which add to nothing")
        elif own := says_itself(orders):
            named = str(pays.fields.pop("pays")["field"])
            pays.fields.setdefault("record_id", owner_rule(named, made[place].sample))
            one.evidence.append(
                f"{NOTE} {made[place].sample.name}, where {own} says itself what was paid, or is owed: they are interactions, "
                "and add to nothing"
            )
        else:
            one.evidence.append(
                f"{NOTE} {made[place].sample.name}: they are interactions, and what they come to was paid of the order that they "
                "name"
            )
            column = str(pays.fields["pays"]["field"])
            one.notes += _several(engine, one, column, made[place], orders)
            one.notes += _discounts(engine, one.sample)
            paid.setdefault(place, []).append((one, column))
    for place, payments in paid.items():
        tables = [f"SELECT lower({text_of(column)}) FROM {one.sample.table}" for one, column in payments if one.sample.table]
        orders = _orders_of(made[place])
        if orders and tables:
            payments[0][0].notes += _unnamed(engine, made[place].sample, orders, " UNION ALL ".join(tables))


def _orders_of(made: Proposed) -> ProposedMap | None:
    return next((each for each in made.maps if each.to == "orders"), None)


def says_itself(orders: ProposedMap) -> str:
    """The column of the orders that says what was paid of each, or is owed; "" if none does, or with a mere yes and no."""
    for name in ("unpaid", "paid"):
        rule = orders.fields.get(name, {})
        if "field" in rule:
            return str(rule["field"])
        if rule and not str(rule.get("sql", "")).endswith("THEN '0' END)"):
            return name
    return ""


def _several(engine: Engine, one: Proposed, column: str, other: Proposed, orders: ProposedMap) -> list[str]:
    """A line on payments that name several orders at once."""
    key = orders.fields.get("key", {}).get("field", "")
    if key not in other.sample.facts or not one.sample.table or not other.sample.table:
        return []
    parts = f"SELECT rowid AS r, unnest(list_distinct(string_split_regex(lower({text_of(column)}), '{SEVERAL}'))) AS v FROM "
    there = f"SELECT lower({text_of(key)}) FROM {other.sample.table}"
    found = engine.value(
        f"SELECT count(*) FROM (SELECT r FROM ({parts} {one.sample.table} WHERE lower({text_of(column)}) NOT IN ({there})) "
        f"WHERE v IN ({there}) GROUP BY r HAVING count(*) > 1)"
    )
    if not found:
        return []
    return [
        f"{LOOK}{column} names several orders in {counted(found, 'row')}: how much of such a payment is for which of them is not "
        "known, so it lessens what is owed of none. Bring a row for each order"
    ]


def _discounts(engine: Engine, sample: Sample) -> list[str]:
    """A line on what was taken off when it was paid (`Skonto`), which no payment of money lessens."""
    for name, facts in sample.facts.items():
        if TAKEN_OFF.search(plain(name)) and is_money_text(facts) and sample.table:
            sum_ = number(name, decimal_comma(engine, sample, name))
            count, total = engine.rows(f"SELECT count(*), coalesce(sum({sum_}), 0) FROM {sample.table} WHERE {sum_} > 0")[0]
            if count:
                return [
                    f"{LOOK}{name} ({total:,.2f} in {counted(count, 'row')}) is not read: what was taken off when an invoice was "
                    "paid stays owed of it, unless a credit note takes it off"
                ]
    return []


def _unnamed(engine: Engine, sample: Sample, orders: ProposedMap, names: str) -> list[str]:
    """Invoices that no payment names were not paid, unless they say so; other orders may have been paid in other ways.

    `names`: SQL for what the payments name.
    """
    key = orders.fields.get("key", {}).get("field", "")
    if key not in sample.facts or not sample.table:
        return []
    named = f"lower({text_of(key)}) IN ({names})"
    worth = _worth(engine, sample, orders)
    said = f"CAST({rule_sql(orders.fields['status'])} AS VARCHAR)" if "status" in orders.fields else "NULL::VARCHAR"
    words = [
        str(word) for (word,) in engine.rows(f"SELECT DISTINCT {said} AS v FROM {sample.table} WHERE v IS NOT NULL LIMIT 200")
    ]
    means = orders.fields.get("status", {}).get("map", {})
    open_ = [word for word in words if (means.get(word) or status_of(word)) in {None, "placed", "pending", "unpaid"}]
    listed = ", ".join(map(literal, open_)) or "''"
    rows = (
        f"FROM (SELECT {named} AS named, {worth} AS w FROM {sample.table} WHERE coalesce({said} IN ({listed}), true)) WHERE w > 0"
    )
    count, of, total = engine.rows(f"SELECT count(*) FILTER (NOT named), count(*), sum(w) FILTER (NOT named) {rows}")[0]
    if not count:
        _none_paid(engine, sample, orders, key)
        return []
    some = f"{count:,} of {counted(of, 'row')} of {sample.name} ({money(total, '')} together)"
    if not is_of_invoices(sample, key) or _begins_later(engine, sample, orders, named):
        return [
            f"{LOOK}{some} {'is' if count == 1 else 'are'} named by no payment: what is not said to be unpaid counts as spent, "
            f'as it may have been paid in other ways. If not, add paid = {{ value = "0" }} to the map of {sample.name}'
        ]
    _none_paid(engine, sample, orders, key)
    return [
        f"{LOOK}{some} {'is' if count == 1 else 'are'} named by no payment, and not said to be paid: owed, and not spent. If "
        f"there are other payments, take paid out of the map of {sample.name}"
    ]


def _none_paid(engine: Engine, sample: Sample, orders: ProposedMap, key: str) -> None:
    """Of an invoice was paid what its payments say, and nothing else."""
    if is_of_invoices(sample, key) and "paid" not in orders.fields:
        orders.fields["paid"] = {"value": "0"}
        orders.fields |= {"status": with_out(engine, sample, orders.fields["status"])} if "status" in orders.fields else {}


def is_of_invoices(sample: Sample, key: str) -> bool:
    """True if the rows are invoices: shops have paid orders, books have all payments."""
    return bool(INVOICE.search(plain(sample.name)) or INVOICE.search(plain(key)))


def _worth(engine: Engine, sample: Sample, orders: ProposedMap) -> str:
    """SQL for the amount of the orders, near enough to be said."""
    rule = orders.fields.get("amount", {})
    if rule.get("field") in sample.facts:
        return number(rule["field"], decimal_comma(engine, sample, rule["field"]))
    text = f"CAST({rule_sql(rule)} AS VARCHAR)" if rule else "'1'"
    return f"TRY_CAST(regexp_replace({text}, '[^0-9.-]', '', 'g') AS DOUBLE)"


def _begins_later(engine: Engine, sample: Sample, orders: ProposedMap, named: str) -> bool:
    """True if most invoices are older than the first that a payment names: the payments of before are not here."""
    when = orders.fields.get("ordered_at", {}).get("field", "")
    day = "NULL::TIMESTAMP"
    if when in sample.facts:
        days = (timestamp(text_of(when), "US", first) for first in ("true", "false"))
        day = f"coalesce({', '.join(days)})"
    rows = f"SELECT rowid AS r, {day} AS d, {named} AS named FROM {sample.table}"
    first, of = engine.rows(
        "SELECT min(n) FILTER (named), count(*) FROM (SELECT named, row_number() OVER (ORDER BY d NULLS LAST, r) AS n "
        f"FROM ({rows}))"
    )[0]
    return first is None or int(first) - 1 > max(FEW, OLDER * int(of))

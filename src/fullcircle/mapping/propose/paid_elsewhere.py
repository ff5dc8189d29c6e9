"""Payments in an object of their own that name the orders (invoices) which they pay: what was paid is read from them.

Where the orders say themselves what was paid, or is owed, their payments add nothing to that. Start at `as_payments`, and when
all is proposed at `with_payments`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.payments_found import SEVERAL
from fullcircle.mapping.propose.among_payments import counted_beside
from fullcircle.mapping.propose.grain import is_money_text, number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, leave
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refund_owner import owner_rule
from fullcircle.mapping.propose.refunds import rule_sql, says_only_nothing
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
HALF = 0.5  # of the rows have a number of their own, where it is that of the payment
OLDER = 0.5  # of the invoices, older than the first that a payment names: so many are from before the list of payments
FEW = 3  # invoices that may be older without that
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


def as_payments(made: Proposed, column: str, ref: str, name: str, whose: str = "") -> None:
    """Make of the proposed orders payments for the orders of another object, which a column names; they are not sales.

    `whose`: the column of those orders that says whose they are.
    """
    orders = next(one for one in made.maps if one.to == "orders")
    status = orders.fields.get("status")
    orders.fields.setdefault("record_id", {"value": ""})  # that of the order, which a run knows
    leave(made, "payment")
    pays = made.maps[-1]
    _of_the_order(made, pays)
    if not whose or plain(whose) != plain(str(pays.fields.get("record_id", {}).get("field", ""))):
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
        given_up = str(status.get("sql", "")).replace("THEN 'cancelled'", "THEN 'written off'")  # not paid, and not owed either
        pays.fields["status"] = {**status, "sql": given_up} if given_up else status


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
        _number_of_payments(engine, one, pays)
        if orders is None:
            del pays.fields["pays"]
            one.notes.append(f"{LOOK}{NOTE} {ref}, which are counted elsewhere: interactions, which add to nothing")
        elif (own := says_itself(orders)) and not _empty_balance(engine, one, made[place].sample, orders):
            one.notes += _apart(engine, one, made[place].sample, orders)
            named = str(pays.fields.pop("pays")["field"])
            counted_beside(engine, one, pays, named, made[place], made)
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
    paid |= {twin: payments for place, payments in paid.items() for twin in _twins(made, place) if twin not in paid}
    for place, payments in paid.items():
        tables = [_names_in(one.sample.table, column) for one, column in payments if one.sample.table]
        orders = _orders_of(made[place])
        if orders:
            payments[0][0].notes += _with_number(made[place].sample, orders)
        if orders and tables:
            payments[0][0].notes += _unnamed(engine, made[place].sample, orders, " UNION ALL ".join(tables))


def number_of(orders: ProposedMap) -> str:
    """The column by which payments name the orders: their key, or the number that is the last of a key of several columns."""
    key = orders.fields.get("key", {})
    return str(key.get("field") or "".join(list(key.get("fields", ()))[-1:]))


def _with_number(sample: Sample, orders: ProposedMap) -> list[str]:
    """Orders whose numbers come again, as each year, are known to their payments by that number beside their key."""
    if "fields" not in orders.fields.get("key", {}):
        return []
    orders.fields.setdefault("number", {"field": number_of(orders)})
    return [
        f"{LOOK}{number_of(orders)} of {sample.name} comes again, as numbers do that begin again each year: a payment is of the "
        "order with that number that has its customer, its amount or the nearest day. Where none of these says which, a run says "
        "so, and it pays none"
    ]


def _names_in(table: str, column: str) -> str:
    """SQL: what a column of payments names, without leading zeros: each cell, and each of several numbers in one."""
    name = f"lower({text_of(column)})"
    return f"SELECT ltrim(unnest(list_append(string_split_regex({name}, '{SEVERAL}'), {name})), '0') FROM {table}"


def _twins(made: Sequence[Proposed], place: int) -> list[int]:
    """The places of other orders of the source whose key has the same name, and which their payments may name too."""
    one, orders = made[place], _orders_of(made[place])
    key = plain(number_of(orders)) if orders else ""
    return [
        n
        for n, each in enumerate(made)
        if n != place and key and each.sample.source == one.sample.source
        and (theirs := _orders_of(each)) and not says_itself(theirs)
        and plain(number_of(theirs)) == key
    ]  # fmt: skip


def _number_of_payments(engine: Engine, one: Proposed, pays: ProposedMap) -> None:
    """The number of a payment is its key, also where rows are there twice; with other rows of one number, all that they say."""
    sample, names = one.sample, list(one.sample.facts)
    if "key" in pays.fields or not sample.table:
        return
    taken = {str(rule.get("field", "")) for rule in pays.fields.values()}
    able = [name for name in names if name not in taken and is_like_a_key(name) and sample.facts[name].filled]
    for name in able:
        text, amount = text_of(name), str(pays.fields.get("amount", {}).get("field", ""))
        all_ = ", ".join(f"coalesce({text_of(each)}, '')" for each in names)
        worth = number_in_column(engine, sample, amount) if amount in names else "0"
        invoice = text_of(str(pays.fields["pays"]["field"]))
        rows, empty, numbers, kinds = engine.rows(
            f"SELECT count(*), count(*) FILTER ({text} IS NULL), count(DISTINCT {text}), count(DISTINCT concat_ws('|', {all_})) "
            f"FROM {sample.table}"
        )[0]
        if empty or numbers < HALF * rows or kinds == rows:
            continue
        pays.fields["key"] = {"field": name} if numbers == kinds else {"sql": f"md5(concat_ws('|', {all_}))"}
        one.evidence.append(
            f"{name}: {counted(rows - kinds, 'row is', 'rows are')} there twice, with the same number: it counts once"
        )
        several, sum_ = engine.rows(
            f"SELECT coalesce(sum(n), 0), coalesce(sum(w), 0) FROM (SELECT count(*) AS n, sum(w) AS w FROM (SELECT DISTINCT "
            f"{text} AS number, {invoice} AS bill, {worth} AS w, concat_ws('|', {all_}) FROM {sample.table}) GROUP BY number, "
            "bill HAVING count(*) > 1)"
        )[0]
        if several:
            one.notes.append(
                f"{LOOK}{name} is the same in {counted(int(several), 'row')} that differ ({money(sum_, '')} together): "
                "each counts"
            )
        return


def _empty_balance(engine: Engine, one: Proposed, sample: Sample, orders: ProposedMap) -> bool:
    """True where the balance of orders is empty in some rows: there their payments say what was paid."""
    column = str(orders.fields.get("unpaid", {}).get("field", ""))
    if column not in sample.facts or "paid" in orders.fields or not sample.table:
        return False
    empty = f"{text_of(column)} IS NULL"
    count, of, total = engine.rows(
        f"SELECT count(*) FILTER ({empty}), count(*), coalesce(sum({_worth(engine, sample, orders)}) FILTER ({empty}), 0) "
        f"FROM {sample.table}"
    )[0]
    if not count or count == of:
        return False
    orders.fields["paid"] = {"sql": f"CASE WHEN {empty} THEN '0' END"}
    one.notes.append(
        f"{LOOK}{column} of {sample.name} is empty in {counted(count, 'row')} ({money(total, '')} together): there the payments "
        "say what was paid, and the rest is owed"
    )
    return True


def _apart(engine: Engine, one: Proposed, sample: Sample, orders: ProposedMap) -> list[str]:
    """A line on orders whose own balance is not what their payments leave."""
    pays = next(each for each in one.maps if "number" in each.fields)
    column, amount = (str(pays.fields[name].get("field", "")) for name in ("number", "amount"))
    key, balance = (str(orders.fields.get(name, {}).get("field", "")) for name in ("key", "unpaid"))
    if not {column, amount} <= one.sample.facts.keys() or not {key, balance} <= sample.facts.keys() or not one.sample.table:
        return []
    paid, owed = (number_in_column(engine, each, name) for name, each in ((amount, one.sample), (balance, sample)))
    worth = _worth(engine, sample, orders)
    count, sum_ = engine.rows(
        f"SELECT count(*), coalesce(sum(abs(w - o - p)), 0) FROM (SELECT lower({text_of(key)}) AS k, {worth} "
        f"AS w, {owed} AS o FROM {sample.table}) JOIN (SELECT lower({text_of(column)}) AS k, sum({paid}) AS p FROM "
        f"{one.sample.table} GROUP BY 1) USING (k) WHERE abs(w - o - p) > 0.005"
    )[0]
    if not count:
        return []
    return [
        f"{LOOK}{balance} of {counted(count, 'row')} of {sample.name} is not what the payments leave ({money(sum_, '')} apart): "
        "the balance counts"
    ]


def _orders_of(made: Proposed) -> ProposedMap | None:
    return next((each for each in made.maps if each.to == "orders"), None)


def says_itself(orders: ProposedMap) -> str:
    """The column of the orders that says what was paid of each, or is owed; "" if none does, or with a mere yes and no."""
    for name in ("unpaid", "paid"):
        rule = orders.fields.get(name, {})
        if "field" in rule:
            return str(rule["field"])
        if rule and not says_only_nothing(rule):
            return name
    return ""


def _several(engine: Engine, one: Proposed, column: str, other: Proposed, orders: ProposedMap) -> list[str]:
    """A line on payments that name several orders at once."""
    key = number_of(orders)
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
        f"{LOOK}{column} names several orders in {counted(found, 'row')}: a payment that is just what is open of them "
        "pays them all. How much of any other is for which of them is not known, so it lessens what is owed of none: bring a row "
        "for each order"
    ]


def _discounts(engine: Engine, sample: Sample) -> list[str]:
    """A line on what was taken off when it was paid (`Skonto`), which no payment of money lessens."""
    for name, facts in sample.facts.items():
        if TAKEN_OFF.search(plain(name)) and is_money_text(facts) and sample.table:
            sum_ = number_in_column(engine, sample, name)
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
    key = number_of(orders)
    if key not in sample.facts or not sample.table:
        return []
    named = f"ltrim(lower({text_of(key)}), '0') IN ({names})"
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
        return number_in_column(engine, sample, rule["field"])
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

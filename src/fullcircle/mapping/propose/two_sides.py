"""Rows of a ledger or an account, whose money is in two columns, `Debit` and `Credit`, or has a word for its side: `D/C`.

Money that came from a customer is on one side, and an invoice, or money that went back, on the other. Read as one column,
half of it would vanish, or what was paid back would be paid twice. See `sides_of`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.documents import meaning_of
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.kinds_of_rows import says_kind
from fullcircle.mapping.propose.ledgers import CREDIT, DEBIT, EITHER, both_sides
from fullcircle.mapping.propose.planner import ProposedMap, Rule
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.settlements import PAYMENT
from fullcircle.mapping.propose.status_column import INVOICE
from fullcircle.mapping.propose.values_of import values_of

SIDE = re.compile(
    r"sens|direction|side|dr_cr|d_c|debit_credit|credit_debit|soll_haben|s_h|sh|soll_haben_kennzeichen|debe_haber|dare_avere|wn_ma|af_bij|debet_kredit"
)
BALANCE = re.compile(r"(^|_)(balance|saldo|solde|salden|balans|saldi|egyenleg|bakiye|сальдо|残高|zustatek)(_|$)")
WORDS = tuple(re.compile(rf"{side}|{letter}") for side, letter in ((DEBIT, "d|s|af"), (CREDIT, "c|k|h|bij")))


@dataclass(frozen=True, slots=True)
class Sides:
    """The signed amount of such rows, with a plus for what the orders, or the payments, are."""

    column: str  # one of those that are read
    used: tuple[str, ...]
    amount: Rule
    payments: bool  # rows are payments, and no invoices
    said: str


def sides_of(engine: Engine | None, sample: Sample, amount: str) -> Sides | None:
    """The sides of the rows of an object, `amount` being the column of their money where a word says the side."""
    if engine is None or not sample.table:
        return None
    if two := both_sides(sample):
        return _of_columns(engine, sample, *two)
    return _of_words(engine, sample, amount) if amount in sample.facts else None


def signed(made: Sequence[ProposedMap], sides: Sides | None) -> None:
    """Give the orders the signed amount; what is left on the account after a row is not owed of it."""
    for one in made:
        if sides and one.to == "orders" and "amount" in one.fields:
            one.fields["amount"] = sides.amount
            if sides.payments or BALANCE.search(plain(str(one.fields.get("unpaid", {}).get("field", "")))):
                one.fields.pop("unpaid", None)
            one.fields.pop("paid", None)


def _of_columns(engine: Engine, sample: Sample, debit: str, credit: str) -> Sides | None:
    d, c = (f"coalesce({number_in_column(engine, sample, name)}, 0)" for name in (debit, credit))
    once, all_ = engine.rows(f"SELECT count(*) FILTER (({d} <> 0) <> ({c} <> 0)), count(*) FROM {sample.table}")[0]
    if once < EITHER * all_:
        return None
    plus, payments = _plus(engine, sample, {debit: f"{d} <> 0", credit: f"{c} <> 0"}, credit)
    minus = debit if plus == credit else credit
    there = f"coalesce({number_in_column(engine, sample, plus)}, 0) <> 0"
    less = f"CASE WHEN {text_of(minus)} LIKE '-%' THEN substr({text_of(minus)}, 2) ELSE '-' || {text_of(minus)} END"
    rule: Rule = {"sql": f"CASE WHEN {there} THEN {text_of(plus)} ELSE {less} END"}
    what = "payments" if payments else "sales"
    return Sides(
        plus,
        (debit, credit),
        rule,
        payments,
        f"{debit} and {credit} are two sides of one amount: {what} are in {plus}, and {minus} takes away",
    )


def _of_words(engine: Engine, sample: Sample, amount: str) -> Sides | None:
    """A column that says of each amount on which side it is; with both words, or the amounts would not be of two kinds."""
    for name, facts in sample.facts.items():
        if not SIDE.fullmatch(plain(name)) or not 1 < facts.distinct <= 2:
            continue
        found = values_of(engine, sample, name)
        debit, credit = (next((word for word in found if side.fullmatch(plain(word))), "") for side in WORDS)
        if not debit or not credit:
            continue
        on = {word: f"{text_of(name)} = {literal(word)}" for word in (debit, credit)}
        plus, payments = _plus(engine, sample, on, credit)
        minus = debit if plus == credit else credit
        text = text_of(amount)
        rule: Rule = {"sql": f"CASE WHEN {on[minus]} AND {text} NOT LIKE '-%' THEN '-' || {text} ELSE {text} END"}
        return Sides(amount, (name,), rule, payments, f"{name}: an amount with {minus} takes away")
    return None


def _plus(engine: Engine, sample: Sample, on: dict[str, str], credit: str) -> tuple[str, bool]:
    """The side of what the rows are: that of the invoices, else of the payments, else credit; and whether they are payments."""
    debit = next(one for one in on if one != credit)
    for name, facts in sample.facts.items():
        if not says_kind(name, facts) or name in on:
            continue
        kinds = values_of(engine, sample, name)
        payments = [word for word in kinds if PAYMENT.fullmatch(plain(word))]
        invoices = [word for word in kinds if word not in payments and INVOICE.search(plain(word)) and not meaning_of(word)]
        for words, paid in ((invoices, False), (payments, True)):
            if words:
                those = f"{text_of(name)} IN ({', '.join(map(literal, words))})"
                some = f"count(*) FILTER ({on[debit]}) > count(*) FILTER ({on[credit]})"
                more = engine.value(f"SELECT {some} FROM {sample.table} WHERE {those}")
                return (debit if more else credit), paid
    return credit, True

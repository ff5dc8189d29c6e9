"""Orders and the invoices that bill some of them, with credit notes, in Italian: what everybody spent and owes, to the cent."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from bench.exports.bills import bills, fattura
from bench.exports.made_up import World


def test_what_everybody_spent_and_owes(day_one):
    spent: dict[str, Decimal] = defaultdict(Decimal)
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for bill in bills(World("fattura", countries=("DE",))):
        if bill.what not in {"cancelled", "reversal", "offer"}:
            spent[bill.order.person.name] += bill.paid
            owed[bill.order.person.name] += bill.owed
    view = day_one(fattura().files)
    assert {name: sum(each.values()) for name, each in view.spent.items()} == spent
    assert {name: sum(each.values()) for name, each in view.unpaid.items()} == {name: sum_ for name, sum_ in owed.items() if sum_}
    assert any("20 invoices bill orders of ordini" in said for said in view.said)

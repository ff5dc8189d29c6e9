"""What of an order was paid, and what is owed: kept where the values fit beside the amount. Start at `with_owed`.

`Balance due`, `Offen`, `Restbetrag` are what is owed of a bill; but `Amount due` may be all of it, and a `Balance` that of a
whole account. The values tell: what is owed lies between nothing and the amount.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.grain import decimal_comma, number
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.status import status_of
from fullcircle.model.statuses import UNPAID

MOST_WORDS = 15
MOSTLY = 0.95  # of the rows must fit
# Words that may mean the whole sum of a bill: they are what is owed only where some rows owe less.
WHOLE = re.compile(
    r"(^|_)(due|to_pay|payable|zu_zahlen|a_payer|du|da_pagare|a_pagar|te_betalen|att_betala|do_zaplaty|do_zaplacenia|k_uhrade|de_plata"
    r"|za_platiti|balance|saldo|к_оплате|до_сплати)(_|$)"
)


def with_owed(engine: Engine | None, sample: Sample, orders: ProposedMap) -> list[str]:
    """Take `paid` and `unpaid` out of the map where their values do not fit; sentences on those that stay."""
    said = []
    owed = orders.fields.get("unpaid", {}).get("field", "")
    if owed and "amount" not in orders.fields and WHOLE.search(plain(owed)):
        orders.fields["amount"] = orders.fields.pop("unpaid")  # `Kwota do zapłaty` alone is the whole sum
    amount = orders.fields.get("amount", {}).get("field", "")
    for name in ("unpaid", "paid"):
        column = orders.fields.get(name, {}).get("field", "")
        if not column:
            continue
        if engine is None or not sample.table or column not in sample.facts or not amount:
            orders.fields.pop(name)
            continue
        fits, equal = _shares(engine, sample, column, amount)
        if fits < MOSTLY or (name == "unpaid" and equal == 1 and WHOLE.search(plain(column))):
            orders.fields.pop(name)
        elif name == "unpaid":
            said.append(f"{column}: what is owed of an order; it counts as unpaid, and not as spent")
            said += _words_of(engine, sample, orders, column, amount)
        elif "unpaid" not in orders.fields:
            said.append(f"{column}: what was paid of an order; the rest of {amount} counts as unpaid, and not as spent")
    return said


def _words_of(engine: Engine, sample: Sample, orders: ProposedMap, owed: str, amount: str) -> list[str]:
    """Give unknown words for a status their meaning, where all their rows owe nothing, or all."""
    rule = orders.fields.get("status", {})
    column = rule.get("field", "")
    if column not in sample.facts or sample.facts[column].distinct > MOST_WORDS:
        return []
    left = f"coalesce({number(owed, decimal_comma(engine, sample, owed))}, 0)"
    whole = number(amount, decimal_comma(engine, sample, amount))
    found = engine.rows(
        f"SELECT {quoted(column)} AS v, bool_and(abs({left}) < 0.005), bool_and(abs({left} - {whole}) < 0.005 AND {left} > 0) "
        f"FROM {sample.table} WHERE v IS NOT NULL AND {whole} > 0 GROUP BY 1 ORDER BY 1"
    )
    means = {str(word): "paid" if none else UNPAID for word, none, every in found if (none or every) and status_of(word) is None}
    if not means or all(one == UNPAID for one in means.values()):
        return []
    orders.fields["status"] = {**rule, "map": {**rule.get("map", {}), **means}}
    paid = [word for word, meaning in means.items() if meaning == "paid"]
    return [f"{column}: of what is {', '.join(paid)} nothing is owed in any row: it is paid"]


def _shares(engine: Engine, sample: Sample, column: str, amount: str) -> tuple[float, float]:
    """Which share of the filled values lies between nothing and the amount, and which is all of it."""
    value = number(column, decimal_comma(engine, sample, column))
    whole = number(amount, decimal_comma(engine, sample, amount))
    within = f"abs({value}) <= abs({whole}) + 0.005 AND {value} * {whole} >= 0"
    fits, equal = engine.rows(
        f"SELECT coalesce(avg(CASE WHEN {within} THEN 1 ELSE 0 END), 0), "
        f"coalesce(avg(CASE WHEN abs({value} - {whole}) < 0.005 THEN 1 ELSE 0 END), 0) "
        f"FROM {sample.table} WHERE {value} IS NOT NULL AND {whole} IS NOT NULL"
    )[0]
    return float(fits), float(equal)

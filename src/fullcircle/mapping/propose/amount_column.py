"""The amount of orders where no header names it: the only column of money, or the sum of others. See `amount_column`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import combinations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.field_names import without_tax
from fullcircle.mapping.propose.grain import number
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.items import CLOSE, NOT_AMOUNT
from fullcircle.mapping.propose.links import is_money
from fullcircle.mapping.propose.sample import Sample

FEES = re.compile(
    r"(^|_)(fees?|gebuhr\w*|gebuehr\w*|commissions?|frais|comision(es)?|commission[ei]|provision\w*|kosten|avgift\w*|gebyr\w*|prowizj\w*)(_|$)"
)
PAID_OUT = re.compile(
    r"(^|_)(payouts?|paid_out|net|netto|nett|net_amount|auszahlung\w*|auszahlungsbetrag|ausbezahlt|verse|reverse|liquido|liquidacion|abono|accredito"
    r"|accreditato|uitbetaald|uitbetaling|udbetalt|udbetaling|utbetalt|utbetaling|utbetalning|wyplata|vyplaceno|kifizetes)(_|$)"
)
MOST = 6  # columns of money that are tried


def amount_column(
    engine: Engine | None, sample: Sample, free: Collection[str], beside: Sequence[str] = ()
) -> tuple[str, list[str]]:
    """The column of the amount ("" if it cannot be known) and all columns of money that could be it.

    `beside`: what is known to be paid, or owed, of it.
    """
    if engine is None or not sample.table:
        return "", []
    money = [
        name for name in free
        if sample.facts[name].filled >= 0.5 * sample.rows and not is_staff(name) and is_money(engine, sample, name)
    ][:MOST]  # fmt: skip
    able = [name for name in money if not NOT_AMOUNT.search(without_tax(plain(name)))]
    if any(FEES.search(plain(name)) for name in money):  # what is paid out is what the payment service left of it
        able = [name for name in able if not PAID_OUT.search(plain(name))]
    if len(able) == 1:
        return able[0], able
    return next((name for name in able if _is_sum(engine, sample, name, [*money, *beside])), ""), able


def _is_sum(engine: Engine, sample: Sample, name: str, money: Sequence[str]) -> bool:
    """True if two other columns add up to it: the net amount and the tax, what was paid and what is left."""
    for a, b in combinations([one for one in money if one != name], 2):
        fits = f"abs({number(name)} - coalesce({number(a)}, 0) - coalesce({number(b)}, 0)) <= {CLOSE}"
        shares = f"count(*) FILTER ({fits}) >= 0.9 * count(*) AND count(DISTINCT {number(name)}) > 1"
        if engine.value(f"SELECT {shares} AND count(*) FILTER ({number(a)} <> 0) > 0 FROM {sample.table}"):
            return True
    return False
